"""Find the blocks of a light-Markdown text, with their offsets. No input or output."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

HEADING = re.compile(r"(#{1,6}) +")
ITEM = re.compile(r"( *)(?:[-*]|\d{1,3}[.)]) +")
RULE = re.compile(r"\|[\s:|-]+\|?$")

_NUMBERED = re.compile(r"(?:\d{1,2} ?[°º.)]|[a-z]\)|\([a-z\d]{1,2}\)|[–—•·]) ?")

_GOES_ON = re.compile(r".*;(?: \w{1,4})?")


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
    section, form, group = 0, Form.PARAGRAPH, list[Line]()
    for line in lines(text):
        before, form = form, _form(line, group[-1] if group else None, text)
        if group and not (form is before and (form is Form.ITEM or _continues(line))):
            yield Block(before, tuple(group), section)
            group = []
        if line.form is Form.HEADING:
            section += 1
        else:
            group.append(line)
    if group:
        yield Block(form, tuple(group), section)


def _continues(line: Line) -> bool:
    return line.form is not Form.PARAGRAPH and not line.after_blank


def _form(line: Line, last: Line | None, text: str) -> Form:
    """Return what a line is: laws and minutes make paragraphs of what others make a list of.

    They number them, or end all but the last with a semicolon.
    """
    if line.form is Form.PARAGRAPH:
        ends_a_list = last is not None and _goes_on(last, text) and not _is_numbered(last, text)
        is_item = ends_a_list or _goes_on(line, text) or _is_numbered(line, text)
        return Form.ITEM if is_item else line.form
    return Form.ROW if line.form is Form.RULE else line.form


def _is_numbered(line: Line, text: str) -> bool:
    return _NUMBERED.match(text, line.content, line.end) is not None


def _goes_on(line: Line, text: str) -> bool:
    """Whether a paragraph ends as an item does before others, perhaps with "and" or "or"."""
    is_paragraph = line.form is Form.PARAGRAPH
    return is_paragraph and _GOES_ON.fullmatch(text, line.content, line.end) is not None


def cells(row: str) -> tuple[str, ...]:
    """Return the cells of a table row: of a whole line, or of a row as it is quoted.

    A row is quoted without its outer bars, and begins with one where its first cell is empty.
    """
    line = row.strip()
    inner = line[1:-1] if line.startswith("|") and line.endswith("|") else f" {line} "
    return tuple(cell.strip() for cell in inner.split(" | "))
