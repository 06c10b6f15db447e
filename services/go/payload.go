// The bytes of messages and of their echoes, by the contract's formula.

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// payload is what a message of that key and number must hold: the digests of "key:seq:0", "key:seq:1" and so on, cut to size.
func payload(key string, seq, size int, content string) []byte {
	out := make([]byte, 0, size+2*sha256.Size)
	if content == "zeros" {
		return out[:size]
	}
	for block := 0; len(out) < size; block++ {
		digest := sha256.Sum256(fmt.Appendf(nil, "%s:%d:%d", key, seq, block))
		if content == "text" {
			out = hex.AppendEncode(out, digest[:])
		} else {
			out = append(out, digest[:]...)
		}
	}
	return out[:size]
}

// echoOf complements every byte, so that no side can take its own bytes for the peer's.
func echoOf(message []byte) []byte {
	out := make([]byte, len(message))
	for at, b := range message {
		out[at] = ^b
	}
	return out
}

func digestOf(message []byte) string {
	digest := sha256.Sum256(message)
	return hex.EncodeToString(digest[:])
}
