"""Read out of a text what can be checked: its numbers, dates, names, denials and words. Pure.

A text is cut into clauses, at punctuation and at words such as "and"; what stands in one clause
belongs together.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.writing.vocabulary import Vocabulary, fold, stem, vocabulary

_NUMBER = r"\d{1,3}(?:[.,\s\u00a0\u202f']\d{3}(?!\d))+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_WORD = r"[^\W\d_]+²?(?:['’][^\W\d_]+)*|[%€$£]"
_TOKEN = re.compile(rf"(?P<number>{_NUMBER})|(?P<word>{_WORD})|(?P<mark>[,;:()!?|\n]|\.(?=\s|$)|\s[–—-]\s)")
_CLOCK = re.compile(r"\b(\d{1,2})(?:[.:]\d\d)?\s*([ap])\.?\s?m\b\.?", re.IGNORECASE)
_NOON = re.compile(r"\b(?:noon|midi|mezzogiorno|mediodía|meio-dia)\b", re.IGNORECASE)
_ALSO_WORDS = {"may", "march", "mars"}
_SCALES = ("1000", "1000000", "1000000000")
_NEAR = 2  # tokens between a number and its unit: "70,000 of those euros" is rare
_FEW = 2  # words of an opening such as "In the harbour,"
_YEAR = re.compile(r"(?:19|20)\d\d")
_BARE = {"in", "aus", "nach"}
"""After these a German capital without an article is a place: every other noun has a capital too."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number, the words beside it in its clause, and its unit."""

    value: str
    unit: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Clause:
    """What belongs together."""

    words: frozenset[str]
    numbers: tuple[Number, ...]
    months: frozenset[str]
    names: frozenset[str]
    denials: int
    soft: frozenset[str]
    sides: frozenset[int]


@dataclass(frozen=True, slots=True)
class Statement:
    """What can be checked of a text."""

    clauses: tuple[Clause, ...]
    words: tuple[str, ...]
    order: tuple[str, ...]
    ranges: frozenset[tuple[str, str]]
    units: frozenset[str]
    sides: frozenset[int]

    @property
    def numbers(self) -> frozenset[str]:
        """All numbers."""
        return frozenset(self.order)

    @property
    def measures(self) -> frozenset[tuple[str, str]]:
        """All numbers with a unit."""
        found = [number for its in self.clauses for number in its.numbers]
        return frozenset((its.value, its.unit) for its in found if its.unit)

    @property
    def months(self) -> frozenset[str]:
        """All months, seasons and days of the week."""
        return frozenset().union(*(its.months for its in self.clauses))

    @property
    def names(self) -> frozenset[str]:
        """All names."""
        return frozenset().union(*(its.names for its in self.clauses))


@dataclass(slots=True)
class _Token:
    """One word, number or mark."""

    text: str
    plain: str
    value: str = ""
    unit: str = ""
    month: str = ""
    name: str = ""
    word: str = ""
    is_mark: bool = False


@functools.lru_cache(maxsize=4096)
def statement(text: str, language: str) -> Statement:
    """Return what can be checked of a text."""
    known = vocabulary()
    clock = _CLOCK.sub(_hour, _NOON.sub("12 h", text))
    for pattern, plain in known.phrases:
        clock = pattern.sub(plain, clock)
    tokens = _tokens(clock, language, known)
    clauses = tuple(_clause(its, language, known) for its in _parted(tokens, known))
    return Statement(
        clauses=clauses,
        words=tuple(its.word for its in tokens if its.word),
        order=tuple(its.value for its in tokens if its.value),
        ranges=frozenset(_ranges(tokens)),
        units=frozenset(its.unit for its in tokens if its.unit and not its.value),
        sides=frozenset(_sides([its.plain for its in tokens], language, known)),
    )


def _ranges(tokens: Sequence[_Token]) -> Iterator[tuple[str, str]]:
    """Yield numbers that almost touch, as in "31 votes to 8"."""
    places = [at for at, its in enumerate(tokens) if its.value]
    for first, second in pairwise(places):
        years = any(_YEAR.fullmatch(tokens[at].value) for at in (first, second))
        if second - first <= _NEAR + 1 and not years:
            yield tokens[first].value, tokens[second].value


def _hour(match: re.Match[str]) -> str:
    hour = int(match[1]) % 12 + (12 if match[2].lower() == "p" else 0)
    return f"{hour} h"


def _tokens(text: str, language: str, known: Vocabulary) -> list[_Token]:
    ignored = known.function_words.get(language, frozenset()) | known.negators.get(
        language, frozenset()
    )
    tokens: list[_Token] = []
    for match in _TOKEN.finditer(text):
        token = _Token(match.group(), fold(match.group()))
        if match.lastgroup == "mark":
            token.is_mark = True
        elif match.lastgroup == "number":
            token.value = number(token.text)
        else:
            _tell(token, ignored, known)
        tokens.append(token)
    _name(tokens, text, language, known)
    return list(_joined(tokens))


def _tell(token: _Token, ignored: frozenset[str], known: Vocabulary) -> None:
    plain = token.plain
    if plain not in ignored:
        token.value = spelled(plain)
        token.unit = known.units.get(plain, "")
    if plain in known.months and (token.text[0].isupper() or plain not in _ALSO_WORDS):
        token.month = known.months[plain]
    elif plain in known.weekdays:
        token.month = f"day {known.weekdays[plain]}"
    elif not token.value and not token.unit:
        last = re.split(r"'", plain)[-1]
        if len(last) > 1 and last not in ignored:
            token.word = stem(last)


