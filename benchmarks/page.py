"""The chat page and the widget in Chromium on a processor four times slower, and the start.

    .venv/bin/python benchmarks/page.py [SUBJECT ...] [--runs 3] [--turns 20] [--packages FOLDER]

`page`: beside a bare `gr.ChatInterface` that says the same to everything, in as many pieces as our
answers have, and searches nothing. `widget`: a page of another site without and with each widget;
the others' packages lie in FOLDER, as `npm pack flowise-embed docsgpt` leaves them, and without
them nothing is recorded. `start`: from the start of the server to its first page and answer.
Everything comes from this machine, and no other can be reached; figures are medians.
"""

import argparse
import gzip
import json
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from playwright.sync_api import Browser, CDPSession, FrameLocator, Page

from benchmarks import figures
from benchmarks.browsing import (
    chromium,
    free_port,
    ingest_sample,
    metered,
    running,
    served,
    wait_for,
)

SLOWER = 4
QUESTIONS = (
    "Who leads the network now?",
    "Who pays for the cameras?",
    "Wat kost de nachtbus?",
    "What are the latest articles?",
)
REST = 5000  # ms for which a page is left alone
PACE = 700  # ms from one question to the next at least; nobody asks faster
BARE = "--bare-page"
SENTENCES = (
    "The documents say:",
    "Castlebray has run a night bus on Fridays and Saturdays since May 2019.",
    "The line carries about 410 passengers a night and costs the town 6.20 euros per passenger.",
    "Night-time safety guide, 14 June 2022. That is all.",
)
"""What the bare page says."""

Measured = dict[str, float]


@dataclass(frozen=True, slots=True)
class ChatPage:
    """A page to measure, and what to look for in it.

    Attributes:
        waiting: Tells that the question has arrived.
        done: Tells that the answer to turn `n` is complete.
    """

    name: str
    address: str
    waiting: str
    done: str


def ours(address: str) -> ChatPage:
    """Return our page."""
    turn = "document.querySelector(`#turns > .turn:nth-child(${n})"
    return ChatPage("this page", address, f"{turn}`)", f"{turn}[data-state=done]`)")


def bare(address: str) -> ChatPage:
    """Return the page of a bare chat interface."""
    said = "document.querySelectorAll('[data-testid=bot]')[n - 1]?.textContent.trim()"
    asked = "document.querySelectorAll('[data-testid=user]').length >= n"
    return ChatPage("bare ChatInterface", address, asked, f"{said}?.endsWith('That is all.')")


def serve_bare(port: int) -> None:
    """Serve a bare chat interface over nothing."""
    import gradio as gr

    def echo(message: str, history: list[object]) -> Iterator[str]:
        del message, history
        for count in range(1, len(SENTENCES) + 1):
            yield " ".join(SENTENCES[:count])

    interface = gr.ChatInterface(echo, title="Forum")
    interface.launch(server_name="127.0.0.1", server_port=port, quiet=True)


def measure_page(options: argparse.Namespace) -> None:
    """Visit both pages by turns, so that other work on the machine meets both."""
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ingest_sample(data)
        port = free_port()
        plain = f"http://127.0.0.1:{port}"
        quiet = {"GRADIO_ANALYTICS_ENABLED": "False"}
        stack.enter_context(running([__file__, BARE, str(port)], plain, quiet))
        pages = [ours(stack.enter_context(served(data))), bare(plain)]
        browser = stack.enter_context(chromium())
        visits: list[list[Measured]] = [[], []]
        for _ in range(options.runs):
            for page, found in zip(pages, visits, strict=True):
                found.append(visit(browser, page))
        mine, other = [
            {key: median(run[key] for run in runs) for key in runs[0]} for runs in visits
        ]
        mine |= long_conversation(browser, pages[0], options.turns)
        other |= long_conversation(browser, pages[1], options.turns)
    rows = {
        key: {
            "this page": value,
            "bare ChatInterface": other[key],
            "ratio": value / other[key] if other[key] else None,
        }
        for key, value in mine.items()
    }
    figures.record("page", rows)


