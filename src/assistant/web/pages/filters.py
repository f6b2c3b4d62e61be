"""The filters of the chat page: kind, language and period of the documents. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.domain.corpus import Filters, Kind
from assistant.language.wording import Wording
from assistant.web.pages.source_cards import language_name

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
        names += [language_name(code, words) for code in self.languages]
        if self.period in _REACH:
            names.append(words(f"filters.{self.period}"))
        return ", ".join(names)


EVERYTHING = Chosen()


def choices(words: Wording, languages: Iterable[str]) -> Choices:
    """Return what may be chosen; `languages` are those of the documents."""
    return Choices(
        kinds=tuple((kind.value, words(f"kinds.{kind.value}")) for kind in Kind),
        languages=tuple((code, language_name(code, words)) for code in languages),
        periods=tuple((name, words(f"filters.{name}")) for name in (ANY, YEAR, YEARS)),
    )


def chosen(kinds: Sequence[str], languages: Sequence[str], period: str) -> Chosen:
    """Return what was chosen, whoever says so."""
    return Chosen(tuple(kinds), tuple(languages), period if period in _REACH else ANY)


def _back(today: date, years: int) -> date:
    return today.replace(year=today.year - years, day=min(today.day, 28))
