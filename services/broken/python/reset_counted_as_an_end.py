"""Bug: a reset is counted as an end of the stream.

Violates: RFC 9293, 3.10.7.4: a reset connection is told to its user as reset.
Public case: kin to nodejs/undici#5273, how a stream had ended was not looked at, and a cut response counted as whole.
"""

from correct import run
import connection
from failure import Failure, failure_of


def end_of(op, error):
    failure = failure_of(op, error)
    return Failure("recv", "closed", str(failure)) if failure.code in ("reset", "broken-pipe") else failure


connection.failure_of = end_of
run()
