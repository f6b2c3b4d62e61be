"""The page that shows an answer again, and what has become of its sources since."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from assistant import rendering
from assistant.dialogue import Answer, Citation
from assistant.markup import escaped
from assistant.ports import Generation
from assistant.web import reader
from assistant.web.permalinks import SharedAnswer
from assistant.wording import Wording


def page(
    shared: SharedAnswer,
    generation: Generation | None,
    words: Wording,
    contact: str,
    today: date,
) -> str:
    """Return the page. `generation` is what is published now, None where that cannot be told."""
    answer, changed = shared.answer, list[str]()
    if generation is not None:
        found = [_found(its, generation) for its in answer.citations]
        changed = _titles(old for old, new in zip(answer.citations, found, strict=True) if not new)
        answer = _with_context(answer, found)
    notes = [words("shared.corpus", day=words.day(shared.published))]
    if changed:
        notes.append(words("shared.changed", titles=", ".join(changed)))
    heading = words("shared.heading", day=words.day(shared.given))
    told = "".join(f'<p class="facts" lang="{words.language}">{escaped(its)}</p>' for its in notes)
    body = (
        f'<h1 lang="{words.language}">{escaped(heading)}</h1>{told}'
        f"{rendering.question(answer.question)}"
        f"{rendering.answer(answer, words, contact, today=today)}"
    )
    return reader.frame(heading, words.language, body, words)


def missing(words: Wording) -> str:
    """Return the page for a link that is not one of ours."""
    text = words("shared.missing")
    return reader.frame(text, words.language, f"<h1>{escaped(text)}</h1>", words)


def _found(citation: Citation, generation: Generation) -> Citation | None:
    """Return a citation with the text around its quote, None where that stands there no more."""
    for chunk in generation.chunks_of(citation.source.document_id):
        if chunk.start <= citation.start and citation.end <= chunk.end:
            quote = chunk.text[citation.start - chunk.start : citation.end - chunk.start]
            return replace(citation, chunk=chunk) if quote == citation.quote else None
    return None


def _with_context(answer: Answer, found: Iterable[Citation | None]) -> Answer:
    pairs = zip(answer.citations, found, strict=True)
    return replace(answer, citations=tuple(new or old for old, new in pairs))


def _titles(citations: Iterable[Citation]) -> list[str]:
    return list(dict.fromkeys(its.source.title for its in citations))
