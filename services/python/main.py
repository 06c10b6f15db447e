"""A reference subject: the contract's client and server with Python's standard library, as the Socket Programming HOWTO
would write them.

    python3 main.py [--select]      the run is asked for in the environment; --select serves from one select loop
"""

import os
import sys
import threading

from events import Events
from settings import Settings, Unsupported, settings_from
from waiting import Stop

UNSUPPORTED_STATUS = 127
CRASH_STATUS = 1
# Sessions are shallow; the default of 8 MiB a thread would forbid thousands of connections.
THREAD_STACK_BYTES = 256 * 1024


def main() -> int:
    threading.excepthook = crash
    threading.stack_size(THREAD_STACK_BYTES)
    stop = Stop()
    stop.follow_standard_input()
    if not os.environ.get("HALFOPEN_ROLE"):
        stop.wait()
        return 0
    try:
        settings = settings_from(os.environ)
    except Unsupported as reason:
        print('{"event":"unsupported"}', flush=True)
        print(f"unsupported: {reason}", file=sys.stderr)
        return UNSUPPORTED_STATUS
    play_role(settings, stop)
    return 0


def play_role(settings: Settings, stop: Stop) -> None:
    """Only the role asked for is loaded: it halves the time to the first event."""
    if settings.role == "client":
        from client import Client

        Client(settings, Events(), stop).run()
    else:
        from server import Server, a_thread_each, one_select_loop

        Server(settings, Events(), stop).run(one_select_loop if "--select" in sys.argv[1:] else a_thread_each)


def crash(args) -> None:
    """A bug in one thread ends the process: a subject that goes on without a part of itself would be judged for nothing."""
    sys.__excepthook__(args.exc_type, args.exc_value, args.exc_traceback)
    sys.stderr.flush()
    os._exit(CRASH_STATUS)


if __name__ == "__main__":
    sys.exit(main())
