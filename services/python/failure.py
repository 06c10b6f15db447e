"""What can end a connection, and the contract's code for each error of the operating system.

Owns the table of codes. Which operation failed, and what is said about it, is the caller's matter.
"""

import errno
import socket


class Failure(Exception):
    """An operation of one connection, or of the listener, ended in an error. At most one is told per connection."""

    def __init__(self, op: str, code: str, message: str):
        super().__init__(message)
        self.op = op
        self.code = code


class WoundDown(Exception):
    """Standard input ended while this connection was between messages: it closes, and that is no failure."""


class Unfinished(Exception):
    """Standard input ended and the message under way did not finish in time: the connection is reset."""


CODES = {
    errno.ECONNREFUSED: "refused",
    errno.EHOSTUNREACH: "unreachable",
    errno.ENETUNREACH: "unreachable",
    errno.EHOSTDOWN: "unreachable",
    errno.ENETDOWN: "unreachable",
    errno.ETIMEDOUT: "timeout",
    errno.ECONNRESET: "reset",
    errno.ECONNABORTED: "reset",
    # shutdown(2) on a connection that was reset says that it is not connected.
    errno.ENOTCONN: "reset",
    errno.EPIPE: "broken-pipe",
    errno.EADDRINUSE: "address-in-use",
    errno.EACCES: "permission",
    errno.EPERM: "permission",
}


def failure_of(op: str, error: OSError) -> Failure:
    """The contract's view of an error of the operating system, or of the resolver."""
    if isinstance(error, socket.gaierror):
        return Failure(op, "unresolved", str(error))
    return Failure(op, CODES.get(error.errno, "other"), f"{op}: {error.strerror or error}")
