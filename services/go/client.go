package main

import (
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

const longestBackoff = 2 * time.Second

// runClient plays all connections, then waits for the end of standard input, holding no socket.
func runClient(s *settings, told *events, stop *stop) {
	numbers := make(chan int)
	go func() {
		defer close(numbers)
		for number := 1; number <= s.connections; number++ {
			select {
			case numbers <- number:
			case <-stop.ended:
				return
			}
		}
	}()
	var working sync.WaitGroup
	for range min(s.concurrency, s.connections) {
		working.Add(1)
		go func() {
			defer working.Done()
			for key := range numbers {
				playOne(s, told, stop, key)
			}
		}()
	}
	working.Wait()
	if !stop.isSet() {
		told.tell("done", nil)
	}
	<-stop.ended
}

func playOne(s *settings, told *events, stop *stop, key int) {
	if s.workload == "reconnect" {
		playReconnecting(s, told, stop, key)
		return
	}
	connectAndPlay(s, told, stop, key, func(c *connection) error { return clientParts[s.workload](c, key) })
}

func connectAndPlay(s *settings, told *events, stop *stop, key int, part func(*connection) error) bool {
	c := newConnection(s, told, stop, "connecting", keys{"key": key})
	return c.play(func(c *connection) error {
		sock, err := dial(s, stop)
		if err != nil {
			return err
		}
		c.established(sock)
		c.tell("connected", keys{"localPort": sock.LocalAddr().(*net.TCPAddr).Port})
		return part(c)
	})
}

// playReconnecting connects again after each failure before the last echo, as often as it is allowed to.
func playReconnecting(s *settings, told *events, stop *stop, key int) {
	echoed, failures := 0, 0
	for !stop.isSet() {
		before := echoed
		wentWell := connectAndPlay(s, told, stop, key, func(c *connection) error { return echoFrom(c, key, &echoed) })
		if echoed > before {
			failures = 0
		}
		isComplete := s.messages > 0 && echoed == s.messages
		if wentWell || isComplete || failures >= s.retries {
			return
		}
		bound := min(s.backoff<<min(failures, 20), longestBackoff)
		stop.wait(time.Duration(rand.Int64N(int64(bound) + 1)))
		failures++
	}
}

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

// pace waits before every message but the first.
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
	for seq := *echoed; seq < c.settings.messages; seq++ {
		c.pace(seq == 0)
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
		if c.stop.isSet() {
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
