// Events as lines on standard output, and the clock that stamps them.

package main

import (
	"encoding/json"
	"io"
	"os"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// events prints one JSON object a line, at once, from any goroutine.
type events struct {
	mu     sync.Mutex
	out    io.Writer
	number int
}

type keys map[string]any

func newEvents(out io.Writer) *events { return &events{out: out} }

// begin numbers a new connection and prints its first event, as one: the numbers stand in order.
func (e *events) begin(event string, more keys) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.number++
	more["conn"] = e.number
	e.print(event, more)
	return e.number
}

func (e *events) tell(event string, more keys) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.print(event, more)
}

// print is for those who hold the lock.
func (e *events) print(event string, more keys) {
	line := keys{"event": event, "at": monotonicMicros()}
	for key, value := range more {
		line[key] = value
	}
	text, err := json.Marshal(line)
	if err != nil {
		panic(err)
	}
	if _, err := e.out.Write(append(text, '\n')); err != nil {
		// Nobody listens any more, so there is nothing left to run for.
		os.Exit(1)
	}
}

var started = time.Now()

// monotonicMicros reads CLOCK_MONOTONIC, which Go uses but does not show; elsewhere it counts from the start.
func monotonicMicros() int64 {
	const clockMonotonic = 1
	var now syscall.Timespec
	_, _, errno := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&now)), 0)
	if errno != 0 {
		return time.Since(started).Microseconds()
	}
	return now.Nano() / 1000
}
