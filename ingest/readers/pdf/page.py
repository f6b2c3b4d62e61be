"""What stands on the page of a PDF, as it was measured. No input or output happens here."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.readers.shared.grid import Cell
from ingest.readers.shared.lines import is_bullet

SAME_EDGE = 3.0
"""Points between edges that are taken for one."""
HYPHENS = "-\u00ad\u2010\u0002\ufffe"
"""What parts a word at a line end; the last two are how PDFium writes it."""

Gap = tuple[float, float]
"""Left and right of a column, or of what parts two of them."""

_SOFT = "\u00ad"
_LATER = re.compile(r"(?:und|oder|sowie|bzw\.|en)\s")  # in German, and in Dutch
_SAME_ROW = 0.5  # of the height of type: how far apart the middles of words of one row are
_GAP = 0.9  # times the height of type, between two words, parts a row
_MARKER = re.compile(r"\W?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4}|\d{1,2}(?:\.\d{1,2}){1,3})[.)]?")


@dataclass(frozen=True, slots=True)
class PdfWord:
    """A word in its box; lengths in points, upwards.

    Attributes:
        turned: By how many right angles its direction is turned to the left.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    bold: bool = False
    turned: int = 0

    @property
    def size(self) -> float:
        """The height of the type."""
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        """Half way up."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line on the page, across or up; `at` is its height, or how far right it is."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class PdfPage:
    """All that is seen on a page.

    Attributes:
        across, up: The lines and edges that are drawn.
        pictured: Whether most of it is a picture.
        aside: Words in another direction than most, such as a stamp in the margin.
    """

    words: tuple[PdfWord, ...]
    across: tuple[Rule, ...] = ()
    up: tuple[Rule, ...] = ()
    aside: tuple[PdfWord, ...] = ()
    pictured: bool = False


@dataclass(frozen=True, slots=True)
class PdfLine:
    """Words that stand beside each other and belong together.

    Attributes:
        bold: Whether all of its words are.
    """

    text: str
    left: float
    right: float
    top: float
    size: float
    bold: bool = False

    @property
    def bottom(self) -> float:
        """The lower edge of its type."""
        return self.top - self.size


@dataclass(frozen=True, slots=True)
class PdfTable:
    """A table in its place.

    Attributes:
        rows: From the top down; see `ingest.readers.shared.grid`.
        top: The upper edge.
        columns: The left and right of each of its columns.
    """

    rows: tuple[tuple[Cell, ...], ...]
    left: float
    right: float
    top: float
    bottom: float
    size: float = 0.0
    columns: tuple[tuple[float, float], ...] = ()


Item = PdfLine | PdfTable


def is_in(item: Item, column: Gap) -> bool:
    """Whether the middle of an item lies in a column."""
    return column[0] <= (item.left + item.right) / 2 <= column[1]


def down(row: Sequence[Item], below: Sequence[Item]) -> float:
    """Return how far it is from the top of a row to that of another."""
    return max(item.top for item in row) - max(item.top for item in below)


Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""


def page_of(words: Sequence[PdfWord], edges: Sequence[Box]) -> PdfPage:
    """Return a page as it is held to be read, most of its text upright.

    Args:
        words: In any direction.
        edges: Straight lines, as thin boxes.
    """
    directions = Counter(word.turned for word in words for _ in word.text).most_common()
    shown: list[PdfWord] = []
    aside: list[PdfWord] = []
    upright = directions[0][0] if directions else 0
    for turned, _ in directions:
        for word in words:
            if word.turned == turned:
                box = (word.left, word.bottom, word.right, word.top)
                left, bottom, right, top = _turned(box, turned)
                placed = replace(word, left=left, right=right, bottom=bottom, top=top)
                (shown if turned == upright else aside).append(placed)
    boxes = [_turned(edge, upright) for edge in edges]
    return PdfPage(
        tuple(shown),
        tuple(Rule((b + t) / 2, x, r) for x, b, r, t in boxes if r - x > t - b),
        tuple(Rule((x + r) / 2, b, t) for x, b, r, t in boxes if r - x <= t - b),
        tuple(aside),
    )


def _turned(box: Box, turned: int) -> Box:
    """Return where a box lies when the page is turned back to the right."""
    left, bottom, right, top = box
    return (
        box,
        (bottom, -right, top, -left),
        (-right, -top, -left, -bottom),
        (-top, left, -bottom, right),
    )[turned]


Row = list[PdfWord]
"""Words at one height, from left to right."""


def rows_of(words: Sequence[PdfWord]) -> list[Row]:
    """Return the words by rows, from the top down; words that lie above each other are not one."""
    rows: list[Row] = []
    for word in sorted(words, key=lambda word: (-word.middle, word.left)):
        row = next((row for row in reversed(rows[-3:]) if _is_of(row, word)), None)
        if row is None:
            rows.append([word])
        else:
            row.append(word)
    for row in rows:
        row.sort(key=lambda word: word.left)
    return rows


def _is_of(row: Row, word: PdfWord) -> bool:
    first = row[0]
    if abs(first.middle - word.middle) > _SAME_ROW * max(first.size, word.size):
        return False
    margin = 0.2 * word.size  # boxes of italics lean over each other
    return all(word.right - margin <= each.left or each.right <= word.left + margin for each in row)


def parts_of(row: Row) -> list[PdfLine]:
    """Return a row as lines, parted where the gap is wider than between words."""
    groups = [[row[0]]]
    for word in row[1:]:
        last = groups[-1][-1]
        is_marked = len(groups) == len(groups[0]) == 1 and _is_marker(last.text)
        if word.left - last.right > _GAP * max(word.size, last.size) and not is_marked:
            groups.append([])
        groups[-1].append(word)
    return [line_of(group) for group in groups]


def _is_marker(text: str) -> bool:
    """Whether a word that begins a row is the sign or number of what follows it."""
    return is_bullet(f"{text} x") or (text[-1] in ".)" and _MARKER.fullmatch(text) is not None)


def line_of(words: Sequence[PdfWord]) -> PdfLine:
    """Return words of one row as a line."""
    sizes = sorted((word.size, word.top) for word in words for _ in word.text)
    size, top = sizes[len(sizes) // 2]
    return PdfLine(
        " ".join(_in_order(words)),
        left=min(word.left for word in words),
        right=max(word.right for word in words),
        top=top,
        size=size,
        bold=all(word.bold for word in words),
    )


def joined(text: str, following: str) -> str:
    """Join two lines, and the two halves of a word that was parted between them.

    A hyphen stays before a capital or a digit, and where the second half of the word comes later:
    "Saint-Martin", "2023-2024", "Bau- und Ordnungsamt".
    """
    if not (text[-1:] in HYPHENS and text[-2:-1].isalnum() and following[:1].isalnum()):
        return f"{text.rstrip(HYPHENS[3:])} {following}"
    whole, hyphen = text[:-1], "" if text[-1] == _SOFT else "-"
    if _LATER.match(following):
        return f"{whole}- {following}"
    goes = whole[-1].isalpha() and following[0].islower()
    return f"{whole}{'' if goes else hyphen}{following}"


def _in_order(words: Sequence[PdfWord]) -> list[str]:
    """Return the words as they are read: from the right where their script is."""
    texts = [word.text for word in words]
    return texts[::-1] if sum(map(_is_from_right, texts)) > len(texts) / 2 else texts


def _is_from_right(text: str) -> bool:
    return any("\u0590" <= character <= "\u08ff" for character in text)
