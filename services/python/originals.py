"""The messages that a side originates, by the key of its connection."""

from framing import TYPE_SIZES, Message, kind_of
from payload import payload
from settings import Settings

SERVER_KEY = "s"


def original(settings: Settings, key: object, seq: int) -> Message:
    """Message `seq` of whoever has that key: a client's is the number of its connection, a server's `SERVER_KEY`."""
    kind = kind_of(settings.framing, seq)
    size = TYPE_SIZES[kind] if kind else settings.message_bytes
    return Message(payload(f"{settings.seed}/{key}", seq, size, settings.content), kind)
