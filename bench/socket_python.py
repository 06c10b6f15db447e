"""One-way throughput and round trips on CPython's `socket`, sender and receiver in two processes.

Prints "<MiB/s> <ms>": 64 KiB a call one way, and the median round trip of 64 bytes.
"""

import os
import socket
import statistics
import sys
import time

CHUNK = 65536
total, trips = int(sys.argv[1]), int(sys.argv[2])

listener = socket.create_server(("127.0.0.1", 0))
port = listener.getsockname()[1]
child = os.fork()
if child == 0:
    sender, _ = listener.accept()
    data = bytes(CHUNK)
    for _ in range(total // CHUNK):
        sender.sendall(data)
    sender.close()
    echo, _ = listener.accept()
    echo.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while got := echo.recv(CHUNK):
        echo.sendall(got)
    os._exit(0)

receiver = socket.create_connection(("127.0.0.1", port))
received = len(receiver.recv(CHUNK))
start = time.monotonic()
while got := receiver.recv(CHUNK):
    received += len(got)
rate = received / 2**20 / (time.monotonic() - start)

client = socket.create_connection(("127.0.0.1", port))
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
took = []
for _ in range(trips):
    start = time.monotonic()
    client.sendall(bytes(64))
    missing = 64
    while missing:
        missing -= len(client.recv(missing))
    took.append((time.monotonic() - start) * 1000)
client.close()
os.waitpid(child, 0)
print(rate, statistics.median(took), flush=True)
