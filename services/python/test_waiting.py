import time
import unittest

from waiting import Stop, Wait, drive


class Waiting(unittest.TestCase):
    def test_end_unseen(self):
        """a session is resumed at the end of input also where that came after it had last looked"""
        stop = Stop()
        otherwise = time.monotonic() + 5

        def session():
            stop.set()
            yield Wait(until=otherwise)

        drive(session(), stop)
        self.assertLess(time.monotonic(), otherwise)
