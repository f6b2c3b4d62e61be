"""Check a sentence that a chat model wrote against the passage it names. Pure.

A sentence passes when one place of the passage, two sentences long at most, holds its numbers with
their units, its dates and names, denies what it denies, goes up where it goes up, and has its words;
in another language than the passage's, words cannot match, and likeness of meaning decides.
"""

import functools
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from assistant.corpus import Chunk, Span

FACTS_FILE = "checks.json"
FUNCTION_WORDS_FILE = "function_words.json"

COVERED = 0.6
"""The share of a sentence's content words that must stand in the place it is taken from."""

ADDED = 3
"""So many content words in a row that stand nowhere in the passage are an addition."""

ALIKE = 0.35
"""The least likeness (cosine, centred by language) to the place, between two languages."""

STEM = 5
"""Words are the same that begin with the same five letters: inflection, in all our languages."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[%€$£]")
_NUMBER = re.compile(r"\d+(?:[.,\s\u00a0\u202f']\d{3}(?!\d))*(?:[.,]\d+)?")
_TOKEN = re.compile(rf"{_NUMBER.pattern}|{_WORD.pattern}")
_LINK = re.compile(r"https?:|www\.|\]\(|<\w|!\[", re.IGNORECASE)


class Fault(StrEnum):
    """Why a sentence is withheld."""

    NO_MARK = "it names no passage"
    WRONG_MARK = "it names a passage that was not given"
    LANGUAGE = "it is in another language than the question"
    LINK = "it holds a link or markup"
    NUMBER = "a number does not stand in the passage"
    DATE = "a date does not stand in the passage"
    NAME = "a name does not stand in the passage"
    NEGATION = "it denies what the passage says, or says what the passage denies"
    DIRECTION = "it turns what the passage says round"
    ADDITION = "it says more than the passage"
    MEANING = "it does not mean what the passage says"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The place of a passage that a sentence is taken from."""

    chunk: Chunk
    span: Span


@dataclass(frozen=True, slots=True)
class _Said:
    """What can be checked of a text."""

    numbers: frozenset[str]
    measures: frozenset[tuple[str, str]]
    months: frozenset[str]
    names: frozenset[str]
    words: tuple[str, ...]
    is_denied: bool
    sides: frozenset[int]


def check(
    claim: str, language: str, chunk: Chunk, likeness: float | None = None
) -> Evidence | Fault:
    """Return the place of the passage that says the same, or why there is none.

    `likeness` is that of the claim to the chunk, needed where their languages differ.
    """
    if _LINK.search(claim):
        return Fault.LINK
    said = _said(claim, language)
    known = _said(f"{chunk.context}\n{chunk.text}", chunk.source.language)
    faults: list[tuple[int, Fault]] = []
    for place in _places(chunk):
        fault = _fault(said, place, known, chunk, language, likeness)
        if fault is None:
            return Evidence(chunk, place)
        faults.append((_SEVERITY.index(fault), fault))
    return max(faults)[1] if faults else Fault.MEANING


_SEVERITY = (
    Fault.NUMBER,
    Fault.DATE,
    Fault.NAME,
    Fault.ADDITION,
    Fault.MEANING,
    Fault.NEGATION,
    Fault.DIRECTION,
)
"""How far a check came: the fault of the place that came furthest is the one to tell."""


def _fault(
    said: _Said, place: Span, known: _Said, chunk: Chunk, language: str, likeness: float | None
) -> Fault | None:
    there = _said(chunk.sentence(place), chunk.source.language)
    context = _said(chunk.context, chunk.source.language)
    if not said.numbers <= there.numbers | context.numbers or not said.measures <= there.measures:
        return Fault.NUMBER
    if not said.months <= there.months | context.months:
        return Fault.DATE
    words_there = set(there.words) | set(context.words) | there.names | context.names
    if not said.names <= words_there:
        return Fault.NAME
    if language == chunk.source.language:
        if _adds(said, words_there, set(known.words) | known.names):
            return Fault.ADDITION
    elif likeness is None or likeness < ALIKE:
        return Fault.MEANING
    if said.is_denied != there.is_denied:
        return Fault.NEGATION
    if language == chunk.source.language and _turned(said.sides, there.sides):
        return Fault.DIRECTION
    return None


def _adds(said: _Said, there: set[str], anywhere: set[str]) -> bool:
    """Tell whether a sentence has too many words that its place has not."""
    if not said.words:
        return False
    run = longest = 0
    for word in said.words:
        run = 0 if word in anywhere else run + 1
        longest = max(longest, run)
    covered = sum(word in there for word in said.words) / len(said.words)
    return covered < COVERED or longest >= ADDED


def _turned(said: frozenset[int], there: frozenset[int]) -> bool:
    """Tell whether one says up where the other says down; sides come in pairs, 2n and 2n + 1."""
    return any(side ^ 1 in there and side not in there and side ^ 1 not in said for side in said)