def visit(browser: Browser, chat: ChatPage) -> Measured:
    """Open the page, ask twice, open it again; return what was measured."""
    with metered(browser, SLOWER) as (page, session, traffic):
        found = {"usable input, s": opened(page, chat.address)}
        traffic.settle(page)
        found["requests"] = traffic.requests
        found["loaded, kB"] = traffic.size / 1000
        found["elements"] = count_elements(page)
        found["processor while nobody does anything, %"] = resting(page, session)
        found["layout shift while it opens"] = page.evaluate("window.seen.shifts")
        ask(page, chat, 1)
        page.wait_for_timeout(1000)
        page.evaluate("Object.assign(window.seen, { shifts: 0, unexpected: 0, live: 0 })")
        shown, answered = ask(page, chat, 2)
        found["Enter to the question shown, ms"] = shown
        found["Enter to the whole answer, second question, ms"] = answered
        page.wait_for_timeout(1000)
        found["layout shift while it answers"] = page.evaluate("window.seen.unexpected")
        found["live-region changes an answer"] = page.evaluate("window.seen.live")
        before = traffic.size
        found["opened again: usable, s"] = opened(page, chat.address)
        traffic.settle(page)
        found["opened again: loaded, kB"] = (traffic.size - before) / 1000
    return found


def resting(page: Page, session: CDPSession) -> float:
    """Leave the page alone; return the share of a processor that it takes, in per cent."""
    session.send("Performance.enable")
    before = [metric(session, name) for name in ("TaskDuration", "Timestamp")]
    page.wait_for_timeout(REST)
    busy, passed = (
        metric(session, name) - then
        for name, then in zip(("TaskDuration", "Timestamp"), before, strict=True)
    )
    return 100 * busy / passed


