"""A Halfopen subject: the server of the workload "echo" in framing "prefix32", with a thread for each connection."""
import errno, hashlib, json, math, os, select, socket, struct, sys, threading, time

DEFAULTS = {"framing": "prefix32", "content": "bytes", "seed": "0", "messages": 10, "messageBytes": 1024,
            "backlog": 511, "connections": 1, "concurrency": 16, "ioTimeoutMs": 1000, "maxMessageBytes": 1048576, "paceMs": 0,
            "deadPeerMs": 0, "userTimeoutMs": 0, "keepAlive": None, "trace": False}  # what is off here has to stay off
CODES = {errno.ECONNRESET: "reset", errno.EPIPE: "broken-pipe", errno.EADDRINUSE: "address-in-use"}
printing, input_ended_at, conn = threading.Lock(), math.inf, 0

def tell(event, **keys):
    with printing:  # stamped inside the lock, so that the lines stand in the order of their stamps
        print(json.dumps({"event": event, "at": time.monotonic_ns() // 1000, **keys}), flush=True)

def tell_failed(error, **keys):
    code = CODES.get(error.errno, "other") if error.errno else str(error)  # what is raised below has no number
    tell("failed", code="timeout" if isinstance(error, TimeoutError) else code, message=str(error), **keys)

def read_params(env):
    params = {**DEFAULTS, **json.loads(env.get("HALFOPEN_PARAMS") or "{}")}
    asked = [env.get("HALFOPEN_" + name) for name in ("CONTRACT", "ROLE", "WORKLOAD")] == ["1", "server", "echo"]
    typed = all(type(params[key]) is type(value) and (value or not params[key]) for key, value in DEFAULTS.items())
    known = params["framing"] == "prefix32" and params["content"] in ("bytes", "text", "zeros")
    if not (asked and typed and known and params["messageBytes"] > 0):
        raise ValueError("unsupported")
    return params, (env["HALFOPEN_HOST"], int(env["HALFOPEN_PORT"]))

def receive(sock, conn, params):
    """The next whole message, however its bytes were cut; None when the client, or standard input, ended before it."""
    data, need, deadline = b"", 4, math.inf
    while len(data) < need:
        if (now := time.monotonic()) >= input_ended_at + (2 if data else 0):  # no time to linger: unfinished is reset
            return sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", int(data != b""), 0))
        if data and now >= deadline:
            raise TimeoutError("the message was not whole in time")
        if select.select([sock], [], [], 0.02)[0]:
            if not (chunk := sock.recv(need - len(data))) and not data:
                return tell("eof", conn=conn)
            if not chunk:
                raise OSError("truncated")
            deadline = deadline if data else now + (params["ioTimeoutMs"] / 1000 or math.inf)
            data += chunk
            need = 4 + struct.unpack("!I", data[:4])[0] if len(data) >= 4 else 4
            if need > 4 + params["maxMessageBytes"]:
                raise OSError("too-large")
            data = data if data != bytes(4) else tell("heard", conn=conn) or b""  # a heartbeat is no message
    return data[4:]

def converse(sock, conn, params):
    op, seq = "recv", 0
    try:
        while (message := receive(sock, conn, params)) is not None:
            op, echo = "send", bytes(byte ^ 0xFF for byte in message)
            tell("received", conn=conn, seq=seq, bytes=len(message), sha256=hashlib.sha256(message).hexdigest())
            tell("sending", conn=conn, seq=seq, bytes=len(echo), sha256=hashlib.sha256(echo).hexdigest())
            sock.sendall(struct.pack("!I", len(echo)) + echo)
            tell("sent", conn=conn, seq=seq)
            op, seq = "recv", seq + 1
    except OSError as error:
        tell_failed(error, conn=conn, op=op)
    sock.close()
    tell("closed", conn=conn)

if not os.environ.get("HALFOPEN_ROLE"):
    sys.exit(len(sys.stdin.read()))
try:
    params, address = read_params(os.environ)
    listener = socket.create_server(address, backlog=params["backlog"])
except OSError as error:
    sys.exit(tell_failed(error, op="listen"))
except (ValueError, TypeError, OverflowError):
    sys.exit(print('{"event":"unsupported"}', flush=True) or 127)
tell("listening", port=listener.getsockname()[1])
while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:  # it carries nothing: ready means ended
    conn, (sock, peer) = conn + 1, listener.accept()
    sock.settimeout(params["ioTimeoutMs"] / 1000 or None)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    tell("accepted", conn=conn, peerPort=peer[1])
    threading.Thread(target=converse, args=(sock, conn, params)).start()
input_ended_at = time.monotonic()
listener.close()  # the interpreter waits for the threads
