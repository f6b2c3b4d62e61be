"""Find the blocks of a light-Markdown text, with their offsets. No input or output."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

HEADING = re.compile(r"(#{1,6}) +")
ITEM = re.compile(r"( *)(?:[-*]|\d{1,3}[.)]) +")
RULE = re.compile(r"\|[\s:|-]+\|?$")

_NUMBERED = re.compile(r"(?:\d{1,2} ?[°º.)]|[a-z]\)|\([a-z\d]{1,2}\)|[–—•·]) ?")


class Form(Enum):
    """What a line of light Markdown is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    RULE = "rule"
    QUOTATION = "quotation"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `text[start:end]`, of which `text[content:end]` is what a reader sees.

    Attributes:
        level: 1 to 6 for a heading, the nesting depth (0 is outermost) for an item, else 0.
        after_blank: Whether a blank line, or nothing, stands before it.
    """

    form: Form
    start: int
    content: int
    end: int
    level: int
    after_blank: bool


def lines(text: str) -> Iterator[Line]:
    """Yield the lines that are not blank, in order."""
    position, after_blank = 0, True
    for raw in text.splitlines(keepends=True):
        start, position = position, position + len(raw)
        if not raw.strip():
            after_blank = True
            continue
        yield _line(raw.rstrip(), start, after_blank=after_blank)
        after_blank = False


def _line(raw: str, start: int, *, after_blank: bool) -> Line:
    end = start + len(raw)
    if match := HEADING.match(raw):
        return Line(Form.HEADING, start, start + match.end(), end, len(match.group(1)), after_blank)
    if match := ITEM.match(raw):
        depth = len(match.group(1)) // 2
        return Line(Form.ITEM, start, start + match.end(), end, depth, after_blank)
    if raw.startswith("|"):
        form = Form.RULE if RULE.match(raw) else Form.ROW
        return Line(form, start, start + 1, end, 0, after_blank)
    if raw.startswith(">"):
        content = start + len(raw) - len(raw[1:].lstrip())
        return Line(Form.QUOTATION, start, content, end, 0, after_blank)
    content = start + len(raw) - len(raw.lstrip())
    return Line(Form.PARAGRAPH, start, content, end, 0, after_blank)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together: a paragraph, a list, a table, a quotation. A heading is none.

    Attributes:
        section: The number of the heading above; blocks of one section stand under one heading.
    """

    form: Form
    lines: tuple[Line, ...]
    section: int

    @property
    def start(self) -> int:
        """Where its first line begins."""
        return self.lines[0].start

    @property
    def end(self) -> int:
        """Where its last line ends."""
        return self.lines[-1].end


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a text, in order."""
    section, group = 0, list[Line]()
    for line in lines(text):
        if group and not _continues(line, group[-1], text):
            yield Block(_form(group[0], text), tuple(group), section)
            group = []
        if line.form is Form.HEADING:
            section += 1
        else:
            group.append(line)
    if group:
        yield Block(_form(group[0], text), tuple(group), section)


def _continues(line: Line, last: Line, text: str) -> bool:
    form = _form(line, text)
    if form is Form.ITEM:
        return _form(last, text) is Form.ITEM
    return form is _form(last, text) and form is not Form.PARAGRAPH and not line.after_blank


def _form(line: Line, text: str) -> Form:
    """Return what a line is: laws and minutes number paragraphs where others make a list."""
    if line.form is Form.PARAGRAPH and _NUMBERED.match(text, line.content, line.end):
        return Form.ITEM
    return Form.ROW if line.form is Form.RULE else line.form


def cells(row: str) -> tuple[str, ...]:
    """Return the cells of a table row: of a whole line, or of a row as it is quoted.

    A row is quoted without its outer bars, and begins with one where its first cell is empty.
    """
    line = row.strip()
    inner = line[1:-1] if line.startswith("|") and line.endswith("|") else f" {line} "
    return tuple(cell.strip() for cell in inner.split(" | "))
