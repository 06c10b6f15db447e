// The end of standard input, and the grace that follows it.

package main

import (
	"io"
	"sync/atomic"
	"time"
)

// grace is what the contract gives a message that is under way when standard input ends.
const grace = 2 * time.Second

// A stop is the end of standard input: `ended` is closed then, and stays so.
type stop struct {
	ended chan struct{}
	at    atomic.Pointer[time.Time]
}

func followStandardInput(input io.Reader) *stop {
	s := &stop{ended: make(chan struct{})}
	go func() {
		// An input that cannot be read has ended as well.
		_, _ = io.Copy(io.Discard, input)
		now := time.Now()
		s.at.Store(&now)
		close(s.ended)
	}()
	return s
}

func (s *stop) isSet() bool { return s.at.Load() != nil }

// graceEnds is when what is still unfinished is reset; zero while input goes on.
func (s *stop) graceEnds() time.Time {
	if at := s.at.Load(); at != nil {
		return at.Add(grace)
	}
	return time.Time{}
}

// wait waits so long, or until input ends; true when it has ended.
func (s *stop) wait(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-s.ended:
	case <-timer.C:
	}
	return s.isSet()
}
