"""Tell how well a document was read: what its text holds, and what to look at. Pure."""

from dataclasses import dataclass

from assistant.domain.blocks import Form, blocks, cells, lines
from ingest.readers.extract import Extract

_WORTH_A_LOOK = 8  # words that nobody sees; fewer are labels for screen readers
_ENOUGH = 200  # signs of a text that can be judged
_LETTERS = 0.6  # of its signs; fonts that cannot be copied give other signs
_WORDS_A_PICTURE = 30  # with fewer, the pictures may be what the document says
_MOST_NAMED = 10  # pages


@dataclass(frozen=True, slots=True)
class Measure:
    """What a text holds.

    Attributes:
        items: Of lists.
        bare_tables: How many of the tables have no heads.
    """

    words: int
    headings: int
    items: int
    tables: int
    bare_tables: int


def measure(text: str) -> Measure:
    """Count what a text in light Markdown holds."""
    forms = [line.form for line in lines(text)]
    tables = [block for block in blocks(text) if block.form is Form.ROW]
    heads = [cells(text[table.lines[0].start : table.lines[0].end]) for table in tables]
    return Measure(
        words=sum(any(map(str.isalnum, word)) for word in text.split()),
        headings=forms.count(Form.HEADING),
        items=forms.count(Form.ITEM),
        tables=len(tables),
        bare_tables=sum(not any(head) for head in heads),
    )


def doubts(extract: Extract) -> tuple[str, ...]:
    """Return what somebody should compare with the original, as sentences without a full stop."""
    found, held = [], measure(extract.text)
    if extract.blank_pages:
        found.append(
            f"pages without a text layer were not read ({_named(extract.blank_pages)}); run the"
            " file through OCR (text recognition) and bring it in again"
        )
    if extract.recognised_pages:
        found.append(
            f"pages that are pictures were read by text recognition (OCR), which makes mistakes"
            f" ({_named(extract.recognised_pages)})"
        )
    if extract.unseen >= _WORTH_A_LOOK:
        found.append(f"{extract.unseen} words that its readers cannot see were left out")
    if held.bare_tables:
        found.append(f"{held.bare_tables} of {held.tables} tables have no heads that could be told")
    if _is_garbled(extract.text):
        found.append("many of its signs are no letters; its fonts may not be made to be copied")
    if extract.pictures and held.words < _WORDS_A_PICTURE * extract.pictures:
        found.append(
            f"has {extract.pictures} pictures and few words; what pictures show is not read"
        )
    return tuple(found)


def noticed(extract: Extract) -> str:
    """Return the doubts as one line, empty where there are none."""
    found = doubts(extract)
    return f"{'; '.join(found)}; look at the original" if found else ""


def _named(pages: tuple[int, ...]) -> str:
    more = ", …" if len(pages) > _MOST_NAMED else ""
    return ", ".join(map(str, pages[:_MOST_NAMED])) + more


def _is_garbled(text: str) -> bool:
    signs = [sign for sign in text if not sign.isspace() and sign not in "|-"]
    letters = sum(map(str.isalnum, signs))
    return len(signs) > _ENOUGH and letters < _LETTERS * len(signs)
