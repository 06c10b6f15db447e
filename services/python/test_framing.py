import struct
import unittest

from framing import HEARTBEAT, FramingError, Message, decoder_for, encode

LIMIT = 1000


def fed(framing, pieces, limit=LIMIT, size=5):
    """Everything a decoder gives out when fed piece by piece, and the decoder."""
    decoder = decoder_for(framing, limit, size)
    found = []
    for piece in pieces:
        decoder.feed(piece)
        while (message := decoder.next()) is not None:
            found.append(message)
    return found, decoder


STREAMS = {
    "fixed": [Message(b"hello"), Message(bytes(5))],
    "delimited": [Message(b"hello"), Message(b"\0\0\0"), Message(b"x")],
    "prefix32": [Message(b"hello"), Message(bytes(300)), Message(b"\n")],
    "ascii5": [Message(b"hello"), Message(b"00005"), Message(bytes(300))],
    "typed": [Message(bytes(16), 1), Message(b"\1" * 256, 2), Message(b"x" * 16, 1)],
}


class Framing(unittest.TestCase):
    def test_any_cut(self):
        """messages come out whole and apart, however their bytes were cut or joined"""
        for framing, messages in STREAMS.items():
            stream = b"".join(encode(framing, message) for message in messages)
            cuts = [[stream], [bytes([byte]) for byte in stream]]
            cuts += [[stream[:at], stream[at:]] for at in range(len(stream))]
            for pieces in cuts:
                found, decoder = fed(framing, pieces)
                self.assertEqual(found, messages)
                self.assertFalse(decoder.pending)

    def test_pending(self):
        """an end after a part of a message, even of its header, is an end inside a message"""
        for framing, messages in STREAMS.items():
            stream = encode(framing, messages[0])
            for at in range(1, len(stream)):
                self.assertTrue(fed(framing, [stream[:at]])[1].pending, f"{framing} cut at {at}")

    def test_until_end(self):
        """until-end gives one message at the end of the stream, and none for an empty stream"""
        found, decoder = fed("until-end", [b"hel", b"lo"])
        self.assertEqual((found, decoder.pending), ([], True))
        decoder.end()
        self.assertEqual(decoder.next(), Message(b"hello"))
        _, empty = fed("until-end", [])
        empty.end()
        self.assertIsNone(empty.next())
        self.assertFalse(empty.pending)

    def test_heartbeat(self):
        """a length of zero is a heartbeat"""
        self.assertEqual(fed("prefix32", [bytes(4) + b"\0\0\0\1x" + bytes(4)])[0], [HEARTBEAT, Message(b"x"), HEARTBEAT])

    def test_too_large(self):
        """a message announced or grown larger than allowed is refused before its bytes are there"""
        announced = {
            "prefix32": struct.pack("!I", LIMIT + 1),
            "ascii5": b"%05d" % (LIMIT + 1),
            "typed": b"\3",
            "delimited": b"x" * (LIMIT + 1),
            "until-end": b"x" * (LIMIT + 1),
        }
        for framing, data in announced.items():
            with self.assertRaises(FramingError, msg=framing) as caught:
                fed(framing, [data])
            self.assertEqual(caught.exception.code, "too-large")

    def test_largest(self):
        """a message of just the size allowed is delivered"""
        for framing in ("prefix32", "ascii5", "delimited"):
            self.assertEqual(fed(framing, [encode(framing, Message(b"x" * LIMIT))])[0], [Message(b"x" * LIMIT)])

    def test_malformed(self):
        """a header that is no header is malformed as soon as it can be told"""
        for framing, data in {"ascii5": b"12a", "typed": b"\7"}.items():
            with self.assertRaises(FramingError) as caught:
                fed(framing, [data])
            self.assertEqual(caught.exception.code, "malformed")
