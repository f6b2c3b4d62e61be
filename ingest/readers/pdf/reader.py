"""Read PDF files that carry text. Pages that are only pictures need OCR first."""

import ctypes
import functools
import math
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pypdfium2
from pypdfium2 import raw

from assistant.domain.light_markdown import Block, Heading, clean, render
from assistant.language.dates import date_of
from ingest.errors import ReadError
from ingest.readers.extract import SCANNED, Extract
from ingest.readers.pdf.drawn import Visibility, filled_in, prepare
from ingest.readers.pdf.layout import Layout
from ingest.readers.pdf.page import PdfPage, PdfWord, page_of
from ingest.readers.pdf.pictures import PictureReader
from ingest.readers.recognition.tesseract import Recognition
from ingest.readers.shared.boilerplate import without_title
from ingest.readers.shared.numerals import raised

_MAX_PAGES = 300
_MOST_PICTURES = 100  # pages that are recognised; each takes seconds
_MAX_TEXT = 5_000_000
_MAX_TITLE = 300
_MAX_FONT_NAME = 128
_BOLD = re.compile(rb"bold|black|heavy|demi|medi(?!um)|cmbx", re.IGNORECASE)
_RAISED = 0.85  # times the height of a word, of the number of a footnote that hangs on it
_MOST_ABOVE = 3  # digits
_NOTE_NUMBER = re.compile(r"(.*[^\W\d_].*?[^\d\s])(\d{1,3})")
_AREA_OR_SPACE = re.compile(r"(?:.*[^a-zA-Zµμ])?(?:[nµμmcdhk]m|dam|ft|yd)[23]", re.DOTALL)
_WORD = re.compile(r"[^\s\u0002\ufffe]+[\u0002\ufffe]?")  # those two part a word at a line end
CharacterBox = tuple[float, float, float, float]
_LEADER = re.compile(r"[.…·_]{4,}$")  # leads the eye to a figure at the end of the line
_LIGATURES = str.maketrans(
    {
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
        "\u0002": "-",
        "\ufffe": "-",
    }
)
_ALL_AT_ONCE = threading.Lock()  # PDFium may serve one thread only

# Titles that programs write by themselves.
_NO_TITLE = re.compile(
    r".*\.(?:docx?|odt|rtf|pdf|indd|qxd|tex|dvi|xlsx?|pptx?|pub|cdr|ai|html?|txt)\W*"
    r"|microsoft (?:word|powerpoint|excel) - .*|(?:untitled|unbenannt|sans titre|naamloos)\W*\d*"
    r"|(?:powerpoint )?(?:presentation|présentation|presentatie|präsentation)\W*(?:powerpoint)?\d*"
    r"|document\W*\d*|slide \d+|\W*title\W*|\S*[-_/\\.]\S*|[\W\d_]*|.",
    re.IGNORECASE | re.DOTALL,
)
_ENTRY = re.compile(r"^(.*[^\W\d_].*?)\s*(?:[.…·_]\s?){4,}\s*(\d{1,3})[^\S\n]*$", re.MULTILINE)
"""A line whose end a row of dots leads to, where a number stands alone."""

_FEWEST_ENTRIES = 4  # entries, which count in the order of pages
_BEGINNING = 12  # letters by which a title that goes on in the next line is known


class TablesOfContents:
    """The tables of contents of a document. `pages` gives the text of each page when needed."""

    def __init__(self, pages: Callable[[], Iterable[str]]) -> None:
        self._pages = pages

    def within(self, page: str) -> range:
        """Return which characters of a page's text are entries, and what stands between them.

        Prices stand beside rows of dots as well, but no line of another page is called so.
        """
        entries = list(_ENTRY.finditer(page))
        numbers = [int(entry[2]) for entry in entries]
        in_order = all(first <= second for first, second in pairwise(numbers))
        if len(entries) < _FEWEST_ENTRIES or not in_order:
            return range(0)
        known = sum(self._is_elsewhere(_letters(entry[1])) for entry in entries)
        return range(entries[0].start(), entries[-1].end() if 2 * known > len(entries) else 0)

    def _is_elsewhere(self, title: str) -> bool:
        begins = (title[:end] for end in range(min(_BEGINNING, len(title)), len(title)))
        return self._lines[title] > 1 or any(self._lines[beginning] for beginning in begins)

    @functools.cached_property
    def _lines(self) -> Counter[str]:
        """On how many pages each line stands, by its letters."""
        pages = ({_letters(line) for line in page.splitlines()} for page in self._pages())
        return Counter(line for lines in pages for line in lines)


