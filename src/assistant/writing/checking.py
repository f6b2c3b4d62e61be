"""Check a sentence that a chat model wrote against the passages it was written from. Pure.

A sentence passes when one place of the passage, a few sentences long at most, holds its numbers
with their units, its dates and names, denies what it denies, goes up where it goes up, and has its
words; and when what stands together in it stands together there. In another language than the
passage's, words cannot match, and likeness of meaning decides.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.corpus import Chunk, Span
from assistant.writing.pairing import (
    are_opposite,
    denies_otherwise,
    is_reordered,
    is_stitched,
    turns_clause,
)
from assistant.writing.premises import headers_of, is_listed, lead_ins, runs, told
from assistant.writing.statements import CheckedText, Clause, statement
from assistant.writing.vocabulary import stem

COVERED = 0.6
"""The share of a sentence's content words and numbers that must stand in the place it is taken
from. By `benchmarks/writing.py sentences`, on the tuned half, of altered sentences stopped and of
faithful ones withheld: at 0.5 93.3 and 2.8 %, at 0.6 95.1 and 2.8 %, at 0.7 95.1 and 4.7 %."""

ADDED = 3
"""So many content words in a row that stand nowhere in the passage are an addition: at 2, two more
faithful sentences in a hundred are withheld, and no more altered ones stopped."""

NEW = 2
"""So many words of one clause that stand nowhere in the passage, and few others, are one too: at 1,
6.6 % of the faithful ones are withheld; at 3, 94.2 % of the altered ones are stopped. One noun that
"and" adds is enough."""

ALIKE = 0.35
"""The least likeness (cosine, centred by language) to a sentence, between two languages. Tuned
half: the faithful ones have 0.37 and more, those of another passage 0.33 and less; at 0.4, 7.5 % of
all faithful ones are withheld. The facts stop the others, so it hardly counts."""

_LINK = re.compile(r"https?:|www\.|\]\(|<\w|!\[", re.IGNORECASE)
_DIGITS = re.compile(r"\d")
_MOVEMENT = frozenset({0, 1})

Likeness = Callable[[str, Chunk], float]
"""How alike in meaning a text is to the sentence of a chunk most like it, -1 to 1."""


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

_TURNED = frozenset({Fault.NEGATION, Fault.DIRECTION})
"""Faults that say the contrary: the claim is about that very place."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """What is checked."""

    text: str
    said: CheckedText
    language: str
    likeness: Likeness


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
    whole: CheckedText
    each: tuple[CheckedText, ...]

    @classmethod
    def of(cls, passage: _Passage, spans: tuple[Span, ...]) -> "_Place":
        own = passage.chunk.source.language
        texts = [told(passage.chunk.sentence(span), passage.heads) for span in spans]
        each = tuple(statement(text, own) for text in texts)
        return cls(passage, spans, statement("\n".join(texts), own), each)

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.passage.chunk, Span(self.spans[0].start, self.spans[-1].end))


def check(
    claim: str, language: str, chunks: Sequence[Chunk], likeness: Likeness
) -> Evidence | Fault:
    """Return the place of one of the passages that says the same, or why there is none.

    A place does not prove what another, which shares more words, says the contrary of. Of several
    that prove it, the shortest is taken, then that of the earlier passage. `likeness` is asked
    where the language of a passage is another.
    """
    if _LINK.search(claim):
        return Fault.LINK
    if verbatim := _verbatim(claim, chunks):
        return verbatim
    about = _Claim(claim, statement(claim, language), language, likeness)
    weighed = [each for chunk in chunks for each in _weighed(about, _Passage.of(chunk))]
    turned = [each for each in weighed if each.fault in _TURNED]
    proofs = [each for each in weighed if each.fault is None and not _is_outdone(each, turned)]
    if proofs:
        return min(proofs, key=lambda each: (len(each.place.spans), -each.shared)).place.evidence
    faults = [each.fault or Fault.NEGATION for each in weighed]
    return max(faults, key=_SEVERITY.index, default=Fault.MEANING)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A place, how many words it shares with a claim, and what speaks against it by rule."""

    place: _Place
    shared: int
    fault: Fault | None


def _weighed(claim: _Claim, passage: _Passage) -> Iterator[_Weighed]:
    """Yield every place of a passage."""
    chunk = passage.chunk
    is_foreign = chunk.source.language != claim.language
    likeness = claim.likeness(claim.text, chunk) if is_foreign else None
    words = set(claim.said.words)
    for spans in runs(chunk, len(claim.said.clauses)):
        place = _Place.of(passage, spans)
        shared = len(words & set(place.whole.words))
        yield _Weighed(place, shared, _fault(claim.said, place, likeness))


def _is_outdone(proof: _Weighed, turned: Sequence[_Weighed]) -> bool:
    """Whether a place as long, that shares more words, says the contrary."""
    many = len(proof.place.spans)
    return any(len(each.place.spans) == many and each.shared > proof.shared for each in turned)


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


def _fault(said: CheckedText, place: _Place, likeness: float | None) -> Fault | None:
    """Return what is wrong; `likeness` is None where the passage is in the claim's language."""
    fault = _missing(said, place)
    if fault is None:
        fault = _misread(said, place) if likeness is None else _unlike(said, place.whole, likeness)
    if fault is None and is_reordered(said, place.whole):
        return Fault.DIRECTION
    return fault


def _misread(said: CheckedText, place: _Place) -> Fault | None:
    """Return what is wrong with a sentence in the passage's language whose facts stand there."""
    there, passage = place.whole, place.passage
    if _adds(said, place):
        return Fault.ADDITION
    items = passage.items if is_listed(passage.chunk, place.spans) else None
    if is_stitched(said, place.each, passage.context, items):
        return Fault.STITCHED
    if denies_otherwise(said, there):
        return Fault.NEGATION
    return Fault.DIRECTION if _turned(said, there) or turns_clause(said, there) else None


def _unlike(said: CheckedText, there: CheckedText, likeness: float) -> Fault | None:
    """Return what is wrong with a sentence in another language whose facts stand there."""
    if likeness < ALIKE:
        return Fault.MEANING
    is_otherwise = _is_denied(said) != _is_denied(there)
    return Fault.NEGATION if is_otherwise and not _is_hedged(said, there) else None


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


def _adds(said: CheckedText, place: _Place) -> bool:
    """Whether a sentence has too many words that its place has not."""
    if not said.words:
        return False
    there = set(place.whole.words) | set(place.passage.context.words)
    anywhere = set(place.passage.known.words)
    run = longest = 0
    for word in said.words:
        run = 0 if word in anywhere else run + 1
        longest = max(longest, run)
    if any(_is_new(clause, anywhere) for clause in said.clauses):
        return True
    if said.joined - anywhere:
        return True
    numbers = len(said.numbers)  # all stand there, or another fault was found before
    covered = (sum(word in there for word in said.words) + numbers) / (len(said.words) + numbers)
    return covered < COVERED or longest >= ADDED


def _is_new(clause: Clause, anywhere: set[str]) -> bool:
    """Whether a clause has hardly a word that the passage has."""
    new = len(clause.words - anywhere)
    return new >= NEW and new / len(clause.words) > COVERED


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
