// What of a connection is due, and by when. The workloads say what; the receiver asks whether its time is over.

package main

import (
	"fmt"
	"time"
)

// replyDue: from now on a message is due, and the peer is watched for signs of life.
func (c *connection) replyDue(extra time.Duration) {
	c.change(func() { c.messageDue, c.receiveBy, c.watchedSince = true, c.ioDeadline(extra), time.Now() })
}

// replyLater: a message will be due, and no time runs for it yet.
func (c *connection) replyLater() {
	c.change(func() { c.messageDue, c.receiveBy, c.watchedSince = true, time.Time{}, time.Time{} })
}

// endDue: from now on only the peer's end is due. Only in `idle` must the peer go on showing that it lives until then.
func (c *connection) endDue(extra time.Duration) {
	c.change(func() {
		c.messageDue, c.receiveBy = false, c.ioDeadline(extra)
		if c.settings.workload != "idle" {
			c.watchedSince = time.Time{}
		}
	})
}

// lifeDue: from now on the peer may send when it likes, as long as it shows that it lives.
func (c *connection) lifeDue(endAllowed bool) {
	c.change(func() { c.messageDue, c.receiveBy, c.watchedSince = !endAllowed, time.Time{}, time.Now() })
}

func (c *connection) ioDeadline(extra time.Duration) time.Time {
	if c.settings.ioTimeout == 0 {
		return time.Time{}
	}
	return time.Now().Add(c.settings.ioTimeout + extra)
}

// timeThisMessage: a server's time runs from the first byte of each message, not from when it began to wait.
func (c *connection) timeThisMessage() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.decoder.pending() {
		c.receiveBy = time.Time{}
	} else if c.receiveBy.IsZero() {
		c.receiveBy = c.ioDeadline(0)
	}
}

func (c *connection) deadPeerAt() time.Time {
	if c.settings.deadPeer == 0 || c.watchedSince.IsZero() {
		return time.Time{}
	}
	aliveAt := c.watchedSince
	if c.lastByteAt.After(aliveAt) {
		aliveAt = c.lastByteAt
	}
	return aliveAt.Add(c.settings.deadPeer)
}

func (c *connection) checkDeadlines() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if passed(c.receiveBy) {
		return &failure{"recv", "timeout", "no whole message was received in time"}
	}
	if passed(c.deadPeerAt()) {
		return &failure{"recv", "dead-peer", fmt.Sprintf("nothing was received for %v", c.settings.deadPeer)}
	}
	return nil
}

// checkStop ends the connection when standard input has ended: at once between messages, after the grace inside one.
func (c *connection) checkStop() error {
	if !c.stop.isSet() {
		return nil
	}
	c.mu.Lock()
	busy := c.sending || c.inFlight > 0
	c.mu.Unlock()
	if !busy && !c.decoder.pending() {
		return errWoundDown
	}
	if passed(c.stop.graceEnds()) {
		return errUnfinished
	}
	return nil
}

func passed(instant time.Time) bool { return !instant.IsZero() && !time.Now().Before(instant) }

// earliest is the first of several deadlines, the zero time being none.
func earliest(instants ...time.Time) time.Time {
	var found time.Time
	for _, instant := range instants {
		if !instant.IsZero() && (found.IsZero() || instant.Before(found)) {
			found = instant
		}
	}
	return found
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
