"""Making TCP sockets: connecting by name or address within a deadline, listening, and the options every connection has."""

import errno
import os
import socket
import threading
import time
from typing import Optional

from failure import Failure, WoundDown, failure_of
from settings import Settings
from waiting import Session, Stop, Wait


def configure(sock: socket.socket, settings: Settings) -> None:
    """Sets the options of the contract. No call on the socket ever blocks: whoever drives the session waits."""
    sock.setblocking(False)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if settings.keep_alive is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, settings.keep_alive.idle_s)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, settings.keep_alive.interval_s)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, settings.keep_alive.count)
    if settings.user_timeout_ms:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, settings.user_timeout_ms)


def addresses_of(host: str, port: int, flags: int = 0) -> list:
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    except UnicodeError as error:
        # Python encodes a name before it asks for it, and refuses a label that is empty or too long.
        raise socket.gaierror(socket.EAI_NONAME, str(error)) from error


def connect(settings: Settings, stop: Stop) -> Session:
    """A connected socket. Tries each address the name has; one deadline covers all of it."""
    limit_ms = settings.connect_timeout_ms
    attempt = _Attempt(stop, time.monotonic() + limit_ms / 1000 if limit_ms else None)
    failure = Failure("connect", "unresolved", f"{settings.host} has no address")
    for family, kind, protocol, _, address in (yield from attempt.resolve(settings.host, settings.port)):
        try:
            sock = socket.socket(family, kind, protocol)
        except OSError as error:
            raise failure_of("connect", error) from error
        try:
            configure(sock, settings)
            yield from attempt.connect(sock, address)
            return sock
        except OSError as error:
            sock.close()
            failure = failure_of("connect", error)
        except BaseException:
            sock.close()
            raise
    raise failure


class _Attempt:
    """What bounds one attempt to connect: its deadline, and the end of standard input."""

    def __init__(self, stop: Stop, deadline: Optional[float]):
        self._stop = stop
        self._deadline = deadline

    def _check(self) -> None:
        if self._stop.is_set():
            raise WoundDown
        if self._deadline is not None and time.monotonic() >= self._deadline:
            raise Failure("connect", "timeout", "no connection was made in time")

    def resolve(self, host: str, port: int) -> Session:
        try:
            return addresses_of(host, port, socket.AI_NUMERICHOST)
        except socket.gaierror:
            pass  # not an address, so a name
        resolution = _Resolution(host, port)
        try:
            while not resolution.done.is_set():
                self._check()
                yield Wait(resolution.reader, read=True, until=self._deadline)
            return resolution.result()
        finally:
            resolution.let_go()

    def connect(self, sock: socket.socket, address: tuple) -> Session:
        status = sock.connect_ex(address)
        while status == errno.EINPROGRESS:
            self._check()
            yield Wait(sock, write=True, until=self._deadline)
            status = _connect_status(sock)
        if status:
            raise OSError(status, os.strerror(status))


def _connect_status(sock: socket.socket) -> int:
    """EINPROGRESS while the handshake goes on, 0 when connected, else the error (connect(2))."""
    status = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if status:
        return status
    try:
        sock.getpeername()
        return 0
    except OSError:
        # The error may have come between the two calls; SO_ERROR then has it, once.
        return sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) or errno.EINPROGRESS


class _Resolution:
    """A look-up in a thread of its own, because the C library's has no deadline: one that was let go of ends when it will."""

    def __init__(self, host: str, port: int):
        self.reader, self._writer = socket.socketpair()
        self.done = threading.Event()
        self._addresses: list = []
        self._error: Optional[OSError] = None
        threading.Thread(target=self._look_up, args=(host, port), daemon=True).start()

    def _look_up(self, host: str, port: int) -> None:
        try:
            self._addresses = addresses_of(host, port)
        except OSError as error:
            self._error = error
        self.done.set()
        self._writer.close()

    def let_go(self) -> None:
        self.reader.close()
        self._writer.close()

    def result(self) -> list:
        if self._error is not None:
            raise failure_of("connect", self._error)
        return self._addresses


def listen(settings: Settings) -> socket.socket:
    """A listening socket, never blocking."""
    try:
        family, kind, protocol, _, address = addresses_of(settings.host, settings.port, socket.AI_PASSIVE)[0]
        sock = socket.socket(family, kind, protocol)
    except OSError as error:
        raise failure_of("listen", error) from error
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(min(settings.backlog, 2**31 - 1))
        return sock
    except OSError as error:
        sock.close()
        raise failure_of("listen", error) from error
