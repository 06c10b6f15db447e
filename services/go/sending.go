// The sending half of a connection: messages out, and its own end.

package main

import "bytes"

func (c *connection) send(m message, seq int) error {
	if c.settings.framing == "delimited" && bytes.IndexByte(m.payload, '\n') >= 0 {
		return &failure{"send", "other", "the message contains the delimiter"}
	}
	// Its time runs from "sending" on; encoding a long message before that costs none of it.
	encoded := encode(c.settings.framing, m)
	c.tell("sending", keys{"seq": seq, "bytes": len(m.payload), "sha256": digestOf(m.payload)})
	if err := c.sendAll(encoded); err != nil {
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
