// The bounds of a client's retries; what a client says on the wire is held to the same tests as the Python subject's.

package main

import (
	"testing"
	"time"
)

func TestTheBoundOfARetryDoublesToAtMostTwoSecondsHoweverLongTheBackoff(t *testing.T) {
	longest, err := asked(`{"backoffMs": 9007199254740991}`)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		backoff  time.Duration
		failures int
		bound    time.Duration
	}{
		{50 * time.Millisecond, 0, 50 * time.Millisecond},
		{50 * time.Millisecond, 3, 400 * time.Millisecond},
		{50 * time.Millisecond, 6, longestBackoff},
		{50 * time.Millisecond, 1 << 40, longestBackoff},
		{longest.backoff, 0, longestBackoff},
		{longest.backoff, 2, longestBackoff},
		{0, 5, 0},
	} {
		if bound := retryBound(row.backoff, row.failures); bound != row.bound {
			t.Error(row, bound)
		}
	}
}
