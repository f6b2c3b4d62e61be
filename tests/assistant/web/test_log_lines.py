"""A failure is a line of the log, without what a visitor sent, and only so many lines a minute."""

import io
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from assistant.web.monitoring import LONGEST_LINE, MINUTE, MOST_LINES, ShortLines
from tests.assistant.web.staff.staffing import Clock
from tests.conftest import ROOT

SAID = "what my neighbour asked"


@contextmanager
def logger(lines: io.StringIO, clock: Clock | None = None) -> Iterator[logging.Logger]:
    its = logging.getLogger("test-log-lines")
    its.propagate = False
    handler = ShortLines(lines, clock or Clock())
    its.addHandler(handler)
    yield its
    its.removeHandler(handler)


def fail() -> None:
    raise ValueError(SAID)


def test_a_failure_is_one_line_that_tells_what_and_where() -> None:
    lines = io.StringIO()
    with logger(lines) as log:
        try:
            fail()
        except ValueError:
            log.exception("Exception in ASGI application\n")

    (line,) = lines.getvalue().splitlines()
    assert line.startswith("error: Exception in ASGI application (ValueError in web/test_log_lines")
    assert SAID not in line


@pytest.mark.parametrize(
    "told", ["a\nerror: forged", "a\r\nb", "a\x1b[2Jb", "a\u2028b", "a\u202eb"]
)
def test_what_is_told_stays_on_its_line(told: str) -> None:
    lines = io.StringIO()
    with logger(lines) as log:
        log.warning("not counted: %s", told)

    assert len(lines.getvalue().splitlines()) == 1
    assert lines.getvalue()[:-1].isprintable()
    assert "forged" not in lines.getvalue()


def test_a_long_line_is_cut() -> None:
    lines = io.StringIO()
    with logger(lines) as log:
        log.warning("x" * 9000)

    assert len(lines.getvalue()) < LONGEST_LINE + 20


def test_so_many_lines_a_minute_come_from_one_place() -> None:
    clock, lines = Clock(), io.StringIO()
    with logger(lines, clock) as log:
        for at in range(MOST_LINES + 90):
            if at == MOST_LINES + 89:
                clock.now += MINUTE
            log.warning("Invalid HTTP request received.")
        log.warning("Something else.")

    told = lines.getvalue().splitlines()
    assert len(told) == MOST_LINES + 2
    assert told[-2].endswith("; 89 more like it were left out")
    assert told[-1] == "warning: Something else."


def test_what_a_library_prints_of_a_failure_is_such_a_line_too() -> None:
    code = (
        "import traceback\nfrom assistant.web import monitoring\nmonitoring.keep_log()\n"
        f"try:\n    raise ValueError({SAID!r})\nexcept ValueError:\n    traceback.print_exc()\n"
    )

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stderr == "error: a call of the page failed (ValueError in <string>, line 5)\n"


SERVE = """
import sys, tempfile
from pathlib import Path
from assistant.web import monitoring, server
from tests.builders import a_site
from tests.fakes import FakeGeneration, FakeLibrary
monitoring.keep_log()
listener = server.bind("127.0.0.1", 0)
app = server.application(a_site(FakeLibrary(FakeGeneration()), Path(tempfile.mkdtemp())))
print(listener.getsockname()[1], flush=True)
server.run(app, listener)
"""


def test_what_is_malformed_or_unknown_fills_no_log(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w+", encoding="utf-8") as written:
        command = [sys.executable, "-c", SERVE]
        with subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=written, text=True
        ) as served:
            assert served.stdout
            port = int(served.stdout.readline())
            try:
                for at in range(3 * MOST_LINES):
                    ask(port, f"/gradio_api/queue/data?session_hash=neighbour{at}")
                    ask(port, "/gradio_api/heartbeat/" + "x" * 65)
                    ask(port, "/documents/%ff%00neighbour")
                    ask(port, "neighbour")
            finally:
                served.terminate()
        written.seek(0)
        told = written.read()

    assert "neighbour" not in told
    assert "Traceback" not in told
    assert len(told.splitlines()) <= 3 * MOST_LINES
    assert max(map(len, told.splitlines())) < LONGEST_LINE + 100


def ask(port: int, path: str) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.putrequest("GET", path, skip_host=True)
    connection.endheaders()
    try:
        connection.getresponse().read()
    except (OSError, HTTPException):
        pass  # the connection is closed on what never becomes an answer
    finally:
        connection.close()
