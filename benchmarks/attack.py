"""What a stranger on the network sends to a served sample forum, and what comes of it.

    .venv/bin/python benchmarks/attack.py

Each line is an attack: how it was answered, how long that took, how often and how slowly `/livez`
answered meanwhile, how much was logged, and what lay on the disk afterwards that did not before.
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from assistant.web.staff.passwords import StaffPassword
from benchmarks.browsing import free_port, ingest_sample

PUBLIC = "https://assistant.example.org"
PASSWORD = "tangerine wombat ladder"  # noqa: S105 - of a forum that lasts as long as this script
JOIN = "/gradio_api/queue/join"
JSON = MappingProxyType({"content-type": "application/json"})
NONE: Mapping[str, str] = MappingProxyType({})
A_MINUTE = 60  # questions that one visitor may ask
PATIENCE = 60  # seconds


@dataclass(frozen=True, slots=True)
class Target:
    """A served forum.

    Attributes:
        folder: All that it may write to.
        functions: How many values each function of the page takes, by its number.
    """

    port: int
    process: int
    folder: Path
    functions: Mapping[int, int]

    def send(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] = NONE
    ) -> tuple[int, bytes]:
        """Return status and body of a request; status 0 where none came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        try:
            connection.request(method, path, sent, dict(headers or (JSON if body else NONE)))
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()

    def files(self) -> set[str]:
        """Return what lies on the disk."""
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*")}

    def logged(self) -> int:
        """Return the size of the log."""
        return (self.folder / "log").stat().st_size

    def memory(self) -> int:
        """Return the memory of the server in kB."""
        status = Path(f"/proc/{self.process}/status").read_text(encoding="ascii")
        return int(status.partition("VmRSS:")[2].split()[0])


Attack = Callable[[Target], str]


