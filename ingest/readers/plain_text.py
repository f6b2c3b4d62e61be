"""Read plain text: paragraphs, bullets, headings and dates as people type them."""

import re
from collections.abc import Iterator
from datetime import date

from assistant.domain.light_markdown import Block, Heading, Paragraph, Quotation, clean, render
from assistant.language.dates import dateline
from ingest.errors import ReadError
from ingest.readers.extract import Extract
from ingest.readers.shared.boilerplate import without_page_end
from ingest.readers.shared.encoding import decode
from ingest.readers.shared.grid import Cell, blocks_of_table
from ingest.readers.shared.lines import blocks_of_lines, is_bullet

_MAX_BYTES = 5_000_000  # some 2,500 pages; more is data, not a document
_MAX_TITLE = 200
_MAX_ROWS = 2000  # of a table; the next ones begin another
_UNDER = re.compile(r"\s*([=-])\1{2,}\s*")
_ITEM = re.compile(r"\s*\d{1,3}[.)]\s")


def read_text(data: bytes, *, name: str) -> Extract:
    """Return the document a text file holds; its first short line is the title."""
    if len(data) > _MAX_BYTES:
        reason = f"is larger than {_MAX_BYTES // 10**6} MB of text; split it into several files"
        raise ReadError(name, reason)
    lines = decode(data).replace("\x00", "").splitlines()
    title, body = _title(lines)
    blocks = [_quoted(block) for block in without_page_end(list(_blocks(body)))]
    return Extract(title, render(blocks), published=published(blocks))


def _blocks(lines: list[str]) -> Iterator[Block]:
    """Yield what lines form, with underlined headings, and tables whose cells tabs part."""
    plain: list[str] = []
    at = 0
    while at < len(lines):
        rows = _rows(lines, at)
        heading = _underlined(lines, at)
        if heading or rows:
            yield from blocks_of_lines(plain)
            plain = []
            yield from [heading] if heading else blocks_of_table(rows)
            at += 2 if heading else len(rows)
        else:
            plain.append(lines[at])
            at += 1
    yield from blocks_of_lines(plain)


def _underlined(lines: list[str], at: int) -> Heading | None:
    """Return the heading that a line is if it stands alone above a line of one sign."""
    line = _UNDER.fullmatch(lines[at + 1]) if at + 1 < len(lines) else None
    words = clean(lines[at])
    is_alone = not at or not clean(lines[at - 1])
    if line is None or not is_alone or not any(map(str.isalpha, words)) or len(words) > _MAX_TITLE:
        return None
    return Heading(2 if line[1] == "=" else 3, words)


def _rows(lines: list[str], at: int) -> list[list[Cell]]:
    """Return the rows of the table that begins at a line; none for one row or a list."""
    rows: list[list[Cell]] = []
    for place in range(at, min(at + _MAX_ROWS, len(lines))):
        line = lines[place]
        cells = [Cell(clean(each)) for each in line.split("\t")]
        is_row = "\t" in line.strip() and not is_bullet(line) and not _ITEM.match(line)
        if not is_row or (rows and len(cells) != len(rows[0])):
            break
        rows.append(cells)
    return rows if len(rows) > 1 else []


def published(blocks: list[Block]) -> date | None:
    """Return the date of the dateline, which stands at the start of the first paragraph."""
    for block in blocks:
        if isinstance(block, Paragraph):
            return dateline(block.text)
        if not isinstance(block, Heading):
            break
    return None


def _quoted(block: Block) -> Block:
    """Make a quotation of a paragraph marked as in mail; link lines at the end are gone by now."""
    if isinstance(block, Paragraph) and block.text.startswith("> "):
        return Quotation(block.text.lstrip("> "))
    return block


def _title(lines: list[str]) -> tuple[str, list[str]]:
    """Return the title and the other lines; there is none if the text starts right away."""
    start = next((index for index, line in enumerate(lines) if clean(line)), len(lines))
    is_underlined = start < len(lines) and _underlined(lines, start) is not None
    end = start + 1 + is_underlined
    following = lines[end] if end < len(lines) and not is_underlined else ""
    first = clean(lines[start]) if start < len(lines) else ""
    is_title = (
        first
        and not clean(following)
        and len(first) <= _MAX_TITLE
        and not first.endswith((".", ":", ";", ","))
        and not is_bullet(first)
        and dateline(first) is None
        and any(clean(line) for line in lines[end:])
    )
    return (first, lines[end:]) if is_title else ("", lines)
