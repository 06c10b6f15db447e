"""Bug: keepalive is asked for and not set, so that a connection with nothing to say is never found dead.

Violates: CONTRACT, Parameters: keepAlive is TCP keepalive on every connection.
Public case: kin to psycopg/psycopg2#1017, a client hung for minutes on a host that was gone.
"""

from correct import run
import connecting

correct = connecting.configure


def configure(sock, settings):
    correct(sock, settings._replace(keep_alive=None))


connecting.configure = configure
run()