def read_pdf(data: bytes, *, name: str, recognition: Recognition | None = None) -> Extract:
    """Return the text of a PDF in reading order, with headings by size of type.

    Pages that are pictures are read by `recognition`, if that is given.
    """
    with _ALL_AT_ONCE:
        document = _open(data, name)
        try:
            metadata = document.get_metadata_dict()
            prepare(document)
            pages, unseen = _pages(document, name, recognition)
        finally:
            document.close()
    if not any(page.words for page in pages):
        raise ReadError(name, SCANNED)
    layout = Layout(pages)
    blocks = layout.blocks()
    title = _title(metadata.get("Title", ""), layout, blocks)
    return Extract(
        title,
        render(without_title(blocks, title)),
        # ModDate is no day of change: it says when the file was written last (`Extract.changed`).
        published=_day(metadata.get("CreationDate")) or _day(metadata.get("ModDate")),
        unseen=unseen,
        blank_pages=_numbers(pages, with_words=False),
        recognised_pages=_numbers(pages, with_words=True),
    )


def _numbers(pages: Sequence[PdfPage], *, with_words: bool) -> tuple[int, ...]:
    """Return the numbers of the pages that are pictures, with or without words recognised."""
    numbered = enumerate(pages, 1)
    return tuple(at for at, page in numbered if page.pictured and bool(page.words) is with_words)


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


def _pages(
    document: pypdfium2.PdfDocument, name: str, recognition: Recognition | None
) -> tuple[list[PdfPage], int]:
    """Return what stands on each page, and how many words of all pages nobody sees."""
    if len(document) > _MAX_PAGES:
        reason = f"has {len(document)} pages, more than {_MAX_PAGES}; split it into several files"
        raise ReadError(name, reason)
    pages: list[PdfPage] = []
    room, unseen = _MAX_TEXT, 0
    pictures = PictureReader(recognition) if recognition else None
    contents = TablesOfContents(functools.partial(_texts, document))
    for number in range(len(document)):
        page, hidden = _page(document, number, contents)
        if page.pictured and pictures and sum(each.pictured for each in pages) < _MOST_PICTURES:
            page = replace(page_of(pictures.words(document[number]), ()), pictured=True)
        unseen += hidden
        room -= sum(len(word.text) for word in page.words)
        if room < 0:
            reason = f"holds more than {_MAX_TEXT // 10**6} MB of text; split it into several files"
            raise ReadError(name, reason)
        pages.append(page)
    return pages, unseen


def _texts(document: pypdfium2.PdfDocument) -> Iterator[str]:
    """Yield the text of each page that PDFium can load."""
    for number in range(len(document)):
        try:
            page = document[number]
            textpage = page.get_textpage()
        except pypdfium2.PdfiumError:
            continue
        yield textpage.get_text_range()
        textpage.close()
        page.close()


def _page(
    document: pypdfium2.PdfDocument, number: int, contents: TablesOfContents
) -> tuple[PdfPage, int]:
    """Return what is seen on a page, and how many words of it nobody sees.

    A page that PDFium cannot load has nothing.
    """
    try:
        page = filled_in(document, number)
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError:
        return PdfPage(()), 0
    try:
        text = textpage.get_text_range()
        visibility = Visibility(page, textpage)
        words: list[PdfWord] = []
        unseen, left_out = 0, contents.within(text)
        for match in _WORD.finditer(text):
            if match.start() in left_out:
                continue
            if visibility.shows(match.start()):
                words += _word(textpage, match)
            else:
                unseen += 1
        found = page_of(words, visibility.edges())
        return replace(found, pictured=not words and visibility.is_pictured()), unseen
    finally:
        textpage.close()
        page.close()


