// Sockets made as the contract asks: connecting within a deadline, listening, and the options of each connection.

package main

import (
	"context"
	"net"
	"syscall"
)

// TCP_USER_TIMEOUT of tcp(7), which package syscall does not name.
const tcpUserTimeout = 18

// dial connects to host and port, resolving included, within one deadline. Standard input ending abandons it.
func dial(s *settings, stop *stop) (*net.TCPConn, error) {
	ctx, cancel := context.WithCancel(context.Background())
	if s.connectTimeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, s.connectTimeout)
	}
	defer cancel()
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		select {
		case <-stop.ended:
			cancel()
		case <-ended:
		}
	}()
	dialer := net.Dialer{KeepAlive: -1, FallbackDelay: -1}
	dialer.SetMultipathTCP(false)
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(s.host, s.port))
	switch {
	case err == nil:
		return configured(conn, s, "connect")
	case stop.isSet():
		return nil, errWoundDown
	case ctx.Err() != nil:
		return nil, &failure{"connect", "timeout", "no connection was made in time"}
	}
	return nil, failureOf("connect", err)
}

// configured sets the contract's options. Nagle's algorithm is off by default in Go.
func configured(conn net.Conn, s *settings, op string) (*net.TCPConn, error) {
	sock, isTCP := conn.(*net.TCPConn)
	if !isTCP {
		return nil, &failure{op, "other", "not a TCP connection"}
	}
	if s.keepAlive != nil {
		config := net.KeepAliveConfig{Enable: true, Idle: s.keepAlive.idle, Interval: s.keepAlive.interval, Count: s.keepAlive.count}
		if err := sock.SetKeepAliveConfig(config); err != nil {
			return nil, failureOf(op, err)
		}
	}
	if s.userTimeoutMs > 0 {
		if err := withDescriptor(sock, func(fd int) error {
			return syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, tcpUserTimeout, s.userTimeoutMs)
		}); err != nil {
			return nil, failureOf(op, err)
		}
	}
	return sock, nil
}

// listen binds and listens with the asked backlog: Go itself takes the system's, and listen(2) may be called again.
func listen(s *settings) (*net.TCPListener, error) {
	config := net.ListenConfig{KeepAlive: -1}
	config.SetMultipathTCP(false)
	found, err := config.Listen(context.Background(), "tcp", net.JoinHostPort(s.host, s.port))
	if err != nil {
		return nil, failureOf("listen", err)
	}
	listener := found.(*net.TCPListener)
	err = withDescriptor(listener, func(fd int) error { return syscall.Listen(fd, min(s.backlog, 1<<31-1)) })
	if err != nil {
		_ = listener.Close()
		return nil, failureOf("listen", err)
	}
	return listener, nil
}

func withDescriptor(of syscall.Conn, do func(fd int) error) error {
	raw, err := of.SyscallConn()
	if err != nil {
		return err
	}
	var done error
	if err := raw.Control(func(fd uintptr) { done = do(int(fd)) }); err != nil {
		return err
	}
	return done
}