def main() -> None:
    """Print the table."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        address, hits = stack.enter_context(fetched_from())
        target = stack.enter_context(serving(folder))
        print("| attack | answered | ms | `/livez` meanwhile | logged | new on the disk |")
        print("|---|---|--:|---|--:|---|")
        for name, attack in attacks(address).items():
            print(line(name, attack, target), flush=True)
        print(f"\nFetched from the address that was given: {len(hits)} times.")
        data = folder / "data"
        loose = [part for part in (data, *data.rglob("*")) if part.stat().st_mode & 0o077]
        print(f"Readable by other accounts in the data directory: {len(loose)} files.")


def line(name: str, attack: Attack, target: Target) -> str:
    """Carry an attack out and return its line of the table."""
    before, logged, over = target.files(), target.logged(), threading.Event()
    told: list[str] = []
    began = time.perf_counter()

    def go() -> None:
        told.append(attack(target))
        over.set()

    threading.Thread(target=go).start()
    alive: list[float] = []
    while not over.is_set() or not alive:
        asked = time.perf_counter()
        status, _ = target.send("GET", "/livez")
        alive.append((time.perf_counter() - asked) * 1000 if status == 200 else -1)  # noqa: PLR2004
        over.wait(0.05)
    took = (time.perf_counter() - began) * 1000
    well = [each for each in alive if each >= 0]
    lives = f"{len(well)} of {len(alive)}, slowest {max(well, default=0):.0f} ms"
    new = ", ".join(sorted(target.files() - before)) or "nothing"
    return f"| {name} | {told[0]} | {took:.0f} | {lives} | {target.logged() - logged} B | {new} |"


def attacks(address: str) -> dict[str, Attack]:
    """Return what is tried, by name; `address` is one that the server must not fetch."""
    paths = ("/dev/zero", "/etc/passwd", "/proc/self/environ", "KEY", address)
    return {
        **{f"file object: {path}": partial(ask_for_file, path) for path in paths},
        "file object by other routes": other_routes,
        "export, 34 kB of empty paragraphs": partial(export, 11_000),
        "export, the largest that is written": partial(export, 3_900),
        "claimed Host and X-Gradio-Server": claimed_host,
        "HEAD /livez, /documents/../staff, a line break": partial(
            read, (("HEAD", "/livez"), ("GET", "/documents/../staff"), ("GET", "/documents/%0a"))
        ),
        "heads that are never whole": partial(unfinished, b"GET / HTTP/1.1\r\nHost: a\r\n"),
        "bodies that are never whole": partial(
            unfinished, b"POST /feedback HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nsome"
        ),
        "questions from claimed addresses": claimed_addresses,
        "passwords from claimed addresses": claimed_passwords,
        "200 malformed requests": malformed,
        "100 unknown sessions": unknown_sessions,
        "400 calls whose answers are not fetched": never_fetched,
        "300 connections of one machine": many_connections,
    }


def ask_for_file(path: str, target: Target) -> str:
    """Ask every endpoint for a file, in place of a value and in a list."""
    real = str(target.folder / "data" / "link_key") if path == "KEY" else path
    file = {"path": real, "url": real, "meta": {"_type": "gradio.FileData"}}
    bodies = [
        {"data": [value, *[None] * (many - 1)], "fn_index": number, "session_hash": "attack"}
        for number, many in target.functions.items()
        for value in (file, [file])
    ]
    return told(target.send("POST", JOIN, body)[0] for body in bodies)


def other_routes(target: Target) -> str:
    """Try the other routes by which Gradio takes values."""
    file = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}
    body = {"data": [file], "fn_index": 0, "session_hash": "attack", "event_id": file}
    names = ("call/ask", "run/predict", "api/predict", "component_server", "upload")
    ends = ("cancel", "reset", "stream/a", "proxy=http://127.0.0.1:1/", "file=/etc/passwd")
    return told(target.send("POST", f"/gradio_api/{name}", body)[0] for name in names + ends)


def export(paragraphs: int, target: Target) -> str:
    """Have a conversation of so many paragraphs written."""
    turns = [{"question": "", "answer": [""] * 100}] * (paragraphs // 101)
    body = {"title": "x", "language": "en", "turns": turns}
    return told([target.send("POST", "/export/docx", body)[0]])


def claimed_addresses(target: Target) -> str:
    """Rate as many other visitors, each a header."""
    claims = ({**JSON, "X-Forwarded-For": f"198.51.100.{at}"} for at in range(A_MINUTE + 20))
    return told(target.send("POST", "/feedback", {}, claim)[0] for claim in claims)


def claimed_passwords(target: Target) -> str:
    """Give wrong passwords as many others."""
    headers = {"content-type": "application/x-www-form-urlencoded", "origin": PUBLIC}
    claims = ({**headers, "X-Forwarded-For": f"198.51.100.{at}"} for at in range(12))
    return told(
        target.send("POST", "/staff/login", b"password=wrong+one", claim)[0] for claim in claims
    )


def malformed(target: Target) -> str:
    """Send what is no request, and requests that say nothing."""
    statuses = [target.send("POST", JOIN, b"[" * 900)[0] for _ in range(100)]
    for _ in range(100):
        with suppress(OSError), socket.create_connection(("127.0.0.1", target.port)) as its:
            its.sendall(b"\xff secret neighbour \r\n\r\n")
            statuses.append(int(its.recv(100).split(b" ")[1]))
    return told(statuses)


def unknown_sessions(target: Target) -> str:
    """Listen for sessions that are not there."""
    path = "/gradio_api/queue/data?session_hash=neighbour"
    return told(target.send("GET", f"{path}{at}")[0] for at in range(100))


def never_fetched(target: Target) -> str:
    """Ask, and never fetch an answer."""
    body = {
        "data": ["When were the lamps renewed?" * 300],
        "fn_index": 0,
        "session_hash": "neverfetched",
    }
    before = target.memory()
    statuses = [target.send("POST", JOIN, body)[0] for _ in range(400)]
    return f"{told(statuses)}; memory {target.memory() - before:+} kB"


def claimed_host(target: Target) -> str:
    """Look whether the page repeats an address that a visitor claims."""
    repeated = 0
    for path in ("/", "/config"):
        for claim in ("host", "x-gradio-server", "x-forwarded-host"):
            told_of = "http://evil.test" if claim == "x-gradio-server" else "evil.test"
            repeated += b"evil.test" in target.send("GET", path, headers={claim: told_of})[1]
    return f"repeated {repeated} times of 6"


def unfinished(sent: bytes, target: Target) -> str:
    """Begin requests and never end them."""
    held = [socket.create_connection(("127.0.0.1", target.port), PATIENCE) for _ in range(20)]
    began = time.perf_counter()
    heard = Counter[str]()
    for each in held:
        each.sendall(sent)
    for each in held:
        with suppress(OSError):
            heard[each.recv(99).partition(b"\r\n")[0].decode()[9:12] or "closed"] += 1
        each.close()
    return f"{counted(heard)} after {time.perf_counter() - began:.1f} s"


def many_connections(target: Target) -> str:
    """Open connections, and ask on each."""
    held = [socket.create_connection(("127.0.0.1", target.port), PATIENCE) for _ in range(300)]
    heard = Counter[str]()
    for each in held:
        answer = b""
        with suppress(OSError):
            each.sendall(b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
            answer = each.recv(99)
        heard[answer.partition(b"\r\n")[0].decode()[9:12] or "closed"] += 1
    for each in held:
        each.close()
    return counted(heard)


def read(asked: tuple[tuple[str, str], ...], target: Target) -> str:
    """Ask for what is to be read."""
    return ", ".join(str(target.send(method, path)[0]) for method, path in asked)


def told(statuses: Iterator[int] | list[int]) -> str:
    """Return statuses and how often each came."""
    return counted(Counter(str(statuse) if statuse else "closed" for statuse in statuses))


def counted(heard: Counter[str]) -> str:
    """Return what was heard and how often."""
    return ", ".join(f"{many} × {what}" for what, many in heard.items())


@contextmanager
def fetched_from() -> Iterator[tuple[str, list[object]]]:
    """Listen at an address that nobody should fetch."""
    hits: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def listen() -> None:
            with suppress(OSError):
                while True:
                    hits.append(listener.accept())

        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/", hits


@contextmanager
def serving(folder: Path) -> Iterator[Target]:
    """Serve the sample forum, with nothing but this folder to write to."""
    data, port = folder / "data", free_port()
    for name in ("tmp", "gradio"):
        (folder / name).mkdir()
    ingest_sample(data)
    StaffPassword(data).set(PASSWORD)
    ours = {
        "FORUM_PUBLIC_URL": PUBLIC,
        "FORUM_QUESTIONS_PER_MINUTE": str(A_MINUTE),
        "GRADIO_TEMP_DIR": str(folder / "gradio"),
        "TMPDIR": str(folder / "tmp"),
    }
    command = [sys.executable, str(ROOT / "app.py"), "serve"]
    command += ["--data", str(data), "--port", str(port)]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, env={**os.environ, **ours}, stdout=log, stderr=log) as its,
    ):
        try:
            target = Target(port, its.pid, folder, {})
            while target.send("GET", "/readyz")[0] != 200:  # noqa: PLR2004 - well
                time.sleep(1)
            told_of = json.loads(target.send("GET", "/config")[1])["dependencies"]
            functions = {
                fields["id"]: len(fields["inputs"]) for fields in told_of if fields["inputs"]
            }
            yield replace(target, functions=functions)
        finally:
            its.send_signal(signal.SIGTERM)


if __name__ == "__main__":
    main()
