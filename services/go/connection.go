// One connection from its first event to `closed`: its state, whole messages in, pauses and ends. Messages out are sending.go.

package main

import (
	"errors"
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

// newConnection tells of it as well: `begins` is its first event.
func newConnection(s *settings, told *events, stop *stop, begins string, more keys) *connection {
	return &connection{
		settings: s, told: told, stop: stop, number: told.begin(begins, more), done: make(chan struct{}), gone: make(chan struct{}), lastByteAt: time.Now(),
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

// isGone is true once the receiver or the sender has failed: the other begins nothing more.
func (c *connection) isGone() bool {
	select {
	case <-c.gone:
		return true
	default:
		return false
	}
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
