"""Check a sentence that a chat model wrote against the passages it was written from.

A sentence passes when one place of a passage, a few sentences long at most, supports it: by a model
that is trained to tell (an entailment model), and by rules that cannot be talked round. The place
must hold its numbers with their units, its dates and names, deny what it denies and go up where it
goes up; and what stands together in the sentence must stand together there.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.corpus import Chunk, Span
from assistant.domain.ports import Entailment
from assistant.writing.pairing import (
    are_opposite,
    denies_otherwise,
    is_reordered,
    is_stitched,
    turns_clause,
)
from assistant.writing.premises import headers_of, is_listed, lead_ins, runs, told
from assistant.writing.statements import CheckedText, statement
from assistant.writing.vocabulary import stem

SUPPORTED = 0.5
"""The least probability that a place supports a sentence."""

TRIED = 6
"""So many places are read by the model, those first that share most words with the sentence."""

_LINK = re.compile(r"https?:|www\.|\]\(|<\w|!\[", re.IGNORECASE)
_DIGITS = re.compile(r"\d")
_MOVEMENT = frozenset({0, 1})


class Fault(StrEnum):
    """Why a sentence is withheld."""

    LANGUAGE = "it is in another language than the question"
    LINK = "it holds a link or markup"
    NUMBER = "a number does not stand in the passage"
    UNIT = "a number has another unit in the passage"
    DATE = "a date does not stand in the passage"
    NAME = "a name does not stand in the passage"
    STITCHED = "it joins what the passage says of different things"
    NEGATION = "it denies what the passage says, or says what the passage denies"
    DIRECTION = "it turns what the passage says round"
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
    Fault.MEANING,
    Fault.STITCHED,
    Fault.NEGATION,
    Fault.DIRECTION,
)
"""How far a check came: the fault of the place that came furthest is the one to tell."""

_TURNED = frozenset({Fault.NEGATION, Fault.DIRECTION})
"""Faults that say the contrary: the claim is about that very place."""


@dataclass(frozen=True, slots=True)
class _Passage:
    """What is known of a passage, for all its places."""

    chunk: Chunk
    context: CheckedText
    known: CheckedText
    items: CheckedText
    heads: list[str]

    @classmethod
    def of(cls, chunk: Chunk) -> "_Passage":
        own = chunk.source.language
        heads = headers_of(chunk.text)
        listed = [span for span in chunk.sentences if is_listed(chunk, (span,))]
        return cls(
            chunk=chunk,
            context=statement("\n".join([chunk.context, *lead_ins(chunk)]), own),
            known=statement(f"{chunk.context}\n{chunk.text}", own),
            items=statement("\n".join(told(chunk.sentence(one), heads) for one in listed), own),
            heads=heads,
        )


@dataclass(frozen=True, slots=True)
class _Place:
    """A few sentences of a passage, together and each."""

    passage: _Passage
    spans: tuple[Span, ...]
    premise: str
    whole: CheckedText
    each: tuple[CheckedText, ...]

    @classmethod
    def of(cls, passage: _Passage, spans: tuple[Span, ...]) -> "_Place":
        own = passage.chunk.source.language
        texts = [told(passage.chunk.sentence(span), passage.heads) for span in spans]
        premise = "\n".join(texts)
        each = tuple(statement(text, own) for text in texts)
        return cls(passage, spans, premise, statement(premise, own), each)

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.passage.chunk, Span(self.spans[0].start, self.spans[-1].end))


def check(
    claim: str, language: str, chunks: Sequence[Chunk], entailment: Entailment
) -> Evidence | Fault:
    """Return the place of one of the passages that says the same, or why there is none.

    Of two places that share as many words with the claim, that of an earlier passage is taken.
    """
    if _LINK.search(claim):
        return Fault.LINK
    if verbatim := _verbatim(claim, chunks):
        return verbatim
    said = statement(claim, language)
    weighed = [each for chunk in chunks for each in _weighed(said, language, _Passage.of(chunk))]
    weighed.sort(key=lambda each: (-each.shared, len(each.place.spans)))
    open_ones = [each for each in weighed if each.fault is None]
    chances = [
        entailment.supported(claim, each.place.passage.chunk.context, each.place.premise)
        for each in open_ones[:TRIED]
    ]
    if chances and max(chances) >= SUPPORTED:
        return open_ones[chances.index(max(chances))].place.evidence
    shared = max((each.shared for each in open_ones), default=-1)
    nearer = [each.fault for each in weighed if each.fault and each.shared > shared]
    return max(nearer, key=_SEVERITY.index, default=Fault.MEANING)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A place, how many words it shares with a claim, and what speaks against it by rule."""

    place: _Place
    shared: int
    fault: Fault | None


