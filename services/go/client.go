// The client role: makes the connections that are asked for, so many at a time, and in `reconnect` makes them again.

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
		if wentWell || echoed == s.messages || failures >= s.retries {
			return
		}
		stop.wait(time.Duration(rand.Int64N(int64(retryBound(s.backoff, failures)) + 1)))
		failures++
	}
}

// retryBound is how long a retry is waited for at most, after so many failures before.
func retryBound(backoff time.Duration, failures int) time.Duration {
	return min(min(backoff, longestBackoff)<<min(failures, 20), longestBackoff)
}
