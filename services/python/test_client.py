import socket
import time
import unittest

from payload import echo_of, payload, sha256
from subject_process import Subject, accepted_from, framed, listener, receive_exactly, reset


class Client(unittest.TestCase):
    def client(self, workload, **params):
        """A client subject that connects to a bare listener, and the accepted socket."""
        listening = self.enterContext(listener())
        client = self.enterContext(Subject("client", workload, listening.getsockname()[1], params))
        return client, listening

    def with_peer(self, workload, **params):
        client, listening = self.client(workload, **params)
        return client, self.enterContext(accepted_from(listening))

    def failure(self, client):
        failed = client.next("failed")
        client.next("closed")
        return failed["op"], failed["code"]

    def test_echo(self):
        """the messages are those of the contract, and their echoes are accepted in single bytes"""
        client, peer = self.with_peer("echo", messages=2, messageBytes=20, seed="a")
        for seq in range(2):
            message = payload("a/1", seq, 20, "bytes")
            self.assertEqual(receive_exactly(peer, 24), framed(message))
            for byte in framed(echo_of(message)):
                peer.send(bytes([byte]))
        self.assertEqual(peer.recv(1), b"")
        peer.close()
        client.next("done")
        names = ["connecting", "connected", *["sending", "sent", "received"] * 2, "shutdown", "eof", "closed", "done"]
        self.assertEqual(client.names(), names)
        client.end()
        self.assertEqual(client.status, 0)

    def test_own_bytes(self):
        """one's own bytes are not the echo"""
        client, peer = self.with_peer("echo", messageBytes=20)
        peer.send(receive_exactly(peer, 24))
        self.assertEqual(self.failure(client), ("recv", "mismatch"))
        self.assertIn("received", client.names())

    def test_no_reply(self):
        """a reply that does not come times out at its deadline, not before"""
        client, peer = self.with_peer("echo", ioTimeoutMs=300)
        self.assertEqual(self.failure(client), ("recv", "timeout"))
        stamps = {event["event"]: event["at"] for event in client.seen}
        self.assertGreaterEqual(stamps["failed"] - stamps["sent"], 300_000)
        peer.close()

    def test_dead_peer(self):
        """a server that is silent while a reply is due is dead after the budget"""
        client, _ = self.with_peer("pipeline", ioTimeoutMs=0, deadPeerMs=300)
        self.assertEqual(self.failure(client), ("recv", "dead-peer"))

    def test_closed_early(self):
        """an end where a reply is due is closed, inside the reply truncated, and a reset a reset"""
        for cut, end, code in ((0, socket.socket.close, "closed"), (9, socket.socket.close, "truncated"), (9, reset, "reset")):
            client, peer = self.with_peer("echo", messages=1, messageBytes=20)
            receive_exactly(peer, 24)
            peer.send(framed(bytes(20))[:cut])
            end(peer)
            self.assertEqual(self.failure(client), ("recv", code))

    def test_surplus(self):
        """a message too many is a mismatch"""
        client, peer = self.with_peer("echo", messages=1, messageBytes=20)
        echo = framed(echo_of(receive_exactly(peer, 24)[4:]))
        peer.send(echo + echo)
        self.assertEqual(self.failure(client), ("recv", "mismatch"))
        self.assertEqual(client.names().count("received"), 2)

    def test_pipeline_both_ways(self):
        """a pipeline larger than all buffers gets through, because it receives while it sends"""
        client, peer = self.with_peer("pipeline", messages=20, messageBytes=1_000_000, ioTimeoutMs=0)
        for _ in range(20):
            peer.sendall(framed(echo_of(receive_exactly(peer, 1_000_004)[4:])))
        peer.shutdown(socket.SHUT_WR)
        client.next("done")
        self.assertNotIn("failed", client.names())

    def test_download(self):
        """a download that ends early is closed, and one with other bytes a mismatch"""
        client, peer = self.with_peer("download", messages=2, messageBytes=20)
        receive_exactly(peer, 24)
        peer.send(framed(payload("0/s", 0, 20, "bytes")))
        peer.close()
        self.assertEqual(self.failure(client), ("recv", "closed"))
        client, peer = self.with_peer("download", messages=1, messageBytes=20)
        receive_exactly(peer, 24)
        peer.send(framed(bytes(20)))
        self.assertEqual(self.failure(client), ("recv", "mismatch"))

    def test_upload(self):
        """an upload expects the digest of what it sent"""
        for reply, expected in ((sha256(payload("0/1", 0, 100, "bytes")), None), ("0" * 64, "mismatch"), ("", "closed")):
            client, peer = self.with_peer("upload", messageBytes=100)
            receive_exactly(peer, 100)
            self.assertEqual(peer.recv(1), b"")
            peer.send(reply.encode())
            peer.close()
            client.next("done")
            self.assertEqual([e["code"] for e in client.seen if e["event"] == "failed"], [expected] if expected else [])

    def test_idle_end(self):
        """a server's end before the time is over is closed"""
        client, peer = self.with_peer("idle", durationMs=60_000)
        peer.close()
        self.assertEqual(self.failure(client), ("recv", "closed"))

    def test_refused(self):
        """a refused connection is told, and the exit status is that of a normal end"""
        with listener() as taken:
            port = taken.getsockname()[1]
        client = self.enterContext(Subject("client", "echo", port))
        self.assertEqual(self.failure(client), ("connect", "refused"))
        client.next("done")
        client.end()
        self.assertEqual(client.status, 0)

    def test_hanging_connect(self):
        """a handshake that never ends times out at its deadline, not before"""
        with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
            port = full.getsockname()[1]
            fillers = [socket.socket() for _ in range(2)]
            for filler in fillers:
                filler.setblocking(False)
                filler.connect_ex(("127.0.0.1", port))
            client = self.enterContext(Subject("client", "connect", port, {"connectTimeoutMs": 300}))
            self.assertEqual(self.failure(client), ("connect", "timeout"))
            stamps = {event["event"]: event["at"] for event in client.seen}
            self.assertGreaterEqual(stamps["failed"] - stamps["connecting"], 300_000)
            for filler in fillers:
                filler.close()

    def test_reconnect(self):
        """a lost echo is asked for again on a new connection, under its old number"""
        client, listening = self.client("reconnect", messages=2, messageBytes=20, retries=1, backoffMs=10)
        for _ in range(2):
            with accepted_from(listening) as peer:
                receive_exactly(peer, 24)
        client.next("done")
        self.assertEqual([e["seq"] for e in client.seen if e["event"] == "sending"], [0, 0])
        self.assertEqual([e["key"] for e in client.seen if e["event"] == "connecting"], [1, 1])

    def test_reconnect_counts_anew(self):
        """after an echo the retries are counted anew"""
        client, listening = self.client("reconnect", messages=3, messageBytes=20, retries=1, backoffMs=10)
        for _ in range(3):
            with accepted_from(listening) as peer:
                peer.send(framed(echo_of(receive_exactly(peer, 24)[4:])))
                peer.recv(1)
                reset(peer)
        client.next("done")
        self.assertEqual([e["seq"] for e in client.seen if e["event"] == "sending"], [0, 1, 1, 2, 2])

    def test_concurrency(self):
        """at most `concurrency` connections are open at a time"""
        client, listening = self.client("echo", connections=3, concurrency=2, messages=1, messageBytes=20)
        first, second = accepted_from(listening), accepted_from(listening)
        listening.settimeout(0.2)
        with self.assertRaises(TimeoutError):
            listening.accept()
        first.close()
        second.close()
        listening.settimeout(10)
        accepted_from(listening).close()
        client.next("done")
        self.assertEqual(sorted(e["key"] for e in client.seen if e["event"] == "connecting"), [1, 2, 3])

    def test_told_to_end(self):
        """told to end early a client abandons what has no message under way, without failure and without done"""
        with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
            port = full.getsockname()[1]
            fillers = [socket.socket() for _ in range(2)]
            for filler in fillers:
                filler.setblocking(False)
                filler.connect_ex(("127.0.0.1", port))
            client = self.enterContext(Subject("client", "connect", port, {"connectTimeoutMs": 0, "connections": 3}))
            client.next("connecting")
            client.end()
            self.assertEqual(client.status, 0)
            self.assertEqual(set(client.names()), {"connecting", "closed"})
            for filler in fillers:
                filler.close()

    def test_waits_for_the_end(self):
        """a client that is done waits for the end of its input, holding no socket"""
        client, peer = self.with_peer("connect")
        client.next("done")
        time.sleep(0.2)
        self.assertIsNone(client.process.poll())
        peer.close()
        client.end()
        self.assertEqual(client.status, 0)
