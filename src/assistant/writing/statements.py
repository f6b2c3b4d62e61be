"""Read out of a text what can be checked: its numbers, dates, names, denials and words. Pure.

A text is cut into clauses, at punctuation and at words such as "and"; what stands in one clause
belongs together.
"""

import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.language.languages import capitalises_nouns
from assistant.writing.numerals import adds_up, combined, number, spelled
from assistant.writing.vocabulary import CheckedWords, fold, stem, vocabulary

_NUMBER = r"\d{1,3}(?:[.,\s\u00a0\u202f']\d{3}(?!\d))+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_SIGN = (
    r"(?<![^\s(\[|:=\"'«“„€$£])(?:[-\u2011\u2212]|(?<!\d\s)\u2013)"
    r"(?!(?<=\d\s.)(?:19|20)\d\d\b)(?=\d)"
)
"""Before a number below nought; in "9-21", "9 –21" and "2016 -2020" it means "to"."""
_BELOW = re.compile(
    r"(?<!\bou )(?<!\bdu )(?<!\ble )(?<!\bo )(?<!\bplus )(?<!\d )"
    r"\b(?:minus|moins|meno|menos)\s+(?=\d)",
    re.IGNORECASE,
)
"""The word for it, but not in "plus ou moins 5", "più o meno 5" and their like."""
_SIGNED_MONEY = re.compile(r"(?<![^\s(\[|:=])([-\u2011\u2212\u2013])([€$£]\s?)(?=\d)")
_WORD = r"[^\W\d_]+²?(?:['’][^\W\d_]+)*|[%€$£]"
_TOKEN = re.compile(
    rf"(?P<number>(?:{_SIGN})?(?:{_NUMBER}))|(?P<word>{_WORD})"
    r"|(?P<mark>[,;:()!?|\n]|\.(?=\s|$)|\s[–—-]\s)"
)
_CLOCK = re.compile(r"\b(\d{1,2})(?:[.:]\d\d)?\s*([ap])\.?\s?m\b\.?", re.IGNORECASE)
_NOON = re.compile(r"\b(?:noon|midi|mezzogiorno|mediodía|meio-dia)\b", re.IGNORECASE)
_ALSO_WORDS = {"may", "march", "mars"}
_ALSO_NOUNS = {"pas", "personne"}
_DETERMINERS = {"au", "un", "une", "le", "la", "chaque", "cette", "ce", "toute", "par", "de", "des"}
_NEAR = 2  # tokens between a number and its unit: "70,000 of those euros" is rare
_FEW = 2  # words of an opening such as "In the harbour,"
_YEAR = re.compile(r"(?:19|20)\d\d")
_BARE = {"in", "aus"}
"""After these a German noun without an article is a name: all its nouns have capitals."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number, the words beside it in its clause, and its unit."""

    value: str
    unit: str
    words: frozenset[str]
    thing: str


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
class CheckedText:
    """What can be checked of a text."""

    clauses: tuple[Clause, ...]
    words: tuple[str, ...]
    order: tuple[str, ...]
    ranges: frozenset[tuple[str, str]]
    units: frozenset[str]
    sides: frozenset[int]
    joined: frozenset[str]

    @property
    def numbers(self) -> frozenset[str]:
        """All numbers."""
        return frozenset(self.order)

    @property
    def measures(self) -> frozenset[tuple[str, str]]:
        """All numbers with a unit."""
        found = [number for clause in self.clauses for number in clause.numbers]
        return frozenset((each.value, each.unit) for each in found if each.unit)

    @property
    def months(self) -> frozenset[str]:
        """All months, seasons and days of the week."""
        return frozenset().union(*(clause.months for clause in self.clauses))

    @property
    def names(self) -> frozenset[str]:
        """All names."""
        return frozenset().union(*(clause.names for clause in self.clauses))


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
def statement(text: str, language: str) -> CheckedText:
    """Return what can be checked of a text."""
    known = vocabulary()
    clock = _CLOCK.sub(_hour, _NOON.sub("12 h", text))
    for pattern, plain in known.phrases:
        clock = pattern.sub(plain, clock)
    signed = _SIGNED_MONEY.sub(r"\2\1", _BELOW.sub("-", clock))
    tokens = _tokens(signed, language, known)
    clauses = tuple(_clause(each, language, known) for each in _parted(tokens, known))
    return CheckedText(
        clauses=clauses,
        words=tuple(token.word for token in tokens if token.word),
        order=tuple(token.value for token in tokens if token.value),
        ranges=frozenset(_ranges(tokens)),
        units=frozenset(token.unit for token in tokens if token.unit and not token.value),
        sides=frozenset(_sides([token.plain for token in tokens], language, known)),
        joined=frozenset(_heads(tokens, language, known)),
    )


def _heads(tokens: Sequence[_Token], language: str, known: CheckedWords) -> Iterator[str]:
    """Yield each noun that "and" adds: "and a kitchen", "et du froid", "und Drohnen"."""
    conjunctions = known.conjunctions.get(language, frozenset())
    for at, token in enumerate(tokens):
        if token.plain not in conjunctions:
            continue
        rest = tokens[at + 1 :]
        small = list(itertools.takewhile(_is_small, rest))
        head = rest[len(small)] if len(small) < len(rest) else None
        if head is None or not head.word or len(small) > _FEW:
            continue
        has_article = bool(small) and (
            bool(small[-1].value) or small[-1].plain in known.articles | known.openings
        )
        if (
            head.text[0].isupper()
            if capitalises_nouns(language)
            else has_article or "'" in head.plain
        ):
            yield head.word


