"""Read one file, whatever its format. Each reader is loaded when its first file comes."""

import importlib
import logging
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, cast

from ingest.errors import ReadError
from ingest.extract import Extract

_log = logging.getLogger(__name__)

_MAX_BYTES = 50_000_000

READERS: Mapping[str, str] = MappingProxyType(
    {
        ".html": "ingest.html:read_html",
        ".htm": "ingest.html:read_html",
        ".xhtml": "ingest.html:read_html",
        ".md": "ingest.markdown:read_markdown",
        ".markdown": "ingest.markdown:read_markdown",
        ".txt": "ingest.plain_text:read_text",
        ".pdf": "ingest.pdf:read_pdf",
        ".docx": "ingest.docx:read_docx",
    }
)
"""The reader of each suffix, as module and function."""


class Reader(Protocol):
    """Turns the bytes of one format into an extract; raises ReadError if it cannot."""

    def __call__(self, data: bytes, *, name: str) -> Extract:
        """Read a document; `name` is what to call it in an error."""
        ...


def read_file(path: Path, *, name: str) -> Extract:
    """Return what a file holds.

    Raises:
        ReadError: The file cannot be opened, is of no known format, is too large, damaged or
            empty; the reason is fit for the person who put the file there.
    """
    return extracted(read_bytes(path, name=name), path.suffix.lower(), name=name)


def extracted(data: bytes, suffix: str, *, name: str) -> Extract:
    """Return what the bytes of a file hold; raises what `read_file` raises."""
    read = _reader(suffix)
    try:
        extract = read(data, name=name)
    except ReadError:
        raise
    except Exception as exc:  # parsers raise what they like on damaged files: report, go on
        _log.warning("reading %s failed", name, exc_info=True)
        kind = suffix.removeprefix(".").upper()
        reason = (
            f"cannot be read as {kind} ({type(exc).__name__}); it may be damaged, save it again"
        )
        raise ReadError(name, reason) from exc
    if not any(map(str.isalnum, extract.text)):
        raise ReadError(name, "holds no text besides its title; there is nothing to answer from")
    return extract


def _reader(suffix: str) -> Reader:
    module, function = READERS[suffix].split(":")
    return cast("Reader", getattr(importlib.import_module(module), function))


def read_bytes(path: Path, *, name: str) -> bytes:
    """Return the bytes of a file of a known format; raises what `read_file` raises."""
    suffix = path.suffix.lower()
    if suffix not in READERS:
        known = ", ".join(READERS)
        raise ReadError(name, f"has the unknown format {suffix or '(none)'}; known are {known}")
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except PermissionError as exc:
        raise ReadError(name, "may not be read; give this program permission to read it") from exc
    except OSError as exc:
        raise ReadError(name, f"cannot be opened: {exc.strerror or exc}") from exc
    if len(data) > _MAX_BYTES:
        raise ReadError(name, f"is larger than {_MAX_BYTES // 10**6} MB; split it or leave it out")
    if not data.strip():
        raise ReadError(name, "is empty")
    return data
