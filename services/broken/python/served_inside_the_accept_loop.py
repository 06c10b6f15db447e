"""Bug: each client is served inside the accept loop, one after the other.

Violates: HOWTO, Creating a Socket: dispatch a thread, a process or a select loop for each client socket.
Public case: kin to celery/celery#2606, the master was stuck in one recv, and did nothing else.
"""

from correct import run
import select

import server
from waiting import drive


def one_after_the_other(listener, accept, stop):
    poller = select.poll()
    poller.register(listener, select.POLLIN)
    poller.register(stop, select.POLLIN)
    while not stop.is_set():
        poller.poll()
        session = None if stop.is_set() else accept(listener)
        if session is not None:
            drive(session, stop)
    listener.close()


server.a_thread_each = one_after_the_other
run()
