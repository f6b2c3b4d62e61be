"""A page of another site without and with a widget: ours, and those of other assistants.

    .venv/bin/python benchmarks/widget.py [FOLDER] [--runs 5]

In Chromium on a processor four times slower, with an empty cache; everything comes gzipped from
this machine, and no other can be reached. FOLDER has the others, as `npm pack flowise-embed
docsgpt` leaves them: one `NAME-VERSION.tgz` each. Prints a Markdown table of medians.
"""

import argparse
import gzip
import json
import sys
import tarfile
import tempfile
import threading
from collections.abc import Iterator
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

from benchmarks.browsing import chromium, free_port, ingest_sample, metered, served

SLOWER = 4
ALONE = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "--disable-features=IsolateOrigins,site-per-process",  # else a frame is not slowed down
    "--disable-site-isolation-trials",
)
TEXT = "".join(f"<p>{'Words of the city. ' * 30}</p>" for _ in range(12))
PICTURE = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="
"""DocsGPT asks again and again for its own, which is on a machine that cannot be reached here."""
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A member city</title>'
    f"</head><body><main><h1>Street cameras</h1>{TEXT}</main>{{}}</body></html>"
)


@dataclass(frozen=True, slots=True)
class Subject:
    """A widget: how a page loads it, as its makers document it, and what to press.

    Attributes:
        loader: The address of what a page names, for its size.
    """

    name: str
    lines: str
    loader: str = ""
    button: str = ""
    box: str = "textarea"
    is_framed: bool = False

    @property
    def path(self) -> str:
        """Where its page is on the host site."""
        return "/" + self.name.replace(" ", "-")


Measured = dict[str, float]

