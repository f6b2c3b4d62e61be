"""A process that reads documents as a hostile one would have it: each does what its bytes say."""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from ingest.errors import ReadError
from ingest.readers.confined.frames import ReadingLimits
from ingest.readers.confined.worker import serve
from ingest.readers.extract import Extract

NAME = "x.txt"
KEPT: list[bytes] = []


def _spin() -> str:
    while True:
        pass


def _crash() -> str:
    signal.raise_signal(signal.SIGSEGV)
    return "not reached"


def _grow() -> str:
    kept = []
    while True:
        kept.append(bytes(10_000_000))


def _keep() -> str:
    KEPT.append(b"x" * 320_000_000)
    return "kept"


def _write() -> str:
    Path("written").write_text("x")
    return "written"


def _write_in_c() -> str:
    """Write past what Python sees; a file that may not grow stays empty, or ends the process."""
    libc = ctypes.CDLL(None)
    path = b"/tmp/forum-wicked"
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    descriptor = libc.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    written = libc.write(descriptor, b"x", 1)
    libc.unlink(path)
    return f"wrote {written}"


def _fail() -> str:
    msg = "forged\nline"
    raise ReadError(NAME, "is damaged") from ValueError(msg)


DEEDS: dict[str, Callable[[], str]] = {
    "text": lambda: "Some text.",
    "segv": _crash,
    "exit": lambda: os._exit(3),
    "spin": _spin,
    "sleep": lambda: f"{threading.Event().wait(60)}",
    "grow": _grow,
    "fail": _fail,
    "much": lambda: "word " * 30_000,
    "hidden": lambda: "seen\u202enees",
    "print": lambda: f"printed {os.write(1, b'{}')}",
    "connect": lambda: str(socket.create_connection(("127.0.0.1", 9))),
    "look up": lambda: str(socket.getaddrinfo("forum.example", 80)),
    "start": lambda: str(subprocess.run(["true"], check=False)),  # noqa: S607
    "write": _write,
    "write in C": _write_in_c,
    "environment": lambda: json.dumps(sorted(os.environ)),
    "descriptors": lambda: json.dumps(
        sorted(path.name for path in Path("/proc/self/fd").iterdir())
    ),
    "loaded": lambda: json.dumps([each for each in ("torch", "gradio") if each in sys.modules]),
    "keep": _keep,
}


def parse(data: bytes, suffix: str) -> Extract:
    """Do what the bytes say."""
    try:
        return Extract(f"{suffix} {os.getpid()}", DEEDS[data.decode()]())
    except PermissionError as exc:
        raise ReadError(NAME, str(exc)) from exc


if __name__ == "__main__":
    serve(ReadingLimits(**json.loads(sys.argv[1])), parse)
