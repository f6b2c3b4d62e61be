"""The page that shows an answer again, and what has become of its sources since."""

from collections.abc import Iterable
from datetime import date

from assistant import rendering
from assistant.dialogue import Citation
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
        changed = _titles(its for its in answer.citations if not _stands(its, generation))
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


def _stands(citation: Citation, generation: Generation) -> bool:
    """Whether an excerpt still stands in the published document."""
    excerpt = citation.excerpt
    document = generation.document(excerpt.source.document_id)
    return document is not None and document.text[excerpt.start : excerpt.end] == excerpt.text


def _titles(citations: Iterable[Citation]) -> list[str]:
    return list(dict.fromkeys(its.source.title for its in citations))