def _word(textpage: pypdfium2.PdfTextPage, match: re.Match[str]) -> Iterator[PdfWord]:
    """Yield a word in its place, without the number of a footnote that hangs on it."""
    text, first = match[0].translate(_LIGATURES), match.start()
    text = _LEADER.sub("", text)
    if not clean(text):
        return
    end = first + len(_LEADER.sub("", match[0]))
    angle = raw.FPDFText_GetCharAngle(textpage, max(0, _index(textpage, first)))
    turned = -round(math.degrees(angle) / 90) % 4  # PDFium counts to the right
    box, last = _box(textpage, first), _box(textpage, end - 1)
    note = _NOTE_NUMBER.fullmatch(match[0])
    if note and not _AREA_OR_SPACE.fullmatch(match[0]):
        number = _box(textpage, first + note.end(1))
        if _is_above(number, box):
            text = note[1].translate(_LIGATURES)
            last = _box(textpage, first + note.end(1) - 1)
    elif not turned and _is_above(last, box) and (above := _digits_above(textpage, match)):
        text = text[:-above] + raised(text[-above:])
    yield PdfWord(
        text,
        left=min(box[0], last[0]),
        right=max(box[2], last[2]),
        bottom=min(box[1], last[1]) if turned % 2 else box[1],
        top=max(box[3], last[3]) if turned % 2 else box[3],
        bold=_is_bold(textpage, first),
        turned=turned,
    )


def _digits_above(textpage: pypdfium2.PdfTextPage, word: re.Match[str]) -> int:
    """Return how many digits at the end of a word stand above its line: a note's, or a power's.

    They stand above a letter, a digit, a bracket or a sign of per cent, and below no bar.
    """
    text = word[0]
    for above in range(1, min(_MOST_ABOVE, len(text) - 1) + 1):
        base = text[-1 - above]
        if text[-above] not in "0123456789" or not (base.isalnum() or base in ")%"):
            break
        below, digit = (_box(textpage, word.end() - 1 - at) for at in (above, above - 1))
        if _is_above(digit, below):
            return 0 if "\u2044" in text else above
    return 0


def _is_above(digit: CharacterBox, base: CharacterBox) -> bool:
    return digit[1] > base[1] and digit[3] - digit[1] < _RAISED * (base[3] - base[1])


def _box(textpage: pypdfium2.PdfTextPage, index: int) -> CharacterBox:
    """Return left, bottom, right and top of a character of the text; zeros if it has no place."""
    character = _index(textpage, index)
    if character < 0:
        return (0.0, 0.0, 0.0, 0.0)
    try:
        left, bottom, right, top = textpage.get_charbox(character, loose=True)
    except pypdfium2.PdfiumError:
        return (0.0, 0.0, 0.0, 0.0)
    return (left, bottom, right, top)


def _index(textpage: pypdfium2.PdfTextPage, index: int) -> int:
    """Return the number of a character of the page's text; below 0 if it has none."""
    return int(raw.FPDFText_GetCharIndexFromTextIndex(textpage, index))


def _is_bold(textpage: pypdfium2.PdfTextPage, index: int) -> bool:
    """Whether the font of a character is called bold."""
    character = raw.FPDFText_GetCharIndexFromTextIndex(textpage, index)
    buffer = ctypes.create_string_buffer(_MAX_FONT_NAME)
    flags = ctypes.c_int()
    length = raw.FPDFText_GetFontInfo(textpage, character, buffer, _MAX_FONT_NAME, flags)
    return 0 < length <= _MAX_FONT_NAME and _BOLD.search(buffer.value) is not None


def _title(metadata: str, layout: Layout, blocks: list[Block]) -> str:
    """Return the title of the metadata if a person wrote it, else the headline, else a heading."""
    title = clean(metadata)[:_MAX_TITLE]
    if title and not _NO_TITLE.fullmatch(title):
        return title
    first = next((block.text for block in blocks if isinstance(block, Heading)), "")
    return layout.headline() or first


def _day(value: str | None) -> date | None:
    """Return the day of a PDF date, such as `D:20210228093000+01'00'`."""
    return date_of((value or "").removeprefix("D:")[:8])


def _letters(line: str) -> str:
    return "".join(filter(str.isalpha, line.casefold()))
