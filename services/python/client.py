"""The client: makes the connections a run asks for, a thread for each that is open, and says when nothing is left to do."""

import random
import threading

import client_parts
from connection import Connection, play
from events import Events
from settings import Settings
from waiting import Session, Stop, drive

LONGEST_BACKOFF_MS = 2000


class Client:
    def __init__(self, settings: Settings, events: Events, stop: Stop):
        self._settings = settings
        self._events = events
        self._stop = stop
        self._keys = iter(range(1, settings.connections + 1))
        self._lock = threading.Lock()

    def run(self) -> None:
        """Plays all connections, then waits for the end of standard input, holding no socket."""
        count = min(self._settings.concurrency, self._settings.connections)
        threads = [threading.Thread(target=self._work) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if not self._stop.is_set():
            self._events.tell("done")
        self._stop.wait()

    def _work(self) -> None:
        """Makes one connection after the other, as long as there are any left for this thread."""
        play_one = self._play_reconnecting if self._settings.workload == "reconnect" else self._play_once
        while not self._stop.is_set():
            with self._lock:
                key = next(self._keys, None)
            if key is None:
                return
            play_one(key)

    def _play_once(self, key: int) -> None:
        part = client_parts.PARTS[self._settings.workload]
        self._connect_and_play(key, lambda connection: part(connection, key))

    def _play_reconnecting(self, key: int) -> None:
        progress = client_parts.Progress()
        failures = 0
        while not self._stop.is_set():
            echoed = progress.echoed
            went_well = self._connect_and_play(
                key, lambda connection: client_parts.echo_from(connection, key, progress)
            )
            if progress.echoed > echoed:
                failures = 0
            # Once all are echoed only the ending can have failed. Where there is no message, that is so from the start.
            is_complete = progress.echoed == self._settings.messages
            if went_well or is_complete or failures >= self._settings.retries:
                return
            bound_ms = min(self._settings.backoff_ms * 2**failures, LONGEST_BACKOFF_MS)
            self._stop.wait(random.uniform(0, bound_ms) / 1000)
            failures += 1

    def _connect_and_play(self, key: int, part) -> bool:
        def connected(connection: Connection) -> Session:
            yield from connection.connect()
            yield from part(connection)

        connection = Connection(self._settings, self._events, self._stop)
        connection.tell("connecting", key=key)
        return drive(play(connection, connected), self._stop)
