"""Read plain text: paragraphs, bullets, headings and dates as people type them."""

from datetime import date

from assistant.domain.light_markdown import Block, Heading, Paragraph, Quotation, clean, render
from assistant.language.dates import dateline
from ingest.errors import ReadError
from ingest.readers.boilerplate import without_page_end
from ingest.readers.encoding import decode
from ingest.readers.extract import Extract
from ingest.readers.lines import blocks_of_lines, is_bullet

_MAX_BYTES = 5_000_000  # some 2,500 pages; more is data, not a document
_MAX_TITLE = 200


def read_text(data: bytes, *, name: str) -> Extract:
    """Return the document a text file holds; its first short line is the title."""
    if len(data) > _MAX_BYTES:
        reason = f"is larger than {_MAX_BYTES // 10**6} MB of text; split it into several files"
        raise ReadError(name, reason)
    lines = decode(data).replace("\x00", "").splitlines()
    title, body = _title(lines)
    blocks = [_quoted(block) for block in without_page_end(blocks_of_lines(body))]
    return Extract(title, render(blocks), published=published(blocks))


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
    following = lines[start + 1] if start + 1 < len(lines) else ""
    first = clean(lines[start]) if start < len(lines) else ""
    is_title = (
        first
        and not clean(following)
        and len(first) <= _MAX_TITLE
        and not first.endswith((".", ":", ";", ","))
        and not is_bullet(first)
        and dateline(first) is None
        and any(clean(line) for line in lines[start + 1 :])
    )
    return (first, lines[start + 1 :]) if is_title else ("", lines)
