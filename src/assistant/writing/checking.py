"""Check a sentence that a chat model wrote against the passage it names. Pure.

A sentence passes when one place of the passage, a few sentences long at most, holds its numbers
with their units, its dates and names, denies what it denies, goes up where it goes up, and has its
words; and when what stands together in it stands together there. In another language than the
passage's, words cannot match, and likeness of meaning decides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from assistant.corpus import Chunk, Span
from assistant.writing.binding import (
    are_opposite,
    denies_otherwise,
    is_reordered,
    is_stitched,
    turns_clause,
)
from assistant.writing.statements import Clause, Statement, statement
from assistant.writing.vocabulary import stem

COVERED = 0.6
"""The share of a sentence's content words that must stand in the place it is taken from."""

COVERED_ROW = 0.3
"""The same for a row of a table, which says what it says without verbs."""

ADDED = 3
"""So many content words in a row that stand nowhere in the passage are an addition."""

NEW = 2
"""So many words of one clause that stand nowhere in the passage, and few others, are one too."""

ALIKE = 0.35
"""The least likeness (cosine, centred by language) to the place, between two languages."""

LONGEST = 3
"""The most sentences that follow each other and are told in one."""

_LINK = re.compile(r"https?:|www\.|\]\(|<\w|!\[", re.IGNORECASE)
_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+\s*$")
_MARKER = re.compile(r"(?:^|\n)\s*(?:-|\d+\.) $")
_MOVEMENT = frozenset({0, 1})


