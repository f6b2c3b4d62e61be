"""Say what a plan would change, in words that staff can judge by: titles, and lines of text."""

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.domain.corpus import Document, DocumentId
from ingest.plan import IngestionPlan, KnownDocument

MOST_LINES = 40  # of one document; who wants more opens it
LONGEST_LINE = 300  # characters
LONG = 2000  # lines; matching those of longer texts takes time with the square of their number
MOST_COMPARED = 200  # documents; comparing thousands would take minutes that nobody reads
_CUT = "…"


class Published(Protocol):
    """What there is to compare with."""

    def stored(self) -> Sequence[KnownDocument]:
        """Return what is published."""
        ...

    def document(self, document_id: DocumentId) -> Document | None:
        """Return a published document, None where there is none of that id."""
        ...


@dataclass(frozen=True, slots=True)
class Change:
    """What a run does to one document.

    Attributes:
        what: `new`, `changed` or `removed`.
        difference: For a changed document: lines that begin with `-` are gone, with `+` new; the
            first ones where there are many.
        kind: What was taken for it, as its language and its day (ISO 8601, empty where it has
            none); all empty for a document that is removed.
    """

    what: str
    document: DocumentId
    title: str
    difference: tuple[str, ...] = ()
    kind: str = ""
    language: str = ""
    published: str = ""


def changes(plan: IngestionPlan, published: Published) -> tuple[Change, ...]:
    """Return the changes of a plan: the new, the changed, the removed."""
    titles = {each.id: each.title for each in published.stored()} if plan.removed else {}
    return (
        *(_change("new", document) for _, document in plan.new),
        *_changed(plan, published),
        *(Change("removed", each, titles.get(each, each)) for each in plan.removed),
    )


def _changed(plan: IngestionPlan, published: Published) -> Iterator[Change]:
    for number, (_, document) in enumerate(plan.changed):
        before = published.document(document.id) if number < MOST_COMPARED else None
        lines = difference(before, document) if before else ()
        yield _change("changed", document, lines)


def _change(what: str, document: Document, lines: tuple[str, ...] = ()) -> Change:
    source = document.source
    published = source.published.isoformat() if source.published else ""
    return Change(
        what, document.id, source.title, lines, source.kind.value, source.language, published
    )


def difference(before: Document, after: Document) -> tuple[str, ...]:
    """Return the lines that differ, facts of the document first, at most `MOST_LINES`."""
    old, new = _lines(before), _lines(after)
    lines = _unlike(old, new) if max(len(old), len(new)) > LONG else _compared(old, new)
    shown = [line if len(line) <= LONGEST_LINE else line[:LONGEST_LINE] + _CUT for line in lines]
    return tuple(shown if len(shown) <= MOST_LINES else [*shown[:MOST_LINES], _CUT])


def _compared(old: Sequence[str], new: Sequence[str]) -> list[str]:
    steps = difflib.SequenceMatcher(None, old, new).get_opcodes()
    return [
        f"{sign}{line}"
        for step, start, end, new_start, new_end in steps
        if step != "equal"
        for sign, lines in (("-", old[start:end]), ("+", new[new_start:new_end]))
        for line in lines
    ]


def _unlike(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return the lines that stand in one text alone, what is gone first; order counts nothing."""
    return [
        f"{sign}{line}"
        for sign, some, others in (("-", old, new), ("+", new, old))
        for line in _alone(some, others)
    ]


def _alone(some: Sequence[str], others: Sequence[str]) -> Iterator[str]:
    left = Counter(others)
    for line in some:
        if left[line]:
            left[line] -= 1
        else:
            yield line


def _lines(document: Document) -> list[str]:
    source = document.source
    facts = {
        "title": source.title,
        "address": source.url,
        "date": source.published.isoformat() if source.published else "none",
        "last changed": source.changed.isoformat() if source.changed else "not told",
        "language": source.language,
        "kind": source.kind.value,
        "authors": ", ".join(source.authors),
        "replaced by": document.replaced_by,
        "translations": ", ".join(
            f"{translation.language} {translation.url}" for translation in document.translations
        ),
    }
    text = [line for line in document.text.splitlines() if line]
    return [*(f"{name}: {value}" for name, value in facts.items()), *text]
