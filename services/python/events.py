"""Events: one JSON object a line on standard output, flushed at once, from any thread."""

import itertools
import json
import os
import sys
import threading
import time


class Events:
    def __init__(self, stream=None):
        self._stream = stream or sys.stdout
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)

    def next_number(self) -> int:
        """A number for a new connection; `next` on a counter is atomic in CPython."""
        return next(self._numbers)

    def tell(self, event: str, **keys) -> None:
        with self._lock:
            # Stamped inside the lock, so that the lines are in the order of their stamps.
            line = json.dumps({"event": event, "at": time.monotonic_ns() // 1000, **keys})
            try:
                self._stream.write(line + "\n")
                self._stream.flush()
            except OSError:
                # Nobody listens any more, so there is nothing left to run for, in whichever thread this is.
                os._exit(1)
