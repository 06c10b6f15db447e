"""One TCP connection between two subjects: whole messages in and out, each with its events, and every end told apart.

Owns the socket, the decoder, and the deadlines. Which messages are due, and from when, is the workloads' matter: they say
it with `reply_due`, `reply_later`, `end_due` and `life_due`. Whatever may have to wait is a session (`waiting.py`).
"""

import socket
import struct
import time
from typing import Callable, Optional

from connecting import connect
from events import Events
from failure import Failure, Unfinished, WoundDown, failure_of
from framing import HEARTBEAT, HEARTBEAT_BYTES, FramingError, Message, decoder_for, encode
from payload import sha256
from settings import Settings
from waiting import Session, Stop, Wait, earliest

RECV_BYTES = 65536
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Connection:
    def __init__(self, settings: Settings, events: Events, stop: Stop, sock: Optional[socket.socket] = None):
        self.settings = settings
        self.stop = stop
        self.number = events.next_number()
        self.ended = False
        """True once the peer has ended its writing."""
        self.in_flight = 0
        """Messages of ours that wait for their reply; the workloads count them."""
        self.sending = False
        self._sock = sock
        self._events = events
        self._decoder = decoder_for(settings.framing, settings.max_message_bytes, settings.message_bytes)
        self._received = 0
        self._is_shut = False
        self._message_due = False
        self._receive_by: Optional[float] = None
        self._watched_since: Optional[float] = None
        self._last_byte_at = time.monotonic()

    def tell(self, event: str, **keys) -> None:
        self._events.tell(event, conn=self.number, **keys)

    # Which message is due, and by when.

    def reply_due(self, extra_ms: int = 0) -> None:
        """From now on a message is due, and the peer is watched for signs of life."""
        self._message_due = True
        self._receive_by = self._io_deadline(extra_ms)
        self._watched_since = time.monotonic()

    def reply_later(self) -> None:
        """A message will be due, and no time runs for it yet."""
        self._message_due = True
        self._receive_by = self._watched_since = None

    def end_due(self, extra_ms: int = 0) -> None:
        """From now on only the peer's end is due. Only in `idle` must the peer go on showing that it lives until then."""
        self._message_due = False
        self._receive_by = self._io_deadline(extra_ms)
        if self.settings.workload != "idle":
            self._watched_since = None

    def life_due(self, end_allowed: bool) -> None:
        """From now on the peer may send when it likes, as long as it shows that it lives."""
        self._message_due = not end_allowed
        self._receive_by = None
        self._watched_since = time.monotonic()

    @property
    def is_timed(self) -> bool:
        """True while a due reply's time runs."""
        return self._watched_since is not None

    def _io_deadline(self, extra_ms: int = 0) -> Optional[float]:
        limit_ms = self.settings.io_timeout_ms
        return time.monotonic() + (limit_ms + extra_ms) / 1000 if limit_ms else None

    # Receiving.

    def receive(self, until: Optional[float] = None) -> Session:
        """The next whole message. None once the peer has ended where no message was due, or at the instant `until`."""
        message = self._next_message()
        while message is None and not self.ended and (until is None or time.monotonic() < until):
            if self.settings.role == "server":
                # A server's time runs from the first byte of each message, not from when it began to wait.
                self._receive_by = (self._receive_by or self._io_deadline()) if self._decoder.pending else None
            self.check_stop()
            yield from self._receive_some(until)
            message = self._next_message()
            if self.ended:
                self._accept_end(message)
            elif message is None:
                self._check_deadlines()
        return message

    def _next_message(self) -> Optional[Message]:
        try:
            while (message := self._decoder.next()) is HEARTBEAT:
                self.tell("heard")
        except FramingError as error:
            raise Failure("recv", error.code, str(error)) from error
        if message is not None:
            self._receive_by = None
            self.tell("received", seq=self._received, bytes=len(message.payload), sha256=sha256(message.payload))
            self._received += 1
        return message

    def _receive_some(self, until: Optional[float]) -> Session:
        """Gives the decoder what one call to recv gave, or the end of the stream."""
        while True:
            try:
                data = self._sock.recv(RECV_BYTES)
                break
            except BlockingIOError:
                self._check_deadlines()
                if until is not None and time.monotonic() >= until:
                    return
                yield self._wait(earliest(until, *(at for at, _ in self._deadlines())), read=True)
            except OSError as error:
                raise failure_of("recv", error) from error
        if not data:
            self.ended = True
            self._decoder.end()
            return
        self._last_byte_at = time.monotonic()
        if self.settings.trace:
            self.tell("read", bytes=len(data))
        self._decoder.feed(data)

    def _accept_end(self, last_message: Optional[Message]) -> None:
        if self._decoder.pending:
            raise Failure("recv", "truncated", "the stream ended inside a message")
        if last_message is None and self._message_due:
            raise Failure("recv", "closed", "the stream ended where a message was due")
        self.tell("eof")

    def _deadlines(self) -> list:
        """The instants at which receiving fails, each with the code to fail with."""
        deadlines = []
        if self._receive_by is not None:
            deadlines.append((self._receive_by, "timeout"))
        if self._watched_since is not None and self.settings.dead_peer_ms:
            alive_at = max(self._last_byte_at, self._watched_since)
            deadlines.append((alive_at + self.settings.dead_peer_ms / 1000, "dead-peer"))
        return deadlines

    def _check_deadlines(self) -> None:
        for instant, code in sorted(self._deadlines()):
            if time.monotonic() >= instant:
                raise Failure("recv", code, f"nothing whole was received in time ({code})")

    # Sending.

    def send(self, message: Message, seq: int) -> Session:
        try:
            wire = encode(self.settings.framing, message)
        except ValueError as error:
            raise Failure("send", "other", str(error)) from error
        self.tell("sending", seq=seq, bytes=len(message.payload), sha256=sha256(message.payload))
        yield from self._send_all(wire)
        self.tell("sent", seq=seq)

    def beat(self) -> Session:
        yield from self._send_all(HEARTBEAT_BYTES)

    def _send_all(self, data: bytes) -> Session:
        """send takes what fits and says how much that was; here it is called until nothing is left."""
        send_by = self._io_deadline()
        left = memoryview(data)
        self.sending = True
        while left:
            try:
                taken = self._sock.send(left)
            except BlockingIOError:
                yield self._wait(send_by, write=True)
                taken = 0
            except OSError as error:
                raise failure_of("send", error) from error
            left = left[taken:]
            if taken and self.settings.trace:
                self.tell("wrote", bytes=taken)
            if left and send_by is not None and time.monotonic() >= send_by:
                raise Failure("send", "timeout", f"{len(left)} of {len(data)} bytes were not taken in time")
        self.sending = False

    # Ends.

    def connect(self) -> Session:
        self._sock = yield from connect(self.settings, self.stop)
        self.tell("connected", localPort=self._sock.getsockname()[1])
        self._last_byte_at = time.monotonic()

    def shutdown(self) -> None:
        """Ends our writing, once."""
        if self._is_shut:
            return
        self._is_shut = True
        try:
            self._sock.shutdown(socket.SHUT_WR)
        except OSError as error:
            raise failure_of("shutdown", error) from error
        self.tell("shutdown")

    def check_stop(self) -> None:
        """Ends the session when standard input has ended: at once between messages, after the grace inside one."""
        if not self.stop.is_set():
            return
        if not (self.sending or self.in_flight > 0 or self._decoder.pending):
            raise WoundDown
        if time.monotonic() >= self.stop.grace_ends():
            raise Unfinished

    def _wait(self, until: Optional[float], read: bool = False, write: bool = False) -> Wait:
        self.check_stop()
        return Wait(self._sock, read, write, earliest(until, self.stop.grace_ends()))

    def pause(self, milliseconds: int) -> Session:
        """Does nothing for a while, or until standard input ends."""
        until = time.monotonic() + milliseconds / 1000
        while time.monotonic() < until and not self.stop.is_set():
            yield Wait(until=until)

    def close(self, reset: bool = False) -> None:
        if self._sock is not None:
            if reset:
                self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            self._sock.close()
        self.tell("closed")


def play(connection: Connection, part: Callable[[Connection], Session]) -> Session:
    """Plays a part on a connection and closes it, whatever happens. False when an operation failed."""
    reset = False
    try:
        yield from part(connection)
    except Failure as failure:
        connection.tell("failed", op=failure.op, code=failure.code, message=str(failure))
        return False
    except WoundDown:
        pass
    except Unfinished:
        reset = True
    finally:
        connection.close(reset)
    return True