def _weighed(said: CheckedText, language: str, passage: _Passage) -> Iterator[_Weighed]:
    """Yield every place of a passage.

    A place does not prove what another, which shares more words, says the contrary of.
    """
    words = set(said.words)
    turned: list[tuple[int, int]] = []
    for spans in runs(passage.chunk, len(said.clauses)):
        place = _Place.of(passage, spans)
        fault = _fault(said, place, language)
        shared = len(words & set(place.whole.words))
        if fault in _TURNED:
            turned.append((len(spans), shared))
        elif fault is None and any(many == len(spans) and fewer > shared for many, fewer in turned):
            fault = Fault.NEGATION
        yield _Weighed(place, shared, fault)


def _verbatim(claim: str, chunks: Sequence[Chunk]) -> Evidence | Fault | None:
    """Return the sentence that is the same word for word, a fault where only a number differs."""
    same = _masked(claim)
    alike = [
        (chunk, span)
        for chunk in chunks
        for span in chunk.sentences
        if _masked(chunk.sentence(span)) == same
    ]
    for chunk, span in alike:
        if _words(chunk.sentence(span)) == _words(claim):
            return Evidence(chunk, span)
    return Fault.NUMBER if alike else None


def _words(text: str) -> str:
    return " ".join(text.split())


def _masked(text: str) -> str:
    return _DIGITS.sub("0", _words(text))


def _fault(said: CheckedText, place: _Place, language: str) -> Fault | None:
    fault = _missing(said, place)
    if fault is None and language == place.passage.chunk.source.language:
        fault = _misread(said, place)
    elif fault is None and _is_otherwise_denied(said, place.whole):
        return Fault.NEGATION
    if fault is None and is_reordered(said, place.whole):
        return Fault.DIRECTION
    return fault


def _misread(said: CheckedText, place: _Place) -> Fault | None:
    """Return what is wrong with a sentence in the passage's language whose facts stand there."""
    there, passage = place.whole, place.passage
    items = passage.items if is_listed(passage.chunk, place.spans) else None
    if is_stitched(said, place.each, passage.context, items):
        return Fault.STITCHED
    if denies_otherwise(said, there):
        return Fault.NEGATION
    return Fault.DIRECTION if _turned(said, there) or turns_clause(said, there) else None


def _is_otherwise_denied(said: CheckedText, there: CheckedText) -> bool:
    """Whether one of two texts in two languages denies something, and the other nothing."""
    return _is_denied(said) != _is_denied(there) and not _is_hedged(said, there)


def _is_denied(said: CheckedText) -> bool:
    """Whether anything is denied."""
    return any(clause.denials for clause in said.clauses)


def _is_hedged(*told: CheckedText) -> bool:
    """Whether a word stands in one that may stand for a denial."""
    return any(bool(clause.soft) for each in told for clause in each.clauses)


def _missing(said: CheckedText, place: _Place) -> Fault | None:
    """Return what kind of fact the place has not."""
    there, context = place.whole, place.passage.context
    if not said.numbers <= there.numbers | context.numbers:
        return Fault.NUMBER
    if not said.measures <= there.measures | context.measures or _loses_percent(said, there):
        return Fault.UNIT
    known = place.passage.known
    if not said.units <= known.units | {unit for _, unit in known.measures}:
        return Fault.UNIT
    if not said.months <= there.months | context.months:
        return Fault.DATE
    words = set(there.words) | set(context.words)
    names = there.names | context.names
    if not all(_is_known(name, names, words) for name in said.names):
        return Fault.NAME
    return None


def _is_known(name: str, names: frozenset[str], words: set[str]) -> bool:
    """Whether a name stands there, but for an ending, or as a word of any kind."""
    short = name.rstrip("s")
    return stem(name) in words and (
        not names
        or any(name.rstrip("s") == short for name in names)
        or stem(name) not in {stem(name) for name in names}
    )


def _loses_percent(said: CheckedText, there: CheckedText) -> bool:
    """Whether a number that is always a percentage there is none in the sentence."""
    shares = {value for value, unit in there.measures if unit == "percent"}
    others = {
        number.value
        for each in there.clauses
        for number in each.numbers
        if number.unit != "percent"
    }
    told = {value for value, unit in said.measures if unit == "percent"}
    return bool((said.numbers & shares) - others - told)


def _turned(said: CheckedText, there: CheckedText) -> bool:
    """Whether one says up where the other says down; sides come in pairs, 2n and 2n + 1."""
    sides = said.sides
    if are_opposite(sides, there.sides) and _is_denied(said) == _is_denied(there):
        return True
    moves = sides & _MOVEMENT
    return len(moves) == 1 and not there.sides & _MOVEMENT and not _moves(said, min(moves))


def _moves(said: CheckedText, side: int) -> bool:
    """Whether a sentence's own numbers go the way that it says (0 is up)."""
    values = [float(each) for each in said.order]
    return len(values) > 1 and (values[-1] > values[0]) is (side == 0)