def _places(chunk: Chunk) -> Iterator[Span]:
    """Yield each sentence of a passage, then each two that follow each other."""
    yield from chunk.sentences
    for first, second in zip(chunk.sentences, chunk.sentences[1:], strict=False):
        yield Span(first.start, second.end)


@functools.lru_cache(maxsize=4096)
def _said(text: str, language: str) -> _Said:
    facts = _facts()
    tokens = [its.group() for its in _TOKEN.finditer(text)]
    plain = [_fold(its) for its in tokens]
    numbers: set[str] = set()
    measures: set[tuple[str, str]] = set()
    for at, token in enumerate(plain):
        number = _number(tokens[at]) if token[:1].isdigit() else facts.numbers.get(token)
        if number:
            numbers.add(number)
            near = [*plain[at + 1 : at + 3], *plain[max(0, at - 1) : at]]
            unit = next((facts.units[its] for its in near if its in facts.units), None)
            if unit:
                measures.add((number, unit))
    negators = facts.negators.get(language, frozenset())
    return _Said(
        numbers=frozenset(numbers),
        measures=frozenset(measures),
        months=frozenset(
            facts.months[low]
            for token, low in zip(tokens, plain, strict=True)
            if low in facts.months and (token[0].isupper() or low not in _ALSO_WORDS)
        ),
        names=frozenset(_names(text, facts)),
        words=tuple(_content(plain, language, facts)),
        is_denied=any(_denies(its, negators) for its in plain),
        sides=frozenset(_sides(plain, language, facts)),
    )


_ALSO_WORDS = {"may", "march", "mars"}


def _denies(token: str, negators: frozenset[str]) -> bool:
    return token in negators or token.startswith("n'") or token.endswith("n't")


def _names(text: str, facts: "_Facts") -> Iterator[str]:
    """Yield the stems of words with a capital that do not begin a sentence."""
    for match in re.finditer(
        r"(?<![.!?:\n•|-])(?<![.!?:]\s)(?<=\s)[(«„“\"‘']?([^\W\d_][\w’'-]*)", text
    ):
        word = match.group(1)
        low = _fold(word)
        if word[0].isupper() and low not in facts.months and low not in facts.numbers:
            yield from (_stem(part) for part in re.split(r"[-’']", low) if part)


def _content(plain: Sequence[str], language: str, facts: "_Facts") -> Iterator[str]:
    ignored = facts.function_words.get(language, frozenset()) | facts.negators.get(
        language, frozenset()
    )
    for token in plain:
        if token[0].isdigit() or token in facts.numbers or token in facts.units:
            continue
        for part in re.split(r"['’]", token):
            if len(part) > 1 and part not in ignored:
                yield _stem(part)


def _sides(plain: Sequence[str], language: str, facts: "_Facts") -> Iterator[int]:
    for side, pattern in enumerate(facts.opposites.get(language, ())):
        if any(pattern.fullmatch(token) for token in plain):
            yield side


def _number(token: str) -> str:
    """Return a number without the marks that part its thousands, decimals after a point."""
    parts = re.split(r"[\s\u00a0\u202f']", token)
    joined = "".join(parts)
    groups = re.split(r"[.,]", joined)
    if len(groups) == 1:
        return joined
    if all(len(its) == 3 for its in groups[1:]) and groups[0] != "0":  # noqa: PLR2004 - a thousand
        return "".join(groups)
    return "".join(groups[:-1]) + "." + groups[-1]


def _stem(word: str) -> str:
    return word[:STEM]


def _fold(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@dataclass(frozen=True, slots=True)
class _Facts:
    """The words that the checks know, folded."""

    negators: dict[str, frozenset[str]]
    opposites: dict[str, tuple[re.Pattern[str], ...]]
    units: dict[str, str]
    numbers: dict[str, str]
    months: dict[str, str]
    function_words: dict[str, frozenset[str]]


@functools.cache
def _facts() -> _Facts:
    package = files("assistant")
    read = json.loads((package / "writing" / FACTS_FILE).read_text(encoding="utf-8"))
    known = json.loads((package / FUNCTION_WORDS_FILE).read_text(encoding="utf-8"))
    return _Facts(
        negators={its: _folded(words) for its, words in read["negators"].items()},
        opposites={
            its: tuple(re.compile(_fold(side).replace("*", r"\w*")) for side in sides)
            for its, sides in read["opposites"].items()
        },
        units=_inverted(read["units"]),
        numbers=_inverted(read["numbers"]),
        months=_inverted(read["months"]),
        function_words={its: _folded(words) for its, words in known.items()},
    )


def _folded(words: str) -> frozenset[str]:
    return frozenset(map(_fold, words.split()))


def _inverted(groups: dict[str, str]) -> dict[str, str]:
    return {_fold(word): name for name, words in groups.items() for word in words.split()}
