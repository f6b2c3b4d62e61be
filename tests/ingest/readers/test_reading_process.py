"""What a hostile document may cost: itself, and nothing else."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.domain.errors import IngestError
from ingest.errors import ReadError
from ingest.readers import reading
from ingest.readers.confined.frames import ReadingLimits
from ingest.readers.confined.process import ReadingProcess

LIMITS = ReadingLimits(cpu=0.8, wall=4.0, memory=600_000_000, text=100_000)


@pytest.fixture
def process() -> Iterator[ReadingProcess]:
    wicked = ReadingProcess(LIMITS, module="tests.ingest.readers.wicked_worker")
    yield wicked
    wicked.close()


def do(process: ReadingProcess, deed: str) -> str:
    return process.read(deed.encode(), ".txt", name="x.txt").text


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ("segv", r"ended the process that read it \(SIGSEGV\); it may be damaged"),
        ("exit", r"ended the process that read it \(exit status 3\)"),
        ("spin", r"took more than 0\.8 s of computing"),
        ("sleep", r"took longer than 4 s to read"),
        ("grow", r"needs more than 600 MB of memory"),
        ("much", r"holds more than 0\.1 MB of text; split it"),
        ("hidden", r"it gave no proper answer"),
        ("fail", "is damaged"),
    ],
)
def test_a_document_that_misbehaves_is_refused_and_the_next_one_is_read(
    process: ReadingProcess, deed: str, reason: str
) -> None:
    with pytest.raises(ReadError, match=reason) as caught:
        do(process, deed)

    assert caught.value.name == "x.txt"
    assert do(process, "text") == "Some text."


@pytest.mark.parametrize(
    ("deed", "refused"),
    [
        ("connect", "needs no socket"),
        ("look up", "needs no socket"),
        ("start", "needs no subprocess"),
        ("write", "needs no open"),
    ],
)
def test_a_document_talks_to_nobody_starts_nothing_and_writes_nothing(
    process: ReadingProcess, deed: str, refused: str
) -> None:
    with pytest.raises(ReadError, match=refused):
        do(process, deed)


def test_not_even_c_code_can_write_to_a_file(process: ReadingProcess) -> None:
    assert do(process, "write in C") == "wrote -1"


def test_what_a_library_prints_is_not_taken_for_an_answer(process: ReadingProcess) -> None:
    assert do(process, "print") == "printed 2"
    assert do(process, "text") == "Some text."


def test_the_process_knows_no_secrets_and_has_no_files_of_its_parent(
    process: ReadingProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FORUM_CHAT_API_KEY", "canary")
    with (tmp_path / "open").open("w") as file:
        os.set_inheritable(file.fileno(), True)  # noqa: FBT003
        descriptors = json.loads(do(process, "descriptors"))

    assert set(json.loads(do(process, "environment"))) <= {
        "PYTHONPATH",
        "LC_ALL",
        "LC_CTYPE",
        "OMP_THREAD_LIMIT",
    }
    assert len(descriptors) <= 5  # three, the answers, and the listing itself
    assert json.loads(do(process, "loaded")) == []


def test_one_process_reads_all_documents_until_it_holds_on_to_memory() -> None:
    process = ReadingProcess(ReadingLimits(), module="tests.ingest.readers.wicked_worker")
    do(process, "text")
    first = process.pid
    do(process, "text")

    assert process.pid == first
    do(process, "keep")
    assert process.pid is None
    assert do(process, "text") == "Some text."
    assert process.pid != first
    process.close()


def test_a_process_that_ended_between_documents_is_replaced(process: ReadingProcess) -> None:
    do(process, "text")
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    time.sleep(0.1)

    assert do(process, "text") == "Some text."


def test_many_threads_get_each_their_own_answer(process: ReadingProcess) -> None:
    answers = []

    def ask(suffix: str) -> None:
        title = process.read(b"text", suffix, name="x").title
        answers.append((suffix, title.partition(" ")[0]))

    threads = [threading.Thread(target=ask, args=(f".{number}",)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 20
    assert all(asked == answered for asked, answered in answers)


def test_a_fault_is_logged_on_one_line(
    process: ReadingProcess, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), pytest.raises(ReadError):
        do(process, "fail")

    (record,) = caplog.records
    assert "ValueError" in record.getMessage()
    assert "\n" not in record.getMessage()


def test_a_process_that_cannot_start_is_no_fault_of_the_document() -> None:
    broken = ReadingProcess(LIMITS, module="tests.ingest.no_such_worker")

    with pytest.raises(IngestError, match="cannot start the process that reads") as caught:
        broken.read(b"text", ".txt", name="x.txt")

    assert not isinstance(caught.value, ReadError)


@pytest.mark.parametrize("busy", [False, True])
def test_the_process_ends_when_its_parent_is_killed(busy: bool) -> None:  # noqa: FBT001
    deeds = ["text", *(["sleep"] if busy else [])]
    code = (
        "import sys; from ingest.readers.confined.process import *\n"
        "limits, worker = ReadingLimits(wall=0.5), 'tests.ingest.readers.wicked_worker'\n"
        "process = ReadingProcess(limits, module=worker)\n"
        f"for deed in {deeds}:\n"
        "    print(process.pid, flush=True)\n"
        "    process.read(deed.encode(), '.txt', name='x')\n"
        "print(process.pid, flush=True)\n"
        "sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert parent.stdout
    parent.stdout.readline()
    child = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()

    until = time.monotonic() + 20
    while _lives(child) and time.monotonic() < until:
        time.sleep(0.05)

    assert not _lives(child)


def _lives(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_parsers_are_never_loaded_by_whoever_reads() -> None:
    code = (
        "import sys; from ingest.readers.reading import extracted\n"
        "print(extracted(b'<p>Some text.</p>', '.html', name='x').text)\n"
        "print([its for its in ('bs4', 'lxml', 'pypdfium2', 'mammoth') if its in sys.modules])"
    )

    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert run.stdout.splitlines() == ["Some text.", "[]"]


def test_a_document_of_a_hundred_megabytes_is_refused_before_it_is_handed_over() -> None:
    with pytest.raises(ReadError, match="larger than 50 MB"):
        reading.extracted(bytes(100_000_000), ".txt", name="x.txt")
