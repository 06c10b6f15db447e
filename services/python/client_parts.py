"""The client's part in each workload, on one connection: what it sends, what it then expects, and how it ends.

`key` is the number that keys the payloads of this connection.
"""

import time
from typing import Optional

from connection import Connection
from failure import Failure
from framing import Message
from heartbeats import heartbeats, listen_for_life
from originals import SERVER_KEY, original
from payload import echo_of, sha256
from waiting import Session, together


def expect(message: Optional[Message], due: Message) -> None:
    if message != due:
        raise Failure("recv", "mismatch", "a whole message came, and it is not the one due")


def send(connection: Connection, message: Message, seq: int) -> Session:
    yield from connection.send(message, seq)
    if connection.settings.framing == "until-end":
        connection.shutdown()


def exchange(connection: Connection, key: int, seq: int) -> Session:
    """Sends one message and waits for its whole echo."""
    message = original(connection.settings, key, seq)
    connection.in_flight = 1
    yield from send(connection, message, seq)
    connection.reply_due()
    expect((yield from connection.receive()), Message(echo_of(message.payload), message.kind))
    connection.in_flight = 0


def finish(connection: Connection, extra_ms: int = 0) -> Session:
    """Ends our writing and waits for the peer's end."""
    connection.shutdown()
    connection.end_due(extra_ms)
    yield from listen_for_life(connection)


def connect(connection: Connection, key: int) -> Session:
    yield from ()


def echo(connection: Connection, key: int) -> Session:
    yield from echo_from(connection, key, Progress())


class Progress:
    """How far `reconnect` has come, kept from one connection to the next."""

    def __init__(self):
        self.echoed = 0


def echo_from(connection: Connection, key: int, progress: Progress) -> Session:
    """`echo` from the first message that was not yet echoed; says in `progress` how far it came."""
    first = progress.echoed
    for seq in range(first, connection.settings.messages):
        if seq > first:
            yield from connection.pause(connection.settings.pace_ms)
        connection.check_stop()
        yield from exchange(connection, key, seq)
        progress.echoed += 1
    yield from finish(connection)


def pipeline(connection: Connection, key: int) -> Session:
    connection.reply_later()
    yield from together(_receive_echoes(connection, key), _send_originals(connection, key))
    yield from finish(connection)


def _send_originals(connection: Connection, key: int) -> Session:
    for seq in range(connection.settings.messages):
        if seq > 0:
            yield from connection.pause(connection.settings.pace_ms)
        if connection.stop.is_set():
            return
        connection.in_flight += 1
        yield from send(connection, original(connection.settings, key, seq), seq)
        if not connection.is_timed:
            connection.reply_due()


def _receive_echoes(connection: Connection, key: int) -> Session:
    for seq in range(connection.settings.messages):
        message = yield from connection.receive()
        due = original(connection.settings, key, seq)
        expect(message, Message(echo_of(due.payload), due.kind))
        connection.in_flight -= 1
        # A message that is still being handed over has no reply due yet.
        if connection.in_flight > int(connection.sending):
            connection.reply_due()
        else:
            connection.reply_later()


def upload(connection: Connection, key: int) -> Session:
    message = original(connection.settings, key, 0)
    connection.in_flight = 1
    yield from send(connection, message, 0)
    connection.reply_due()
    expect((yield from connection.receive()), Message(sha256(message.payload).encode("ascii")))


def download(connection: Connection, key: int) -> Session:
    settings = connection.settings
    yield from send(connection, original(settings, key, 0), 0)
    for seq in range(settings.messages):
        connection.reply_due(settings.pace_ms)
        expect((yield from connection.receive()), original(settings, SERVER_KEY, seq))
    connection.end_due()
    yield from listen_for_life(connection)


def idle(connection: Connection, key: int) -> Session:
    ends_at = time.monotonic() + connection.settings.duration_ms / 1000
    connection.life_due(end_allowed=False)
    beating = heartbeats(connection, over=lambda: time.monotonic() >= ends_at)
    yield from together(listen_for_life(connection, ends_at), beating)
    yield from finish(connection)


def slow_reader(connection: Connection, key: int) -> Session:
    for seq in range(connection.settings.messages):
        if seq > 0:
            yield from connection.pause(connection.settings.pace_ms)
        connection.check_stop()
        yield from send(connection, original(connection.settings, key, seq), seq)
    yield from finish(connection, connection.settings.read_pause_ms)


PARTS = {
    "connect": connect,
    "echo": echo,
    "pipeline": pipeline,
    "upload": upload,
    "download": download,
    "idle": idle,
    "slow-reader": slow_reader,
}
