"""The bytes that subjects exchange: each side can compute what the other must have sent.

`payload(key, seq)` is the start of SHA-256("key:seq:0"), SHA-256("key:seq:1"), and so on.
"""

import hashlib

COMPLEMENT = bytes(byte ^ 0xFF for byte in range(256))


def payload(key: str, seq: int, size: int, content: str) -> bytes:
    if content == "zeros":
        return bytes(size)
    digest_size = 64 if content == "text" else 32
    blocks = range(-(-size // digest_size))
    digests = (hashlib.sha256(f"{key}:{seq}:{block}".encode("ascii")) for block in blocks)
    if content == "text":
        return "".join(digest.hexdigest() for digest in digests)[:size].encode("ascii")
    return b"".join(digest.digest() for digest in digests)[:size]


def echo_of(message: bytes) -> bytes:
    """Every byte complemented, so that no side can take its own bytes for the peer's."""
    return message.translate(COMPLEMENT)


def sha256(message: bytes) -> str:
    return hashlib.sha256(message).hexdigest()
