// The order of events that many connections tell at once.

package main

import (
	"bytes"
	"encoding/json"
	"sync"
	"testing"
)

func TestConnectionsThatBeginAtOnceAreToldInTheOrderOfTheirNumbers(t *testing.T) {
	var out bytes.Buffer
	told := newEvents(&out)
	var beginning sync.WaitGroup
	for range 1000 {
		beginning.Add(1)
		go func() {
			defer beginning.Done()
			told.begin("accepted", keys{"peerPort": 1})
		}()
	}
	beginning.Wait()
	lines := json.NewDecoder(&out)
	for due := 1; due <= 1000; due++ {
		var line struct{ Conn int }
		if err := lines.Decode(&line); err != nil || line.Conn != due {
			t.Fatalf("connection %d is told where %d is due (%v)", line.Conn, due, err)
		}
	}
}
