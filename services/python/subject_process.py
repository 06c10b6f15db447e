"""For the tests: the subject as a process of its own, its events read as they come, and a peer made of a bare socket."""

import json
import os
import queue
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

# Another program that keeps the contract can be put in this one's place: the tests are about behaviour alone.
COMMAND = json.loads(os.environ.get("SUBJECT_COMMAND", "null")) or [
    sys.executable,
    str(Path(__file__).with_name("main.py")),
]
# How long a test waits for what must come; never a bound that is judged.
PATIENCE_S = 15


class Subject:
    def __init__(self, role, workload, port=0, params=None, arguments=()):
        environment = dict(
            os.environ,
            HALFOPEN_CONTRACT="1",
            HALFOPEN_ROLE=role,
            HALFOPEN_WORKLOAD=workload,
            HALFOPEN_HOST="127.0.0.1",
            HALFOPEN_PORT=str(port),
            HALFOPEN_PARAMS=json.dumps(params or {}),
        )
        self.process = subprocess.Popen(
            [*COMMAND, *arguments],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.seen = []
        self._lines = queue.Queue()
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(json.loads(line))
        self._lines.put(None)

    def next(self, event):
        """The next event of that name; what comes before it is kept in `seen` as well."""
        while True:
            found = self._lines.get(timeout=PATIENCE_S)
            if found is None:
                raise AssertionError(f"no {event} came; there was {self.names()}")
            self.seen.append(found)
            if found["event"] == event:
                return found

    def end(self):
        """Ends standard input and gives all events there were, once the process has ended; `status` then says how."""
        self.process.stdin.close()
        while (found := self._lines.get(timeout=PATIENCE_S)) is not None:
            self.seen.append(found)
        self.status = self.process.wait(PATIENCE_S)
        self.log = self.process.stderr.read().decode()
        return self.seen

    def names(self):
        return [event["event"] for event in self.seen]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self._reading.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()


def listener():
    sock = socket.create_server(("127.0.0.1", 0))
    sock.settimeout(PATIENCE_S)
    return sock


def connected_to(server):
    """A bare socket connected to a subject that is a server."""
    sock = socket.create_connection(("127.0.0.1", server.next("listening")["port"]), PATIENCE_S)
    server.next("accepted")
    return sock


def accepted_from(listening):
    sock, _ = listening.accept()
    sock.settimeout(PATIENCE_S)
    return sock


def framed(payload):
    return struct.pack("!I", len(payload)) + payload


def receive_exactly(sock, size):
    data = b""
    while len(data) < size:
        piece = sock.recv(size - len(data))
        if not piece:
            raise AssertionError(f"the stream ended after {len(data)} of {size} bytes")
        data += piece
    return data


def reset(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
