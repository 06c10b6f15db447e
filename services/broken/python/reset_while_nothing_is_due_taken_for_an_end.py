"""Bug: a reset that comes while nothing is due is taken for the end that is waited for.

Violates: RFC 9293, 3.10.7.4: a reset connection is told to its user as reset.
Public case: kin to nodejs/undici#5273, how a stream had ended was not looked at, and a cut response counted as whole.
"""

from correct import run
from connection import Connection
from failure import Failure

receive_some = Connection._receive_some


def receive_some_or_end(self, until):
    try:
        yield from receive_some(self, until)
    except Failure as failure:
        if failure.code != "reset" or self._message_due or self._decoder.pending:
            raise
        self.ended = True


Connection._receive_some = receive_some_or_end
run()
