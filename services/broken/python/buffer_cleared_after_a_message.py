"""Bug: the buffer is cleared after each message, with what had come of the next.

Violates: HOWTO, Using a Socket: you may end up reading the start of a following message; put that aside.
Public case: postwait/node-amqp#66, how much of a buffer had been used was not kept.
"""

from correct import each_message_comes_alone, run
from framing import Decoder

correct = Decoder.take


def take(self, header, size, kind=0):
    message = correct(self, header, size, kind)
    if message is not None:
        self.buffer.clear()
    return message


Decoder.take = take
run(each_message_comes_alone)
