"""Answers and documents as HTML. Pure; the only place where text becomes markup.

Every word from a document, a member or a model passes through `escaped`, and every address through
`href`; the tags are ours. A fragment has no line break, so that no Markdown renderer that it
passes through later finds anything to read in it.
"""

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from urllib.parse import urlsplit

from babel import Locale

from assistant.blocks import Form, Line, lines
from assistant.corpus import UNDETERMINED, Document, Source
from assistant.dialogue import Answer, Citation, Outcome, Statement, Suggestion
from assistant.wording import Wording

SAFE_SCHEMES = {"http", "https"}


def escaped(text: str) -> str:
    """Return `text` as HTML text on one line, which any encoding of the web can carry."""
    return " ".join(escape(text.encode(errors="replace").decode()).split())


def href(url: str) -> str:
    """Return ` href="…"` for a web address, nothing for any other kind of address."""
    address = "%20".join(url.split())
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme not in SAFE_SCHEMES or not parts.netloc or "@" in parts.netloc:
        return ""
    return f' href="{escape(address)}" target="_blank" rel="noopener noreferrer"'


def question(text: str) -> str:
    """Return a member's question."""
    return f'<div class="question"><p>{escaped(text)}</p></div>'


def status(text: str) -> str:
    """Return a line that says what is going on."""
    return f'<div class="status"><p>{escaped(text)}</p></div>'


def opening(lead_in: str, language: str, statements: Iterable[Statement]) -> str:
    """Return an answer as far as it has come: no markers, no sources yet."""
    return _article(language, f"<p>{escaped(lead_in)}</p>{_statements(statements, {}, language)}")


def answer(result: Answer, words: Wording, contact: str) -> str:
    """Return a finished answer with its sources, or a refusal with what may help."""
    understood, outcome = _understood(result, words), result.outcome.value
    if result.outcome is Outcome.REFUSED:
        return _article(result.language, understood + _refusal(result, words, contact), outcome)
    if result.outcome is Outcome.LISTED:
        return _article(result.language, understood + _listing(result, words), outcome)
    if result.outcome is Outcome.SPOKEN:
        return _article(result.language, f"<p>{escaped(result.lead_in)}</p>", outcome)
    citations = {its.number: its for its in result.citations}
    body = f"{understood}<p>{escaped(result.lead_in)}</p>"
    body += _statements(result.statements, citations, result.language)
    if result.notice:
        body += f'<p class="notice">{escaped(result.notice)}</p>'
    return _article(result.language, body + _sources(result.citations, words), outcome)


def language_name(code: str, words: Wording) -> str:
    """Return the name of a language in the words' own language, the code where it has none."""
    try:
        return str(Locale.parse(words.language).languages.get(code, code))
    except ValueError:
        return code


def document(found: Document) -> str:
    """Return a document's text as HTML blocks."""
    blocks = groupby(lines(found.text), key=_block_of)
    return "".join(_block(form, list(its), found.text) for form, its in blocks)


def _article(language: str, body: str, outcome: str = "growing") -> str:
    return f'<div class="answer {outcome}" lang="{escaped(language)}">{body}</div>'


def _statements(
    statements: Iterable[Statement], citations: dict[int, Citation], language: str
) -> str:
    parts = []
    for form, group in groupby(statements, key=_form):
        tag = _TAGS[form]
        rendered = "".join(
            f"<{tag}{_lang(it, citations, language)}>{_cells(it.reading)}"
            f"{_marker(citations.get(it.citation))}</{tag}>"
            for it in group
        )
        parts.append(f'<ul class="quotes">{rendered}</ul>' if form == "item" else rendered)
    return "".join(parts)


_TAGS = {"written": "p", "item": "li", "quote": "blockquote"}


def _form(statement: Statement) -> str:
    return "written" if statement.is_written else "item" if statement.is_item else "quote"


def _cells(text: str) -> str:
    """Return a statement; the cells of a table row are parted by a dot, not by a bar."""
    return escaped(text.replace(" | ", " · "))


def _marker(citation: Citation | None) -> str:
    if citation is None:
        return ""
    return f' <sup class="marker"><a{href(citation.link)}>[{citation.number}]</a></sup>'


