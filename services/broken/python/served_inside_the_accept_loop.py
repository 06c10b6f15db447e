"""Bug: each client is served inside the accept loop, one after the other.

Violates: HOWTO, Creating a Socket: dispatch a thread, a process or a select loop for each client socket.
Public case: kin to celery/celery#2606, the master was stuck in one recv, and did nothing else.
"""

from correct import run
import server
from waiting import drive


def one_after_the_other(accepting, stop):
    drive(accepting(lambda session: drive(session, stop)), stop)


server.a_thread_each = one_after_the_other
run()