def metric(session: CDPSession, name: str) -> float:
    """Return one of the browser's own counters, in seconds."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(float(each["value"]) for each in metrics if each["name"] == name)


def opened(page: Page, address: str) -> float:
    """Open a page; return the seconds until its input takes text."""
    page.goto(address, wait_until="commit")
    page.wait_for_function(
        """() => {
            const box = document.querySelector("textarea");
            if (!box?.checkVisibility({ visibilityProperty: true }) || box.disabled) return false;
            window.seen.moments.usable ??= performance.now();
            return true;
        }""",
        polling=20,
    )
    page.fill("textarea", "x")
    page.fill("textarea", "")
    return float(page.evaluate("window.seen.moments.usable")) / 1000


def ask(page: Page, chat: ChatPage, turn: int) -> tuple[float, float]:
    """Ask; return the milliseconds from Enter to the question shown and to the whole answer."""
    page.fill("textarea", QUESTIONS[turn % len(QUESTIONS)])
    looks = "".join(
        f"window.when('{name}', () => {{ const n = {turn}; return {test}; }});"
        for name, test in (("waiting", chat.waiting), ("done", chat.done))
    )
    page.evaluate(
        "() => { window.seen.moments = {}; addEventListener('keydown', () => {"
        f"window.seen.moments.enter = performance.now(); {looks}"
        "}, { once: true, capture: true }); }"
    )
    page.keyboard.press("Enter")
    page.wait_for_function("() => 'done' in window.seen.moments", polling=50)
    seen = page.evaluate("window.seen.moments")
    return seen["waiting"] - seen["enter"], seen["done"] - seen["enter"]


def long_conversation(browser: Browser, chat: ChatPage, turns: int) -> Measured:
    """Ask so many times; return how the last answers compare with the first."""
    times = []
    with metered(browser, SLOWER) as (page, session, traffic):
        opened(page, chat.address)
        traffic.settle(page)
        for turn in range(1, turns + 1):
            times.append(ask(page, chat, turn)[1])
            page.wait_for_timeout(PACE)
        elements = count_elements(page)
        session.send("HeapProfiler.collectGarbage")
        heap = page.evaluate("performance.memory.usedJSHeapSize")
    few = max(1, turns // 10)
    early, late = median(times[1 : few + 1] or times), median(times[-few:])
    return {
        f"Enter to the whole answer, turns 2–{few + 1}, ms": early,
        f"the same, turns {turns - few + 1}–{turns}, ms": late,
        "the latter by the former": late / early,
        f"elements after {turns} turns": elements,
        f"memory after {turns} turns, MB": heap / 1e6,
    }


def count_elements(page: Page) -> int:
    """Return how many elements the page has."""
    return int(page.evaluate("document.querySelectorAll('*').length"))


ALONE = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "--disable-features=IsolateOrigins,site-per-process",  # else a frame is not slowed down
    "--disable-site-isolation-trials",
)
TEXT = "".join(f"<p>{'Words of the city. ' * 30}</p>" for _ in range(12))
HOST_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A member city</title>'
    f"</head><body><main><h1>Street cameras</h1>{TEXT}</main>{{}}</body></html>"
)
PICTURE = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="
"""DocsGPT asks again and again for its own, which is on a machine that cannot be reached here."""


@dataclass(frozen=True, slots=True)
class Widget:
    """A widget: how a page loads it, as its makers document it, and what to press."""

    name: str
    lines: str
    button: str = ""
    box: str = "textarea"
    is_framed: bool = False


PEERS = {
    "flowise-embed": Widget(
        "Flowise",
        "<script type='module'>import Chatbot from '/peers/flowise-embed/package/dist/web.js';"
        "Chatbot.init({ chatflowid: 'x', apiHost: location.origin });</script>",
        "flowise-chatbot button",
    ),
    "docsgpt": Widget(
        "DocsGPT",
        "<div id='app'></div>"
        "<script src='/peers/docsgpt/package/dist/modern/browser.js' type='module'></script>"
        "<script type='module'>window.onload = () => renderDocsGPTWidget('app',"
        f" {{ apiHost: location.origin, avatar: '{PICTURE}' }});</script>",
        "#app > div",
        "#app :is(textarea, input)",
    ),
}


class Handler(BaseHTTPRequestHandler):
    """Serves the host's pages and what the others need of it, gzipped."""

    def __init__(self, files: dict[str, bytes], *arguments: object) -> None:
        self.files = files
        super().__init__(*arguments)  # type: ignore[arg-type] # what the server gives

    def do_GET(self) -> None:
        """Send a file; a request for settings of a chat gets none."""
        path = urlsplit(self.path).path
        content = self.files.get(path, b"{}")
        kind = "text/html" if content.startswith(b"<!") else "application/json"
        kind = {"js": "text/javascript", "css": "text/css"}.get(path.rpartition(".")[2], kind)
        body = gzip.compress(content, 6)
        self.send_response(200)
        self.send_header("content-type", f"{kind}; charset=utf-8")
        self.send_header("content-encoding", "gzip")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - what the server looks for

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def hosted(files: dict[str, bytes], port: int) -> Iterator[str]:
    """Serve the pages of another site; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, files))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{port}"
    server.shutdown()


def measure_widget(options: argparse.Namespace) -> None:
    """Open the same page of another site without and with each widget, with an empty cache."""
    files, versions = packages(options.packages)
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ingest_sample(data)
        port = free_port()
        host = f"http://localhost:{port}"
        assistant = stack.enter_context(served(data, FORUM_EMBED_ORIGINS=host))
        stack.enter_context(hosted(files, port))
        files["/one-line.js"] = b"window.line = 1;"
        script = '<script src="{}" async></script>'
        button = "forum-assistant button.open"
        widgets = {
            "none": Widget("none", ""),
            "a script of one line": Widget("one-line", script.format("/one-line.js")),
            "this widget": Widget(
                "ours", script.format(f"{assistant}/widget.js"), button, "#question", is_framed=True
            ),
        }
        widgets |= {f"{PEERS[name].name} {told}": PEERS[name] for name, told in versions.items()}
        browser = stack.enter_context(chromium(*ALONE))
        rows: dict[str, dict[str, figures.Value]] = {}
        for name, widget in widgets.items():
            files[f"/{widget.name}"] = HOST_PAGE.format(widget.lines).encode()
            visits = [visit_host(browser, host, widget) for _ in range(options.runs)]
            for key in visits[0]:
                rows.setdefault(key, {})[name] = median(each[key] for each in visits)
    if versions:
        figures.record("widget", rows)
    else:
        print(json.dumps(rows, indent=1))


def packages(folder: Path | None) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the files of the others' packages by path, and the versions of those there are."""
    files, versions = dict[str, bytes](), dict[str, str]()
    for name in PEERS:
        found = sorted(folder.glob(f"{name}-[0-9]*.tgz")) if folder else []
        if not found:
            print(f"left out: {name}, whose package is not in the folder given", file=sys.stderr)
            continue
        with tarfile.open(found[-1]) as archive:
            for member in archive.getmembers():
                is_served = member.name.endswith((".js", ".json"))
                if content := archive.extractfile(member) if is_served else None:
                    files[f"/peers/{name}/{member.name}"] = content.read()
        about = json.loads(files[f"/peers/{name}/package/package.json"])
        versions[name] = str(about["version"])
    return files, versions


