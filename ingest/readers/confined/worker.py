"""The process that parses documents, confined: `python -m ingest.readers.confined.worker LIMITS`.

It takes frames from its standard input and answers each on its standard output, until the input
ends, which it does with the process that asked. Nothing here is a safe jail for machine code; it
takes away what a parser that was led astray in Python or C would reach for first.
"""

import ctypes
import importlib
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Protocol, cast

from ingest.errors import ReadError
from ingest.readers.confined.frames import (
    READY,
    FrameError,
    ReadAnswer,
    ReadingLimits,
    packed,
    read_frame,
    write_frame,
)
from ingest.readers.extract import Extract
from ingest.readers.reading import READERS

_MAX_FAULT = 300  # characters
_MAX_SUFFIX = 20
_MAX_DATA = 64_000_000  # above what `ingest.readers.reading` lets through
_MAX_OPEN_FILES = 64
_FRESH = 300_000_000  # bytes; a process that holds on to more is replaced
_ORPHANED = 2.0  # seconds beyond the wall limit, which the process that asked keeps itself
_NEW_USER, _NEW_NETWORK = 0x1000_0000, 0x4000_0000  # CLONE_NEWUSER, CLONE_NEWNET (linux/sched.h)
_REFUSED = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system",
)  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

Parse = Callable[[bytes, str], Extract]


class FormatReader(Protocol):
    """Turns the bytes of one format into an extract; raises ReadError if it cannot."""

    def __call__(self, data: bytes, *, name: str) -> Extract:
        """Read a document; `name` is what to call it in an error."""
        ...


def parsed(data: bytes, suffix: str, *, name: str) -> Extract:
    """Return what the bytes of a file hold. The reader is loaded when its first file comes.

    Raises:
        ReadError: It is damaged or empty; the cause, where there is one, is what a parser raised.
        MemoryError: There is no memory left for it.
    """
    read = _reader(suffix)
    try:
        extract = read(data, name=name)
    except (ReadError, MemoryError):
        raise
    except Exception as exc:  # parsers raise what they like on damaged files: report, go on
        kind = suffix.removeprefix(".").upper()
        reason = (
            f"cannot be read as {kind} ({type(exc).__name__}); it may be damaged, save it again"
        )
        raise ReadError(name, reason) from exc
    if not any(map(str.isalnum, extract.text)):
        raise ReadError(name, "holds no text besides its title; there is nothing to answer from")
    return extract


def fault_of(error: BaseException) -> str:
    """Return what a parser raised, and where, on one line of ASCII; it is for the log."""
    trace, place = error.__traceback__, ""
    while trace:
        place = f"{PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return ascii(f"{type(error).__name__}: {error}"[:_MAX_FAULT]) + f" at {place}"


def _reader(suffix: str) -> FormatReader:
    module, function = READERS[suffix].split(":")
    return cast("FormatReader", getattr(importlib.import_module(module), function))


def serve(limits: ReadingLimits, parse: Parse) -> None:
    """Answer one document after the other until the input ends."""
    asked = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not be taken for an answer
    _confine(limits)
    write_frame(answers, READY)
    with suppress(FrameError):  # the input has ended
        while True:
            suffix = read_frame(asked, longest=_MAX_SUFFIX).decode()
            answer = _answer(read_frame(asked, longest=_MAX_DATA), suffix, limits, parse)
            write_frame(answers, packed(answer))
            if answer.is_last:
                break


def _answer(data: bytes, suffix: str, limits: ReadingLimits, parse: Parse) -> ReadAnswer:
    signal.setitimer(signal.ITIMER_PROF, limits.cpu)  # ends the process, within C code as well
    signal.setitimer(signal.ITIMER_REAL, limits.wall + _ORPHANED)
    try:
        extract = parse(data, suffix)
        if len(extract.text.encode("utf-8", "replace")) > limits.text:
            reason = f"holds more than {limits.text / 1e6:g} MB of text; split it into several"
            return ReadAnswer(reason=reason, is_last=_is_large())
        return ReadAnswer(extract, is_last=_is_large())
    except ReadError as exc:
        fault = fault_of(exc.__cause__) if exc.__cause__ else ""
        return ReadAnswer(reason=exc.reason, fault=fault, is_last=_is_large())
    except MemoryError:
        most = limits.memory / 1e6
        reason = f"needs more than {most:.0f} MB of memory to read; split it, or save it again"
        return ReadAnswer(reason=reason, is_last=True)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _is_large() -> bool:
    with suppress(OSError):  # where there is no such file, nothing is known
        resident = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return resident * resource.getpagesize() > _FRESH
    return False


def _confine(limits: ReadingLimits) -> None:
    """Take away the network, other processes, writing, and memory without end."""
    with suppress(AttributeError):  # only Linux has it, and not all of them let anybody do so
        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)
    for what, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, _MAX_OPEN_FILES),
    ):
        with suppress(ValueError):  # the system's own limit is lower still
            resource.setrlimit(what, (most, most))
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    """Let no Python code talk to anybody, start a program or write a file."""
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING
    if writes or event.startswith(_REFUSED):
        msg = f"reading a document needs no {event}"
        raise PermissionError(msg)


def _parse(data: bytes, suffix: str) -> Extract:
    return parsed(data, suffix, name="the document")


if __name__ == "__main__":
    serve(ReadingLimits(**json.loads(sys.argv[1])), _parse)
