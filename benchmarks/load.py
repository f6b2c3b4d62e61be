"""A served sample forum at one, two, five and ten times as many questions as it can answer; a soak.

    .venv/bin/python benchmarks/load.py [load] [soak] [--seconds 30] [--minutes 30]

Questions come by a clock, whether or not those before are answered, each from another address:
tools that ask again only once they are answered would slow down with the server, and show no
overload. What it can answer is measured first, by four who ask without a pause. Asking takes time
of the same two cores, so a machine of its own answers more.

The soak asks without a rest, while a document is changed and published again every five minutes and
every tenth visitor leaves before the answer: what a process holds must not grow.
"""

import argparse
import asyncio
import itertools
import json
import os
import secrets
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from assistant.evaluation import golden_questions
from benchmarks import figures
from benchmarks.browsing import SAMPLE, app, free_port

QUESTIONS = [
    each.question for each in golden_questions.load(ROOT / "examples" / "golden-questions.yaml")
]
TIMES = (1, 2, 5, 10)
AT_ONCE = 4
PATIENCE = 120.0  # seconds for an answer
CALM = 3.0  # seconds between two levels, once all is answered

SOAKED_WITH = 5.0  # questions a second
LEAVING = 10  # one visitor in so many
IMPATIENCE = 0.2  # seconds after which they leave
BETWEEN_RUNS = 300.0  # seconds
BETWEEN_LOOKS = 10.0  # seconds


@dataclass(slots=True)
class Level:
    """What came of the questions of one level."""

    asked: int = 0
    answered: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    lost: int = 0
    alive: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def row(self, memory: float) -> dict[str, figures.Value]:
        """Return the figures of this level."""
        return {
            "asked a second": round(self.asked / self.seconds, 1),
            "answered a second": round(len(self.answered) / self.seconds, 2),
            "an answer, s": _spread(self.answered),
            "refused": [len(self.refused), self.asked],
            "a refusal, ms": _spread([1000 * each for each in self.refused]),
            "neither": self.lost,
            "slowest `/livez`, ms": round(1000 * max(self.alive, default=0)),
            "memory, MB": round(memory),
        }


def _spread(values: list[float]) -> figures.Value:
    if len(values) < 2:  # noqa: PLR2004 - of one there is no spread
        return None
    return {"median": statistics.median(values), "99th": statistics.quantiles(values, n=100)[98]}


class Visitors:
    """Members who ask at a server, each once."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._questions = itertools.cycle(QUESTIONS)
        self._numbers = itertools.count()

    async def ask(self, level: Level) -> None:
        """Ask as a page does, and note what came of it."""
        number, session = next(self._numbers), secrets.token_hex(8)
        headers = {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
        asked = {"data": [next(self._questions)], "fn_index": 0, "session_hash": session}
        level.asked += 1
        began = time.perf_counter()
        try:
            joined = await self._client.post("/gradio_api/queue/join", json=asked, headers=headers)
            if joined.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
                level.refused.append(time.perf_counter() - began)
            elif joined.status_code == HTTPStatus.OK and await self._answer(session, headers):
                level.answered.append(time.perf_counter() - began)
            else:
                level.lost += 1
        except httpx.HTTPError:
            level.lost += 1

    async def _answer(self, session: str, headers: dict[str, str]) -> bool:
        """Listen until the answer is there; whether it is one."""
        url = f"/gradio_api/queue/data?session_hash={session}"
        async with self._client.stream("GET", url, headers=headers) as heard:
            async for line in heard.aiter_lines():
                if not line.startswith("data:"):
                    continue
                told = json.loads(line.removeprefix("data:"))
                if told.get("msg") == "process_completed":
                    return bool(told.get("success"))
        return False

    async def leave(self) -> None:
        """Ask, and go before the answer is there."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.ask(Level()), IMPATIENCE)

    async def look(self, level: Level) -> None:
        """Ask again and again whether the server is alive, until cancelled."""
        while True:
            began = time.perf_counter()
            await self._client.get("/livez")
            level.alive.append(time.perf_counter() - began)
            await asyncio.sleep(0.1)


async def capacity(visitors: Visitors, seconds: float) -> float:
    """Return how many questions a second are answered to those who ask without a pause."""
    level, began = Level(), time.perf_counter()

    async def one() -> None:
        while time.perf_counter() - began < seconds:
            await visitors.ask(level)

    await asyncio.gather(*(one() for _ in range(AT_ONCE)))
    return len(level.answered) / (time.perf_counter() - began)


async def at(rate: float, visitors: Visitors, seconds: float) -> Level:
    """Return what comes of so many questions a second."""
    level = Level()
    async with _looking(visitors, level), asyncio.TaskGroup() as asking:
        began = time.perf_counter()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            asking.create_task(visitors.ask(level))
        level.seconds = time.perf_counter() - began
    # Those that waited at the end are answered afterwards: they count with the time they took.
    level.seconds = max(level.seconds, time.perf_counter() - began)
    return level


@asynccontextmanager
async def _looking(visitors: Visitors, level: Level) -> AsyncIterator[None]:
    looking = asyncio.create_task(visitors.look(level))
    try:
        yield
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError, httpx.HTTPError):
            await looking