def _lang(statement: Statement, citations: dict[int, Citation], language: str) -> str:
    """Return the language of a quote, where it is not that of the answer around it."""
    citation = citations.get(statement.citation)
    if citation is None or statement.is_written:
        return ""
    if citation.source.language in (language, UNDETERMINED):
        return ""
    return f' lang="{escaped(citation.source.language)}"'


def _sources(citations: Iterable[Citation], words: Wording) -> str:
    items = "".join(_source(citation, words) for citation in citations)
    return (
        f'<div class="sources"><p class="label">{escaped(words("answer.sources"))}</p>'
        f"<ol>{items}</ol></div>"
    )


def _source(citation: Citation, words: Wording) -> str:
    source = citation.source
    return (
        f'<li value="{citation.number}"><a class="title"{href(citation.link)}'
        f' title="{escaped(words("answer.open"))}"><bdi lang="{escaped(source.language)}">'
        f'{escaped(source.title)}</bdi></a> <span class="facts">{_facts(source, citation, words)}'
        f"</span><details><summary>{escaped(words('answer.context'))}</summary>"
        f'<blockquote lang="{escaped(source.language)}">{_context(citation)}</blockquote>'
        "</details></li>"
    )


def _facts(source: Source, citation: Citation | None, words: Wording) -> str:
    kind = citation.chunk.kind if citation else source.kind
    facts = [
        words(f"kind.{kind.value}"),
        words.day(source.published) if source.published else words("answer.undated"),
    ]
    if source.language not in (words.language, UNDETERMINED):
        key = "answer.quoted_in" if citation else "answer.in"
        facts.append(words(key, language=language_name(source.language, words)))
    return " · ".join(escaped(fact) for fact in facts)


def _context(citation: Citation) -> str:
    """Return the chunk around the quote, without block marks, the quote marked."""
    chunk = citation.chunk
    parts = [f"<p>{escaped(chunk.lead_in)}</p>"] if chunk.lead_in else []
    for line in lines(chunk.text):
        if line.form in (Form.HEADING, Form.RULE):
            continue
        first, last = citation.start - chunk.start, citation.end - chunk.start
        before, marked, after = (
            _shown(chunk.text[slice(*part)], line.form) for part in _parted(line, first, last)
        )
        mark = f"<mark>{marked}</mark>" if marked else ""
        parts.append(f"<p>{' '.join(part for part in (before, mark, after) if part)}</p>")
    return "".join(parts)


def _shown(text: str, form: Form) -> str:
    """Return a part of a line; that of a table row without the bars."""
    return _cells(text.strip(" |")) if form is Form.ROW else escaped(text)


def _parted(line: Line, first: int, last: int) -> tuple[tuple[int, int], ...]:
    """Return the parts of a line before, inside and after a quote, as ranges."""
    start = min(max(first, line.content), line.end)
    end = min(max(last, start), line.end)
    return (line.content, start), (start, end), (end, line.end)


def _refusal(result: Answer, words: Wording, contact: str) -> str:
    body = f"<p>{escaped(result.lead_in)} {escaped(words('refusal.rephrase'))}</p>"
    if contact:
        body += f"<p>{escaped(words('refusal.contact', contact=contact))}</p>"
    if result.suggestions:
        label = f'<p class="label">{escaped(words("refusal.closest"))}</p>'
        body += f'<div class="sources">{label}{_documents(result.suggestions, words)}</div>'
    return body


def _listing(result: Answer, words: Wording) -> str:
    body = f"<p>{escaped(result.lead_in)}</p>"
    body += f'<div class="documents">{_documents(result.suggestions, words)}</div>'
    if result.more:
        body += f"<p>{escaped(words('list.more', count=result.more))}</p>"
    return body


def _documents(suggestions: Iterable[Suggestion], words: Wording) -> str:
    items = "".join(
        f'<li><a class="title"{href(its.url)}><bdi lang="{escaped(its.source.language)}">'
        f"{escaped(its.source.title)}</bdi></a>"
        f' <span class="facts">{_facts(its.source, None, words)}</span></li>'
        for its in suggestions
    )
    return f"<ul>{items}</ul>"


def _understood(result: Answer, words: Wording) -> str:
    """Return how a question was read, where that is not how it was written."""
    if not result.understood:
        return ""
    said = escaped(words("understood", question=result.understood))
    return f'<p class="understood">{said}</p>'


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
