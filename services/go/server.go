// The server role: listens, accepts, and plays each workload's part, a goroutine for each connection.

package main

import (
	"errors"
	"net"
	"sync"
	"time"
)

// acceptPause keeps a process that is out of descriptors from burning the processor: accept fails again at once.
const acceptPause = 50 * time.Millisecond

// runServer serves until standard input ends and the last connection is closed.
func runServer(s *settings, told *events, stop *stop) {
	listener, err := listen(s)
	var failed *failure
	if errors.As(err, &failed) {
		told.tell("failed", keys{"op": failed.op, "code": failed.code, "message": failed.message})
		return
	}
	told.tell("listening", keys{"port": listener.Addr().(*net.TCPAddr).Port})
	go func() {
		<-stop.ended
		_ = listener.Close()
	}()
	var playing sync.WaitGroup
	defer playing.Wait()
	for {
		conn, err := listener.AcceptTCP()
		if stop.isSet() {
			if err == nil {
				_ = conn.Close()
			}
			return
		}
		if err == nil {
			playing.Add(1)
			go func() {
				defer playing.Done()
				serve(conn, s, told, stop)
			}()
		} else if !errors.Is(err, net.ErrClosed) {
			failed := failureOf("accept", err)
			told.tell("failed", keys{"op": failed.op, "code": failed.code, "message": failed.message})
			stop.wait(acceptPause)
		}
	}
}

func serve(conn *net.TCPConn, s *settings, told *events, stop *stop) {
	c := newConnection(s, told, stop, "accepted", keys{"peerPort": conn.RemoteAddr().(*net.TCPAddr).Port})
	c.established(conn)
	c.play(func(c *connection) error {
		if _, err := configured(conn, s, "accept"); err != nil {
			return err
		}
		return serverParts[s.workload](c)
	})
}

var serverParts = map[string]func(*connection) error{
	"connect":     serveConnect,
	"echo":        serveEcho,
	"pipeline":    serveEcho,
	"reconnect":   serveEcho,
	"upload":      serveUpload,
	"download":    serveDownload,
	"idle":        serveIdle,
	"slow-reader": serveSlowly,
}

func (c *connection) nextRequest(endAllowed bool) (*message, error) {
	c.lifeDue(endAllowed)
	return c.receive(time.Time{})
}

func serveConnect(c *connection) error {
	c.lifeDue(true)
	return c.listenForLife(time.Time{})
}

func serveEcho(c *connection) error {
	for seq := 0; ; seq++ {
		found, err := c.nextRequest(true)
		if found == nil || err != nil {
			return err
		}
		if err := c.send(echo(*found), seq); err != nil {
			return err
		}
	}
}

func serveUpload(c *connection) error {
	found, err := c.nextRequest(false)
	if err != nil {
		return err
	}
	return c.send(message{payload: []byte(digestOf(found.payload))}, 0)
}

func serveDownload(c *connection) error {
	found, err := c.nextRequest(true)
	if found == nil || err != nil {
		return err
	}
	for seq := range c.settings.messages {
		if seq > 0 && c.settings.pace > 0 {
			c.pause(c.settings.pace)
		}
		if err := c.checkStop(); err != nil {
			return err
		}
		if err := c.send(original(c.settings, serverKey, seq), seq); err != nil {
			return err
		}
	}
	return nil
}

func serveIdle(c *connection) error {
	c.lifeDue(true)
	over := make(chan struct{})
	return c.together(
		func() error {
			defer close(over)
			return c.listenForLife(time.Time{})
		},
		func() error { return c.beat(over) },
	)
}

func serveSlowly(c *connection) error {
	c.pause(c.settings.readPause)
	for {
		if found, err := c.nextRequest(true); found == nil || err != nil {
			return err
		}
	}
}
