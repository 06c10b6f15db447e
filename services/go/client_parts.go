// What a client says in each workload, on one connection that stands.

package main

import "time"

var clientParts = map[string]func(*connection, int) error{
	"connect":     func(*connection, int) error { return nil },
	"echo":        func(c *connection, key int) error { return echoFrom(c, key, new(int)) },
	"pipeline":    playPipeline,
	"upload":      playUpload,
	"download":    playDownload,
	"idle":        playIdle,
	"slow-reader": playSlowReader,
}

// originate sends a message; in `until-end` only the end of our writing ends it.
func (c *connection) originate(m message, seq int) error {
	if err := c.send(m, seq); err != nil || c.settings.framing != "until-end" {
		return err
	}
	return c.shutdown()
}

// pace waits before every message but the first on this connection.
func (c *connection) pace(isFirst bool) {
	if !isFirst && c.settings.pace > 0 {
		c.pause(c.settings.pace)
	}
}

// finish ends our writing and waits for the peer's end.
func (c *connection) finish(extra time.Duration) error {
	if err := c.shutdown(); err != nil {
		return err
	}
	c.endDue(extra)
	return c.listenForLife(time.Time{})
}

// echoFrom exchanges the messages from the first that was not yet echoed, and counts in `echoed` how far it came.
func echoFrom(c *connection, key int, echoed *int) error {
	from := *echoed
	for seq := from; seq < c.settings.messages; seq++ {
		c.pace(seq == from)
		if err := c.checkStop(); err != nil {
			return err
		}
		if err := c.exchange(key, seq); err != nil {
			return err
		}
		*echoed++
	}
	return c.finish(0)
}

func (c *connection) exchange(key, seq int) error {
	m := original(c.settings, key, seq)
	c.flight(1)
	if err := c.originate(m, seq); err != nil {
		return err
	}
	c.replyDue(0)
	found, err := c.receive(time.Time{})
	if err != nil {
		return err
	}
	c.flight(-1)
	return expect(found, echo(m))
}

func playPipeline(c *connection, key int) error {
	c.replyLater()
	err := c.together(
		func() error { return c.receiveEchoes(key) },
		func() error { return c.sendOriginals(key) },
	)
	if err != nil {
		return err
	}
	return c.finish(0)
}

func (c *connection) sendOriginals(key int) error {
	for seq := range c.settings.messages {
		c.pace(seq == 0)
		if c.stop.isSet() || c.isGone() {
			return nil
		}
		c.flight(1)
		if err := c.originate(original(c.settings, key, seq), seq); err != nil {
			return err
		}
		c.answerDue(false)
	}
	return nil
}

func (c *connection) receiveEchoes(key int) error {
	for seq := range c.settings.messages {
		found, err := c.receive(time.Time{})
		if err != nil {
			return err
		}
		if err := expect(found, echo(original(c.settings, key, seq))); err != nil {
			return err
		}
		c.flight(-1)
		c.answerDue(true)
	}
	return nil
}

// answerDue times the next echo: from the last one, or from when its message was sent if nothing was due before that.
func (c *connection) answerDue(afterEcho bool) {
	c.change(func() {
		waiting := c.inFlight
		if c.sending {
			waiting--
		}
		isTimed := !c.watchedSince.IsZero()
		switch {
		case waiting <= 0:
			c.receiveBy, c.watchedSince = time.Time{}, time.Time{}
		case afterEcho || !isTimed:
			c.receiveBy, c.watchedSince = c.ioDeadline(0), time.Now()
		}
	})
}

func playUpload(c *connection, key int) error {
	m := original(c.settings, key, 0)
	c.flight(1)
	if err := c.originate(m, 0); err != nil {
		return err
	}
	c.replyDue(0)
	found, err := c.receive(time.Time{})
	if err != nil {
		return err
	}
	return expect(found, message{payload: []byte(digestOf(m.payload))})
}

func playDownload(c *connection, key int) error {
	if err := c.originate(original(c.settings, key, 0), 0); err != nil {
		return err
	}
	for seq := range c.settings.messages {
		c.replyDue(c.settings.pace)
		found, err := c.receive(time.Time{})
		if err != nil {
			return err
		}
		if err := expect(found, original(c.settings, serverKey, seq)); err != nil {
			return err
		}
	}
	c.endDue(0)
	return c.listenForLife(time.Time{})
}

func playIdle(c *connection, _ int) error {
	endsAt := time.Now().Add(c.settings.duration)
	over := make(chan struct{})
	c.lifeDue(false)
	err := c.together(
		func() error {
			defer close(over)
			return c.listenForLife(endsAt)
		},
		func() error { return c.beat(over) },
	)
	if err != nil {
		return err
	}
	return c.finish(0)
}

func playSlowReader(c *connection, key int) error {
	for seq := range c.settings.messages {
		c.pace(seq == 0)
		if err := c.checkStop(); err != nil {
			return err
		}
		if err := c.originate(original(c.settings, key, seq), seq); err != nil {
			return err
		}
	}
	return c.finish(c.settings.readPause)
}
