"""Waiting, apart from what is waited for.

A session (all that happens on one connection) is a generator that yields a `Wait` wherever it would block. Whoever drives
it waits and then resumes it: `drive` blocks a thread of its own for it, a select loop (`server.py`) serves many from one.
Being resumed promises nothing: a session tries again, looks at its deadlines, and may yield the same wait once more.
"""

import os
import select
import sys
import threading
import time
from typing import Any, Generator, NamedTuple, Optional

# poll(2) and epoll_wait(2) take an int of milliseconds; a longer wait is simply resumed early.
LONGEST_POLL_S = 3600.0
# The contract's grace for a message that is under way when standard input ends.
GRACE_S = 2.0


class Wait(NamedTuple):
    """Until `sock` is readable or writable as wanted, or until the instant `until` of the monotonic clock."""

    sock: Any = None
    read: bool = False
    write: bool = False
    until: Optional[float] = None


Session = Generator[Wait, None, Any]


class Stop:
    """The end of standard input. Its descriptor turns readable then and stays so, which wakes whoever waits."""

    def __init__(self):
        self._reader, self._writer = os.pipe()
        self._set = threading.Event()
        self._at = 0.0

    def fileno(self) -> int:
        return self._reader

    def is_set(self) -> bool:
        return self._set.is_set()

    def set(self) -> None:
        self._at = time.monotonic()
        self._set.set()
        os.close(self._writer)

    def grace_ends(self) -> Optional[float]:
        """When what is still unfinished is reset; None while input goes on."""
        return self._at + GRACE_S if self.is_set() else None

    def wait(self, seconds: Optional[float] = None) -> bool:
        """Waits for the end of input, or so many seconds. True when it has ended."""
        return self._set.wait(seconds)

    def follow_standard_input(self) -> None:
        if sys.__stdin__ is None:
            # It was closed from the start, and what was opened since may have its number.
            self.set()
            return
        threading.Thread(target=self._read_to_end, daemon=True).start()

    def _read_to_end(self) -> None:
        try:
            while os.read(sys.__stdin__.fileno(), 4096):
                pass
        except OSError:
            pass  # a standard input that cannot be read has ended
        self.set()


def earliest(*instants: Optional[float]) -> Optional[float]:
    """The first of several deadlines, None being none."""
    return min((instant for instant in instants if instant is not None), default=None)


def drive(session: Session, stop: Stop) -> Any:
    """Runs a session to its end in this thread, which blocks wherever the session waits; gives what it returned."""
    while True:
        knows_of_stop = stop.is_set()
        try:
            wait = next(session)
        except StopIteration as end:
            return end.value
        poller = select.poll()
        if wait.sock is not None:
            poller.register(wait.sock, (select.POLLIN if wait.read else 0) | (select.POLLOUT if wait.write else 0))
        if not knows_of_stop:
            poller.register(stop, select.POLLIN)
        poller.poll(None if wait.until is None else milliseconds_until(wait.until))


def milliseconds_until(instant: float) -> float:
    """How long to poll so as not to wake before the instant: poll(2) rounds nothing up by itself."""
    return max(0.0, min(instant - time.monotonic(), LONGEST_POLL_S)) * 1000


def together(*tasks: Session) -> Session:
    """Runs several sessions on one connection side by side, until all have ended or one fails."""
    running = list(tasks)
    try:
        while running:
            waits = []
            asked = running.copy()
            for task in asked:
                try:
                    waits.append(next(task))
                except StopIteration:
                    running.remove(task)
            # One that ended may be what another waits for, so all are asked once more before anybody blocks.
            if len(waits) == len(asked):
                yield _any_of(waits)
    finally:
        for task in running:
            task.close()


def _any_of(waits: list) -> Wait:
    return Wait(
        sock=next((wait.sock for wait in waits if wait.sock is not None), None),
        read=any(wait.read for wait in waits),
        write=any(wait.write for wait in waits),
        until=earliest(*(wait.until for wait in waits)),
    )
