"""Bug: TCP_USER_TIMEOUT is asked for and not set, so that data waits for its acknowledgement as long as the kernel likes.

Violates: CONTRACT, Parameters: userTimeoutMs is TCP_USER_TIMEOUT on every connection.
Public case: zeromq/libzmq#976, a network that broke held a connection for a quarter of an hour, as nothing set it.
"""

from correct import run
import connecting

correct = connecting.configure


def configure(sock, settings):
    correct(sock, settings._replace(user_timeout_ms=0))


connecting.configure = configure
run()
