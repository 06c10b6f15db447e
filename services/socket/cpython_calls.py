"""For cpython*.test.ts: makes the calls that it reads on CPython's `socket` and prints what each gave.

One JSON line in: {"port": n, "calls": [...]}, or {"begin": [host, port], …} for a connection that is only begun, or neither
for a listener, whose own port is then printed; the calls begin when a second line comes. One JSON list out.
"""

import errno
import json
import select
import socket
import sys
import time

CODES = {
    errno.ECONNREFUSED: "refused",
    errno.ECONNRESET: "reset",
    errno.EPIPE: "broken-pipe",
    errno.EBADF: "not-open",
    errno.EAGAIN: "would-block",
}


def code_of(error):
    if isinstance(error, ValueError):
        return "invalid"
    if isinstance(error, TypeError):
        return "invalid"
    if isinstance(error, TimeoutError):
        return "timeout"
    return CODES.get(error.errno, str(error))


def fill(sock, data):
    """Sends until nothing is taken any more, and gives what each send took."""
    taken = []
    try:
        while True:
            taken.append(sock.send(data))
    except BlockingIOError:
        return taken


def begin(address):
    sock = socket.socket()
    sock.setblocking(False)
    error = sock.connect_ex(address)
    if error != errno.EINPROGRESS:
        raise OSError(error, "connect")
    return sock


def act(sock, name, argument):
    if name == "recv":
        return sock.recv(argument).decode()
    if name == "recvInto":
        memory = bytearray(argument)
        return memory[: sock.recv_into(memory)].decode()
    if name == "peek":
        return sock.recv(argument, socket.MSG_PEEK).decode()
    if name == "send":
        return sock.send(argument.encode())
    if name == "sendAll":
        return sock.sendall(argument.encode())
    if name == "fill":
        return fill(sock, bytes(argument))
    if name == "connected":
        error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error != 0:
            raise OSError(error, "connect")
        return None
    if name == "shutdown":
        how = {"write": socket.SHUT_WR, "read": socket.SHUT_RD, "both": socket.SHUT_RDWR}
        return sock.shutdown(how[argument])
    if name == "setTimeout":
        return sock.settimeout(None if argument is None else argument / 1000)
    if name == "accept":
        sock.accept()[0].close()
        return "accepted"
    if name == "select":
        found = select.select([sock], [sock], [sock], argument / 1000)
        return [len(each) for each in found]
    if name == "sleep":
        return time.sleep(argument / 1000)
    return sock.close()


task = json.loads(sys.stdin.readline())
sock = None
results = []
try:
    if "port" in task:
        sock = socket.create_connection(("127.0.0.1", task["port"]))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    elif "begin" in task:
        sock = begin(tuple(task["begin"]))
    else:
        sock = socket.create_server(("127.0.0.1", 0), backlog=5)
except OSError as error:
    results.append("!" + code_of(error))
print(sock.getsockname()[1] if sock else "", flush=True)
sys.stdin.readline()
for name, argument in task["calls"] if sock else []:
    try:
        results.append(act(sock, name, argument))
    except (OSError, ValueError, TypeError) as error:
        results.append("!" + code_of(error))
print(json.dumps(results), flush=True)
