// Each framing, whole and in pieces, within its limit and over it.

package main

import (
	"bytes"
	"errors"
	"testing"
)

const limit = 1000

// fed is everything a decoder gives out when fed piece by piece, and the decoder.
func fed(t *testing.T, framing string, pieces ...[]byte) ([]message, *decoder) {
	t.Helper()
	d := &decoder{framing: framing, limit: limit, fixed: 5}
	var found []message
	for _, piece := range pieces {
		d.feed(piece)
		for {
			m, err := d.next()
			if err != nil {
				t.Fatal(framing, err)
			}
			if m == nil {
				break
			}
			found = append(found, *m)
		}
	}
	return found, d
}

func same(one, other []message) bool {
	if len(one) != len(other) {
		return false
	}
	for at := range one {
		if one[at].kind != other[at].kind || !bytes.Equal(one[at].payload, other[at].payload) {
			return false
		}
	}
	return true
}

func TestMessagesComeOutWholeHoweverTheirBytesWereCut(t *testing.T) {
	text := func(s string) message { return message{payload: []byte(s)} }
	streams := map[string][]message{
		"fixed":     {text("hello"), text("\x00\x00\x00\x00\x00")},
		"delimited": {text("hello"), text("\x00\x00"), text("x")},
		"prefix32":  {text("hello"), {payload: make([]byte, 300)}, text("\n")},
		"ascii5":    {text("hello"), text("00005"), {payload: make([]byte, 300)}},
		"typed":     {{payload: make([]byte, 16), kind: 1}, {payload: make([]byte, 256), kind: 2}},
	}
	for framing, messages := range streams {
		var stream []byte
		for _, m := range messages {
			stream = append(stream, encode(framing, m)...)
		}
		single := make([][]byte, len(stream))
		for at := range stream {
			single[at] = stream[at : at+1]
			if found, _ := fed(t, framing, stream[:at], stream[at:]); !same(found, messages) {
				t.Errorf("%s cut at %d: %v", framing, at, found)
			}
		}
		found, d := fed(t, framing, single...)
		if !same(found, messages) || d.pending() {
			t.Errorf("%s byte by byte: %v", framing, found)
		}
		if _, d := fed(t, framing, encode(framing, messages[0])[:1]); !d.pending() {
			t.Errorf("%s: an end after one byte is an end inside a message", framing)
		}
	}
}

func TestWhatIsNoMessageIsRefusedAtOnce(t *testing.T) {
	for _, c := range []struct{ framing, data, code string }{
		{"prefix32", "\x00\x00\x03\xe9", "too-large"},
		{"ascii5", "01001", "too-large"},
		{"typed", "\x03", "too-large"},
		{"typed", "\x07", "malformed"},
		{"ascii5", "12a", "malformed"},
		{"delimited", string(make([]byte, limit+1)), "too-large"},
		{"until-end", string(make([]byte, limit+1)), "too-large"},
	} {
		d := &decoder{framing: c.framing, limit: limit, fixed: 5}
		d.feed([]byte(c.data))
		_, err := d.next()
		var failed *failure
		if !errors.As(err, &failed) || failed.code != c.code {
			t.Errorf("%s %.10q: %v, and not %s", c.framing, c.data, err, c.code)
		}
	}
}

func TestAnEmptyStreamIsNoMessage(t *testing.T) {
	d := &decoder{framing: "until-end", limit: limit, ended: true}
	if m, err := d.next(); m != nil || err != nil || d.pending() {
		t.Error(m, err)
	}
}