def visit_host(browser: Browser, host: str, widget: Widget) -> Measured:
    """Open the page, and where there is a widget, press its button until text can be typed."""
    with metered(browser, SLOWER) as (page, session, traffic):
        session.send("Performance.enable")
        page.goto(f"{host}/{widget.name}")
        if widget.button:
            page.locator(widget.button).first.wait_for()
        traffic.settle(page)
        found = {
            "loaded, kB": traffic.size / 1000,
            "requests": float(traffic.requests),
            "of them to third parties": float(traffic.foreign),
            "script on the main thread, ms": 1000 * metric(session, "ScriptDuration"),
            "all work on the main thread, ms": 1000 * metric(session, "TaskDuration"),
            "layout shift": float(page.evaluate("window.seen.shifts")),
        }
        if widget.button:
            page.evaluate("window.seen.shifts = 0")
            before = float(page.evaluate("performance.now()"))
            page.locator(widget.button).first.click()
            framed = page.frame_locator("forum-assistant iframe")
            within: Page | FrameLocator = framed if widget.is_framed else page
            within.locator(widget.box).first.fill("x")
            passed = float(page.evaluate("performance.now()")) - before
            found["opened: usable input, s"] = passed / 1000
            traffic.settle(page)
            found["opened: loaded in all, kB"] = traffic.size / 1000
            shifts = float(page.evaluate("window.seen.shifts"))
            found["opened: layout shift of the page around"] = shifts
    return found


def measure_start(options: argparse.Namespace) -> None:
    """Start the server over the sample forum again and again."""
    with tempfile.TemporaryDirectory() as data:
        ingest_sample(Path(data))
        port = free_port()
        command = [str(ROOT / "app.py"), "serve", "--data", data, "--port", str(port)]
        starts = [start(command, f"http://127.0.0.1:{port}") for _ in range(options.runs)]
    pages, answers = (median(each) for each in zip(*starts, strict=True))
    rows = {"first page": {"seconds": pages}, "first answer at speed": {"seconds": answers}}
    figures.record("start", rows, head="from the start", formats={"seconds": ".1f"})


def start(command: Sequence[str], address: str) -> tuple[float, float]:
    """Return the seconds until the page is served and until questions are answered at speed."""
    begun = time.perf_counter()
    with subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(address, server)
            page = time.perf_counter() - begun
            wait_for(f"{address}/readyz", server)
            return page, time.perf_counter() - begun
        finally:
            server.terminate()


if __name__ == "__main__":
    if sys.argv[1:2] == [BARE]:
        serve_bare(int(sys.argv[2]))
    else:
        figures.run(
            __doc__,
            {"page": measure_page, "widget": measure_widget, "start": measure_start},
            runs={"type": int, "default": 3},
            turns={"type": int, "default": 20},
            packages={"type": Path, "metavar": "FOLDER"},
        )
