// What ends a connection before its time, and the contract's code for each error of the system.

package main

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"
)

// A failure ended an operation of one connection, or of the listener; the first one is told.
type failure struct{ op, code, message string }

func (f *failure) Error() string { return f.message }

var (
	// errWoundDown ends a connection that was between messages when input ended; that is no failure.
	errWoundDown = errors.New("wound down")
	// errUnfinished ends one whose message did not finish in the grace; it is reset.
	errUnfinished = errors.New("unfinished")
	// errAbandoned ends what goes on beside something that has failed already.
	errAbandoned = errors.New("abandoned")
)

var codes = []struct {
	errno syscall.Errno
	code  string
}{
	{syscall.ECONNREFUSED, "refused"},
	{syscall.EHOSTUNREACH, "unreachable"},
	{syscall.ENETUNREACH, "unreachable"},
	{syscall.EHOSTDOWN, "unreachable"},
	{syscall.ENETDOWN, "unreachable"},
	{syscall.ETIMEDOUT, "timeout"},
	{syscall.ECONNRESET, "reset"},
	{syscall.ECONNABORTED, "reset"},
	// shutdown(2) on a connection that was reset says that it is not connected.
	{syscall.ENOTCONN, "reset"},
	{syscall.EPIPE, "broken-pipe"},
	{syscall.EADDRINUSE, "address-in-use"},
	{syscall.EACCES, "permission"},
	{syscall.EPERM, "permission"},
}

// failureOf is the contract's view of an error of the operating system, or of the resolver.
func failureOf(op string, err error) *failure {
	var lookup *net.DNSError
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return &failure{op, "timeout", err.Error()}
	case errors.As(err, &lookup):
		return &failure{op, "unresolved", err.Error()}
	}
	for _, known := range codes {
		if errors.Is(err, known.errno) {
			return &failure{op, known.code, err.Error()}
		}
	}
	return &failure{op, "other", err.Error()}
}
