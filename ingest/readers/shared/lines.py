"""Make blocks of plain lines: bullets, numbers, hard-wrapped paragraphs, headings.

For text that carries no markup. No input or output happens here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.domain.light_markdown import Block, Heading, ListBlock, ListItem, Paragraph, clean
from assistant.language.dates import is_date

_BULLET = re.compile(r"\s*(?:[●•◦▪▫■□○∙·‣⁃➢➤►▶✓✔\uf0b7\uf0a7\uf0d8]\s*|[-*–—+]\s+)(?=\S)")
_NUMBER = re.compile(r"\s*(\d{1,3})[.)]\s+(?=\S)")
_SENTENCE_END = re.compile(r"[.!?:;,…]['\"”’»)\]]*$")
_OPENING = "\"'“„«‘([¿¡"
_MAX_HEADING = 100
_MAX_HEADING_WORDS = 15
_MAX_STACKED = 2  # headings directly under one another; more short lines are an address, a poem
_WRAP_WIDTHS = range(40, 141)  # the line lengths that people and programs wrap at
_TAB = 4


@dataclass(frozen=True, slots=True)
class _LineGroup:
    """One paragraph or one item. `alone` says that it was one line between blank lines."""

    text: str
    bullet: bool = False
    number: int = 0
    indent: int = 0
    alone: bool = False


def is_bullet(line: str) -> bool:
    """Whether a line begins with a bullet."""
    return _BULLET.match(line) is not None


def blocks_of_lines(lines: Sequence[str], *, headings: bool = True) -> list[Block]:
    """Return the blocks that lines form; blank lines part paragraphs, but not items of a list.

    With `headings`, a short line that stands alone above a paragraph or a list becomes one.
    """
    units = [unit for group in _groups(lines) for unit in _units(group)]
    return _finished(list(_lists(units)), max_stacked=_MAX_STACKED if headings else 0)


def is_heading_like(line: str) -> bool:
    """Whether a line is short and ends like no sentence does."""
    return (
        0 < len(line) <= _MAX_HEADING
        and len(line.split()) <= _MAX_HEADING_WORDS
        and not _SENTENCE_END.search(line)
        and any(map(str.isalpha, line))
        and (line[0].isalnum() or line[0] in _OPENING)
        and not line[0].islower()
        and not is_date(line)
    )


def _groups(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the runs of lines between blank ones."""
    group: list[str] = []
    for line in lines:
        if clean(line):
            group.append(line)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _units(group: list[str]) -> Iterator[_LineGroup]:
    """Yield the paragraphs and items of one run of lines, unwrapped."""
    width = max(len(line.rstrip()) for line in group)
    unit = _unit(group[0], alone=len(group) == 1)
    for previous, line in pairwise(group):
        following = _unit(line, alone=False)
        is_new = following.bullet or following.number
        if not is_new and _is_wrapped(previous, line, width, unit):
            unit = replace(unit, text=f"{unit.text} {following.text}")
        else:
            yield unit
            unit = following
    yield unit


def _unit(line: str, *, alone: bool) -> _LineGroup:
    expanded = line.expandtabs(_TAB)
    indent = len(expanded) - len(expanded.lstrip())
    if bullet := _BULLET.match(line):
        return _LineGroup(clean(line[bullet.end() :]), bullet=True, indent=indent)
    if number := _NUMBER.match(line):
        return _LineGroup(
            clean(line[number.end() :]), number=int(number[1]), indent=indent, alone=alone
        )
    return _LineGroup(clean(line), indent=indent, alone=alone)


def _is_wrapped(previous: str, line: str, width: int, unit: _LineGroup) -> bool:
    """Whether a line goes on with the one before: its first word had no room there.

    Under an item, an indented line goes on too.
    """
    if (unit.bullet or unit.number) and line[:1].isspace():
        return True
    first_word = line.split(maxsplit=1)[0]
    return width in _WRAP_WIDTHS and len(previous.rstrip()) + len(first_word) >= 0.9 * width


def _lists(units: Sequence[_LineGroup]) -> Iterator[Block | _LineGroup]:
    """Turn runs of items into lists; other units pass through."""
    index = 0
    while index < len(units):
        end = _run_end(units, index)
        if units[index].bullet:
            yield _nested(units[index:end])
        elif end - index > 1:
            items = tuple(ListItem(unit.text) for unit in units[index:end])
            yield ListBlock(items, ordered=True, start=units[index].number)
        else:
            yield units[index]
        index = end


def _run_end(units: Sequence[_LineGroup], start: int) -> int:
    """Return where the run of items that begins at `start` ends; a lone unit is a run of one."""
    end = start + 1
    if units[start].bullet:
        while end < len(units) and units[end].bullet:
            end += 1
    elif units[start].number:
        while end < len(units) and units[end].number == units[end - 1].number + 1:
            end += 1
    return end


def _nested(units: Sequence[_LineGroup]) -> ListBlock:
    """Nest items by indentation, one level deep, which is what plain text can be trusted with."""
    base = min(unit.indent for unit in units)
    items: list[ListItem] = []
    for unit in units:
        if unit.indent > base + 1 and items:
            last = items.pop()
            inner = last.children[0].items if last.children else ()
            items.append(ListItem(last.text, (ListBlock((*inner, ListItem(unit.text))),)))
        else:
            items.append(ListItem(unit.text))
    return ListBlock(tuple(items))


def _finished(parts: Sequence[Block | _LineGroup], *, max_stacked: int) -> list[Block]:
    """Make headings of the lines that stand alone above a body, and paragraphs of the others."""
    blocks: list[Block] = []
    stacked = 0
    for part in reversed(parts):
        if not isinstance(part, _LineGroup):
            blocks.append(part)
            stacked = 0
            continue
        text = f"{part.number}. {part.text}" if part.number else part.text
        is_heading = part.alone and is_heading_like(text) and blocks and stacked < max_stacked
        if is_heading and (stacked or _is_body(blocks[-1])):
            blocks.append(Heading(2, text))
            stacked += 1
        else:
            blocks.append(Paragraph(text))
            stacked = 0
    return blocks[::-1]


def _is_body(block: Block) -> bool:
    """Whether a block is what a heading stands above; a sentence half is not."""
    return isinstance(block, ListBlock) or (
        isinstance(block, Paragraph)
        and not is_heading_like(block.text)
        and not block.text[:1].islower()
    )
