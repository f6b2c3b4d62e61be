"""Have documents parsed by a process of its own, which is replaced when a document ends it."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from typing import IO, BinaryIO, cast

from assistant.domain.errors import IngestError
from ingest.errors import ReadError
from ingest.readers.confined.frames import (
    READY,
    FrameError,
    ReadAnswer,
    ReadingLimits,
    read_frame,
    unpacked,
    write_frame,
)
from ingest.readers.extract import Extract

_log = logging.getLogger(__name__)

_START = 60.0  # seconds to start an interpreter on a busy machine; it takes a tenth of one
_GOODBYE = 1.0  # seconds
_AS_JSON = 2  # times the size of a text at most, where all of it is quotation marks
_AROUND = 1_000_000  # bytes of title, address and translations
_DOUBT = "it may be damaged or made to do so; open it and save it again, or leave it out"
_TOO_LONG = (signal.SIGPROF, signal.SIGXCPU)


class ReadingProcess:
    """Reads one document at a time, for any thread.

    The process starts with the first document and ends with this one, however this one ends: its
    input then does.

    Attributes:
        pid: The process that reads, None while there is none.
    """

    def __init__(
        self, limits: ReadingLimits | None = None, *, module: str = "ingest.readers.confined.worker"
    ) -> None:
        self._limits = limits or ReadingLimits()
        self._module = module
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process that reads."""
        return self._child.pid if self._child else None

    def read(self, data: bytes, suffix: str, *, name: str) -> Extract:
        """Return what the bytes of a document hold.

        Raises:
            ReadError: It cannot be read, costs too much, or ended the process.
            IngestError: The process cannot be started, so that no document can be read.
        """
        with self._lock:
            try:
                answer = self._answer(self._running(), data, suffix, name)
            except BaseException:  # an answer still to come would be taken for that to the next
                self._end()
                raise
            if answer.is_last:
                self._end()
        if answer.fault:
            _log.warning("reading %s failed: %s", ascii(name), ascii(answer.fault))
        if answer.extract is None:
            raise ReadError(name, answer.reason)
        return answer.extract

    def close(self) -> None:
        """End the process; the next document starts another."""
        with self._lock:
            self._end()

    def _answer(
        self, child: subprocess.Popen[bytes], data: bytes, suffix: str, name: str
    ) -> ReadAnswer:
        deadline = time.monotonic() + self._limits.wall
        timer = threading.Timer(self._limits.wall, child.kill)
        timer.start()
        try:
            write_frame(_stream(child.stdin), suffix.encode())
            write_frame(_stream(child.stdin), data)
            longest = _AS_JSON * self._limits.text + _AROUND
            return unpacked(read_frame(_stream(child.stdout), longest=longest))
        except (FrameError, OSError) as exc:
            late = time.monotonic() >= deadline
            self._end()
            raise ReadError(name, self._why(child.returncode, late=late)) from exc
        finally:
            timer.cancel()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._end()
            self._child = self._started()
        return self._child

    def _started(self) -> subprocess.Popen[bytes]:
        """Start a process of a fresh interpreter: one that was forked would inherit too much."""
        child = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-P", "-B", "-m", self._module, json.dumps(asdict(self._limits))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={
                "PYTHONPATH": os.pathsep.join(filter(os.path.isabs, sys.path)),
                "LC_ALL": "C",
                "OMP_THREAD_LIMIT": "1",  # of Tesseract, which may start none
            },
            start_new_session=True,  # Ctrl-C is for the process that asked
        )
        timer = threading.Timer(_START, child.kill)
        timer.start()
        try:
            read_frame(_stream(child.stdout), longest=len(READY))
        except FrameError as exc:
            _ended(child)
            msg = f"cannot start the process that reads documents ({_how(child.returncode)})"
            raise IngestError(msg) from exc
        finally:
            timer.cancel()
        return child

    def _end(self) -> None:
        if self._child is not None:
            _ended(self._child)
            self._child = None

    def _why(self, status: int, *, late: bool) -> str:
        """Return what a document did, fit for the person who put it there."""
        if late or -status == signal.SIGALRM:
            return f"took longer than {self._limits.wall:g} s to read; {_DOUBT}"
        if -status in _TOO_LONG:
            return f"took more than {self._limits.cpu:g} s of computing to read; {_DOUBT}"
        return f"ended the process that read it ({_how(status)}); {_DOUBT}"


def _ended(child: subprocess.Popen[bytes]) -> None:
    """End a process and take its exit status. One that has nothing more to read ends by itself."""
    for pipe in (child.stdin, child.stdout):
        with suppress(OSError):
            _stream(pipe).close()
    try:
        child.wait(_GOODBYE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _how(status: int) -> str:
    """Return how a process ended, in words."""
    if status == 0:
        return "it gave no proper answer"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"exit status {status}"


def _stream(pipe: IO[bytes] | None) -> BinaryIO:
    return cast("BinaryIO", pipe)
