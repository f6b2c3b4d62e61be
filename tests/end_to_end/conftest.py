"""A served sample forum and a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.conftest import ROOT
from tests.end_to_end.chatting import ASKED

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame

CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser")  # the quickest first
CHROMIUM = next(filter(None, map(shutil.which, CHROMIUMS)), None)
CONTACT = "ajuda@forum.test"  # of the forum that is served, for readers of Portuguese alone
PATIENCE = 180  # seconds for a server to come up on a busy machine
BROWSER_PATIENCE = 90_000  # milliseconds for what a page does there, thrice what Playwright waits


def with_patience(make: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap what makes a context or a page, which then waits longer than Playwright does."""

    def made(**wishes: Any) -> Any:  # noqa: ANN401 - whatever Playwright takes and gives
        its = make(**wishes)
        its.set_default_timeout(BROWSER_PATIENCE)
        return its

    return made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, Any]:
    """Tell with a failure what the pages showed that were open."""
    report = yield
    launched = getattr(item, "funcargs", {}).get("browser")
    if report.failed and launched:
        pages = [page for context in launched.contexts for page in context.pages]
        shown = [_what_it_shows(frame) for page in pages for frame in page.frames]
        report.sections.append(("open pages", "\n\n".join(shown)))
    return report


def _what_it_shows(frame: "Frame") -> str:
    try:
        return f"{frame.url}\n{frame.inner_text('body', timeout=2000)}"
    except Exception as fault:  # noqa: BLE001 - the failure that is told of comes first
        return f"{frame.url}\n{fault}"


@pytest.fixture(scope="module")  # not longer: its event loop would be in the way of other tests
def browser() -> "Iterator[Browser]":
    """Chromium, where it is installed; where it is promised, its absence is a failure."""
    if CHROMIUM is None:
        reason = "Chromium is not installed: the page is not driven"
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415 - only where it is used

    expect.set_options(timeout=BROWSER_PATIENCE)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for name in ("new_context", "new_page"):  # a browser has no such setting of its own
            setattr(launched, name, with_patience(getattr(launched, name)))
        yield launched


@pytest.fixture(scope="session")
def site(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the sample forum, which offers other questions than others."""
    golden = str(ROOT / "examples" / "golden-questions.yaml")
    data = Path(shutil.copytree(sample_data, tmp_path_factory.mktemp("site") / "data"))
    with served_from(
        data, FORUM_CONTACT=f"pt: {CONTACT}", FORUM_GOLDEN_QUESTIONS=golden
    ) as address:
        yield address


@contextmanager
def served_from(
    data: Path,
    *,
    port: int | None = None,
    sample: Path | None = None,
    are_names_asked: bool = False,
    **settings: str,
) -> Iterator[str]:
    """Serve a data directory with these settings while it lasts; the address of the server.

    No question that was asked may be found on its disk, unless questions are kept, or documents are
    named as the questions are: how often each was cited is counted.
    """
    port = port or a_free_port()
    command = [sys.executable, "app.py", "serve", "--data", str(data), "--port", str(port)]
    command += ["--sample", str(sample)] if sample else []
    ours = {"FORUM_QUESTIONS_PER_MINUTE": "9999", **settings}  # all tests are one visitor
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **ours}) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/readyz", server)
            yield address
        finally:
            server.terminate()  # unlike Ctrl+C, also heard by what a shell runs in the background
    assert server.returncode == 0, "the server did not end in order"
    if "FORUM_KEEP_QUESTIONS" not in settings and not are_names_asked:
        assert kept_of_what_was_asked(data) == []


OF_DOCUMENTS = {"generations", "uploads", "runs", "fetched", "readings.json"}


def kept_of_what_was_asked(data: Path) -> list[tuple[str, str]]:
    """Return the files of a data directory that hold a question, but for those of documents."""
    files = [path for path in data.rglob("*") if path.is_file()]
    return [
        (path.name, question)
        for path in files
        if OF_DOCUMENTS.isdisjoint(path.relative_to(data).parts)
        for question in ASKED
        if question.encode() in path.read_bytes()
    ]


def a_free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(url: str, server: "subprocess.Popen[Any]") -> None:
    """Return once the server says yes at this address."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - the address is our own
                return
        except (URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"the server did not become ready at {url}")
