"""What a run asks for: the environment variables of the contract, read and checked once.

Whatever this program cannot do as asked is `Unsupported`; nothing is guessed or rounded to fit.
"""

import json
import socket
from typing import Mapping, NamedTuple, Optional

WORKLOADS = ("connect", "echo", "pipeline", "upload", "download", "idle", "slow-reader", "reconnect")
FRAMINGS = ("fixed", "delimited", "prefix32", "ascii5", "typed", "until-end")
CONTENTS = ("bytes", "text", "zeros")
# The longest payload whose length the header can say.
LONGEST_BYTES = {"ascii5": 99999, "prefix32": 2**32 - 1}
LARGEST = 2**53 - 1
# setsockopt(2) takes an int.
LARGEST_OPTION = 2**31 - 1
# Linux keeps keepalive times as at most 32767 s and at most 127 probes (tcp(7)).
KEEPALIVE_RANGES = {"idleMs": (1, 32_767_000), "intervalMs": (1, 32_767_000), "count": (1, 127)}


class Unsupported(Exception):
    """A version, role, workload, framing or value that this program does not know."""


class KeepAlive(NamedTuple):
    idle_s: int
    interval_s: int
    count: int


class Settings(NamedTuple):
    role: str
    workload: str
    host: str
    port: int
    framing: str
    messages: int
    message_bytes: int
    content: str
    seed: str
    pace_ms: int
    connections: int
    concurrency: int
    connect_timeout_ms: int
    io_timeout_ms: int
    heartbeat_ms: int
    dead_peer_ms: int
    max_message_bytes: int
    duration_ms: int
    read_pause_ms: int
    backlog: int
    retries: int
    backoff_ms: int
    keep_alive: Optional[KeepAlive]
    user_timeout_ms: int
    trace: bool


# Every whole number: its key, its default, its least value.
NUMBERS = {
    "messages": ("messages", 10, 0),
    "message_bytes": ("messageBytes", 1024, 1),
    "pace_ms": ("paceMs", 0, 0),
    "connections": ("connections", 1, 0),
    "concurrency": ("concurrency", 16, 1),
    "connect_timeout_ms": ("connectTimeoutMs", 1000, 0),
    "io_timeout_ms": ("ioTimeoutMs", 1000, 0),
    "heartbeat_ms": ("heartbeatMs", 0, 0),
    "dead_peer_ms": ("deadPeerMs", 0, 0),
    "max_message_bytes": ("maxMessageBytes", 1048576, 0),
    "duration_ms": ("durationMs", 1000, 0),
    "read_pause_ms": ("readPauseMs", 0, 0),
    "backlog": ("backlog", 511, 0),
    "retries": ("retries", 0, 0),
    "backoff_ms": ("backoffMs", 50, 0),
    "user_timeout_ms": ("userTimeoutMs", 0, 0),
}


def settings_from(environment: Mapping[str, str]) -> Settings:
    if environment.get("HALFOPEN_CONTRACT") != "1":
        raise Unsupported("contract version")
    role = _one_of(environment.get("HALFOPEN_ROLE"), ("server", "client"))
    workload = _one_of(environment.get("HALFOPEN_WORKLOAD"), WORKLOADS)
    params = _params(environment.get("HALFOPEN_PARAMS") or "{}")
    numbers = {field: _number(params.get(key, default), least) for field, (key, default, least) in NUMBERS.items()}
    most_ms = LARGEST_OPTION if hasattr(socket, "TCP_USER_TIMEOUT") else 0
    if numbers["user_timeout_ms"] > most_ms:
        raise Unsupported("userTimeoutMs")
    framing = _one_of(params.get("framing", "prefix32"), FRAMINGS)
    if workload == "upload":
        framing = "until-end"
    settings = Settings(
        role=role,
        workload=workload,
        host=_host(environment),
        port=_port(environment.get("HALFOPEN_PORT", ""), 0 if role == "server" else 1),
        framing=framing,
        content=_one_of(params.get("content", "bytes"), CONTENTS),
        seed=_text(params.get("seed", "0")),
        keep_alive=_keep_alive(params.get("keepAlive")),
        trace=_flag(params.get("trace", False)),
        **numbers,
    )
    _check_together(settings)
    return settings._replace(messages=1) if framing == "until-end" else settings


def _check_together(settings: Settings) -> None:
    if settings.workload == "idle" and settings.framing != "prefix32":
        raise Unsupported("only prefix32 has heartbeats")
    if settings.framing == "delimited" and settings.content == "bytes":
        raise Unsupported("bytes may contain the delimiter")
    if settings.message_bytes > LONGEST_BYTES.get(settings.framing, LARGEST):
        raise Unsupported("the header cannot say the length")


def _params(text: str) -> dict:
    try:
        # int() takes only so many digits, and even an unknown key may have more.
        params = json.loads(text, parse_int=float, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Unsupported("HALFOPEN_PARAMS is not JSON") from error
    if not isinstance(params, dict):
        raise Unsupported("HALFOPEN_PARAMS is no object")
    return params


def _no_constant(name: str):
    raise ValueError(f"{name} is not JSON")


def _one_of(value, known: tuple) -> str:
    if not isinstance(value, str) or value not in known:
        raise Unsupported(f"{value!r} is none of {', '.join(known)}")
    return value


def _number(value, least: int, most: int = LARGEST) -> int:
    # JSON has one kind of number: 1e3 and 1000.0 are whole.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Unsupported(f"{value!r} is no whole number of at least {least}")
    return value


def _text(value) -> str:
    # The payloads hash ASCII text.
    if not isinstance(value, str) or not value.isascii():
        raise Unsupported(f"{value!r} is no ASCII text")
    return value


def _flag(value) -> bool:
    if not isinstance(value, bool):
        raise Unsupported(f"{value!r} is neither true nor false")
    return value


def _keep_alive(value) -> Optional[KeepAlive]:
    if value is None:
        return None
    if not isinstance(value, dict) or not hasattr(socket, "TCP_KEEPIDLE"):
        raise Unsupported("keepAlive")
    idle, interval, count = (_number(value.get(key), *bounds) for key, bounds in KEEPALIVE_RANGES.items())
    return KeepAlive(-(-idle // 1000), -(-interval // 1000), count)


def _host(environment: Mapping[str, str]) -> str:
    host = environment.get("HALFOPEN_HOST")
    if not host:
        raise Unsupported("no HALFOPEN_HOST")
    return host


def _port(text: str, least: int) -> int:
    digits = text.lstrip("0") or text[-1:]
    if not (digits.isascii() and digits.isdigit() and len(digits) <= len("65535")):
        raise Unsupported(f"{text!r} is no port")
    return _number(int(digits), least, 65535)