def _name(tokens: Sequence[_Token], text: str, language: str, known: Vocabulary) -> None:
    """Mark the words with a capital that do not begin a sentence, and what must be one there."""
    for at, token in enumerate(tokens):
        elided = re.split(r"['’]", token.text)[-1]
        if not token.word or not elided[:1].isupper():
            continue
        before = tokens[at - 1] if at else None
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        begins = before is None or (before.is_mark and before.text != ",")
        capital_after = after is not None and after.text[:1].isupper() and bool(after.word)
        capital_before = before is not None and before.text[:1].isupper() and bool(before.word)
        if begins:
            certain = capital_after or (after is not None and after.text == ",")
        elif language == "de":
            bare = before is not None and before.plain in _BARE
            certain = bare or capital_before or capital_after
        else:
            certain = True
        if certain:
            token.name = fold(elided).removesuffix("'s")


def _joined(tokens: Sequence[_Token]) -> Iterator[_Token]:
    """Yield the tokens, numbers of several words as one, each number with its unit."""
    held: list[_Token] = []
    for token in tokens:
        if held and held[-1].value and token.value and _adds_up(held[-1], token):
            held[-1].value = _sum(held[-1].value, token.value)
            continue
        held.append(token)
    for at, token in enumerate(held):
        if token.value and not token.unit:
            near = [*held[at + 1 : at + 1 + _NEAR], *held[max(0, at - 1) : at]]
            token.unit = next((its.unit for its in near if its.unit and not its.value), "")
        yield token


def _adds_up(first: _Token, second: _Token) -> bool:
    if second.value in _SCALES or second.value == "100":
        return not second.text[0].isdigit()
    tens = first.value in {"20", "30", "40", "50", "60", "70", "80", "90", "10", "100"}
    both = not first.text[0].isdigit() and not second.text[0].isdigit()
    return both and tens and len(second.value) < len(first.value)


def _sum(first: str, second: str) -> str:
    if second in _SCALES or second == "100":
        return _short(float(first) * float(second))
    return _short(float(first) + float(second))


def _short(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:g}"


def number(token: str) -> str:
    """Return a number without the marks that part its thousands, decimals after a point."""
    joined = re.sub(r"[\s\u00a0\u202f']", "", token)
    groups = re.split(r"[.,]", joined)
    if len(groups) == 1:
        return joined
    if all(len(its) == 3 for its in groups[1:]) and groups[0] != "0":  # noqa: PLR2004 - a thousand
        return "".join(groups)
    return _short(float("".join(groups[:-1]) + "." + groups[-1]))


@functools.lru_cache(maxsize=4096)
def spelled(word: str) -> str:
    """Return the number that a folded word spells, "honderdtwintig" too, or nothing."""
    numbers = vocabulary().numbers
    if word in numbers:
        return numbers[word]
    total, held, rest = 0, 0, word
    while rest:
        parts = [its for its in (*numbers, "ein", "een") if len(its) > 1 and rest.startswith(its)]
        if not parts:
            joint = next((its for its in ("und", "en") if held and rest.startswith(its)), "")
            if not joint:
                return ""
            rest = rest[len(joint) :]
            continue
        part = max(parts, key=len)
        value = int(float(numbers.get(part, "1")))
        rest = rest[len(part) :]
        if value >= 100:  # noqa: PLR2004 - a hundred multiplies what stands before it
            total, held = total + max(held, 1) * value, 0
        else:
            held += value
    return str(total + held) if total + held > 1 else ""


def _parted(tokens: Sequence[_Token], known: Vocabulary) -> Iterator[list[_Token]]:
    """Yield the tokens of each clause."""
    held: list[_Token] = []
    is_first = True
    for token in tokens:
        if token.is_mark or token.plain in known.joints:
            if token.text == "," and is_first and _is_opening(held):
                continue
            if any(its.word or its.value for its in held):
                yield held
                held = []
            is_first = token.text in ".!?\n"
        else:
            held.append(token)
    if held:
        yield held


def _is_opening(held: Sequence[_Token]) -> bool:
    """Tell whether so little was said that it belongs to what follows: "In Oudeveld, ..."."""
    return sum(bool(its.word) for its in held) <= _FEW and not any(its.value for its in held)


def _clause(tokens: Sequence[_Token], language: str, known: Vocabulary) -> Clause:
    negators = known.negators.get(language, frozenset())
    return Clause(
        words=frozenset(its.word for its in tokens if its.word),
        numbers=tuple(_numbers(tokens)),
        months=frozenset(its.month for its in tokens if its.month),
        names=frozenset(its.name for its in tokens if its.name),
        denials=sum(_denies(its.plain, negators) for its in tokens),
        soft=frozenset(stem(its.plain) for its in tokens if its.plain in known.soft),
        sides=frozenset(_sides([its.plain for its in tokens], language, known)),
    )


def _numbers(tokens: Sequence[_Token]) -> Iterator[Number]:
    """Yield each number with the words from the number before it to the one after it."""
    places = [at for at, its in enumerate(tokens) if its.value]
    for before, at, after in zip(
        [-1, *places], places, [*places[1:], len(tokens)], strict=False
    ):
        beside = frozenset(its.word for its in tokens[before + 1 : after] if its.word)
        yield Number(tokens[at].value, tokens[at].unit, beside)


def _denies(token: str, negators: frozenset[str]) -> bool:
    return token in negators or token.endswith("n't")


def _sides(plain: Sequence[str], language: str, known: Vocabulary) -> Iterator[int]:
    patterns = [*known.opposites.get(language, ()), *known.shared]
    for side, pattern in enumerate(patterns):
        if any(pattern.fullmatch(token) for token in plain):
            yield side
