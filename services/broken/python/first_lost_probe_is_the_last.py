"""Bug: keepalive is set to send one probe, however many were asked for, so that one that is lost ends the connection.

Violates: CONTRACT, Parameters: keepAlive is TCP keepalive on every connection.
Public case: FreeRDP/FreeRDP#3015, a session did not outlive one lost keepalive packet.
"""

from correct import run
import connecting

correct = connecting.configure


def configure(sock, settings):
    keep_alive = settings.keep_alive
    correct(sock, settings._replace(keep_alive=keep_alive and keep_alive._replace(count=1)))


connecting.configure = configure
run()
