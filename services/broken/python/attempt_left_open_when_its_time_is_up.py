"""Bug: the socket of an attempt to connect whose time is up is never closed.

Violates: HOWTO, Disconnecting: please close your sockets when you are done.
Public case: redis/redis#15529, after a failure to connect the descriptor was never closed.
"""

from correct import run
import connecting
from failure import Failure

left = []
correct = connecting._Attempt.connect


def connect(self, sock, address):
    try:
        yield from correct(self, sock, address)
    except Failure:
        left.append(sock.dup())
        raise


connecting._Attempt.connect = connect
run()
