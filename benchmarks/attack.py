"""What a stranger on the network sends to wear a served sample forum out, and what comes of it.

    .venv/bin/python benchmarks/attack.py

Of each attack: how it was answered, how long that took, how often and how slowly `/livez` answered
meanwhile, how much was logged, how the server's memory grew, and what lay on the disk afterwards
that did not before. What must never be answered otherwise is held by the tests of `web`.
"""

import argparse
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks import figures
from benchmarks.browsing import free_port, ingest_sample

JOIN = "/gradio_api/queue/join"
PATIENCE = 60  # seconds


@dataclass(frozen=True, slots=True)
class Target:
    """A served forum; `folder` is all that it may write to."""

    port: int
    process: int
    folder: Path

    def send(self, method: str, path: str, body: object = None) -> int:
        """Return the status of a request; 0 where none came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        headers = {"content-type": "application/json"} if body else {}
        try:
            connection.request(method, path, sent, headers)
            response = connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException):
            return 0
        else:
            return response.status
        finally:
            connection.close()

    def files(self) -> set[str]:
        """Return what lies on the disk."""
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*")}

    def logged(self) -> int:
        """Return the size of the log."""
        return (self.folder / "log").stat().st_size

    def memory(self) -> float:
        """Return the memory of the server in MB."""
        return figures.peak_memory("VmRSS", self.process)


Attack = Callable[[Target], str]


def export(paragraphs: int, target: Target) -> str:
    """Have a conversation of so many paragraphs written."""
    turns = [{"question": "", "answer": [""] * 100}] * (paragraphs // 101)
    body = {"title": "x", "language": "en", "turns": turns}
    return told([target.send("POST", "/export/docx", body)])


def malformed(target: Target) -> str:
    """Send bodies that say nothing, and what is no request."""
    statuses = [target.send("POST", JOIN, b"[" * 900) for _ in range(100)]
    return told(statuses) + "; " + on_connections(100, b"\xff secret neighbour \r\n\r\n", target)


def unknown_sessions(target: Target) -> str:
    """Listen for sessions that are not there."""
    path = "/gradio_api/queue/data?session_hash=neighbour"
    return told(target.send("GET", f"{path}{at}") for at in range(100))


def never_fetched(target: Target) -> str:
    """Ask, and never fetch an answer."""
    question = "When were the lamps renewed?" * 300
    body = {"data": [question], "fn_index": 0, "session_hash": "neverfetched"}
    return told(target.send("POST", JOIN, body) for _ in range(400))


def on_connections(many: int, sent: bytes, target: Target) -> str:
    """Open connections, send the same on each, and return what is heard."""
    address = ("127.0.0.1", target.port)
    held = [socket.create_connection(address, PATIENCE) for _ in range(many)]
    for each in held:
        with suppress(OSError):
            each.sendall(sent)
    statuses = []
    for each in held:
        answer = b""
        with suppress(OSError):
            answer = each.recv(99)
        each.close()
        statuses.append(int(answer[9:12] or 0))
    return told(statuses)


def told(statuses: Iterable[int]) -> str:
    """Return statuses and how often each came."""
    heard = Counter(str(status) if status else "closed" for status in statuses)
    return ", ".join(f"{many} × {what}" for what, many in heard.items())


HEAD = b"GET /livez HTTP/1.1\r\nHost: a\r\n"
BODY = b"POST /feedback HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nsome"
ATTACKS: dict[str, Attack] = {
    "export, 34 kB of empty paragraphs": partial(export, 11_000),
    "export, the largest that is written": partial(export, 3_900),
    "20 heads that are never whole": partial(on_connections, 20, HEAD),
    "20 bodies that are never whole": partial(on_connections, 20, BODY),
    "200 malformed requests": malformed,
    "100 unknown sessions": unknown_sessions,
    "400 calls whose answers are not fetched": never_fetched,
    "300 connections of one machine": partial(on_connections, 300, HEAD + b"\r\n"),
}


def main(_: argparse.Namespace) -> None:
    """Carry all attacks out, one after the other."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as target:
        rows = {name: tried(attack, target) for name, attack in ATTACKS.items()}
    figures.record("attacks", rows, head="attack")


def tried(attack: Attack, target: Target) -> dict[str, figures.Value]:
    """Carry an attack out, asking all the while whether the server is alive."""
    files, logged, memory = target.files(), target.logged(), target.memory()
    alive: list[float] = []
    began = time.perf_counter()
    with ThreadPoolExecutor(1) as beside:
        going = beside.submit(attack, target)
        while not going.done() or not alive:
            asked = time.perf_counter()
            status = target.send("GET", "/livez")
            alive.append((time.perf_counter() - asked) * 1000 if status == HTTPStatus.OK else -1)
            wait([going], timeout=0.05)
    well = [each for each in alive if each >= 0]
    return {
        "answered": going.result(),
        "s": round(time.perf_counter() - began, 1),
        "`/livez` meanwhile": [len(well), len(alive)],
        "slowest, ms": round(max(well, default=0)),
        "logged, B": target.logged() - logged,
        "memory, MB": round(target.memory() - memory),
        "new on the disk": ", ".join(sorted(target.files() - files)) or "nothing",
    }


@contextmanager
def serving(folder: Path) -> Iterator[Target]:
    """Serve the sample forum, with nothing but this folder to write to."""
    data, port = folder / "data", free_port()
    for name in ("tmp", "gradio"):
        (folder / name).mkdir()
    ingest_sample(data)
    own = {"GRADIO_TEMP_DIR": str(folder / "gradio"), "TMPDIR": str(folder / "tmp")}
    command = [sys.executable, str(ROOT / "app.py"), "serve"]
    command += ["--data", str(data), "--port", str(port)]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, env={**os.environ, **own}, stdout=log, stderr=log) as server,
    ):
        try:
            target = Target(port, server.pid, folder)
            while target.send("GET", "/readyz") != HTTPStatus.OK:
                time.sleep(1)
            yield target
        finally:
            server.send_signal(signal.SIGTERM)


if __name__ == "__main__":
    figures.run(__doc__, {"attacks": main})
