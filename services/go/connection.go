package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// As large as the kernel hands out at once anyway.
const recvBytes = 65536

// A connection is one TCP connection between two subjects: whole messages in and out, each with its events, and every end
// told apart. One goroutine receives; another may send at the same time. Which message is due, and from when, is the
// workloads' matter: they say it with replyDue, replyLater, endDue and lifeDue.
type connection struct {
	settings *settings
	number   int
	told     *events
	stop     *stop
	sock     *net.TCPConn
	decoder  decoder
	received int
	ended    bool
	isShut   bool
	buffer   []byte

	// What follows is shared by receiver and sender.
	mu           sync.Mutex
	messageDue   bool
	receiveBy    time.Time
	watchedSince time.Time
	lastByteAt   time.Time
	sendBy       time.Time
	inFlight     int
	sending      bool
	abandoned    bool
	// gone is closed when one of receiver and sender has failed.
	gone chan struct{}
	// done is closed when the connection is.
	done chan struct{}
}

func newConnection(s *settings, told *events, stop *stop) *connection {
	return &connection{
		settings: s, told: told, stop: stop, number: told.next(), done: make(chan struct{}), gone: make(chan struct{}), lastByteAt: time.Now(),
		decoder: decoder{framing: s.framing, limit: s.maxMessageBytes, fixed: s.messageBytes},
		buffer:  make([]byte, recvBytes),
	}
}

func (c *connection) tell(event string, more keys) {
	if more == nil {
		more = keys{}
	}
	more["conn"] = c.number
	c.told.tell(event, more)
}

// established takes the socket, and lets the end of standard input interrupt whatever waits on it.
func (c *connection) established(sock *net.TCPConn) {
	c.sock = sock
	c.lastByteAt = time.Now()
	go func() {
		select {
		case <-c.stop.ended:
			c.change(func() { _ = sock.SetWriteDeadline(earliest(c.sendBy, c.stop.graceEnds())) })
		case <-c.done:
		}
	}()
}

// change alters what the receiver waits for, and has it look again.
func (c *connection) change(alter func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	alter()
	_ = c.sock.SetReadDeadline(time.Unix(1, 0))
}

// abandon makes receiver and sender give up, where the other one has failed.
func (c *connection) abandon() {
	close(c.gone)
	c.change(func() {
		c.abandoned = true
		_ = c.sock.SetWriteDeadline(time.Unix(1, 0))
	})
}

// replyDue: from now on a message is due, and the peer is watched for signs of life.
func (c *connection) replyDue(extra time.Duration) {
	c.change(func() { c.messageDue, c.receiveBy, c.watchedSince = true, c.ioDeadline(extra), time.Now() })
}

// replyLater: a message will be due, and no time runs for it yet.
func (c *connection) replyLater() {
	c.change(func() { c.messageDue, c.receiveBy, c.watchedSince = true, time.Time{}, time.Time{} })
}