PEERS = {
    "flowise-embed": Subject(
        "Flowise",
        "<script type='module'>import Chatbot from '/peers/flowise-embed/package/dist/web.js';"
        "Chatbot.init({ chatflowid: 'x', apiHost: location.origin });</script>",
        "/peers/flowise-embed/package/dist/web.js",
        "flowise-chatbot button",
    ),
    "docsgpt": Subject(
        "DocsGPT",
        "<div id='app'></div>"
        "<script src='/peers/docsgpt/package/dist/modern/browser.js' type='module'></script>"
        "<script type='module'>window.onload = () => renderDocsGPTWidget('app',"
        f" {{ apiHost: location.origin, avatar: '{PICTURE}' }});</script>",
        "/peers/docsgpt/package/dist/modern/browser.js",
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
        self._send(
            content, {"js": "text/javascript", "css": "text/css"}.get(path.rpartition(".")[2], kind)
        )

    do_POST = do_GET  # noqa: N815 - what the server looks for

    def _send(self, content: bytes, kind: str) -> None:
        body = gzip.compress(content, 6)
        self.send_response(200)
        self.send_header("content-type", f"{kind}; charset=utf-8")
        self.send_header("content-encoding", "gzip")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def hosted(files: dict[str, bytes], port: int) -> Iterator[str]:
    """Serve the pages of the host site; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, files))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{port}"
    server.shutdown()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", help="the others' packages")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    files, versions = packages(arguments.folder)
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ingest_sample(data)
        port = free_port()
        embed = f"http://localhost:{port}"
        assistant = stack.enter_context(served(data, FORUM_EMBED_ORIGINS=embed))
        stack.enter_context(hosted(files, port))
        subjects = [
            Subject("none", ""),
            Subject("a script of one line", '<script src="/one-line.js" async></script>'),
            ours(assistant),
            *(PEERS[name] for name in PEERS if name in versions),
        ]
        files["/one-line.js"] = b"window.line = 1;"
        files |= {subject.path: PAGE.format(subject.lines).encode() for subject in subjects}
        browser = stack.enter_context(chromium(*ALONE))
        found = {
            subject.name: measured(browser, embed, subject, arguments.runs) for subject in subjects
        }
    show(found, {PEERS[name].name: version for name, version in versions.items()})


def packages(folder: Path | None) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the files of the others' packages by path, and the versions of those there are."""
    files, versions = dict[str, bytes](), dict[str, str]()
    for name in PEERS:
        found = sorted(folder.glob(f"{name}-[0-9]*.tgz")) if folder else []
        if not found:
            print(f"Left out: {name}, whose package is not in the folder given.", file=sys.stderr)
            continue
        with tarfile.open(found[-1]) as archive:
            for member in archive.getmembers():
                content = (
                    archive.extractfile(member) if member.name.endswith((".js", "on")) else None
                )
                if content:
                    files[f"/peers/{name}/{member.name}"] = content.read()
        about = json.loads(files[f"/peers/{name}/package/package.json"])
        versions[name] = str(about["version"])
    return files, versions


def ours(assistant: str) -> Subject:
    """Return our widget."""
    loader = f"{assistant}/widget.js"
    return Subject(
        "this widget",
        f'<script src="{loader}" async></script>',
        loader,
        "forum-assistant button.open",
        "#question",
        is_framed=True,
    )


def measured(browser: Browser, host: str, subject: Subject, runs: int) -> Measured:
    """Return the medians of some visits."""
    visits = [visit(browser, host, subject) for _ in range(runs)]
    return {key: median(each[key] for each in visits) for key in visits[0]}


def visit(browser: Browser, host: str, subject: Subject) -> Measured:
    """Open the page, and where there is a widget, its button."""
    with metered(browser, SLOWER) as (page, session, traffic):
        session.send("Performance.enable")
        page.goto(host + subject.path)
        if subject.button:
            page.locator(subject.button).first.wait_for()
        traffic.settle(page)
        found = {
            "loaded, kB": traffic.size / 1000,
            "requests": float(traffic.requests),
            "of them to third parties": float(traffic.foreign),
            "script on the main thread, ms": 1000 * metric(session, "ScriptDuration"),
            "all work on the main thread, ms": 1000 * metric(session, "TaskDuration"),
            "layout shift": float(page.evaluate("window.seen.shifts")),
        }
        if subject.button:
            found |= opened(page, subject)
            traffic.settle(page)
            found["opened: loaded in all, kB"] = traffic.size / 1000
            found["opened: layout shift of the page around"] = float(
                page.evaluate("window.seen.shifts")
            )
    return found


def opened(page: Page, subject: Subject) -> Measured:
    """Press the button; return the seconds until text can be typed."""
    page.evaluate("window.seen.shifts = 0")
    within: Page | FrameLocator = page
    before = float(page.evaluate("performance.now()"))
    page.locator(subject.button).first.click()
    if subject.is_framed:
        within = page.frame_locator("forum-assistant iframe")
    within.locator(subject.box).first.fill("x")
    return {"opened: usable input, s": (float(page.evaluate("performance.now()")) - before) / 1000}


def metric(session: CDPSession, name: str) -> float:
    """Return one of the browser's own counters, in seconds."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(float(each["value"]) for each in metrics if each["name"] == name)


def show(found: dict[str, Measured], versions: dict[str, str]) -> None:
    """Print the table; in brackets what each adds to the page, by what ours adds."""
    print("| | " + " | ".join(f"{name} {versions.get(name, '')}".strip() for name in found) + " |")
    print("| --- |" + " --- |" * len(found))
    none, mine = found["none"], found["this widget"]
    for key, value in mine.items():
        added = value - none.get(key, 0)
        cells = []
        for name, each in found.items():
            ratio = (each[key] - none.get(key, 0)) / added if key in each and added > 0 else 0
            more = f" ({ratio:.1f})" if name not in {"none", "this widget"} and ratio else ""
            cells.append(
                f"{each[key]:,.{3 if 'shift' in key else 1}f}{more}" if key in each else ""
            )
        print(f"| {key} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