async def measured(port: int, process: int, seconds: float) -> dict[str, dict[str, figures.Value]]:
    """Return the rows of all levels."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE, limits=limits
    ) as client:
        visitors = Visitors(client)
        await capacity(visitors, 5)  # the first questions load what they need
        able = await capacity(visitors, seconds)
        rows = {}
        for times in TIMES:
            level = await at(times * able, visitors, seconds)
            rows[f"{times} ×"] = level.row(figures.peak_memory("VmRSS", process))
            await asyncio.sleep(CALM)
        return rows


@dataclass(frozen=True, slots=True)
class Held:
    """What a process holds at a moment: memory in MB, open files, threads."""

    memory: float
    files: int
    threads: int

    @classmethod
    def by(cls, process: int) -> "Held":
        """Look at a process (Linux)."""
        home = Path(f"/proc/{process}")
        files, threads = (len(list((home / each).iterdir())) for each in ("fd", "task"))
        return cls(figures.peak_memory("VmRSS", process), files, threads)


async def soaked(
    port: int, process: int, folder: Path, seconds: float
) -> tuple[Level, list[Held], int]:
    """Return what came of the questions, what the server held all the while, and the runs."""
    level, held, runs = Level(), list[Held](), 0
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE, limits=limits
    ) as client:
        visitors = Visitors(client)
        await capacity(visitors, 5)
        began = time.perf_counter()
        async with _looking(visitors, level), asyncio.TaskGroup() as tasks:
            for number in range(int(SOAKED_WITH * seconds)):
                now = time.perf_counter() - began
                await asyncio.sleep(max(0.0, number / SOAKED_WITH - now))
                leaves = number % LEAVING == 0
                tasks.create_task(visitors.leave() if leaves else visitors.ask(level))
                if now >= (runs + 1) * BETWEEN_RUNS:
                    runs += 1
                    tasks.create_task(_published_again(folder / "content", folder / "data", runs))
                if now >= len(held) * BETWEEN_LOOKS:
                    held.append(Held.by(process))
    return level, held, runs


async def _published_again(content: Path, data: Path, run: int) -> None:
    """Change a document and have it published, as a run at night does."""
    await asyncio.to_thread(_change, content, run)
    command = [sys.executable, str(ROOT / "app.py"), "ingest", str(content), "--data", str(data)]
    done = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    if await done.wait():
        msg = f"run {run} failed"
        raise RuntimeError(msg)


def _change(content: Path, run: int) -> None:
    page = min(content.rglob("*.md"))
    page.write_text(f"{page.read_text('utf-8')}\n\nChanged for the {run}. time.\n", "utf-8")


@contextmanager
def serving(folder: Path) -> Iterator[tuple[int, int]]:
    """Serve the sample forum behind a proxy that is believed; the port and the process.

    Of the folder `content` is what can be changed, and `data` what is published.
    """
    data, port = folder / "data", free_port()
    app("ingest", str(shutil.copytree(SAMPLE, folder / "content")), "--data", str(data))
    command = [sys.executable, str(ROOT / "app.py"), "serve"]
    command += ["--data", str(data), "--port", str(port)]
    settings = {**os.environ, "FORUM_PROXIES": "127.0.0.1"}
    with subprocess.Popen(command, env=settings, cwd=folder) as server:
        try:
            while not _is_ready(port):
                time.sleep(0.5)
            yield port, server.pid
        finally:
            server.send_signal(signal.SIGTERM)


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == HTTPStatus.OK
    except httpx.HTTPError:
        return False


def load(arguments: argparse.Namespace) -> None:
    """Measure all levels, one after the other."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as (port, process):
        rows = asyncio.run(measured(port, process, arguments.seconds))
    figures.record("load", rows, head="of what it can answer")


def soak(arguments: argparse.Namespace) -> None:
    """Ask for a long time; the first tenth, in which everything comes to be loaded, is left out."""
    seconds = 60 * arguments.minutes
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as (port, process):
        level, held, runs = asyncio.run(soaked(port, process, Path(folder), seconds))
    held = held[len(held) // 10 :]
    third = max(1, len(held) // 3)
    rows: dict[str, dict[str, figures.Value]] = {
        "asked": {"all": level.asked},
        "answered": {"all": len(level.answered)},
        "refused, since all places were taken": {"all": len(level.refused)},
        "neither": {"all": level.lost},
        "published anew": {"all": runs},
    }
    for name, of in (
        ("memory, MB", lambda one: one.memory),
        ("open files", lambda one: one.files),
        ("threads", lambda one: one.threads),
    ):
        first, last = (statistics.mean(map(of, part)) for part in (held[:third], held[-third:]))
        rows[name] = {"first third": round(first), "last third": round(last)}
    figures.record("soak", rows, head=f"of {arguments.minutes:g} minutes")


if __name__ == "__main__":
    figures.run(
        __doc__,
        {"load": load, "soak": soak},
        seconds={"type": float, "default": 30.0},
        minutes={"type": float, "default": 30.0},
    )
