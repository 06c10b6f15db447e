"""Both sides of `idle`: beating at an interval, and listening for nothing but the peer's beats."""

import time
from typing import Callable, Optional

from connection import Connection
from failure import Failure
from waiting import Session, Wait


def heartbeats(connection: Connection, over: Callable[[], bool]) -> Session:
    """Sends a heartbeat after each interval until `over()`, which is asked whenever the session is resumed."""
    interval_s = connection.settings.heartbeat_ms / 1000
    next_at = time.monotonic() + interval_s
    while interval_s and not over() and not connection.stop.is_set():
        if time.monotonic() < next_at:
            yield Wait(until=next_at)
        else:
            yield from connection.beat()
            next_at += interval_s


def listen_for_life(connection: Connection, until: Optional[float] = None) -> Session:
    """Hears heartbeats until the peer's end, or the instant `until`. Any message is one too many."""
    if (yield from connection.receive(until)) is not None:
        raise Failure("recv", "mismatch", "a message came where none was due")
