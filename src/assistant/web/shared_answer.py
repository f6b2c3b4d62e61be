"""The page that shows an answer again, and what has become of its sources since."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from assistant import rendering
from assistant.dialogue import Answer, Citation
from assistant.markup import escaped
from assistant.ports import Generation
from assistant.web import reader
from assistant.web.permalinks import SharedAnswer
from assistant.wording import Wording

UNLISTED = '<meta name="robots" content="noindex">'


def page(  # noqa: PLR0913 - each is one fact that the page tells
    shared: SharedAnswer,
    generation: Generation | None,
    words: Wording,
    contact: str,
    today: date,
    *,
    hidden: Collection[str] = (),
) -> str:
    """Return the page, without what came from documents that are `hidden` now.

    `generation` is what is published now, None where that cannot be told.
    """
    answer, changed = without(shared.answer, hidden), list[str]()
    if generation is not None:
        changed = _titles(its for its in answer.citations if not _stands(its, generation))
    notes = [words("shared.corpus", day=words.day(shared.published))]
    if changed:
        notes.append(words("shared.changed", titles=", ".join(changed)))
    if answer != shared.answer:
        notes.append(words("shared.hidden"))
    shown = rendering.answer(answer, words, contact, today=today)
    heading = words("shared.heading", day=words.day(shared.given))
    told = "".join(f'<p class="facts" lang="{words.language}">{escaped(its)}</p>' for its in notes)
    body = (
        f'<h1 lang="{words.language}">{escaped(heading)}</h1>{told}'
        f"{rendering.question(answer.question)}"
        f"{shown if _says_something(answer) else ''}"
    )
    return reader.frame(heading, words.language, body, words, head=UNLISTED)


def without(answer: Answer, hidden: Collection[str]) -> Answer:
    """Return what is left of an answer where these documents may not be shown, nor be named.

    The line before the statements and how the question was understood may name a document; they
    stay where nothing was taken out.
    """
    citations = tuple(
        _without_successor(its, hidden)
        for its in answer.citations
        if its.source.document_id not in hidden
    )
    suggestions = tuple(its for its in answer.suggestions if its.source.document_id not in hidden)
    if citations == answer.citations and suggestions == answer.suggestions:
        return answer
    numbers = {its.number for its in citations}
    statements = tuple(its for its in answer.statements if its.citation in numbers)
    return replace(
        answer,
        citations=citations,
        suggestions=suggestions,
        statements=statements,
        lead_in=answer.lead_in if citations or suggestions else "",
        understood="",
    )


def unavailable(words: Wording) -> str:
    """Return the page for when it cannot be told what may be shown."""
    text = words("error.unavailable")
    return reader.frame(text, words.language, f"<h1>{escaped(text)}</h1>", words)


def missing(words: Wording) -> str:
    """Return the page for a link that is not one of ours."""
    text = words("shared.missing")
    return reader.frame(text, words.language, f"<h1>{escaped(text)}</h1>", words)


def _stands(citation: Citation, generation: Generation) -> bool:
    """Whether an excerpt still stands in the published document."""
    excerpt = citation.excerpt
    document = generation.document(excerpt.source.document_id)
    return document is not None and document.text[excerpt.start : excerpt.end] == excerpt.text


def _says_something(answer: Answer) -> bool:
    return bool(answer.lead_in or answer.citations or answer.suggestions)


def _without_successor(citation: Citation, hidden: Collection[str]) -> Citation:
    source = citation.source
    if source.successor is None or source.successor.document_id not in hidden:
        return citation
    excerpt = replace(citation.excerpt, source=replace(source, successor=None))
    return replace(citation, excerpt=excerpt)


def _titles(citations: Iterable[Citation]) -> list[str]:
    return list(dict.fromkeys(its.source.title for its in citations))