class Fault(StrEnum):
    """Why a sentence is withheld."""

    NO_MARK = "it names no passage"
    WRONG_MARK = "it names a passage that was not given"
    LANGUAGE = "it is in another language than the question"
    LINK = "it holds a link or markup"
    NUMBER = "a number does not stand in the passage"
    UNIT = "a number has another unit in the passage"
    DATE = "a date does not stand in the passage"
    NAME = "a name does not stand in the passage"
    STITCHED = "it joins what the passage says of different things"
    NEGATION = "it denies what the passage says, or says what the passage denies"
    DIRECTION = "it turns what the passage says round"
    ADDITION = "it says more than the passage"
    MEANING = "it does not mean what the passage says"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The place of a passage that a sentence is taken from."""

    chunk: Chunk
    span: Span


_SEVERITY = (
    Fault.NUMBER,
    Fault.UNIT,
    Fault.DATE,
    Fault.NAME,
    Fault.ADDITION,
    Fault.MEANING,
    Fault.STITCHED,
    Fault.NEGATION,
    Fault.DIRECTION,
)
"""How far a check came: the fault of the place that came furthest is the one to tell."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """What is checked: the sentence, its language, and its likeness to the chunk."""

    said: Statement
    language: str
    likeness: float | None


@dataclass(frozen=True, slots=True)
class _Place:
    """A few sentences of a chunk, together and each, and what stands above them all."""

    whole: Statement
    each: tuple[Statement, ...]
    context: Statement
    chunk: Statement
    items: Statement
    language: str
    is_listed: bool
    is_row: bool


def check(
    claim: str, language: str, chunk: Chunk, likeness: float | None = None
) -> Evidence | Fault:
    """Return the place of the passage that says the same, or why there is none.

    `likeness` is that of the claim to the chunk, needed where their languages differ.
    """
    if _LINK.search(claim):
        return Fault.LINK
    about = _Claim(statement(claim, language), language, likeness)
    its = chunk.source.language
    headers = _headers(chunk.text)
    context = statement("\n".join([chunk.context, *_lead_ins(chunk)]), its)
    known = statement(f"{chunk.context}\n{chunk.text}", its)
    listed = [span for span in chunk.sentences if _is_listed(chunk, (span,))]
    items = statement("\n".join(_told(chunk.sentence(one), headers) for one in listed), its)
    faults: list[Fault] = []
    for spans in _runs(chunk, len(about.said.clauses)):
        texts = [_told(chunk.sentence(span), headers) for span in spans]
        each = tuple(statement(text, its) for text in texts)
        is_row = len(spans) == 1 and _is_row(chunk.sentence(spans[0]))
        whole = statement("\n".join(texts), its)
        place = _Place(whole, each, context, known, items, its, _is_listed(chunk, spans), is_row)
        fault = _fault(about, place)
        if fault is None:
            return Evidence(chunk, Span(spans[0].start, spans[-1].end))
        faults.append(fault)
    return max(faults, key=_SEVERITY.index, default=Fault.MEANING)


def _runs(chunk: Chunk, clauses: int) -> Iterator[tuple[Span, ...]]:
    """Yield each sentence, then each few that follow each other, as many as the clauses told.

    One more may be needed to know who "she" is, but not to read a row of a table.
    """
    for many in range(1, min(LONGEST, clauses + 1) + 1):
        for first in range(len(chunk.sentences) - many + 1):
            run = chunk.sentences[first : first + many]
            rows = sum(_is_row(chunk.sentence(its)) for its in run)
            if not rows or many == 1 or many <= clauses:
                yield run


def _is_listed(chunk: Chunk, spans: tuple[Span, ...]) -> bool:
    """Tell whether a sentence is an item of a list or a row of a table."""
    return any(
        _is_row(chunk.sentence(span)) or _MARKER.search(chunk.text[: span.start - chunk.start])
        for span in spans
    )


def _is_row(sentence: str) -> bool:
    return " | " in sentence


def _fault(claim: _Claim, place: _Place) -> Fault | None:
    said, there = claim.said, place.whole
    if fault := _missing(said, place):
        return fault
    if claim.language == place.language:
        if _adds(said, place):
            return Fault.ADDITION
        if is_stitched(
            said, place.each, place.context, place.items if place.is_listed else None
        ):
            return Fault.STITCHED
        if denies_otherwise(said, there):
            return Fault.NEGATION
        if _turned(said, there) or turns_clause(said, there):
            return Fault.DIRECTION
    else:
        if claim.likeness is None or claim.likeness < ALIKE:
            return Fault.MEANING
        if is_denied(said) != is_denied(there) and not is_hedged(said, there):
            return Fault.NEGATION
    return Fault.DIRECTION if is_reordered(said, there) else None


def is_denied(said: Statement) -> bool:
    """Tell whether anything is denied."""
    return any(its.denials for its in said.clauses)


def is_hedged(*told: Statement) -> bool:
    """Tell whether a word stands in one that may stand for a denial."""
    return any(bool(its.soft) for each in told for its in each.clauses)


def _missing(said: Statement, place: _Place) -> Fault | None:
    """Return what kind of fact the place has not."""
    there, context = place.whole, place.context
    if not said.numbers <= there.numbers | context.numbers:
        return Fault.NUMBER
    if not said.measures <= there.measures | context.measures or _loses_percent(said, there):
        return Fault.UNIT
    if not said.units <= place.chunk.units | {unit for _, unit in place.chunk.measures}:
        return Fault.UNIT
    if not said.months <= there.months | context.months:
        return Fault.DATE
    words = set(there.words) | set(context.words)
    names = there.names | context.names
    if not all(_is_known(its, names, words) for its in said.names):
        return Fault.NAME
    return None


def _is_known(name: str, names: frozenset[str], words: set[str]) -> bool:
    """Tell whether a name stands there, but for an ending, or as a word of any kind."""
    short = name.rstrip("s")
    return stem(name) in words and (
        not names or any(its.rstrip("s") == short for its in names) or stem(name) not in
        {stem(its) for its in names}
    )


def _loses_percent(said: Statement, there: Statement) -> bool:
    """Tell whether a number that is always a percentage there is none in the sentence."""
    shares = {value for value, unit in there.measures if unit == "percent"}
    others = {its.value for each in there.clauses for its in each.numbers if its.unit != "percent"}
    told = {value for value, unit in said.measures if unit == "percent"}
    return bool((said.numbers & shares) - others - told)


def _adds(said: Statement, place: _Place) -> bool:
    """Tell whether a sentence has too many words that its place has not."""
    if not said.words:
        return False
    there = set(place.whole.words) | set(place.context.words)
    anywhere = set(place.chunk.words)
    run = longest = 0
    for word in said.words:
        run = 0 if word in anywhere else run + 1
        longest = max(longest, run)
    if any(_is_new(its, anywhere) for its in said.clauses):
        return True
    covered = sum(word in there for word in said.words) / len(said.words)
    return covered < (COVERED_ROW if place.is_row else COVERED) or longest >= ADDED


def _is_new(clause: Clause, anywhere: set[str]) -> bool:
    """Tell whether a clause has hardly a word that the passage has."""
    new = len(clause.words - anywhere)
    return new >= NEW and new / len(clause.words) > 1 - COVERED


def _turned(said: Statement, there: Statement) -> bool:
    """Tell whether one says up where the other says down; sides come in pairs, 2n and 2n + 1."""
    sides = said.sides
    if are_opposite(sides, there.sides):
        return True
    moves = sides & _MOVEMENT
    return len(moves) == 1 and not there.sides & _MOVEMENT and not _moves(said, min(moves))


def _moves(said: Statement, side: int) -> bool:
    """Tell whether a sentence's own numbers go the way that it says (0 is up)."""
    values = [float(its) for its in said.order]
    return len(values) > 1 and (values[-1] > values[0]) is (side == 0)


def _lead_ins(chunk: Chunk) -> Iterator[str]:
    """Yield the sentences that introduce what follows them."""
    for span in chunk.sentences:
        if chunk.sentence(span).endswith(":"):
            yield chunk.sentence(span)


def _headers(text: str) -> list[str]:
    """Return the heads of the columns of a chunk's table, if it has one."""
    lines = text.split("\n")
    at = next((at for at, line in enumerate(lines) if _RULE.match(line)), 0)
    return _cells(lines[at - 1]) if at else []


def _cells(row: str) -> list[str]:
    return [its.strip() for its in row.strip().strip("|").split("|")]


def _told(sentence: str, headers: list[str]) -> str:
    """Return a row of a table as a sentence that names its row and column at each cell."""
    if not _is_row(sentence) or not headers:
        return sentence
    first, *rest = _cells(sentence)
    heads = [*headers[1:], *([""] * len(rest))]
    return "; ".join(
        f"{headers[0]} {first} {head} {cell}" for head, cell in zip(heads, rest, strict=False)
    )
