"""What a page says that shows an answer again: with what became of its sources since. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from assistant.domain.dialogue import Answer, Citation
from assistant.domain.ports import Generation
from assistant.language.wording import Wording
from assistant.web.pages.permalinks import SharedAnswer


def shown_again(
    shared: SharedAnswer,
    generation: Generation | None,
    words: Wording,
    *,
    hidden: Collection[str] = (),
) -> dict[str, Any]:
    """Return what the page says, without what came from documents that are `hidden` now.

    `generation` is what is published now, None where that cannot be told.
    """
    answer, changed = without(shared.answer, hidden), list[str]()
    if generation is not None:
        changed = _titles(cited for cited in answer.citations if not _stands(cited, generation))
    notes = [words("shared.corpus", day=words.day(shared.published))]
    if changed:
        notes.append(words("shared.changed", titles=", ".join(changed)))
    if answer != shared.answer:
        notes.append(words("shared.hidden"))
    return {
        "heading": words("shared.heading", day=words.day(shared.given)),
        "notes": notes,
        "result": answer,
        "says_something": bool(answer.lead_in or answer.citations or answer.suggestions),
    }


def without(answer: Answer, hidden: Collection[str]) -> Answer:
    """Return what is left of an answer where these documents may not be shown, nor be named.

    The line before the statements and how the question was understood may name a document; they
    stay where nothing was taken out.
    """
    citations = tuple(
        _without_successor(citation, hidden)
        for citation in answer.citations
        if citation.source.document_id not in hidden
    )
    suggestions = tuple(
        suggestion
        for suggestion in answer.suggestions
        if suggestion.source.document_id not in hidden
    )
    if citations == answer.citations and suggestions == answer.suggestions:
        return answer
    numbers = {citation.number for citation in citations}
    statements = tuple(
        statement for statement in answer.statements if statement.citation in numbers
    )
    return replace(
        answer,
        citations=citations,
        suggestions=suggestions,
        statements=statements,
        lead_in=answer.lead_in if citations or suggestions else "",
        understood="",
    )


def _stands(citation: Citation, generation: Generation) -> bool:
    """Whether an excerpt still stands in the published document."""
    excerpt = citation.excerpt
    document = generation.document(excerpt.source.document_id)
    return document is not None and document.text[excerpt.start : excerpt.end] == excerpt.text


def _without_successor(citation: Citation, hidden: Collection[str]) -> Citation:
    source = citation.source
    if source.successor is None or source.successor.document_id not in hidden:
        return citation
    excerpt = replace(citation.excerpt, source=replace(source, successor=None))
    return replace(citation, excerpt=excerpt)


def _titles(citations: Iterable[Citation]) -> list[str]:
    return list(dict.fromkeys(citation.source.title for citation in citations))
