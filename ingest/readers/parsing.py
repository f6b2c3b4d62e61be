"""Parse one document, in the process at hand.

Only `ingest.readers.reading_worker` should: the rest of the program reads through
`ingest.readers.reading`, so that a hostile document costs at most itself.
"""

import importlib
from pathlib import PurePath
from typing import Protocol, cast

from ingest.errors import ReadError
from ingest.readers.extract import Extract
from ingest.readers.reading import READERS

_MAX_FAULT = 300


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
