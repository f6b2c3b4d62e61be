"""A conversation as HTML. Pure.

Every word from a document, a member or a model passes through `markup.escaped`, and every address
through `markup.href`; the tags are ours. A fragment has no line break, so that no Markdown renderer
that it passes through later finds anything to read in it.
"""

import re
from collections.abc import Iterable
from datetime import date

from assistant.corpus import UNDETERMINED
from assistant.dialogue import Answer, Citation, Mode, Outcome, Statement, Suggestion
from assistant.document_rendering import piece
from assistant.excerpts import Excerpt
from assistant.markup import address, escaped, href, in_language
from assistant.source_cards import facts, sources
from assistant.wording import Wording

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def question(text: str) -> str:
    """Return a member's question."""
    return f'<div class="question"><p>{escaped(text)}</p></div>'


def status(text: str) -> str:
    """Return a line that says what is going on."""
    return f'<div class="status"><p>{escaped(text)}</p></div>'


def opening(lead_in: str, language: str, statements: Iterable[Statement]) -> str:
    """Return an answer as far as it has come: no markers, no sources yet."""
    return _article(language, f"<p>{escaped(lead_in)}</p>{_statements(statements, {})}")


def answer(
    result: Answer, words: Wording, contact: str, *, today: date | None = None, link: str = ""
) -> str:
    """Return a finished answer with its sources, or a refusal with what may help.

    `today` tells which sources are old. `link` is the path of the page that shows the answer
    again; with it come the buttons that the page's script makes work.
    """
    body = _understood(result, words) + _body(result, words, contact, today)
    if result.outcome is not Outcome.SPOKEN and link:
        body += _actions(words, link)
    generated = result.mode is Mode.WRITING
    return _article(result.language, body, result.outcome.value, generated=generated)


def _body(result: Answer, words: Wording, contact: str, today: date | None) -> str:
    if result.outcome is Outcome.REFUSED:
        return _refusal(result, words, contact)
    if result.outcome is Outcome.LISTED:
        return _listing(result, words)
    body = f"<p>{escaped(result.lead_in)}</p>"
    if result.outcome is Outcome.SPOKEN:
        return body
    if result.statements:
        body += _statements(result.statements, {its.number: its for its in result.citations})
    else:
        body += _excerpts(result.citations, result.language)
    if result.notice:
        body += f'<p class="notice">{escaped(result.notice)}</p>'
    return body + sources(result.citations, words, today, with_excerpts=bool(result.statements))


def _actions(words: Wording, link: str) -> str:
    """Return the buttons below an answer; what they do is in assets/chat.js."""
    buttons = "".join(
        f'<button type="button" class="action" data-action="{name}">'
        f"{escaped(words(f'action.{name}'))}</button>"
        for name in ("copy", "helpful", "unhelpful")
    )
    address = f'<a class="action" href="{escaped(link)}">{escaped(words("action.link"))}</a>'
    return f'<div class="actions">{buttons}{address}</div>'


def _article(language: str, body: str, outcome: str = "growing", *, generated: bool = False) -> str:
    mark = ' data-ai-generated="true"' if generated else ""
    return f'<div class="answer {outcome}" lang="{escaped(language)}"{mark}>{body}</div>'


def _statements(statements: Iterable[Statement], citations: dict[int, Citation]) -> str:
    """Return the sentences that a model wrote."""
    return "".join(
        f"<p>{escaped(its.text)}{_marker(citations.get(its.citation))}</p>" for its in statements
    )


def _excerpts(citations: Iterable[Citation], language: str) -> str:
    """Return what is cited, whole and marked, each excerpt under its title and headings."""
    parts, last = list[str](), ""
    for citation in citations:
        excerpt, marker = citation.excerpt, _marker(citation)
        place, end = "", f'<p class="end">{marker}</p>'
        if excerpt.heading_path != last:
            place, end = f'<p class="place">{escaped(excerpt.heading_path)}{marker}</p>', ""
        last = excerpt.heading_path
        parts.append(
            f'<section class="excerpt"{_lang(excerpt, language)}>{place}{piece(excerpt)}{end}'
            "</section>"
        )
    return "".join(parts)


def _marker(citation: Citation | None) -> str:
    if citation is None:
        return ""
    return f' <sup class="marker"><a{href(citation.link)}>[{citation.number}]</a></sup>'


def _lang(excerpt: Excerpt, language: str) -> str:
    """Return the language of an excerpt, where it is not that of the answer around it."""
    if excerpt.source.language == UNDETERMINED:
        return ' dir="auto"'
    if excerpt.source.language == language:
        return ""
    return in_language(excerpt.source.language)


def contact_line(key: str, contact: str, words: Wording) -> str:
    """Return the message `key` with whom to turn to; an e-mail or web address becomes a link."""
    before, _, after = words.template(key).partition("{contact}")
    target = f' href="mailto:{escaped(contact)}"' if _EMAIL.fullmatch(contact) else href(contact)
    linked = f'<a class="contact"{target}>{escaped(contact)}</a>' if target else escaped(contact)
    return f"<p>{escaped(before)} {linked}{escaped(after)}</p>"


def _refusal(result: Answer, words: Wording, contact: str) -> str:
    body = f"<p>{escaped(result.lead_in)} {escaped(words('refusal.rephrase'))}</p>"
    if contact:
        body += contact_line("refusal.contact", contact, words)
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
        f'<li><a class="title"{href(its.url)}><bdi{in_language(its.source.language)}>'
        f"{escaped(its.source.title)}</bdi></a> {facts(its.source, words, None, quoted=False)}"
        f"{address(its.url)}</li>"
        for its in suggestions
    )
    return f"<ul>{items}</ul>"


def _understood(result: Answer, words: Wording) -> str:
    """Return how a question was read, where that is not how it was written."""
    if not result.understood:
        return ""
    said = escaped(words("understood", question=result.understood))
    return f'<p class="understood">{said}</p>'
