// What both sides' workloads are made of.

package main

import (
	"bytes"
	"fmt"
	"sync"
	"time"
)

const serverKey = "s"

// original is message `seq` of whoever has that key: a client's is the number of its connection.
func original(s *settings, key any, seq int) message {
	var kind byte
	size := s.messageBytes
	if s.framing == "typed" {
		kind = byte(seq%3 + 1)
		size = typeSizes[kind]
	}
	return message{payload: payload(fmt.Sprintf("%s/%v", s.seed, key), seq, size, s.content), kind: kind}
}

func echo(m message) message { return message{payload: echoOf(m.payload), kind: m.kind} }

func expect(found *message, due message) error {
	if found != nil && found.kind == due.kind && bytes.Equal(found.payload, due.payload) {
		return nil
	}
	return &failure{"recv", "mismatch", "a whole message came, and it is not the one due"}
}

// listenForLife hears heartbeats until the peer's end, or the instant `until`. Any message is one too many.
func (c *connection) listenForLife(until time.Time) error {
	found, err := c.receive(until)
	if found != nil {
		return &failure{"recv", "mismatch", "a message came where none was due"}
	}
	return err
}

// beat sends a heartbeat after each interval, until `over` is closed or standard input ends.
func (c *connection) beat(over <-chan struct{}) error {
	if c.settings.heartbeat == 0 {
		return nil
	}
	ticker := time.NewTicker(c.settings.heartbeat)
	defer ticker.Stop()
	for {
		select {
		case <-over:
			return nil
		case <-c.stop.ended:
			return nil
		case <-ticker.C:
			if err := c.sendAll(make([]byte, prefixBytes)); err != nil {
				return err
			}
		}
	}
}

// together runs a receiver in this goroutine and a sender in another. The first that fails ends both, and is what is told.
func (c *connection) together(receiver, sender func() error) error {
	var once sync.Once
	var first error
	note := func(err error) {
		if err != nil {
			once.Do(func() {
				first = err
				c.abandon()
			})
		}
	}
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		note(sender())
	}()
	note(receiver())
	<-sent
	return first
}
