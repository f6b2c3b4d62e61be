"""The blocks a document is made of, and their light Markdown. No input or output happens here.

`assistant.domain.corpus` defines the form. Two things need a rule, because what stands in a line
must be what a reader sees, without escapes:

- A paragraph that begins like a marker (`1. January 2020 was cold`, `- 5 degrees`, `# 1`) is
  written with one space before it. Markers stand at an even indentation, so one space means
  "not a marker"; whoever trims the line first sees a list of one item, with the same words.
- A `|` inside a table cell becomes a broken bar (`¦`), since the bar divides the cells.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# What takes a variation selector, and what a zero-width joiner makes one picture of.
_EMOJI = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u2328\u232b-\u23ff\u24c2\u25a0-\u27bf\u2934\u2935"
    "\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_DELETED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # C0 and C1 controls that are not white space
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, invisible fillers
    "\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f"  # zero width, bidi
    "\ufdd0-\ufdef\ufe00-\ufe0d\ufeff\ufff9-\ufffb"  # noncharacters, selectors, annotations
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # shorthand and music controls
    "\U000e0000-\U000e0fff\ud800-\udfff\ufffe\uffff]"  # tags, lone surrogates, noncharacters
    # Joiners and selectors stay where they make an emoji; elsewhere they can hide a message.
    f"|(?<![{_EMOJI}])(?<![{_EMOJI}]\ufe0f)\u200d|\u200d(?![{_EMOJI}])"
    f"|(?<![{_EMOJI}0-9#*])[\ufe0e\ufe0f]|(?<=[0-9#*])[\ufe0e\ufe0f](?!\u20e3)"
)
_WHITE_SPACE = re.compile(r"[\s\u2800\u3164\uffa0]+")
_MARKER = re.compile(r"(?:#{1,6}|[-*+]|\d{1,9}[.)]|>) |>|\||(?:#{1,6}|[-*+]|\d{1,9}[.)])$")
_MAX_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is kept for the title, which is not part of the text.

    Attributes:
        is_link: Whether all of it leads elsewhere, as the title of another article does.
    """

    level: int
    text: str
    is_link: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quoted paragraph; a longer quotation is several of them."""

    text: str


@dataclass(frozen=True, slots=True)
class ListItem:
    """An item with the lists nested under it."""

    text: str
    children: tuple["ListBlock", ...] = ()


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list; an ordered one counts up from `start`."""

    items: tuple[ListItem, ...]
    ordered: bool = False
    start: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table; rows may be shorter than the widest one."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Quotation | ListBlock | Table


def clean(text: str) -> str:
    """Return text in NFC, on one line, without characters that a reader cannot see.

    All white space, no-break spaces too, becomes single plain spaces. Is idempotent.
    """
    visible = _DELETED.sub("", _WHITE_SPACE.sub(" ", text))
    return _WHITE_SPACE.sub(" ", unicodedata.normalize("NFC", visible)).strip()


def is_visible(text: str) -> bool:
    """Whether a text of any number of lines holds no character that a reader cannot see."""
    return _DELETED.search(text) is None


def render(blocks: Iterable[Block]) -> str:
    """Return the light Markdown of blocks; blocks without text are left out."""
    rendered = ("\n".join(_lines(block)) for block in blocks)
    return "\n\n".join(text for text in rendered if text)


def plain_text(block: Block) -> str:
    """Return the words of a block, without its markers."""
    match block:
        case Table(header, rows):
            return " ".join(cell for row in (header, *rows) for cell in row)
        case ListBlock(items):
            nested = (
                (item.text, *(plain_text(child) for child in item.children)) for item in items
            )
            return " ".join(text for texts in nested for text in texts)
        case _:
            return block.text


def has_text(block: Block) -> bool:
    """Whether a block has words; of a list, whether an item has, or a list below it."""
    match block:
        case ListBlock(items):
            return any(item.text or item.children for item in items)
        case Table():
            return True
        case _:
            return not block.text.isspace() and block.text != ""


def _lines(block: Block) -> Iterator[str]:
    match block:
        case ListBlock():
            yield from _list_lines(block, "")
        case Table():
            yield from _table_lines(block)
        case Heading(level, text, _):
            if text := clean(text):
                yield f"{'#' * min(max(level, 1), _MAX_LEVEL)} {text}"
        case Quotation(text):
            if text := clean(text):
                yield f"> {text}"
        case Paragraph(text):
            if text := clean(text):
                yield f" {text}" if _MARKER.match(text) else text


def _list_lines(block: ListBlock, indent: str) -> Iterator[str]:
    number = block.start
    for item in block.items:
        text = clean(item.text)
        if text:
            yield f"{indent}{number}. {text}" if block.ordered else f"{indent}- {text}"
            number += 1
        for child in item.children:
            # A list under an item without words of its own takes the item's place.
            yield from _list_lines(child, f"{indent}  " if text else indent)


def _table_lines(table: Table) -> Iterator[str]:
    rows = [[clean(cell).replace("|", "¦") for cell in row] for row in (table.header, *table.rows)]
    width = max(map(len, rows))
    if not any(cell for row in rows for cell in row):
        return
    for index, row in enumerate(rows):
        yield _table_line(row + [""] * (width - len(row)))
        if index == 0:
            yield _table_line(["---"] * width)


def _table_line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
