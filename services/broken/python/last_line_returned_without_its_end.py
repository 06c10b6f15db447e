"""Bug: what stands behind the last line feed is returned as a line when the stream ends.

Violates: HOWTO, Using a Socket: a recv of 0 bytes means that the connection is broken; what came of a message
is no message.
Public case: python/cpython#115997, reading a line at the end of the stream returned what was there.
"""

from correct import run
from framing import LF, Delimited


def end(self):
    if self.buffer:
        self.buffer += LF


Delimited.end = end
run()
