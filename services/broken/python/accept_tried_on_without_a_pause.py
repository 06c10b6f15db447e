"""Bug: an accept that fails for want of a descriptor is tried again at once, and again, until one is free.

Violates: HOWTO, Non-blocking Sockets: accept can return without having done anything; who asks it on and on
takes the CPU. The connection stays in the queue, so that the listener is ready all the time.
Public case: joyent/libuv#690, an accept loop that took a whole core while there was no descriptor to be had.
"""

from correct import run

import server


def accept_and_try_on(self, listener):
    try:
        sock, address = listener.accept()
    except OSError:
        return None
    server.configure(sock, self._settings)
    connection = server.Connection(self._settings, self._events, self._stop, sock)
    connection.tell("accepted", peerPort=address[1])
    return server.play(connection, server.PARTS[self._settings.workload])


server.Server._accept = accept_and_try_on
run()
