"""Bug: after a timeout the same connection carries the next request, although the answer is still to come.

Violates: CONTRACT, Workloads: on any failure a client connects again.
Public case: redis/redis-py#2624, a reply that nobody waited for any more was taken for the answer to the next
request.
"""

from correct import run
import client_parts
from failure import Failure

correct = client_parts.exchange


def exchange(connection, key, seq):
    try:
        yield from correct(connection, key, seq)
    except Failure as failure:
        if failure.code != "timeout":
            raise
        connection.in_flight = 0


client_parts.exchange = exchange
run()
