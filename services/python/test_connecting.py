import os
import threading
import unittest
from unittest.mock import patch

import connecting
from failure import Failure, WoundDown
from test_settings import settings
from waiting import Stop, drive


def descriptors():
    return set(os.listdir("/proc/self/fd"))


class Connecting(unittest.TestCase):
    def setUp(self):
        """A name server that does not answer while the test runs."""
        self.answered = threading.Event()
        self.addCleanup(self.answered.set)
        look_up = connecting.addresses_of

        def addresses_of(host, port, flags=0):
            if not flags:
                self.answered.wait()
            return look_up(host, port, flags)

        self.enterContext(patch.object(connecting, "addresses_of", addresses_of))

    def test_look_up_in_vain(self):
        """a look-up that is given up, in time or at the end of input, leaves no descriptor open"""
        for ends, given_up in ((False, Failure), (True, WoundDown)):
            stop = Stop()
            before = descriptors()
            session = connecting.connect(settings({"connectTimeoutMs": 50}), stop)
            next(session)
            self.assertNotEqual(descriptors(), before)
            if ends:
                stop.set()
            with self.assertRaises(given_up):
                drive(session, stop)
            self.assertLessEqual(descriptors(), before)
