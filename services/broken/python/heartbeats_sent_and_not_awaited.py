"""Bug: heartbeats are sent, and nobody watches whether any come.

Violates: HOWTO, When Sockets Die: a peer that comes down hard says nothing.
Public case: cloudamqp/amqp-client.js#95, heartbeats were negotiated, and none was checked after the cable was
pulled.
"""

from correct import run
from connection import Connection

correct = Connection.life_due


def life_due(self, end_allowed):
    correct(self, end_allowed)
    self._watched_since = None


Connection.life_due = life_due
run()
