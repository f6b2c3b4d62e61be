"""Read Markdown, with its footnotes and the front matter that site generators put above it."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date

import yaml
from bs4 import Tag
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from assistant.domain.light_markdown import (
    Block,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    Quotation,
    clean,
    plain_text,
    render,
)
from ingest.errors import ReadError
from ingest.readers.extract import (
    Extract,
    authors_of,
    kind_of,
    language_of,
    place_of,
    translations_of,
    url_of,
)
from ingest.readers.html.blocks import blocks_of_html
from ingest.readers.html.boilerplate import is_no_text
from ingest.readers.html.hidden import is_hidden, is_struck
from ingest.readers.html.tree import parse
from ingest.readers.shared.boilerplate import without_shortcodes
from ingest.readers.shared.encoding import decode
from ingest.readers.shared.grid import Cell, blocks_of_table
from ingest.readers.shared.headings import below_title, title_among
from ingest.readers.shared.written_dates import written_date

_MAX_BYTES = 5_000_000
_MAX_FRONT_MATTER = 64_000  # characters; YAML takes its time on more
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)")
_MAY_HIDE = re.compile(r"<(?:del|s|strike)\b|style|hidden", re.IGNORECASE)  # parsing takes time
_EMPTY = frozenset(("img", "br", "hr", "input", "link", "meta", "embed", "wbr"))
_FENCE = re.compile(r"(---|\+\+\+)[ \t]*\n")
_FRONT_MATTER_ENDS = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE),
}
_CODE_FENCE = re.compile(r" {0,3}(```|~~~)")
_NOTE = re.compile(r" {0,3}\[\^([^\]\s]{1,50})\]:[ \t]*(.*)")
_NOTE_MARK = re.compile(r"\[\^([^\]\s]{1,50})\](?!:)")


def read_markdown(data: bytes, *, name: str) -> Extract:
    """Return the document; its title is that of the front matter, else its only h1."""
    if len(data) > _MAX_BYTES:
        reason = f"is larger than {_MAX_BYTES // 10**6} MB of text; split it into several files"
        raise ReadError(name, reason)
    source = decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    fields, body = _front_matter(source, name)
    body, notes = without_notes(body)
    blocks = _parsed(body)
    title = _text(fields, "title")
    first = next((b for b in blocks if isinstance(b, Heading) and b.level == 1), None)
    own = title or title_among(blocks)
    if first and own.casefold() == first.text.casefold():
        title = first.text
        blocks.remove(first)
    if notes:
        items = (ListItem(clean(" ".join(map(plain_text, _parsed(note))))) for note in notes)
        blocks.append(ListBlock(tuple(items), ordered=True))
    language = language_of(_text(fields, "language", "lang", "locale"))
    return Extract(
        title,
        render(below_title(blocks)),
        published=written_date(fields.get("date") or fields.get("published"), language),
        language=language,
        url=url_of(_text(fields, "url", "permalink", "link")),
        kind=kind_of(_text(fields, "kind", "type", "category", "categories")),
        translations=translations_of(list(_translations(fields, language))),
        authors=authors_of(_authors(fields)),
        replaced_by=place_of(_text(fields, "replaced_by", "superseded_by")),
        changed=_changed(fields, language),
    )


def _parsed(source: str) -> list[Block]:
    """HTML is recognised only to drop its tags; nothing here ever becomes HTML."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return list(_blocks(SyntaxTreeNode(parser.parse(source)).children))


def _front_matter(source: str, name: str) -> tuple[Mapping[str, object], str]:
    """Return the fields above the text, and the text; a rule (`---`) is no front matter."""
    opening = _FENCE.match(source)
    ending = _FRONT_MATTER_ENDS[opening[1]] if opening else None
    closing = ending.search(source, opening.end()) if opening and ending else None
    if not opening or not closing or closing.start() > _MAX_FRONT_MATTER:
        return {}, source
    load = yaml.safe_load if opening[1] == "---" else tomllib.loads
    try:
        fields = load(source[opening.end() : closing.start()])
    except tomllib.TOMLDecodeError as exc:
        reason = f"its front matter is not valid TOML: {exc}; put texts in quotes"
        raise ReadError(name, reason) from exc
    except yaml.YAMLError as exc:
        raise ReadError(name, _fault(exc)) from exc
    except (ValueError, RecursionError, OverflowError) as exc:
        reason = f"its front matter holds a value that cannot be read: {exc}; quote or correct it"
        raise ReadError(name, reason) from exc
    if fields is None:
        return {}, source[closing.end() :]
    if not isinstance(fields, dict):
        return {}, source
    return {str(key).lower(): value for key, value in fields.items()}, source[closing.end() :]


def _fault(exc: yaml.YAMLError) -> str:
    mark = exc.problem_mark if isinstance(exc, yaml.MarkedYAMLError) else None
    problem = exc.problem if isinstance(exc, yaml.MarkedYAMLError) else "a forbidden character"
    line = f" (line {mark.line + 2})" if mark else ""
    return f"its front matter{line} is not valid YAML: {problem}; put values with a colon in quotes"


def _changed(fields: Mapping[str, object], language: str | None) -> date | None:
    """Return the day of the last change, by the names that site generators have for it."""
    named = (fields.get(name) for name in ("updated", "modified", "lastmod"))
    return next(filter(None, (written_date(each, language) for each in named)), None)


