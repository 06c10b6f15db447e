// What a run asks for: the contract's environment variables, read and checked once.

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// settings is what a run asks for: the contract's environment variables, read and checked once. What cannot be done as
// asked is an error; nothing is guessed or rounded to fit.
type settings struct {
	role, workload, host, port string
	framing, content, seed     string
	messages, messageBytes     int
	connections, concurrency   int
	maxMessageBytes            int
	backlog, retries           int
	pace, connectTimeout       time.Duration
	ioTimeout, heartbeat       time.Duration
	deadPeer, duration         time.Duration
	readPause, backoff         time.Duration
	userTimeoutMs              int
	keepAlive                  *keepAlive
	trace                      bool
}

type keepAlive struct {
	idle, interval time.Duration
	count          int
}

var (
	workloads = []string{"connect", "echo", "pipeline", "upload", "download", "idle", "slow-reader", "reconnect"}
	framings  = []string{"fixed", "delimited", "prefix32", "ascii5", "typed", "until-end"}
	contents  = []string{"bytes", "text", "zeros"}
)

const (
	// JSON readers agree on whole numbers up to here (RFC 8259, 6).
	largest = 1<<53 - 1
	// Linux keeps keepalive times as at most 32767 s and at most 127 probes (tcp(7)).
	keepAliveMs    = 32_767_000
	keepAliveCount = 127
)

// longestBytes is the longest payload whose length the header can say.
var longestBytes = map[string]int{"ascii5": 99999, "prefix32": math.MaxUint32}

func settingsFrom(variable func(string) string) (*settings, error) {
	if variable("HALFOPEN_CONTRACT") != "1" {
		return nil, errors.New("unknown contract version")
	}
	p, err := readParams(variable("HALFOPEN_PARAMS"))
	if err != nil {
		return nil, err
	}
	s := &settings{
		role:            p.oneOf("role", variable("HALFOPEN_ROLE"), []string{"server", "client"}),
		workload:        p.oneOf("workload", variable("HALFOPEN_WORKLOAD"), workloads),
		host:            variable("HALFOPEN_HOST"),
		port:            variable("HALFOPEN_PORT"),
		framing:         p.oneOf("framing", p.text("framing", "prefix32"), framings),
		content:         p.oneOf("content", p.text("content", "bytes"), contents),
		seed:            p.text("seed", "0"),
		messages:        p.number("messages", 10, 0),
		messageBytes:    p.number("messageBytes", 1024, 1),
		connections:     p.number("connections", 1, 0),
		concurrency:     p.number("concurrency", 16, 1),
		maxMessageBytes: p.number("maxMessageBytes", 1048576, 0),
		backlog:         p.number("backlog", 511, 0),
		retries:         p.number("retries", 0, 0),
		pace:            p.duration("paceMs", 0),
		connectTimeout:  p.duration("connectTimeoutMs", 1000),
		ioTimeout:       p.duration("ioTimeoutMs", 1000),
		heartbeat:       p.duration("heartbeatMs", 0),
		deadPeer:        p.duration("deadPeerMs", 0),
		duration:        p.duration("durationMs", 1000),
		readPause:       p.duration("readPauseMs", 0),
		backoff:         p.duration("backoffMs", 50),
		userTimeoutMs:   p.number("userTimeoutMs", 0, 0),
		keepAlive:       p.keepAlive(),
		trace:           p.flag("trace"),
	}
	p.checkTogether(s)
	return s, p.err
}

// params are the values of HALFOPEN_PARAMS; the first that is wrong stays in err.
type params struct {
	values map[string]json.RawMessage
	err    error
}

func readParams(text string) (*params, error) {
	p := &params{values: map[string]json.RawMessage{}}
	if text == "" {
		return p, nil
	}
	if err := json.Unmarshal([]byte(text), &p.values); err != nil || p.values == nil {
		return nil, errors.New("HALFOPEN_PARAMS is no JSON object")
	}
	return p, nil
}

func (p *params) checkTogether(s *settings) {
	if s.workload == "upload" {
		s.framing = "until-end"
	}
	if s.framing == "until-end" {
		s.messages = 1
	}
	least := 0
	if s.role == "client" {
		least = 1
	}
	port, err := strconv.ParseUint(s.port, 10, 16)
	switch {
	case s.host == "":
		p.fail("no HALFOPEN_HOST")
	case err != nil || int(port) < least:
		p.fail("%q is no port", s.port)
	case strings.ContainsFunc(s.seed, func(r rune) bool { return r > unicode.MaxASCII }):
		p.fail("the payloads hash ASCII text, and the seed is none")
	case s.userTimeoutMs > math.MaxInt32:
		p.fail("setsockopt(2) takes an int, and userTimeoutMs is none")
	case s.workload == "idle" && s.framing != "prefix32":
		p.fail("only prefix32 has heartbeats")
	case s.framing == "delimited" && s.content == "bytes":
		p.fail("bytes may contain the delimiter")
	}
	if longest, isBound := longestBytes[s.framing]; isBound && s.messageBytes > longest {
		p.fail("the header cannot say the length")
	}
}

func (p *params) fail(format string, values ...any) {
	if p.err == nil {
		p.err = fmt.Errorf(format, values...)
	}
}

func (p *params) oneOf(what, value string, known []string) string {
	if !slices.Contains(known, value) {
		p.fail("the %s %q is none of %s", what, value, strings.Join(known, ", "))
	}
	return value
}

func (p *params) text(key, fallback string) string {
	raw, given := p.values[key]
	if !given {
		return fallback
	}
	var value *string
	if json.Unmarshal(raw, &value) != nil || value == nil {
		p.fail("%s is no text", key)
		return fallback
	}
	return *value
}

func (p *params) flag(key string) bool {
	raw, given := p.values[key]
	if !given {
		return false
	}
	var value *bool
	if json.Unmarshal(raw, &value) != nil || value == nil {
		p.fail("%s is neither true nor false", key)
		return false
	}
	return *value
}

func (p *params) number(key string, fallback, least int) int {
	raw, given := p.values[key]
	if !given {
		return fallback
	}
	return p.whole(key, raw, least, largest)
}

// whole reads a whole number. JSON has one kind of number: 1e3 and 1000.0 are whole.
func (p *params) whole(key string, raw json.RawMessage, least, most int) int {
	var value *float64
	if json.Unmarshal(raw, &value) != nil || value == nil || *value != math.Trunc(*value) ||
		*value < float64(least) || *value > float64(most) {
		p.fail("%s is no whole number of at least %d", key, least)
		return least
	}
	return int(*value)
}

func (p *params) duration(key string, fallbackMs int) time.Duration {
	ms := p.number(key, fallbackMs, 0)
	// Longer ones do not fit, and are for ever to a process.
	return time.Duration(min(ms, math.MaxInt64/int(time.Millisecond)/2)) * time.Millisecond
}

func (p *params) keepAlive() *keepAlive {
	raw, given := p.values["keepAlive"]
	if !given || string(raw) == "null" {
		return nil
	}
	var parts map[string]json.RawMessage
	if json.Unmarshal(raw, &parts) != nil {
		p.fail("keepAlive is no object")
		return nil
	}
	seconds := func(key string) time.Duration {
		return time.Duration((p.whole(key, parts[key], 1, keepAliveMs)+999)/1000) * time.Second
	}
	return &keepAlive{seconds("idleMs"), seconds("intervalMs"), p.whole("count", parts["count"], 1, keepAliveCount)}
}
