"""Bug: a connection that failed is told of and left open.

Violates: HOWTO, Disconnecting: please close your sockets when you are done.
Public case: openonion/connectonion#548, each connection that the other side ended was left half-closed with its
bytes unread.
"""

from correct import run
import client
import server
from failure import Failure

left = []


def play(connection, part):
    try:
        yield from correct(connection, part)
    except Failure as failure:
        left.append(connection)
        connection.tell("failed", op=failure.op, code=failure.code, message=str(failure))
        return False
    connection.close()
    return True


def correct(connection, part):
    yield from part(connection)


client.play = server.play = play
run()
