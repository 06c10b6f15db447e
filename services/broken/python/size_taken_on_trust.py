"""Bug: the size that a header announces is taken on trust.

Violates: CONTRACT, Parameters: a message announced as longer than maxMessageBytes is refused.
Public case: TooTallNate/Java-WebSocket#1507, a header of ten bytes made it allocate two gigabytes.
"""

from correct import run
from framing import Decoder

Decoder.check = lambda self, size: None
run()
