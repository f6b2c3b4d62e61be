"""What a request asks of the page: its language, its filters, and what the host site sets. Pure.

All of it is text from outside: bounded here, and escaped where it is shown.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.domain.corpus import Filters, Kind
from assistant.language.languages import LANGUAGES
from assistant.language.wording import Wording

_WEIGHTED = re.compile(r"(?P<tag>[\w*-]+)\s*(?:;\s*q=(?P<weight>[01](?:\.\d{0,3})?))?")
"""One language of an Accept-Language header (RFC 9110, section 12.5.4)."""


def page_language(asked: str | None, accept_language: str | None, default: str) -> str:
    """Return the language of `?lang=`, else the browser's first that we have, else the default."""
    for tag in (asked or "", *_by_preference(accept_language or "")):
        language = tag.strip().lower().replace("_", "-").partition("-")[0]
        if language in LANGUAGES:
            return language
    return default


def _by_preference(header: str) -> list[str]:
    """Return the tags of an Accept-Language header, the most wanted first."""
    parts = [_WEIGHTED.fullmatch(part.strip()) for part in header.lower().split(",")[:20]]
    weighted = [(float(part["weight"] or 1), part["tag"]) for part in parts if part]
    wanted = [pair for pair in weighted if pair[0] > 0]  # a weight of 0 means "not this one"
    return [tag for _, tag in sorted(wanted, key=lambda pair: -pair[0])]


ANY, YEAR, YEARS = "any", "year", "years"
_REACH = {YEAR: 1, YEARS: 5}  # years that a period reaches back

Choice = tuple[str, str]
"""A value, and what members read for it."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen, in the words of one language."""

    kinds: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    periods: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a member chose; empty and `ANY` let all pass."""

    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    period: str = ANY

    def filters(self, today: date) -> Filters:
        """Return what the search keeps to; what no page of ours offers is left out."""
        known, reach = {kind.value for kind in Kind}, _REACH.get(self.period)
        return Filters(
            languages=frozenset(self.languages),
            kinds=frozenset(Kind(kind) for kind in self.kinds if kind in known),
            published_from=_back(today, reach) if reach else None,
        )

    def named(self, words: Wording) -> str:
        """Return what was chosen as a member reads it, empty where all pass."""
        known = {kind.value for kind in Kind}
        names = [words(f"kinds.{kind}") for kind in self.kinds if kind in known]
        names += [words.language_name(code) for code in self.languages]
        if self.period in _REACH:
            names.append(words(f"filters.{self.period}"))
        return ", ".join(names)


EVERYTHING = Chosen()


def choices(words: Wording, languages: Iterable[str]) -> Choices:
    """Return what may be chosen; `languages` are those of the documents."""
    return Choices(
        kinds=tuple((kind.value, words(f"kinds.{kind.value}")) for kind in Kind),
        languages=tuple((code, words.language_name(code)) for code in languages),
        periods=tuple((name, words(f"filters.{name}")) for name in (ANY, YEAR, YEARS)),
    )


def chosen(kinds: Sequence[str], languages: Sequence[str], period: str) -> Chosen:
    """Return what was chosen, whoever says so."""
    return Chosen(tuple(kinds), tuple(languages), period if period in _REACH else ANY)


def _back(today: date, years: int) -> date:
    return today.replace(year=today.year - years, day=min(today.day, 28))


MOST_QUESTIONS = 4
LONGEST_QUESTION = 150  # characters
LONGEST_TOPIC = 80
LONGEST_GREETING = 300


@dataclass(frozen=True, slots=True)
class HostOptions:
    """What the site around the chat sets; a member can change all of it but the greeting.

    Attributes:
        questions: What is offered to ask, before our own suggestions.
        kinds: The kinds of documents that are searched.
        languages: The languages of the documents that are searched.
    """

    greeting: str = ""
    questions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


def host_options(query: Mapping[str, str], words: Wording) -> HostOptions:
    """Return what the address sets; what cannot be met is left out."""
    topic = _plain(query.get("topic", ""), LONGEST_TOPIC)
    about = [words("samples.about", topic=topic)] if topic else []
    asked = query.get("questions", "").split("|")
    questions = [text for each in asked if (text := _plain(each, LONGEST_QUESTION))]
    known = {kind.value for kind in Kind}
    return HostOptions(
        greeting=_plain(query.get("greeting", ""), LONGEST_GREETING),
        questions=(*about, *questions)[:MOST_QUESTIONS],
        kinds=tuple(each for each in _list(query.get("kinds", "")) if each in known),
        languages=_list(query.get("languages", "")),
    )


def _plain(text: str, longest: int) -> str:
    printable = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(printable.split())[:longest]


def _list(text: str) -> tuple[str, ...]:
    return tuple(word for part in text[:200].split(",") if (word := part.strip().lower()))
