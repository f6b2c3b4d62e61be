"""Words, addresses and documents as HTML, and what a reader weighs a document by. Pure.

Text becomes markup by `escaped` and `href` alone.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from itertools import groupby
from urllib.parse import urlsplit

from assistant.domain.blocks import Form, Line, cells, lines
from assistant.domain.corpus import Document, Kind, Source, Span
from assistant.domain.dialogue import Excerpt
from assistant.language.wording import Wording

SAFE_SCHEMES = {"http", "https"}
RIGHT_TO_LEFT = {"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"}
"""Languages that are mostly written from right to left (Unicode CLDR)."""


_HOST = re.compile(r"""(?:[^\x00-\x20"#%/:<>?@[\\\]^`{|}\x7f]+|\[[0-9A-Fa-f:.]+\])(?::\d*)?""")
"""A host as browsers take it (https://url.spec.whatwg.org/#forbidden-domain-code-point), and no
name or password before it; of any other, they would make a link that leads nowhere."""


def escaped(text: str) -> str:
    """Return `text` as HTML text on one line, which any encoding of the web can carry."""
    return " ".join(escape(text.encode(errors="replace").decode()).split())


def href(url: str) -> str:
    """Return ` href="…"` for a web address, nothing for any other kind of address."""
    address = "%20".join(url.encode(errors="replace").decode().split())
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme not in SAFE_SCHEMES or not _HOST.fullmatch(parts.netloc):
        return ""
    return f' href="{escape(address)}" target="_blank" rel="noopener noreferrer"'


def in_language(code: str) -> str:
    """Return the attributes of a text in a language, with its direction where that is not ours.

    That of a text whose language is not known is told by its first letter.
    """
    direction = ' dir="rtl"' if code in RIGHT_TO_LEFT else ' dir="auto"' if code == "und" else ""
    return f' lang="{escaped(code)}"{direction}'


def address(url: str) -> str:
    """Return a web address as words, which are shown on paper only."""
    return f'<span class="address">{escaped(url)}</span>' if href(url) else ""


CUT = "…"
FIRST_MARK = "marked"
"""The id of the first mark on the page of a document."""


def document(found: Document, marks: Sequence[Span] = ()) -> str:
    """Return a document's text as HTML blocks, marked; the first mark can be linked to."""
    return blocks(found.text, marks).replace("<mark>", f'<mark id="{FIRST_MARK}">', 1)


def piece(excerpt: Excerpt) -> str:
    """Return an excerpt as HTML blocks: marked, with what stands above it, and told where cut."""
    first = next(lines(excerpt.text)).form
    before = "" if not excerpt.head else excerpt.head + ("\n" if first is Form.ROW else "\n\n")
    is_prose = first not in (Form.ITEM, Form.ROW) and not excerpt.head
    shift = len(before) - excerpt.start
    marks = [Span(mark.start + shift, mark.end + shift) for mark in excerpt.marks]
    html = blocks(before + excerpt.text, marks, opening=excerpt.opens_inside and is_prose)
    above = f'<p class="cut">{CUT}</p>' if excerpt.opens_inside and not is_prose else ""
    below = f'<p class="cut">{CUT}</p>' if excerpt.closes_inside else ""
    return f"{above}{html}{below}"


def blocks(text: str, marks: Sequence[Span] = (), *, opening: bool = False) -> str:
    """Return light Markdown as HTML blocks, marked; with `opening` it begins inside a sentence."""
    found = groupby(lines(text), key=_block_of)
    html = "".join(_block(form, list(block), text, marks) for form, block in found)
    return html.replace("<p>", f"<p>{CUT} ", 1) if opening else html


def _block_of(line: Line) -> Form:
    return Form.ROW if line.form is Form.RULE else line.form


def _block(form: Form, block: list[Line], text: str, marks: Sequence[Span]) -> str:
    if form is Form.ITEM:
        return _list(block, text, marks)
    if form is Form.ROW:
        return _table(block, text, marks)
    return "".join(_line(line, text, marks) for line in block)


def _line(line: Line, text: str, marks: Sequence[Span]) -> str:
    words = _words(text, line.content, line.end, marks)
    if line.form is Form.HEADING:
        level = min(6, max(2, line.level))  # The document's title is the page's only h1.
        return f"<h{level}>{words}</h{level}>"
    tag = "blockquote" if line.form is Form.QUOTATION else "p"
    return f"<{tag}>{words}</{tag}>"


def _list(block: list[Line], text: str, marks: Sequence[Span]) -> str:
    lists = [block[:1]]
    for line in block[1:]:
        if not line.level and _is_numbered(line, text) != _is_numbered(lists[-1][0], text):
            lists.append([])  # numbers below signs, or signs below numbers, are a list of their own
        lists[-1].append(line)
    return "".join(_one_list(lines_of, text, marks) for lines_of in lists)


def _one_list(block: list[Line], text: str, marks: Sequence[Span]) -> str:
    """Return a list, each item with the number that its text gives it, also behind nested ones."""
    is_ordered = _is_numbered(block[0], text)
    begins = int(_number(block[0], text)) if is_ordered else 1
    items, expected = list[str](), begins
    for line in block:
        number = _number(line, text)
        names = [f"level-{line.level}"] if line.level else []
        if bool(number) is not is_ordered:
            names.append("numbered" if number else "dot")
        style = f' class="{" ".join(names)}"' if names else ""
        if number and (int(number) != expected or not is_ordered):
            expected = int(number)
            style += f' value="{expected}"'
        items.append(f"<li{style}>{_words(text, line.content, line.end, marks)}</li>")
        expected += 1  # as browsers count: nested items too
    tag = "ol" if is_ordered else "ul"
    start = f' start="{begins}"' if begins != 1 else ""
    return f"<{tag}{start}>{''.join(items)}</{tag}>"


def _number(line: Line, text: str) -> str:
    """Return the number before an item, empty where a sign stands there."""
    sign = text[line.start : line.content].strip().rstrip(".)")
    return sign if sign.isdigit() else ""


def _is_numbered(line: Line, text: str) -> bool:
    return bool(_number(line, text))


def _table(block: list[Line], text: str, marks: Sequence[Span]) -> str:
    rows = "".join(_rows(block, text, marks))
    return f'<div class="table"><table>{rows}</table></div>'


def _rows(block: list[Line], text: str, marks: Sequence[Span]) -> Iterator[str]:
    has_head = len(block) > 1 and block[1].form is Form.RULE
    for at, line in enumerate(block):
        if line.form is Form.RULE:
            continue
        is_head = has_head and at == 0
        is_marked = any(mark.start < line.end and line.content < mark.end for mark in marks)
        parts = [escaped(part) for part in cells(text[line.start : line.end])]
        if is_head and not any(parts):
            continue
        shown = (f"<mark>{part}</mark>" if is_marked and part else part for part in parts)
        style = ' class="marked"' if is_marked else ""
        tags = ("th" if is_head and part else "td" for part in parts)
        row = "".join(f"<{tag}>{part}</{tag}>" for tag, part in zip(tags, shown, strict=True))
        yield f"<tr{style}>{row}</tr>"


def _words(text: str, start: int, end: int, marks: Sequence[Span]) -> str:
    """Return a part of the text as HTML, with what of it is marked."""
    html, at = "", start
    for mark in sorted(marks, key=lambda mark: mark.start):
        first, last = max(mark.start, at), min(mark.end, end)
        if first >= last:
            continue
        html += f"{_spaced(text[at:first])}<mark>{escaped(text[first:last])}</mark>"
        at = last
    return f"{html}{_spaced(text[at:end])}".strip()


def _spaced(text: str) -> str:
    """Return text as HTML that keeps the spaces between it and what stands beside it."""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() else ""
    return f"{before}{escaped(text)}{after}"


_FEW_NAMES = 3
OLD_YEARS = 5
"""An older document gets a badge: recommendations of a forum are revised about that often."""


def last_change(source: Source) -> date | None:
    """Return the day since which a document stands as it is, None where nobody says."""
    return source.changed or source.published


def is_old(source: Source, today: date) -> bool:
    """Whether a document has aged since its last change; a standing page is kept up in any case."""
    day = last_change(source)
    return source.kind is not Kind.PAGE and day is not None and day < _years_before(today)


def dated(source: Source, words: Wording) -> str:
    """Return the date that a document is weighed by, as text: when it changed, else appeared."""
    if source.changed:
        return words("answer.updated", month=words.month(source.changed))
    return words.day(source.published) if source.published else words("answer.undated")


def authors(source: Source, words: Wording) -> str:
    """Return who wrote a document, as text; empty where nobody is named."""
    if not source.authors:
        return ""
    names = ", ".join(source.authors[:_FEW_NAMES])
    return words("answer.by", names=names + "…" * (len(source.authors) > _FEW_NAMES))


def _years_before(today: date) -> date:
    return today.replace(year=today.year - OLD_YEARS, day=min(today.day, 28))
