// How messages are told apart in a stream (HOWTO, "Using a Socket"): bytes in, messages out; no sockets, no clock.

package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
)

type message struct {
	payload []byte
	// kind is the type byte of the framing `typed`, 0 elsewhere.
	kind byte
	// beat marks a heartbeat, which is delivered to nobody.
	beat bool
}

var typeSizes = map[byte]int{1: 16, 2: 256, 3: 4096}

const (
	prefixBytes = 4
	digitBytes  = 5
)

type decoder struct {
	framing string
	limit   int
	fixed   int
	buffer  []byte
	// scanned bytes hold no delimiter.
	scanned int
	ended   bool
}

func (d *decoder) feed(data []byte) { d.buffer = append(d.buffer, data...) }

// pending is true inside a message: an end of the stream here cuts it.
func (d *decoder) pending() bool {
	return len(d.buffer) > 0 && !(d.framing == "until-end" && d.ended)
}

// next is the next whole message; nil when more bytes are needed.
func (d *decoder) next() (*message, error) {
	switch d.framing {
	case "fixed":
		return d.take(0, d.fixed, 0)
	case "delimited":
		return d.nextLine()
	case "prefix32":
		return d.nextPrefixed()
	case "ascii5":
		return d.nextDigits()
	case "typed":
		return d.nextTyped()
	default:
		return d.nextUntilEnd()
	}
}

func (d *decoder) nextLine() (*message, error) {
	at := bytes.IndexByte(d.buffer[d.scanned:], '\n')
	if at < 0 {
		d.scanned = len(d.buffer)
		return nil, d.check(d.scanned)
	}
	size := d.scanned + at
	d.scanned = 0
	found, err := d.take(0, size, 0)
	if found != nil {
		d.drop(1)
	}
	return found, err
}

func (d *decoder) nextPrefixed() (*message, error) {
	if len(d.buffer) < prefixBytes {
		return nil, nil
	}
	size := binary.BigEndian.Uint32(d.buffer)
	if size == 0 {
		d.drop(prefixBytes)
		return &message{beat: true}, nil
	}
	return d.take(prefixBytes, int(size), 0)
}

func (d *decoder) nextDigits() (*message, error) {
	header := d.buffer[:min(digitBytes, len(d.buffer))]
	for _, b := range header {
		if b < '0' || b > '9' {
			return nil, &failure{"recv", "malformed", fmt.Sprintf("a header of five digits begins with %q", header)}
		}
	}
	if len(header) < digitBytes {
		return nil, nil
	}
	size, err := strconv.Atoi(string(header))
	if err != nil {
		return nil, err
	}
	return d.take(digitBytes, size, 0)
}

func (d *decoder) nextTyped() (*message, error) {
	if len(d.buffer) == 0 {
		return nil, nil
	}
	kind := d.buffer[0]
	size, known := typeSizes[kind]
	if !known {
		return nil, &failure{"recv", "malformed", fmt.Sprintf("a message of the unknown type %d", kind)}
	}
	return d.take(1, size, kind)
}

func (d *decoder) nextUntilEnd() (*message, error) {
	if !d.ended || len(d.buffer) == 0 {
		return nil, d.check(len(d.buffer))
	}
	return d.take(0, len(d.buffer), 0)
}

// take cuts header and payload off the front once both are there, and refuses what is too large before it is.
func (d *decoder) take(header, size int, kind byte) (*message, error) {
	if len(d.buffer) > 0 {
		if err := d.check(size); err != nil {
			return nil, err
		}
	}
	if len(d.buffer) < header+size || len(d.buffer) == 0 {
		return nil, nil
	}
	found := &message{payload: bytes.Clone(d.buffer[header : header+size]), kind: kind}
	d.drop(header + size)
	return found, nil
}

func (d *decoder) drop(size int) {
	d.buffer = d.buffer[size:]
	if len(d.buffer) == 0 {
		d.buffer = nil
	}
}

func (d *decoder) check(size int) error {
	if size <= d.limit {
		return nil
	}
	return &failure{"recv", "too-large", fmt.Sprintf("a message of %d bytes, and at most %d are allowed", size, d.limit)}
}

// encode is the message as it goes on the wire.
func encode(framing string, m message) []byte {
	switch framing {
	case "prefix32":
		return append(binary.BigEndian.AppendUint32(nil, uint32(len(m.payload))), m.payload...)
	case "ascii5":
		return append(fmt.Appendf(nil, "%05d", len(m.payload)), m.payload...)
	case "typed":
		return append([]byte{m.kind}, m.payload...)
	case "delimited":
		return append(bytes.Clone(m.payload), '\n')
	default:
		return m.payload
	}
}
