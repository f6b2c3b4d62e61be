"""What the measurements in a browser share: a served sample forum, and a metered Chromium."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

ROOT = Path(__file__).parent.parent
PATIENCE = 90  # seconds for a server to come up on a busy machine
GOLDEN = {"FORUM_GOLDEN_QUESTIONS": str(ROOT / "examples" / "golden-questions.yaml")}
"""Told when the forum is brought in too, so that a server begins with what it may offer."""
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]

OBSERVE = """
    window.seen = { shifts: 0, unexpected: 0, live: 0, moments: {} };
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
            window.seen.shifts += entry.value;
            if (!entry.hadRecentInput) window.seen.unexpected += entry.value;
        }
    }).observe({ type: "layout-shift", buffered: true });
    const nextFrame = window.requestAnimationFrame.bind(window); // before the page has its own
    window.when = (name, test) => {
        const look = () => {
            if (name in window.seen.moments) return;
            if (test()) window.seen.moments[name] = performance.now();
            else nextFrame(look);
        };
        look();
    };
    addEventListener("DOMContentLoaded", () => {
        const live = "[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]";
        new MutationObserver((changes) => {
            for (const { target } of changes) {
                const node = target.nodeType === 1 ? target : target.parentElement;
                if (node?.closest(live)) window.seen.live += 1;
            }
        }).observe(document.body, { childList: true, subtree: true, characterData: true });
    });
"""
"""Counts the shifts of the layout: all, and those that browsers count, not soon after a key."""


@dataclass
class Traffic:
    """What a page loaded, as it came over the line."""

    requests: int = 0
    foreign: int = 0  # of them to other machines
    size: int = 0

    def watch(self, session: CDPSession) -> None:
        """Count from now on, frames of other sites left out."""
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._came)

    def settle(self, page: Page) -> None:
        """Wait until nothing more is asked for; connections that stay open do not count."""
        for _ in range(10):  # what asks on and on is never quiet
            before = self.requests
            page.wait_for_timeout(1500)
            if before == self.requests:
                return

    def _asked(self, event: dict[str, Any]) -> None:
        url = urlsplit(event["request"]["url"])
        self.requests += url.scheme in {"http", "https"}
        self.foreign += url.hostname not in {"127.0.0.1", "localhost", None}

    def _came(self, event: dict[str, Any]) -> None:
        self.size += int(event["encodedDataLength"])


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """Open Chromium, headless."""
    names = ("chromium", "chromium-browser", "chromium-headless-shell")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        sys.exit("Chromium is not installed: no page can be measured")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=[*CHROMIUM, *more])


@contextmanager
def metered(browser: Browser, slower: float) -> Iterator[tuple[Page, CDPSession, Traffic]]:
    """Open a page with an empty cache, on a processor so many times slower."""
    # The policy of our page lets nothing be evaluated in it, which is how moments are waited for.
    context = browser.new_context(locale="en-GB", bypass_csp=True)
    page = context.new_page()
    page.add_init_script(OBSERVE)
    session = context.new_cdp_session(page)
    traffic = Traffic()
    traffic.watch(session)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    try:
        yield page, session, traffic
    finally:
        context.close()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


SAMPLE = ROOT / "examples" / "sample-forum"


def app(*words: str, said: str = "", **settings: str) -> None:
    """Run a command of the assistant, and say something to it."""
    command = [sys.executable, str(ROOT / "app.py"), *words]
    subprocess.run(
        command,
        input=said,
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, **GOLDEN, **settings},
    )


def ingest_sample(data: Path) -> None:
    """Publish the sample forum in a directory."""
    app("ingest", str(SAMPLE), "--data", str(data))


@contextmanager
def served(data: Path, **settings: str) -> Iterator[str]:
    """Serve a data directory with these settings; the address of the server."""
    port = free_port()
    command = [str(ROOT / "app.py"), "serve", "--data", str(data), "--port", str(port)]
    ours = {
        **GOLDEN,
        "FORUM_QUESTIONS_PER_MINUTE": "9999",
        **settings,
    }
    address = f"http://127.0.0.1:{port}"
    with running(command, f"{address}/readyz", ours):
        yield address


@contextmanager
def running(script: Sequence[str], ready: str, settings: dict[str, str]) -> Iterator[None]:
    """Run a Python script that serves, from the moment that an address answers."""
    environment = {**os.environ, **settings}
    with subprocess.Popen(
        [sys.executable, *script], env=environment, stdout=subprocess.DEVNULL
    ) as server:
        try:
            wait_for(ready, server)
            yield
        finally:
            server.send_signal(signal.SIGINT)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until an address answers; leave where the server ends before."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - the address is our own
                return
        except (URLError, OSError):
            time.sleep(0.05)
    sys.exit(f"the server did not become ready at {url}")
