"""Bug: the length is unpacked from as many of its four bytes as are there.

Violates: HOWTO, Using a Socket: you may not get all of the length in one recv.
Public case: sidorares/node-mysql2#113, a length was wrong when the stream was cut inside of it.
"""

from correct import run
from framing import HEARTBEAT, Prefix32


def next_message(self):
    if not hasattr(self, "size"):
        if not self.buffer:
            return None
        self.size = int.from_bytes(self.buffer[: self.HEADER], "big")
        del self.buffer[: self.HEADER]
        self.check(self.size)
        if self.size == 0:
            del self.size
            return HEARTBEAT
    message = self.take(0, self.size)
    if message is not None:
        del self.size
    return message


Prefix32.next = next_message
run(lambda settings: settings.workload in ("connect", "echo", "reconnect") or settings.workload == "upload")
