// Which environments are played and which are unsupported.

package main

import (
	"testing"
	"time"
)

func asked(params string, change ...string) (*settings, error) {
	variables := map[string]string{
		"HALFOPEN_CONTRACT": "1", "HALFOPEN_ROLE": "client", "HALFOPEN_WORKLOAD": "echo",
		"HALFOPEN_HOST": "localhost", "HALFOPEN_PORT": "7", "HALFOPEN_PARAMS": params,
	}
	for at := 0; at+1 < len(change); at += 2 {
		variables["HALFOPEN_"+change[at]] = change[at+1]
	}
	return settingsFrom(func(name string) string { return variables[name] })
}

func TestAMissingKeyHasItsDefaultAndAnUnknownOneIsIgnored(t *testing.T) {
	s, err := asked(`{"colour": "blue", "messages": 1e3}`)
	if err != nil {
		t.Fatal(err)
	}
	if s.framing != "prefix32" || s.messages != 1000 || s.ioTimeout != time.Second || s.backlog != 511 {
		t.Error(*s)
	}
}

func TestKeepaliveTimesAreRoundedUpToSeconds(t *testing.T) {
	s, err := asked(`{"keepAlive": {"idleMs": 1001, "intervalMs": 1000, "count": 3}}`)
	if err != nil || s.keepAlive.idle != 2*time.Second || s.keepAlive.interval != time.Second || s.keepAlive.count != 3 {
		t.Error(s, err)
	}
}

func TestUploadIsUntilEndWhateverTheFramingSays(t *testing.T) {
	s, err := asked(`{"framing": "ascii5"}`, "WORKLOAD", "upload")
	if err != nil || s.framing != "until-end" || s.messages != 1 {
		t.Error(s, err)
	}
}

func TestWhatCannotBeDoneAsAskedIsUnsupported(t *testing.T) {
	for _, params := range []string{
		`{"messages": "10"}`, `{"messages": true}`, `{"messages": 1.5}`, `{"messages": -1}`, `{"messages": null}`, `{"messages": 9007199254740992}`,
		`{"messageBytes": 0}`, `{"concurrency": 0}`, `{"seed": 7}`, `{"framing": "xml"}`, `{"framing": null}`,
		`{"content": "noise"}`, `{"trace": 1}`, `{"keepAlive": true}`, `{"keepAlive": {"idleMs": 1000}}`,
		`{"framing": "delimited"}`, `{"framing": "ascii5", "messageBytes": 100000}`, `{`, `[]`, `null`, `{} x`,
	} {
		if s, err := asked(params); err == nil {
			t.Error(params, *s)
		}
	}
	for _, change := range [][]string{
		{"CONTRACT", "2"}, {"ROLE", "proxy"}, {"WORKLOAD", "juggle"}, {"HOST", ""}, {"PORT", "70000"}, {"PORT", "x"}, {"PORT", ""},
	} {
		if s, err := asked("", change...); err == nil {
			t.Error(change, *s)
		}
	}
}
