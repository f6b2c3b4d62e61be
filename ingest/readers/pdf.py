"""Read PDF files that carry text. Pages that are only pictures need OCR first."""

import ctypes
import re
import threading
from dataclasses import replace
from datetime import date
from statistics import median

import pypdfium2
from pypdfium2 import raw

from assistant.domain.light_markdown import Block, Heading, clean, render
from assistant.language.dates import date_of
from ingest.errors import ReadError
from ingest.readers.boilerplate import without_boilerplate, without_title
from ingest.readers.extract import Extract
from ingest.readers.pdf_hidden import Visibility
from ingest.readers.pdf_layout import blocks_of_pages, headline
from ingest.readers.pdf_style import PdfLine

_MAX_PAGES = 300
_MAX_TEXT = 5_000_000
_MAX_TITLE = 300
_MAX_FONT_NAME = 128
_BOLD = re.compile(rb"bold|black|heavy|demi|medi(?!um)|cmbx", re.IGNORECASE)
_ALL_AT_ONCE = threading.Lock()  # PDFium may serve one thread only

# Titles that programs write by themselves.
_NO_TITLE = re.compile(
    r".*\.(?:docx?|odt|rtf|pdf|indd|qxd|tex|dvi|xlsx?|pptx?|pub|cdr|ai|html?|txt)\W*"
    r"|microsoft (?:word|powerpoint|excel) - .*|(?:untitled|unbenannt|sans titre|naamloos)\W*\d*"
    r"|(?:powerpoint )?(?:presentation|présentation|presentatie|präsentation)\W*(?:powerpoint)?\d*"
    r"|document\W*\d*|slide \d+|\W*title\W*|\S*[-_/\\.]\S*|[\W\d_]*|.",
    re.IGNORECASE | re.DOTALL,
)


def read_pdf(data: bytes, *, name: str) -> Extract:
    """Return the text of a PDF in reading order, with headings by size of type."""
    with _ALL_AT_ONCE:
        document = _open(data, name)
        try:
            metadata = document.get_metadata_dict()
            pages, unseen = _pages(document, name)
        finally:
            document.close()
    if not any(pages):
        reason = (
            "seems scanned: it has no text layer; run it through OCR (text recognition),"
            " save it as a searchable PDF and try again"
        )
        raise ReadError(name, reason)
    blocks = blocks_of_pages(pages)
    title = _title(metadata.get("Title", ""), pages, blocks)
    return Extract(
        title,
        render(without_boilerplate(without_title(blocks, title))),
        # ModDate is no day of change: it says when the file was written last (`Extract.changed`).
        published=_day(metadata.get("CreationDate")) or _day(metadata.get("ModDate")),
        unseen=unseen,
    )


def _open(data: bytes, name: str) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as exc:
        if "password" in str(exc).lower() or "security" in str(exc).lower():
            reason = "is encrypted; save a copy that opens without a password"
        else:
            reason = (
                "is damaged or not a PDF; open it in a viewer and save or print it as PDF again"
            )
        raise ReadError(name, reason) from exc


def _pages(document: pypdfium2.PdfDocument, name: str) -> tuple[list[list[PdfLine]], int]:
    """Return the lines of each page, and how many words of all pages nobody sees."""
    if len(document) > _MAX_PAGES:
        reason = f"has {len(document)} pages, more than {_MAX_PAGES}; split it into several files"
        raise ReadError(name, reason)
    pages: list[list[PdfLine]] = []
    room, unseen = _MAX_TEXT, 0
    for number in range(len(document)):
        lines, hidden = _lines(document, number)
        unseen += hidden
        room -= sum(len(line.text) for line in lines)
        if room < 0:
            reason = f"holds more than {_MAX_TEXT // 10**6} MB of text; split it into several files"
            raise ReadError(name, reason)
        pages.append(lines)
    return pages, unseen


def _lines(document: pypdfium2.PdfDocument, number: int) -> tuple[list[PdfLine], int]:
    """Return the lines of a page and how many words of it nobody sees.

    A page that PDFium cannot load has none.
    """
    lines: list[PdfLine] = []
    unseen = 0
    try:
        page = document[number]
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError:
        return lines, 0
    try:
        text = textpage.get_text_range()
        visibility = Visibility(page, textpage)
        for match in re.finditer(r"[^\r\n]+", text):
            visible = _visible(match, visibility)
            unseen += len(match[0].split()) - len(visible.split())
            if clean(visible):
                lines.append(replace(_line(textpage, match), text=visible))
    finally:
        textpage.close()
        page.close()
    return lines, unseen


def _visible(match: re.Match[str], visibility: Visibility) -> str:
    """Return the words of a line that can be seen."""
    words = re.finditer(r"\S+", match[0])
    shown = [word[0] for word in words if visibility.shows(match.start() + word.start())]
    return match[0].strip() if len(shown) == len(match[0].split()) else " ".join(shown)


def _line(textpage: pypdfium2.PdfTextPage, match: re.Match[str]) -> PdfLine:
    """Return a line with its box, taken from its first, middle and last visible characters."""
    bare = match[0].rstrip()
    start = match.start() + len(bare) - len(bare.lstrip())
    end = match.start() + len(bare) - 1
    boxes = [_box(textpage, index) for index in (start, (start + end) // 2, end)]
    size = median(box[3] - box[1] for box in boxes)
    top = median(box[3] for box in boxes)
    is_one_line = abs(boxes[0][3] - boxes[2][3]) < size
    return PdfLine(
        bare.strip(),
        left=boxes[0][0],
        right=boxes[2][2],
        top=top if is_one_line else boxes[0][3],
        last_top=top if is_one_line else boxes[2][3],
        size=size,
        bold=all(_is_bold(textpage, index) for index in (start, (start + end) // 2, end)),
    )


def _box(textpage: pypdfium2.PdfTextPage, index: int) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of a character of the text; zeros if it has no place."""
    character = raw.FPDFText_GetCharIndexFromTextIndex(textpage, index)
    if character < 0:
        return (0.0, 0.0, 0.0, 0.0)
    try:
        left, bottom, right, top = textpage.get_charbox(character, loose=True)
    except pypdfium2.PdfiumError:
        return (0.0, 0.0, 0.0, 0.0)
    return (left, bottom, right, top)


def _is_bold(textpage: pypdfium2.PdfTextPage, index: int) -> bool:
    """Whether the font of a character is called bold."""
    character = raw.FPDFText_GetCharIndexFromTextIndex(textpage, index)
    buffer = ctypes.create_string_buffer(_MAX_FONT_NAME)
    flags = ctypes.c_int()
    length = raw.FPDFText_GetFontInfo(textpage, character, buffer, _MAX_FONT_NAME, flags)
    return 0 < length <= _MAX_FONT_NAME and _BOLD.search(buffer.value) is not None


def _title(metadata: str, pages: list[list[PdfLine]], blocks: list[Block]) -> str:
    """Return the title of the metadata if a person wrote it, else the headline, else a heading."""
    title = clean(metadata)[:_MAX_TITLE]
    if title and not _NO_TITLE.fullmatch(title):
        return title
    first = next((block.text for block in blocks if isinstance(block, Heading)), "")
    return headline(pages) or first


def _day(value: str | None) -> date | None:
    """Return the day of a PDF date, such as `D:20210228093000+01'00'`."""
    return date_of((value or "").removeprefix("D:")[:8])
