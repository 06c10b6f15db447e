import hashlib
import unittest

from payload import echo_of, payload


class Payload(unittest.TestCase):
    def test_bytes(self):
        """bytes are the digests one after the other, cut to size"""
        first, second = (hashlib.sha256(f"0/1:2:{block}".encode()) for block in (0, 1))
        self.assertEqual(payload("0/1", 2, 40, "bytes"), first.digest() + second.digest()[:8])

    def test_text(self):
        """text is the digests in lower-case hexadecimal, cut to size"""
        first, second = (hashlib.sha256(f"s:0:{block}".encode()) for block in (0, 1))
        self.assertEqual(payload("s", 0, 70, "text"), (first.hexdigest() + second.hexdigest()[:6]).encode())

    def test_zeros(self):
        """zeros are zeros, and their echo is not"""
        self.assertEqual(payload("s", 0, 3, "zeros"), bytes(3))
        self.assertEqual(echo_of(bytes(3)), b"\xff\xff\xff")
