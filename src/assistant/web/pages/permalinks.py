"""Links that show an answer again. The answer is in the link itself: the server stores nothing.

It is signed, so that nobody can make the assistant seem to have said what it did not.
"""

import logging
import secrets
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from filelock import FileLock
from itsdangerous import BadData, URLSafeSerializer

from assistant.domain.corpus import DocumentId, Kind, Source, Span, Successor
from assistant.domain.dialogue import (
    Answer,
    Citation,
    Excerpt,
    Mode,
    Outcome,
    Statement,
    Suggestion,
)
from assistant.domain.ports import Generation
from assistant.files import write_whole
from assistant.language.wording import Wording

PATH = "/answer/"
KEY_FILE = "link_key"
KEY_BYTES = 32
LOCK_WAIT = 10  # seconds
LONGEST = 30_000  # characters of a link; deploy/nginx.conf lets them through
_VERSION = 4
_KNOWN = (3, _VERSION)  # in links of version 3, sources have no day of change

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SharedAnswer:
    """An answer as it was given.

    Attributes:
        given: The day it was given.
        published: The day the documents it was made from were published here.
    """

    answer: Answer
    given: date
    published: date


class Permalinks:
    """Makes links and reads them; links of another key are not known."""

    def __init__(self, key: bytes) -> None:
        self._serializer = URLSafeSerializer(key, salt="answer")

    def path(self, shared: SharedAnswer) -> str:
        """Return the path of the page that shows the answer, empty where it would be too long."""
        token = self._serializer.dumps(_fields(shared))
        text = token if isinstance(token, str) else token.decode()
        return f"{PATH}{text}" if len(text) <= LONGEST else ""

    def read(self, token: str) -> SharedAnswer | None:
        """Return the answer of a link, None where the link is not one of ours."""
        if len(token) > LONGEST:
            return None
        try:
            return _shared(self._serializer.loads(token))
        except (BadData, KeyError, TypeError, ValueError):
            return None


def key_of(data: Path) -> bytes:
    """Return the key of a data directory, made on first use.

    Where it cannot be kept, it lasts as long as the process, and so do the links.
    """
    path = data / KEY_FILE
    if kept := _kept(path):
        return kept
    fresh = secrets.token_bytes(KEY_BYTES)
    with suppress(OSError, NotImplementedError):  # the latter where files cannot be locked
        data.mkdir(parents=True, exist_ok=True)
        # Servers that start together have to sign with one key.
        with FileLock(path.with_name(f".{KEY_FILE}.lock"), timeout=LOCK_WAIT):
            if kept := _kept(path):
                return kept
            if path.exists():
                log.warning("%s was no whole key; a new one signs links from now on", path)
            write_whole(path, fresh, durable=True)
    return fresh


def _kept(path: Path) -> bytes:
    """Return the key in a file, empty where there is no whole one."""
    with suppress(OSError):
        stored = path.read_bytes()
        return stored if len(stored) == KEY_BYTES else b""
    return b""


def _fields(shared: SharedAnswer) -> dict[str, Any]:
    answer = shared.answer
    return {
        "version": _VERSION,
        "given": shared.given.isoformat(),
        "published": shared.published.isoformat(),
        "question": answer.question,
        "language": answer.language,
        "outcome": answer.outcome.value,
        "mode": answer.mode.value,
        "lead_in": answer.lead_in,
        "generation": answer.generation,
        "notice": answer.notice,
        "understood": answer.understood,
        "more": answer.more,
        "statements": [asdict(statement) for statement in answer.statements],
        "citations": [
            [citation.number, _excerpt_fields(citation.excerpt), citation.url, citation.link]
            for citation in answer.citations
        ],
        "suggestions": [
            [_source_fields(suggestion.source), suggestion.url] for suggestion in answer.suggestions
        ],
        **({"by_hand": answer.by_hand} if answer.by_hand else {}),
    }


def _excerpt_fields(excerpt: Excerpt) -> list[Any]:
    return [
        *(_source_fields(excerpt.source), list(excerpt.headings), excerpt.text, excerpt.start),
        [[mark.start, mark.end] for mark in excerpt.marks],
        *(excerpt.kind.value, excerpt.head, excerpt.opens_inside, excerpt.closes_inside),
    ]


