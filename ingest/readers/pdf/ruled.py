"""Find the tables that a page draws lines around. No input or output happens here."""

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import pairwise

from ingest.readers.pdf.page import PdfPage, PdfTable, PdfWord, Rule, joined, line_of, rows_of
from ingest.readers.shared.grid import Cell

_NEAR = 3.0  # points between lines that are one, or that meet
_MOST_LINES = 2000  # of a page; drawings have more
_MOST_PLACES = 5000  # of a table; maps and squared paper have more, and would take minutes
_LONGEST_CELL = 1000  # characters on average; more is a page in a frame


def without_ruled_tables(page: PdfPage) -> tuple[list[PdfWord], list[PdfTable]]:
    """Return the words outside of all ruled tables, and the tables."""
    if not page.across or not page.up or len(page.across) + len(page.up) > _MOST_LINES:
        return list(page.words), []
    words, tables = list(page.words), []
    for across, up in _groups(page.across, page.up):
        heights = sorted({rule.at for rule in across}, reverse=True)
        places = sorted({rule.at for rule in up})
        if len(heights) < 3 or len(places) < 3:  # noqa: PLR2004 - one row, or one column
            continue
        if len(heights) * len(places) > _MOST_PLACES:
            continue
        inside = [w for w in words if _is_inside(w, heights, places)]
        size = sum(len(word.text) for word in inside)
        if not inside or size > _LONGEST_CELL * (len(heights) - 1) * (len(places) - 1):
            continue
        rows = tuple(tuple(row) for row in _rows(inside, heights, places, across, up))
        if sum(sum(cell.text != "" for cell in row) > 1 for row in rows) < 2:  # noqa: PLR2004
            continue
        words = [word for word in words if not _is_inside(word, heights, places)]
        top, bottom = heights[0], heights[-1]
        columns = tuple(pairwise(places))
        tables.append(PdfTable(rows, places[0], places[-1], top, bottom, inside[0].size, columns))
    return words, tables


def _groups(across: Sequence[Rule], up: Sequence[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Yield the lines that meet, directly or by others, each at the height of those near it."""
    across, up = _snapped(across), _snapped(up)
    left = set(range(len(up)))
    waiting = set(range(len(across)))
    while waiting:
        some, beside = {waiting.pop()}, set[int]()
        grown = list(some)
        while grown:
            rule = across[grown.pop()]
            met = {at for at in left if _meet(rule, up[at])}
            left -= met
            beside |= met
            more = {at for at in waiting if any(_meet(across[at], up[each]) for each in met)}
            waiting -= more
            some |= more
            grown += more
        yield [across[at] for at in some], [up[at] for at in beside]


def _snapped(rules: Sequence[Rule]) -> list[Rule]:
    """Return the lines with one place for all that lie near each other."""
    ordered = sorted(rules, key=lambda rule: rule.at)
    found: list[Rule] = []
    for rule in ordered:
        at = found[-1].at if found and rule.at - found[-1].at <= _NEAR else rule.at
        found.append(Rule(at, rule.start, rule.end))
    return found


def _meet(across: Rule, up: Rule) -> bool:
    return (
        across.start - _NEAR <= up.at <= across.end + _NEAR
        and up.start - _NEAR <= across.at <= up.end + _NEAR
    )


def _is_inside(word: PdfWord, heights: Sequence[float], places: Sequence[float]) -> bool:
    center = (word.left + word.right) / 2
    return heights[-1] <= word.middle <= heights[0] and places[0] <= center <= places[-1]


def _rows(
    words: Sequence[PdfWord],
    heights: Sequence[float],
    places: Sequence[float],
    across: Sequence[Rule],
    up: Sequence[Rule],
) -> Iterator[list[Cell]]:
    """Yield the cells by rows; where no line parts two places of the grid they are one cell."""
    taken: set[tuple[int, int]] = set()
    bands, columns = list(pairwise(heights)), list(pairwise(places))
    for down, (top, _) in enumerate(bands):
        row = []
        for right_of, (left, _) in enumerate(columns):
            if (down, right_of) in taken:
                continue
            wide = 1
            middle = (top + bands[down][1]) / 2
            while right_of + wide < len(columns) and not _is_drawn(
                up, places[right_of + wide], middle
            ):
                wide += 1
            center = (left + columns[right_of][1]) / 2
            tall = 1
            while down + tall < len(bands) and not _is_drawn(across, heights[down + tall], center):
                tall += 1
            taken |= {(down + d, right_of + r) for d in range(tall) for r in range(wide)}
            inside = [
                word
                for word in words
                if heights[down + tall] <= word.middle <= top
                and left <= (word.left + word.right) / 2 <= places[right_of + wide]
            ]
            row.append(_cell(inside, tall, wide))
        yield row


def _is_drawn(rules: Sequence[Rule], at: float, through: float) -> bool:
    """Whether a line is drawn at a place, where another coordinate passes it."""
    return any(
        abs(rule.at - at) <= _NEAR and rule.start - _NEAR <= through <= rule.end + _NEAR
        for rule in rules
    )


def _cell(words: Sequence[PdfWord], tall: int, wide: int) -> Cell:
    lines = [line_of(row) for row in rows_of(words)]
    text = reduce(joined, (line.text for line in lines), "").strip()
    return Cell(text, tall, wide, is_head=bool(lines) and all(line.bold for line in lines))