def _is_small(token: _Token) -> bool:
    """Tell an article, a number and the like from a noun and from what ends a clause."""
    return not (token.word or token.is_mark or token.unit)


def _ranges(tokens: Sequence[_Token]) -> Iterator[tuple[str, str]]:
    """Yield numbers that almost touch, as in "31 votes to 8"."""
    places = [at for at, token in enumerate(tokens) if token.value]
    for first, second in pairwise(places):
        years = any(_YEAR.fullmatch(tokens[at].value) for at in (first, second))
        parted = any(token.is_mark for token in tokens[first:second])
        if second - first <= _NEAR + 1 and not years and not parted:
            yield tokens[first].value, tokens[second].value


def _hour(match: re.Match[str]) -> str:
    hour = int(match[1]) % 12 + (12 if match[2].lower() == "p" else 0)
    return f"{hour} h"


def _tokens(text: str, language: str, known: CheckedWords) -> list[_Token]:
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
    _name(tokens, language)
    return list(_joined(tokens))


def _tell(token: _Token, ignored: frozenset[str], known: CheckedWords) -> None:
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


def _name(tokens: Sequence[_Token], language: str) -> None:
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
        elif capitalises_nouns(language):
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
        if held and held[-1].value and token.value and _is_one(held[-1], token):
            held[-1].value = combined(held[-1].value, token.value)
            continue
        held.append(token)
    for at, token in enumerate(held):
        if token.value and not token.unit:
            near = [*held[at + 1 : at + 1 + _NEAR], *held[max(0, at - 1) : at]]
            token.unit = next((each.unit for each in near if each.unit and not each.value), "")
        yield token


def _is_one(first: _Token, second: _Token) -> bool:
    if second.text[-1].isdigit():
        return False
    return adds_up(first.value, second.value, is_spelled=not first.text[-1].isdigit())


def _parted(tokens: Sequence[_Token], known: CheckedWords) -> Iterator[list[_Token]]:
    """Yield the tokens of each clause."""
    held: list[_Token] = []
    is_first = True
    for token in tokens:
        if token.is_mark or token.plain in known.joints:
            if token.text == "," and is_first and _is_opening(held, known):
                continue
            if any(each.word or each.value for each in held):
                yield held
                held = []
            is_first = token.text in ".!?\n"
        else:
            held.append(token)
    if held:
        yield held


def _is_opening(held: Sequence[_Token], known: CheckedWords) -> bool:
    """Whether a few words belong to what follows: "In Oudeveld, ..."."""
    if not held or any(each.value for each in held):
        return False
    begins = held[0].plain in known.openings or any(each.name for each in held)
    return begins and sum(bool(each.word) for each in held) <= _FEW


def _clause(tokens: Sequence[_Token], language: str, known: CheckedWords) -> Clause:
    negators = known.negators.get(language, frozenset())
    return Clause(
        words=frozenset(token.word for token in tokens if token.word),
        numbers=tuple(_numbers(tokens)),
        months=frozenset(token.month for token in tokens if token.month),
        names=frozenset(token.name for token in tokens if token.name),
        denials=sum(_denials(tokens, negators)),
        soft=frozenset(stem(token.plain) for token in tokens if token.plain in known.soft),
        sides=frozenset(_sides([token.plain for token in tokens], language, known)),
    )


def _numbers(tokens: Sequence[_Token]) -> Iterator[Number]:
    """Yield each number with the words from the one before it to the one after it.

    The ends of a range, "9 to 21", share what stands around them.
    """
    groups: list[list[int]] = []
    for at in (at for at, token in enumerate(tokens) if token.value):
        if groups and _is_range(tokens[groups[-1][-1] : at + 1]):
            groups[-1].append(at)
        else:
            groups.append([at])
    for place, group in enumerate(groups):
        first = groups[place - 1][-1] if place else 0
        last = groups[place + 1][0] if place + 1 < len(groups) else len(tokens)
        beside = frozenset(token.word for token in tokens[first:last] if token.word)
        for at in group:
            thing = tokens[at + 1].word if at + 1 < len(tokens) else ""  # what it counts
            yield Number(tokens[at].value, tokens[at].unit, beside, thing)


def _is_range(tokens: Sequence[_Token]) -> bool:
    """Whether two numbers have one small word between them; "2016 214" is no range."""
    is_year = any(_YEAR.fullmatch(each.value) for each in (tokens[0], tokens[-1]))
    return len(tokens) == _NEAR + 1 and not tokens[1].word and not is_year


def _denials(tokens: Sequence[_Token], negators: frozenset[str]) -> Iterator[bool]:
    """Tell of each token whether it denies; "chaque personne" and "au pas" do not."""
    before = ""
    for token in tokens:
        plain = token.plain
        is_noun = plain in _ALSO_NOUNS and before in _DETERMINERS
        yield not is_noun and (plain in negators or plain.endswith("n't"))
        before = plain


def _sides(plain: Sequence[str], language: str, known: CheckedWords) -> Iterator[int]:
    patterns = [*known.opposites.get(language, ()), *known.shared]
    for side, pattern in enumerate(patterns):
        if any(pattern.fullmatch(token) for token in plain):
            yield side
