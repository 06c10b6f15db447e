"""The server's part in each workload, on one connection."""

from connection import Connection
from framing import Message
from heartbeats import heartbeats, listen_for_life
from originals import SERVER_KEY, original
from payload import echo_of, sha256
from waiting import Session, together


def next_message(connection: Connection, end_allowed: bool = True) -> Session:
    connection.life_due(end_allowed)
    return (yield from connection.receive())


def connect(connection: Connection) -> Session:
    connection.life_due(end_allowed=True)
    yield from listen_for_life(connection)


def echo(connection: Connection) -> Session:
    seq = 0
    while (message := (yield from next_message(connection))) is not None:
        yield from connection.send(Message(echo_of(message.payload), message.kind), seq)
        seq += 1


def upload(connection: Connection) -> Session:
    message = yield from next_message(connection, end_allowed=False)
    yield from connection.send(Message(sha256(message.payload).encode("ascii")), 0)


def download(connection: Connection) -> Session:
    if (yield from next_message(connection)) is None:
        return
    for seq in range(connection.settings.messages):
        if seq > 0:
            yield from connection.pause(connection.settings.pace_ms)
        connection.check_stop()
        yield from connection.send(original(connection.settings, SERVER_KEY, seq), seq)


def idle(connection: Connection) -> Session:
    connection.life_due(end_allowed=True)
    yield from together(listen_for_life(connection), heartbeats(connection, over=lambda: connection.ended))


def slow_reader(connection: Connection) -> Session:
    yield from connection.pause(connection.settings.read_pause_ms)
    while (yield from next_message(connection)) is not None:
        pass


PARTS = {
    "connect": connect,
    "echo": echo,
    "pipeline": echo,
    "reconnect": echo,
    "upload": upload,
    "download": download,
    "idle": idle,
    "slow-reader": slow_reader,
}
