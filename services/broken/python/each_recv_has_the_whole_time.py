"""Bug: the time of a message is given to each recv anew, as a socket timeout does.

Violates: CONTRACT, Deadlines: a byte received never restarts a deadline.
Public case: nodejs/undici#3297, a timeout did not fire on a body that went on dripping.
"""

from correct import run
from connection import Connection

correct = Connection._receive_some


def receive_some(self, until):
    if self._receive_by is not None:
        self._receive_by = self._io_deadline()
    yield from correct(self, until)


Connection._receive_some = receive_some
run()