def _source_fields(source: Source) -> list[Any]:
    day = source.published.isoformat() if source.published else ""
    fields: list[Any] = [
        *(source.document_id, source.title, source.url, day, source.language, source.kind.value),
        list(source.authors),
    ]
    newer, changed = source.successor, source.changed
    successor = [newer.document_id, newer.title] if newer else []
    if changed:
        return [*fields, successor, changed.isoformat()]
    return [*fields, successor] if successor else fields


def _shared(fields: dict[str, Any]) -> SharedAnswer:
    if fields["version"] not in _KNOWN:
        raise ValueError(fields["version"])
    answer = Answer(
        question=fields["question"],
        language=fields["language"],
        outcome=Outcome(fields["outcome"]),
        mode=Mode(fields["mode"]),
        lead_in=fields["lead_in"],
        generation=fields["generation"],
        statements=tuple(Statement(**field) for field in fields["statements"]),
        citations=tuple(_citation(*field) for field in fields["citations"]),
        suggestions=tuple(Suggestion(_source(*field), url) for field, url in fields["suggestions"]),
        notice=fields["notice"],
        understood=fields["understood"],
        more=fields["more"],
        by_hand=fields.get("by_hand", ""),
    )
    given, published = (date.fromisoformat(fields[name]) for name in ("given", "published"))
    return SharedAnswer(answer, given, published)


def _source(  # noqa: PLR0913, PLR0917 - the fields as they lie in the link
    document_id: str,
    title: str,
    url: str,
    day: str,
    language: str,
    kind: str,
    authors: list[str],
    successor: Sequence[str] = (),
    changed: str = "",
) -> Source:
    return Source(
        DocumentId(document_id),
        title,
        url,
        date.fromisoformat(day) if day else None,
        language,
        Kind(kind),
        tuple(map(str, authors)),
        _successor(*successor) if successor else None,
        date.fromisoformat(changed) if changed else None,
    )


def _successor(document_id: str, title: str) -> Successor:
    return Successor(DocumentId(document_id), title)


def _citation(number: int, excerpt: list[Any], url: str, link: str) -> Citation:
    return Citation(number, _excerpt(*excerpt), url, link)


def _excerpt(  # noqa: PLR0913, PLR0917 - the fields as they lie in the link
    source: list[Any],
    headings: list[str],
    text: str,
    start: int,
    marks: list[list[int]],
    kind: str,
    head: str,
    opens_inside: bool,  # noqa: FBT001 - likewise
    closes_inside: bool,  # noqa: FBT001 - likewise
) -> Excerpt:
    return Excerpt(
        source=_source(*source),
        headings=tuple(headings),
        text=text,
        start=start,
        end=start + len(text),
        marks=tuple(Span(*mark) for mark in marks),
        kind=Kind(kind),
        head=head,
        opens_inside=opens_inside,
        closes_inside=closes_inside,
    )


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
        replace(citation, excerpt=_still_named(citation.excerpt, hidden))
        for citation in answer.citations
        if citation.source.document_id not in hidden
    )
    suggestions = tuple(
        replace(suggestion, source=_without_successor(suggestion.source, hidden))
        for suggestion in answer.suggestions
        if suggestion.source.document_id not in hidden
    )
    if citations == answer.citations and suggestions == answer.suggestions:
        return answer
    by_hand = answer.by_hand
    if by_hand and len(suggestions) < len(answer.suggestions):
        by_hand, suggestions = "", ()  # it may say what stood in any of the documents it rests on
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
        by_hand=by_hand,
    )


def _stands(citation: Citation, generation: Generation) -> bool:
    """Whether an excerpt still stands in the published document."""
    excerpt = citation.excerpt
    document = generation.document(excerpt.source.document_id)
    return document is not None and document.text[excerpt.start : excerpt.end] == excerpt.text


def _still_named(excerpt: Excerpt, hidden: Collection[str]) -> Excerpt:
    return replace(excerpt, source=_without_successor(excerpt.source, hidden))


def _without_successor(source: Source, hidden: Collection[str]) -> Source:
    newer = source.successor
    return replace(source, successor=None) if newer and newer.document_id in hidden else source


def _titles(citations: Iterable[Citation]) -> list[str]:
    return list(dict.fromkeys(citation.source.title for citation in citations))
