"""Bug: one call of send for one message, and its result is not looked at.

Violates: HOWTO, Using a Socket: send does not necessarily handle all the bytes you hand it; call it again for
the rest.
Public case: ghilesmeddour/faktory_worker_python#24, a message larger than the send buffer lost its end, and
both sides waited.
"""

from correct import run
from connection import Connection
from failure import failure_of


def send_once(self, data):
    self.sending = True
    while True:
        try:
            self._sock.send(data)
            break
        except BlockingIOError:
            yield self._wait(self._io_deadline(), write=True)
        except OSError as error:
            raise failure_of("send", error) from error
    self.sending = False


Connection._send_all = send_once
run()
