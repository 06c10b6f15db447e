import os
import resource
import socket
import subprocess
import time
import unittest

from payload import echo_of, sha256
from subject_process import COMMAND, PATIENCE_S, Subject, connected_to, framed, receive_exactly, reset

ARCHITECTURES = ((),) if "SUBJECT_COMMAND" in os.environ else ((), ("--select",))
HELLO = framed(b"hello")


class Server(unittest.TestCase):
    def each(self, workload, **params):
        """A server of each architecture, and a bare socket connected to it."""
        for arguments in ARCHITECTURES:
            with self.subTest(arguments), Subject("server", workload, 0, params, arguments) as server:
                with connected_to(server) as sock:
                    yield server, sock

    def failure(self, server):
        failed = server.next("failed")
        server.next("closed")
        return failed["op"], failed["code"]

    def test_torn_messages(self):
        """messages torn into single bytes, header included, are echoed whole"""
        for server, sock in self.each("echo"):
            for byte in HELLO * 2:
                sock.send(bytes([byte]))
            self.assertEqual(receive_exactly(sock, 18), framed(echo_of(b"hello")) * 2)
            sock.shutdown(socket.SHUT_WR)
            self.assertEqual(sock.recv(1), b"")
            events = server.end()
            self.assertEqual([e["sha256"] for e in events if e["event"] == "received"], [sha256(b"hello")] * 2)
            self.assertEqual(server.names()[-2:], ["eof", "closed"])
            self.assertEqual(server.status, 0)

    def test_truncated(self):
        """an end inside a message is truncated, and nothing is delivered"""
        for server, sock in self.each("echo"):
            sock.send(HELLO[:-1])
            sock.shutdown(socket.SHUT_WR)
            self.assertEqual(self.failure(server), ("recv", "truncated"))
            self.assertNotIn("received", server.names())

    def test_reset(self):
        """a reset inside a message and one between messages are resets"""
        for sent in (HELLO[:6], b""):
            for server, sock in self.each("echo"):
                sock.send(sent)
                reset(sock)
                self.assertEqual(self.failure(server), ("recv", "reset"))

    def test_half_close(self):
        """a reply still goes out after the client has ended its writing"""
        for server, sock in self.each("upload"):
            sock.send(b"all of it")
            sock.shutdown(socket.SHUT_WR)
            self.assertEqual(receive_exactly(sock, 64), sha256(b"all of it").encode())
            self.assertEqual(sock.recv(1), b"")
            server.next("closed")
            self.assertEqual(
                server.names(), ["listening", "accepted", "received", "eof", "sending", "sent", "closed"]
            )

    def test_empty_upload(self):
        """an upload of nothing is no message, and one was due"""
        for server, sock in self.each("upload"):
            sock.shutdown(socket.SHUT_WR)
            self.assertEqual(self.failure(server), ("recv", "closed"))

    def test_drip(self):
        """bytes that keep coming do not move the deadline of a whole message"""
        for server, sock in self.each("echo", ioTimeoutMs=400):
            started = time.monotonic()
            sock.settimeout(0.05)
            try:
                for byte in framed(bytes(1000)):
                    sock.send(bytes([byte]))
                    time.sleep(0.02)
            except OSError:
                pass
            self.assertEqual(self.failure(server), ("recv", "timeout"))
            self.assertGreaterEqual(time.monotonic() - started, 0.4)

    def test_between_messages(self):
        """between messages a server waits as long as it takes"""
        for _, sock in self.each("echo", ioTimeoutMs=100):
            time.sleep(0.3)
            sock.send(HELLO)
            receive_exactly(sock, 9)

    def test_dead_peer(self):
        """a client that is silent for the budget is dead, and not before"""
        for server, sock in self.each("echo", deadPeerMs=300):
            sock.send(HELLO)
            receive_exactly(sock, 9)
            self.assertEqual(self.failure(server), ("recv", "dead-peer"))
            stamps = {event["event"]: event["at"] for event in server.seen}
            self.assertGreaterEqual(stamps["failed"] - stamps["received"], 300_000)

    def test_stuck_client(self):
        """a client that reads nothing makes the send fail at its deadline"""
        for server, sock in self.each("download", messages=100, messageBytes=1_000_000, ioTimeoutMs=300):
            sock.send(HELLO)
            self.assertEqual(self.failure(server), ("send", "timeout"))

    def test_idle_beats(self):
        """heartbeats are sent and heard, and no message is due"""
        for server, sock in self.each("idle", heartbeatMs=50, deadPeerMs=5000):
            self.assertEqual(receive_exactly(sock, 8), bytes(8))
            sock.send(bytes(4))
            server.next("heard")
            sock.send(HELLO)
            self.assertEqual(self.failure(server), ("recv", "mismatch"))

    def test_too_large(self):
        """a length that is too large is refused at once"""
        for server, sock in self.each("echo", maxMessageBytes=4):
            sock.send(HELLO[:4])
            self.assertEqual(self.failure(server), ("recv", "too-large"))

    def test_isolation(self):
        """a connection that is stuck does not delay another"""
        for server, sock in self.each("echo", ioTimeoutMs=0):
            sock.send(HELLO[:5])
            port = server.seen[0]["port"]
            with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as other:
                other.send(HELLO)
                receive_exactly(other, 9)

    def test_out_of_descriptors(self):
        """a server that is out of descriptors says so, and goes on answering those it has without delay"""
        for server, sock in self.each("echo", ioTimeoutMs=0):
            process = server.process.pid
            _, most = resource.prlimit(process, resource.RLIMIT_NOFILE)
            resource.prlimit(process, resource.RLIMIT_NOFILE, (3, most))
            with socket.create_connection(("127.0.0.1", server.seen[0]["port"]), PATIENCE_S):
                self.assertEqual(server.next("failed")["op"], "accept")
                for _ in range(40):
                    sock.send(HELLO)
                    receive_exactly(sock, 9)
                    server.next("sent")
            # Each try is followed by a pause: as many tries as answers, and the pauses were theirs too.
            self.assertLess(server.names().count("failed"), 40)

    def test_winding_down(self):
        """at the end of input a connection between messages closes, and no new one is accepted"""
        for server, sock in self.each("echo"):
            server.process.stdin.close()
            self.assertEqual(sock.recv(1), b"")
            self.assertEqual(server.process.wait(PATIENCE_S), 0)
            with self.assertRaises(OSError):
                socket.create_connection(("127.0.0.1", server.seen[0]["port"]), PATIENCE_S)

    def test_no_input(self):
        """a server whose input is closed from the start is done at once"""
        environment = {"HALFOPEN_CONTRACT": "1", "HALFOPEN_ROLE": "server", "HALFOPEN_WORKLOAD": "echo"}
        environment.update(HALFOPEN_HOST="127.0.0.1", HALFOPEN_PORT="0")
        for arguments in ARCHITECTURES:
            with self.subTest(arguments):
                command = ["sh", "-c", 'exec "$0" "$@" <&-', *COMMAND, *arguments]
                ended = subprocess.run(command, capture_output=True, env=environment, timeout=PATIENCE_S)
                self.assertEqual((ended.returncode, ended.stderr), (0, b""))

    def test_message_under_way(self):
        """at the end of input a message under way is finished"""
        for server, sock in self.each("echo"):
            sock.send(HELLO + HELLO[:6])
            receive_exactly(sock, 9)
            server.process.stdin.close()
            time.sleep(0.2)
            sock.send(HELLO[6:])
            receive_exactly(sock, 9)
            self.assertEqual(sock.recv(1), b"")
            self.assertEqual(server.process.wait(PATIENCE_S), 0)

    def test_grace(self):
        """a message unfinished two seconds after the end of input is reset, and that is no failure"""
        for server, sock in self.each("echo", ioTimeoutMs=0):
            sock.send(HELLO[:6] + b"")
            sock.send(b"l")
            time.sleep(0.1)
            started = time.monotonic()
            server.process.stdin.close()
            with self.assertRaises(ConnectionResetError):
                sock.recv(1)
            self.assertGreaterEqual(time.monotonic() - started, 2)
            server.next("closed")
            self.assertNotIn("failed", server.names())

    def test_address_in_use(self):
        """a port that is taken is told, and the end"""
        with socket.create_server(("127.0.0.1", 0)) as taken:
            with Subject("server", "echo", taken.getsockname()[1]) as server:
                failed = server.next("failed")
                self.assertEqual((failed["op"], failed["code"]), ("listen", "address-in-use"))
                self.assertNotIn("conn", failed)
                self.assertEqual(server.process.wait(PATIENCE_S), 0)

    def test_trace(self):
        """with trace each call that moved bytes is told before the event it completes"""
        for server, sock in self.each("echo", trace=True):
            sock.send(HELLO)
            server.next("sent")
            names = [name for name in server.names() if name in ("read", "received", "wrote", "sent")]
            self.assertEqual(names, ["read", "received", "wrote", "sent"])


class Process(unittest.TestCase):
    def test_no_role(self):
        """without a role nothing is done but waiting for the end of input"""
        ended = subprocess.run(COMMAND, input=b"", capture_output=True, env={}, timeout=PATIENCE_S)
        self.assertEqual((ended.returncode, ended.stdout), (0, b""))

    def test_unsupported(self):
        """what is unsupported is said in exactly one line, with status 127"""
        ended = subprocess.run(
            COMMAND,
            input=b"",
            capture_output=True,
            env={"HALFOPEN_CONTRACT": "1", "HALFOPEN_ROLE": "server", "HALFOPEN_WORKLOAD": "juggle"},
            timeout=PATIENCE_S,
        )
        self.assertEqual((ended.returncode, ended.stdout), (127, b'{"event":"unsupported"}\n'))
