"""Documents as HTML. Pure."""

from collections.abc import Iterator
from itertools import groupby

from assistant.blocks import Form, Line, lines
from assistant.corpus import Document
from assistant.markup import escaped


def document(found: Document) -> str:
    """Return a document's text as HTML blocks."""
    blocks = groupby(lines(found.text), key=_block_of)
    return "".join(_block(form, list(its), found.text) for form, its in blocks)


def _block_of(line: Line) -> Form:
    return Form.ROW if line.form is Form.RULE else line.form


def _block(form: Form, block: list[Line], text: str) -> str:
    if form is Form.ITEM:
        return _list(block, text)
    if form is Form.ROW:
        return _table(block, text)
    return "".join(_line(line, text) for line in block)


def _line(line: Line, text: str) -> str:
    words = escaped(text[line.content : line.end])
    if line.form is Form.HEADING:
        level = min(6, max(2, line.level))  # The document's title is the page's only h1.
        return f"<h{level}>{words}</h{level}>"
    tag = "blockquote" if line.form is Form.QUOTATION else "p"
    return f"<{tag}>{words}</{tag}>"


def _list(block: list[Line], text: str) -> str:
    tag = "ol" if text[block[0].start : block[0].content].strip()[:1].isdigit() else "ul"
    items = []
    for line in block:
        style = f' class="level-{line.level}"' if line.level else ""
        items.append(f"<li{style}>{escaped(text[line.content : line.end])}</li>")
    return f"<{tag}>{''.join(items)}</{tag}>"


def _table(block: list[Line], text: str) -> str:
    rows = "".join(_rows(block, text))
    return f'<div class="table"><table>{rows}</table></div>'


def _rows(block: list[Line], text: str) -> Iterator[str]:
    has_head = len(block) > 1 and block[1].form is Form.RULE
    for at, line in enumerate(block):
        if line.form is Form.RULE:
            continue
        tag = "th" if has_head and at == 0 else "td"
        cells = text[line.content : line.end].removesuffix("|").split(" | ")
        yield f"<tr>{''.join(f'<{tag}>{escaped(cell)}</{tag}>' for cell in cells)}</tr>"
