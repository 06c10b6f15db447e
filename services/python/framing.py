"""How messages are told apart in a stream (HOWTO, "Using a Socket"): bytes in, messages out; no sockets, no clock.

A decoder is fed what came, in pieces of any size. `next()` gives the next whole message, `HEARTBEAT`, or None when more
bytes are needed; bytes beyond a message are kept for the next one. `end()` says that the stream is over.
"""

from typing import NamedTuple, Optional

HEARTBEAT = object()
HEARTBEAT_BYTES = bytes(4)
TYPE_SIZES = {1: 16, 2: 256, 3: 4096}
LF = b"\n"


class Message(NamedTuple):
    payload: bytes
    """`kind` is the type byte of the framing `typed`, 0 elsewhere."""
    kind: int = 0


class FramingError(Exception):
    """The peer sent what is no message, or one that is larger than allowed."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


class Decoder:
    """What all framings share: the bytes that came and were not yet given out."""

    def __init__(self, limit: int):
        self.limit = limit
        self.buffer = bytearray()

    @property
    def pending(self) -> bool:
        """True inside a message: an end of the stream here cuts it."""
        return len(self.buffer) > 0

    def feed(self, data: bytes) -> None:
        self.buffer += data

    def end(self) -> None:
        """The stream is over. Only `until-end` has use for it."""

    def next(self):
        raise NotImplementedError

    def check(self, size: int) -> None:
        if size > self.limit:
            raise FramingError("too-large", f"a message of {size} bytes, and at most {self.limit} are allowed")

    def take(self, header: int, size: int, kind: int = 0) -> Optional[Message]:
        """Cuts header and payload off the front, once both are there."""
        end = header + size
        if len(self.buffer) < end:
            return None
        message = Message(bytes(memoryview(self.buffer)[header:end]), kind)
        del self.buffer[:end]
        return message


class Fixed(Decoder):
    def __init__(self, limit: int, size: int):
        super().__init__(limit)
        self.size = size

    def next(self):
        if self.buffer:
            self.check(self.size)
        return self.take(0, self.size)


class Delimited(Decoder):
    def __init__(self, limit: int):
        super().__init__(limit)
        self.scanned = 0

    def next(self):
        at = self.buffer.find(LF, self.scanned)
        if at < 0:
            self.scanned = len(self.buffer)
            self.check(self.scanned)
            return None
        self.check(at)
        self.scanned = 0
        message = self.take(0, at)
        del self.buffer[: len(LF)]
        return message


class Prefix32(Decoder):
    HEADER = 4

    def next(self):
        if len(self.buffer) < self.HEADER:
            return None
        size = int.from_bytes(self.buffer[: self.HEADER], "big")
        self.check(size)
        if size == 0:
            del self.buffer[: self.HEADER]
            return HEARTBEAT
        return self.take(self.HEADER, size)


class Ascii5(Decoder):
    HEADER = 5

    def next(self):
        digits = bytes(self.buffer[: self.HEADER])
        if digits and not digits.isdigit():
            raise FramingError("malformed", f"a header of five digits begins with {digits!r}")
        if len(digits) < self.HEADER:
            return None
        size = int(digits)
        self.check(size)
        return self.take(self.HEADER, size)


class Typed(Decoder):
    def next(self):
        if not self.buffer:
            return None
        kind = self.buffer[0]
        if kind not in TYPE_SIZES:
            raise FramingError("malformed", f"a message of the unknown type {kind}")
        self.check(TYPE_SIZES[kind])
        return self.take(1, TYPE_SIZES[kind], kind)


class UntilEnd(Decoder):
    def __init__(self, limit: int):
        super().__init__(limit)
        self.ended = False

    @property
    def pending(self) -> bool:
        return len(self.buffer) > 0 and not self.ended

    def end(self) -> None:
        self.ended = True

    def next(self):
        self.check(len(self.buffer))
        return self.take(0, len(self.buffer)) if self.ended and self.buffer else None


def decoder_for(framing: str, limit: int, message_bytes: int) -> Decoder:
    if framing == "fixed":
        return Fixed(limit, message_bytes)
    return {"delimited": Delimited, "prefix32": Prefix32, "ascii5": Ascii5, "typed": Typed, "until-end": UntilEnd}[
        framing
    ](limit)


def encode(framing: str, message: Message) -> bytes:
    """The message as it goes on the wire. ValueError where it contains the delimiter that has to end it."""
    payload = message.payload
    if framing == "prefix32":
        return len(payload).to_bytes(Prefix32.HEADER, "big") + payload
    if framing == "ascii5":
        return b"%05d" % len(payload) + payload
    if framing == "typed":
        return bytes([message.kind]) + payload
    if framing == "delimited":
        if LF in payload:
            raise ValueError("the message contains the delimiter")
        return payload + LF
    return payload


def kind_of(framing: str, seq: int) -> int:
    """The type that message `seq` has."""
    return seq % 3 + 1 if framing == "typed" else 0
