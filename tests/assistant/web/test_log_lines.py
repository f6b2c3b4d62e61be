"""A failure is a line of the log, without what a visitor sent, and only so many lines a minute."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest

from assistant.web.monitoring import LONGEST_LINE, MINUTE, MOST_LINES, JsonLines, ShortLines
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


def test_a_traceback_that_is_told_as_words_is_the_name_of_its_error() -> None:
    lines = io.StringIO()
    with logger(lines) as log:
        log.error("Traceback (most recent call last):\n  ...\nValueError: %s\n", SAID)

    assert lines.getvalue() == "error: ValueError\n"


@pytest.mark.parametrize("name", ["KeyboardInterrupt", "asyncio.exceptions.CancelledError"])
def test_nothing_is_told_of_a_server_that_is_stopped_twice(name: str) -> None:
    lines = io.StringIO()
    told = f"Traceback (most recent call last):\n  ...\n{name}\n"
    with logger(lines) as log:
        log.error(told)

    assert not lines.getvalue()


def test_a_message_that_does_not_fit_its_values_fails_nobody(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = io.StringIO()
    handler = ShortLines(lines, Clock())  # by itself: the handler of the tests would fail

    for told in ({"msg": "%d documents", "args": ("many",)}, {"msg": "and on it goes"}):
        handler.handle(logging.makeLogRecord({"levelname": "ERROR", **told}))

    assert lines.getvalue() == "error: and on it goes\n"
    assert "TypeError" in capsys.readouterr().err


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


def written_by(code: str) -> list[dict[str, Any]]:
    """Return what a process logs for programs: each of its lines has to be an object."""
    start = "import logging, sys, threading\nfrom assistant.web import monitoring\n"
    command = [sys.executable, "-c", f"{start}monitoring.keep_log('json')\n{code}"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout == ""
    return [json.loads(line) for line in run.stderr.splitlines()]


def test_a_log_for_programs_tells_when_what_where_and_how_it_failed() -> None:
    (line,) = written_by(
        "try:\n    raise ValueError('canary')\n"
        "except ValueError:\n    logging.getLogger('web').exception('no answer\\nat all')\n"
    )

    assert datetime.fromisoformat(line.pop("time")).utcoffset() == timedelta(0)
    assert line == {
        "level": "error",
        "logger": "web",
        "message": "no answer",
        "place": "<string>, line 7",
        "error": "ValueError in <string>, line 5",
    }


def test_what_is_printed_is_a_line_of_the_log_for_programs_too() -> None:
    code = (
        "print('The assistant is at', 'http://127.0.0.1')\nprint('warning: it is late')\n"
        "print('\\n', file=sys.stderr)\nprint('half', end='')\nprint(' a line', flush=True)\n"
        "threading.Thread(target=lambda: 1 / 0).start()\nimport warnings\nwarnings.warn('old')\n"
    )

    told = {(line["level"], line["message"]) for line in written_by(code)}

    assert {
        ("info", "The assistant is at http://127.0.0.1"),
        ("warning", "it is late"),
        ("info", "half a line"),
        ("error", "a thread failed"),
    } < told
    assert any("UserWarning: old" in message for _, message in told)


def test_a_log_for_programs_is_as_short_and_tells_what_was_left_out() -> None:
    clock, lines = Clock(), io.StringIO()
    its, handler = logging.getLogger("test-json-lines"), JsonLines(lines, clock)
    its.propagate = False
    its.addHandler(handler)
    for at in range(MOST_LINES + 9):
        if at == MOST_LINES + 8:
            clock.now += MINUTE
        its.warning("x\u2028" * 999)
    its.removeHandler(handler)

    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert len(told) == MOST_LINES + 1
    assert {len(line["message"]) for line in told} == {LONGEST_LINE}
    assert [line.get("left_out", 0) for line in told] == [0] * MOST_LINES + [8]


def test_a_run_that_a_server_starts_logs_as_the_server_does(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "assistant.cli.logged", "sync", "--data", str(tmp_path)]

    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (run.returncode, run.stdout) == (1, "")
    (line,) = map(json.loads, run.stderr.splitlines())
    assert line["level"] == "error"
    assert "forum.toml is not there" in line["message"]