def _authors(fields: Mapping[str, object]) -> Iterator[object]:
    """Yield what stands under `author` or `authors`: a name, a list of them, or of tables."""
    value = fields.get("authors") or fields.get("author")
    for each in value if isinstance(value, list) else [value]:
        yield each.get("name") if isinstance(each, dict) else each


def _text(fields: Mapping[str, object], *names: str) -> str:
    """Return the first of the named fields that is a text, or a list that begins with one."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, str | int | float) and clean(str(value)):
            return clean(str(value))
    return ""


def _translations(
    fields: Mapping[str, object], language: str | None
) -> Iterator[tuple[str | None, str | None]]:
    value = fields.get("translations")
    for code, url in value.items() if isinstance(value, dict) else ():
        if language_of(code) != language:
            yield language_of(code), url_of(url)


def _blocks(nodes: list[SyntaxTreeNode]) -> Iterator[Block]:
    for node in nodes:
        match node.type:
            case "heading":
                yield Heading(int(node.tag[1]), _inline(node))
            case "paragraph":
                yield Paragraph(without_shortcodes(_inline(node)))
            case "bullet_list" | "ordered_list":
                yield _list(node)
            case "blockquote":
                for block in _blocks(node.children):
                    yield Quotation(block.text) if isinstance(block, Paragraph) else block
            case "table":
                yield from _table(node)
            case "fence" | "code_block":
                yield from map(Paragraph, re.split(r"\n\s*\n", node.content))
            case "html_block":
                yield from blocks_of_html(parse(node.content), is_no_text)


def _list(node: SyntaxTreeNode) -> ListBlock:
    items = []
    for child in node.children:
        blocks = list(_blocks(child.children))
        nested = tuple(block for block in blocks if isinstance(block, ListBlock))
        words = (plain_text(block) for block in blocks if not isinstance(block, ListBlock))
        items.append(ListItem(clean(" ".join(words)), nested))
    start = int(node.attrGet("start") or 1) if node.type == "ordered_list" else 1
    return ListBlock(tuple(items), ordered=node.type == "ordered_list", start=start)


def _table(node: SyntaxTreeNode) -> Iterator[Block]:
    rows = [
        [Cell(_inline(cell, line_break="; ")) for cell in row.children]
        for part in node.children
        for row in part.children
    ]
    yield from blocks_of_table(rows, head_rows=1)


def _inline(node: SyntaxTreeNode, *, line_break: str = " ") -> str:
    """Return the words of a node on one line; tags go, images give their description."""
    parts: list[str] = []
    for inner in _holding(node):
        if inner.type in {"text", "code_inline"}:
            parts.append(inner.content)
        elif inner.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif inner.type == "html_inline" and re.match(r"<br\b", inner.content, re.IGNORECASE):
            parts.append(line_break)
    return clean("".join(parts))


def _holding(node: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    """Yield what is inside a node, but for what its tags hide or say no longer holds."""
    hiding, depth = "", 0
    for inner in node.children:
        tag = _TAG.match(inner.content) if inner.type == "html_inline" else None
        name = tag[2].lower() if tag else ""
        if tag and hiding:
            depth += (-1 if tag[1] else 1) if name == hiding else 0
            hiding = hiding if depth else ""
        elif tag and not tag[1] and _hides(inner.content, name):
            hiding, depth = name, 1
        elif not hiding and inner.type != "s":
            yield inner
            yield from _holding(inner)


def _hides(opening: str, name: str) -> bool:
    """Whether a tag keeps what follows it, up to where it is closed, from being read."""
    if name in _EMPTY or opening.endswith("/>") or not _MAY_HIDE.search(opening):
        return False
    tag = parse(opening).find(name)
    return isinstance(tag, Tag) and (is_hidden(tag) or is_struck(tag))


def without_notes(source: str) -> tuple[str, list[str]]:
    """Return Markdown without footnotes and their marks, and the notes in the order of these.

    What is marked without a note stays, and so does all that stands in a block of code.
    """
    notes: dict[str, list[str]] = {}
    kept: list[tuple[str, bool]] = []
    words: list[str] | None = None  # of the note under way
    is_after_blank = False
    for line, is_code in _lines_with_code(source):
        own = None if is_code else _NOTE.match(line)
        is_more = line[:4].isspace() if is_after_blank else line[:1].isspace() or line[:1].isalpha()
        if own:
            words = notes.setdefault(own[1], [])
            words.append(own[2])
        elif words is not None and line.strip() and is_more and not is_code:
            words.append(line.strip())
        else:
            words = None if line.strip() else words
            kept.append((line, is_code))
        is_after_blank = not line.strip()
    return _without_marks(kept, notes)


def _lines_with_code(source: str) -> Iterator[tuple[str, bool]]:
    """Yield the lines, and whether each is part of a block of code between fences."""
    fence = ""
    for line in source.split("\n"):
        mark = _CODE_FENCE.match(line)
        yield line, bool(fence or mark)
        if mark and fence in {"", mark[1]}:
            fence = "" if fence else mark[1]


def _without_marks(
    lines: list[tuple[str, bool]], notes: dict[str, list[str]]
) -> tuple[str, list[str]]:
    named: dict[str, None] = {}

    def marked(mark: re.Match[str]) -> str:
        if mark[1] not in notes:
            return mark[0]
        named[mark[1]] = None
        return ""

    text = "\n".join(line if is_code else _NOTE_MARK.sub(marked, line) for line, is_code in lines)
    return text, [" ".join(notes[name]) for name in (*named, *(n for n in notes if n not in named))]
