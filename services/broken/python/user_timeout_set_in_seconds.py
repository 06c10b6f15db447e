"""Bug: TCP_USER_TIMEOUT is set as if it took seconds, so that the first pause of a line ends the connection.

Violates: CONTRACT, Parameters: userTimeoutMs is TCP_USER_TIMEOUT on every connection.
Public case: FreeRDP/Remmina#1553, four was set for four seconds, and sessions ended after four milliseconds.
"""

from correct import run
import connecting

correct = connecting.configure


def configure(sock, settings):
    # 0 would be the kernel's own choice.
    correct(sock, settings._replace(user_timeout_ms=max(1, settings.user_timeout_ms // 1000)))


connecting.configure = configure
run()