// endDue: from now on only the peer's end is due.
func (c *connection) endDue(extra time.Duration) {
	c.change(func() { c.messageDue, c.receiveBy, c.watchedSince = false, c.ioDeadline(extra), time.Time{} })
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

// receive is the next whole message; nil once the peer has ended where none was due, or at the instant `until`.
func (c *connection) receive(until time.Time) (*message, error) {
	found, err := c.nextMessage()
	for found == nil && err == nil && !c.ended && !passed(until) {
		if c.settings.role == "server" {
			c.timeThisMessage()
		}
		if err = c.checkStop(); err != nil {
			break
		}
		if err = c.receiveSome(until); err != nil {
			break
		}
		found, err = c.nextMessage()
		if err == nil && c.ended {
			err = c.acceptEnd(found)
		} else if err == nil && found == nil {
			err = c.checkDeadlines()
		}
	}
	return found, err
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

func (c *connection) nextMessage() (*message, error) {
	found, err := c.decoder.next()
	for ; found != nil && found.beat; found, err = c.decoder.next() {
		c.tell("heard", nil)
	}
	if found == nil {
		return nil, err
	}
	c.mu.Lock()
	c.receiveBy = time.Time{}
	c.mu.Unlock()
	c.tell("received", keys{"seq": c.received, "bytes": len(found.payload), "sha256": digestOf(found.payload)})
	c.received++
	return found, nil
}

// receiveSome gives the decoder what one read gave, or the end of the stream.
func (c *connection) receiveSome(until time.Time) error {
	for {
		c.mu.Lock()
		abandoned := c.abandoned
		_ = c.sock.SetReadDeadline(earliest(until, c.receiveBy, c.deadPeerAt(), c.stop.graceEnds()))
		c.mu.Unlock()
		if abandoned {
			return errAbandoned
		}
		n, err := c.sock.Read(c.buffer)
		switch {
		case n > 0:
			c.mu.Lock()
			c.lastByteAt = time.Now()
			c.mu.Unlock()
			if c.settings.trace {
				c.tell("read", keys{"bytes": n})
			}
			c.decoder.feed(c.buffer[:n])
			return nil
		case errors.Is(err, io.EOF):
			c.ended, c.decoder.ended = true, true
			return nil
		case errors.Is(err, os.ErrDeadlineExceeded):
			if err := first(c.checkDeadlines(), c.checkStop()); err != nil {
				return err
			}
			if passed(until) {
				return nil
			}
		default:
			return failureOf("recv", err)
		}
	}
}

func (c *connection) acceptEnd(last *message) error {
	c.mu.Lock()
	due := c.messageDue
	c.mu.Unlock()
	if c.decoder.pending() {
		return &failure{"recv", "truncated", "the stream ended inside a message"}
	}
	if last == nil && due {
		return &failure{"recv", "closed", "the stream ended where a message was due"}
	}
	c.tell("eof", nil)
	return nil
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

func (c *connection) send(m message, seq int) error {
	c.tell("sending", keys{"seq": seq, "bytes": len(m.payload), "sha256": digestOf(m.payload)})
	if err := c.sendAll(encode(c.settings.framing, m)); err != nil {
		return err
	}
	c.tell("sent", keys{"seq": seq})
	return nil
}

// sendAll hands all of it over, or says that it could not by the deadline; Write itself loops until nothing is left.
func (c *connection) sendAll(data []byte) error {
	c.mu.Lock()
	abandoned := c.abandoned
	c.sending = true
	c.sendBy = c.ioDeadline(0)
	_ = c.sock.SetWriteDeadline(earliest(c.sendBy, c.stop.graceEnds()))
	c.mu.Unlock()
	if abandoned {
		return errAbandoned
	}
	n, err := c.sock.Write(data)
	if n > 0 && c.settings.trace {
		c.tell("wrote", keys{"bytes": n})
	}
	if err != nil {
		if passed(c.stop.graceEnds()) {
			return errUnfinished
		}
		return failureOf("send", err)
	}
	c.mu.Lock()
	c.sending = false
	c.mu.Unlock()
	return nil
}

// pause does nothing for a while, or until there is nothing left to wait for.
func (c *connection) pause(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.stop.ended:
	case <-c.gone:
	}
}

// flight counts messages that wait for their reply.
func (c *connection) flight(by int) {
	c.mu.Lock()
	c.inFlight += by
	c.mu.Unlock()
}

// shutdown ends our writing, once.
func (c *connection) shutdown() error {
	if c.isShut {
		return nil
	}
	c.isShut = true
	if err := c.sock.CloseWrite(); err != nil {
		return failureOf("shutdown", err)
	}
	c.tell("shutdown", nil)
	return nil
}

// play plays a part on a connection and closes it, whatever happens; false when an operation failed.
func (c *connection) play(part func(*connection) error) bool {
	err := part(c)
	var failed *failure
	if errors.As(err, &failed) {
		c.tell("failed", keys{"op": failed.op, "code": failed.code, "message": failed.message})
	} else if err != nil && !errors.Is(err, errWoundDown) && !errors.Is(err, errUnfinished) {
		panic(err)
	}
	close(c.done)
	if c.sock != nil {
		if errors.Is(err, errUnfinished) {
			_ = c.sock.SetLinger(0)
		}
		_ = c.sock.Close()
	}
	c.tell("closed", nil)
	return failed == nil
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
