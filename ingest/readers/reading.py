"""Read one file, whatever its format: the one door to the parsers.

They run in a process of their own (ingest.readers.confined.process), so that a hostile document
costs at most itself; no parser is ever loaded here.
"""

import functools
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from ingest.errors import ReadError
from ingest.readers.confined.frames import ReadingLimits
from ingest.readers.confined.process import ReadingProcess
from ingest.readers.extract import SCANNED, Extract
from ingest.readers.recognition import tesseract

_MAX_BYTES = 50_000_000
_PROCESS = ReadingProcess()
_RECOGNISING = ReadingProcess(
    ReadingLimits(cpu=900.0, wall=1200.0, memory=2 << 30),
    module="ingest.readers.recognition.worker",
)
"""For scanned PDFs: a page takes seconds."""

READERS: Mapping[str, str] = MappingProxyType(
    {
        ".html": "ingest.readers.html.reader:read_html",
        ".htm": "ingest.readers.html.reader:read_html",
        ".xhtml": "ingest.readers.html.reader:read_html",
        ".md": "ingest.readers.markdown:read_markdown",
        ".markdown": "ingest.readers.markdown:read_markdown",
        ".txt": "ingest.readers.plain_text:read_text",
        ".pdf": "ingest.readers.pdf.reader:read_pdf",
        ".docx": "ingest.readers.docx.reader:read_docx",
        ".odt": "ingest.readers.opendocument.odt:read_odt",
        ".pptx": "ingest.readers.pptx.reader:read_pptx",
        ".odp": "ingest.readers.opendocument.odp:read_odp",
        ".xlsx": "ingest.readers.xlsx.reader:read_xlsx",
        ".ods": "ingest.readers.opendocument.ods:read_ods",
        ".epub": "ingest.readers.epub:read_epub",
    }
)
"""The reader of each suffix, as module and function."""

_SAVE = "is {}; open it in {} and save it as {}"
_OFFICE = "{} or LibreOffice"
REFUSED: Mapping[str, str] = MappingProxyType(
    {
        suffix: _SAVE.format(what, program, better)
        for suffix, what, program, better in (
            (".doc", "an old Word document", _OFFICE.format("Word"), ".docx"),
            (".dot", "an old template of Word", _OFFICE.format("Word"), ".docx"),
            (".docm", "a Word document with macros", _OFFICE.format("Word"), ".docx"),
            (".rtf", "a document in Rich Text Format", _OFFICE.format("Word"), ".docx"),
            (".pages", "a document of Pages", "Pages", ".docx"),
            (".ppt", "an old PowerPoint presentation", _OFFICE.format("PowerPoint"), ".pptx"),
            (".pptm", "a presentation with macros", _OFFICE.format("PowerPoint"), ".pptx"),
            (".xls", "an old Excel workbook", _OFFICE.format("Excel"), ".xlsx"),
            (".xlsm", "a workbook with macros", _OFFICE.format("Excel"), ".xlsx"),
        )
    }
)
"""Documents that cannot be read but saved as ones that can, by suffix: why, and what to do."""


def read_file(path: Path, *, name: str) -> Extract:
    """Return what a file holds.

    Raises:
        ReadError: The file cannot be opened, is of no known format, is too large, damaged or
            empty; the reason is fit for the person who put the file there.
    """
    return extracted(read_bytes(path, name=name), path.suffix.lower(), name=name)


def extracted(data: bytes, suffix: str, *, name: str) -> Extract:
    """Return what the bytes of a file hold; raises what `read_file` raises."""
    if len(data) > _MAX_BYTES:
        raise ReadError(name, f"is larger than {_MAX_BYTES // 10**6} MB; split it or leave it out")
    try:
        extract = _PROCESS.read(data, suffix, name=name)
    except ReadError as exc:
        if exc.reason != SCANNED or not can_recognise():
            raise
        return _RECOGNISING.read(data, suffix, name=name)
    if not extract.blank_pages or not can_recognise():
        return extract
    with suppress(ReadError):  # what could be read without recognition is better than nothing
        return _RECOGNISING.read(data, suffix, name=name)
    return extract


@functools.cache
def can_recognise() -> bool:
    """Whether Tesseract is installed, which recognises the words in pictures of pages."""
    return shutil.which("tesseract") is not None


def recognised_languages() -> tuple[str, ...]:
    """Return the codes of the languages that are recognised in pictures of pages, none without."""
    return _installed_languages() if can_recognise() else ()


@functools.cache  # it takes a sixth of a second
def _installed_languages() -> tuple[str, ...]:
    return tuple(sorted(tesseract.installed() or ()))


def read_bytes(path: Path, *, name: str) -> bytes:
    """Return the bytes of a file of a known format; raises what `read_file` raises."""
    suffix = path.suffix.lower()
    if suffix in REFUSED:
        raise ReadError(name, REFUSED[suffix])
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
