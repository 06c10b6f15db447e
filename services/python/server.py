"""The server: listens, accepts, and plays its part on each connection.

Two architectures of the HOWTO serve the same sessions: a thread for each connection, and one select loop for all.
"""

import selectors
import socket
import threading
import time
from typing import Callable, Optional

from connecting import configure, listen
from connection import Connection, play
from events import Events
from failure import Failure, failure_of
from server_parts import PARTS
from settings import Settings
from waiting import Session, Stop, Wait, drive, earliest, milliseconds_until

# Out of descriptors or memory, accept fails again at once: trying on without a pause would burn the processor.
ACCEPT_PAUSE_S = 0.05


class Server:
    def __init__(self, settings: Settings, events: Events, stop: Stop):
        self._settings = settings
        self._events = events
        self._stop = stop

    def run(self, architecture: "Callable[[Accepting, Stop], None]") -> None:
        """Serves until standard input ends and the last connection is closed. Not being able to listen is told, and the end."""
        try:
            listener = listen(self._settings)
        except Failure as failure:
            self._tell(failure)
            return
        self._events.tell("listening", port=listener.getsockname()[1])
        architecture(lambda start: self._accept_all(listener, start), self._stop)

    def _tell(self, failure: Failure) -> None:
        self._events.tell("failed", op=failure.op, code=failure.code, message=str(failure))

    def _accept_all(self, listener: socket.socket, start: "Start") -> Session:
        """Has the session of each connection started until standard input ends, then listens no more."""
        next_one = Wait(listener, read=True)
        with listener:
            while not self._stop.is_set():
                try:
                    session = self._accept(listener)
                except Failure as failure:
                    self._tell(failure)
                    yield Wait(until=time.monotonic() + ACCEPT_PAUSE_S)
                    continue
                if session is not None:
                    start(session)
                yield next_one

    def _accept(self, listener: socket.socket) -> Optional[Session]:
        """The session of one more connection, or None when there is none after all."""
        try:
            sock, address = listener.accept()
            configure(sock, self._settings)
        except (BlockingIOError, ConnectionAbortedError):
            return None  # the client went away between being announced and being accepted
        except OSError as error:
            raise failure_of("accept", error) from error
        connection = Connection(self._settings, self._events, self._stop, sock)
        connection.tell("accepted", peerPort=address[1])
        return play(connection, PARTS[self._settings.workload])


Start = Callable[[Session], None]
Accepting = Callable[[Start], Session]


def a_thread_each(accepting: Accepting, stop: Stop) -> None:
    """The main loop of the HOWTO's first server. Python itself waits for the threads that are left at the end."""

    def start(session: Session) -> None:
        threading.Thread(target=drive, args=(session, stop)).start()

    drive(accepting(start), stop)


def one_select_loop(accepting: Accepting, stop: Stop) -> None:
    """The HOWTO's third server: one thread multiplexes the listener and all connections."""
    with selectors.DefaultSelector() as selector:
        waits: dict = {}

        def resume(session: Session) -> None:
            waiting_for = waits.pop(session, Wait()).sock
            if waiting_for is not None:
                selector.unregister(waiting_for)
            try:
                wait = next(session)
            except StopIteration:
                return
            waits[session] = wait
            if wait.sock is not None:
                wanted = (selectors.EVENT_READ if wait.read else 0) | (selectors.EVENT_WRITE if wait.write else 0)
                selector.register(wait.sock, wanted, session)

        selector.register(stop, selectors.EVENT_READ)
        resume(accepting(resume))
        while not stop.is_set():
            for key, _ in _select(selector, waits):
                if key.data is not None:
                    resume(key.data)
            _resume_overdue(waits, resume)
        selector.unregister(stop)
        for session in list(waits):
            resume(session)
        while waits:
            for key, _ in _select(selector, waits):
                resume(key.data)
            _resume_overdue(waits, resume)


def _select(selector: selectors.BaseSelector, waits: dict) -> list:
    until = earliest(*(wait.until for wait in waits.values()))
    return selector.select(None if until is None else milliseconds_until(until) / 1000)


def _resume_overdue(waits: dict, resume: Callable[[Session], None]) -> None:
    now = time.monotonic()
    for session in [session for session, wait in waits.items() if wait.until is not None and wait.until <= now]:
        resume(session)
