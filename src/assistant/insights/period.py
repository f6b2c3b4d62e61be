"""What members asked in some days, put together for staff. Pure apart from reading the records."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from assistant.domain.corpus import Source
from assistant.domain.dialogue import Cause, Mode, Outcome
from assistant.insights.grouping import Embed, Grouping, grouped, monday
from assistant.records.questions import AskedCount, KeptQuestion
from assistant.records.records import Records

Key = TypeVar("Key")

WEEKS = 8  # of a trend
FEWEST = 2
"""How many questions a group must have to be shown: what one member alone asked stays unread."""


@dataclass(frozen=True, slots=True)
class Week:
    """One week's questions; `first` is its Monday."""

    first: date
    answered: int
    refused: int
    other: int


@dataclass(frozen=True, slots=True)
class Insights:
    """What members asked from one day to another.

    Attributes:
        days_kept: For how many days questions are kept; 0 where they are only counted.
        outcomes: How many questions ended how; `by_hand` are some of the answered.
        causes: Why some were refused.
        hours: How many came in each hour of the day.
        cited: The documents that were cited and how often, the most cited first.
        uncited: The documents that are published and were not.
        vain: The questions that got no answer, or a bad one, in groups.
    """

    since: date
    until: date
    days_kept: int
    outcomes: Mapping[Outcome, int]
    by_hand: int
    causes: Mapping[Cause, int]
    languages: Mapping[str, tuple[int, int]]
    hours: tuple[int, ...]
    weeks: tuple[Week, ...]
    cited: Mapping[str, int]
    uncited: tuple[Source, ...]
    vain: Grouping

    @property
    def asked(self) -> int:
        """How many questions there were."""
        return sum(self.outcomes.values())


@dataclass(frozen=True, slots=True)
class Observer:
    """Puts together what members asked.

    Attributes:
        embed: Returns vectors of questions.
        published: Returns the documents that are published.
    """

    records: Records
    embed: Embed
    published: Callable[[], Sequence[Source]]

    def insights(self, since: date, until: date) -> Insights:
        """Return what members asked in these days. Raises RecordsError."""
        log = self.records.questions
        counts, cited = log.counts(since, until), log.cited(since, until)
        vain = [question for question in log.kept(since, until) if question.was_in_vain]
        earlier = monday(until) - timedelta(weeks=WEEKS - 1)
        return Insights(
            since=since,
            until=until,
            days_kept=log.days,
            outcomes=_sums((each.outcome, each.count) for each in counts),
            by_hand=sum(each.count for each in counts if each.mode is Mode.BY_HAND),
            causes=_sums((each.cause, each.count) for each in counts if each.cause),
            languages=_languages(counts),
            hours=_hours(counts),
            weeks=_weeks(log.counts(earlier, until), until),
            cited=cited,
            uncited=tuple(one for one in self.published() if one.document_id not in cited),
            vain=grouped(vain, self.embed, at_least=FEWEST),
        )

    def to_show(self, numbers: Sequence[int]) -> Sequence[KeptQuestion]:
        """Return those of the questions with these numbers that staff may read, as `vain` has them.

        Raises RecordsError.
        """
        kept = self.records.questions.numbered(numbers)
        vain = [question for question in kept if question.was_in_vain]
        groups = grouped(vain, self.embed, at_least=FEWEST).groups
        return [question for group in groups for question in group.questions]


def _sums(found: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    """Return the sum of each key's numbers, the largest first."""
    sums = Counter[Key]()
    for key, count in found:
        sums[key] += count
    return dict(sums.most_common())


def _languages(counts: Sequence[AskedCount]) -> dict[str, tuple[int, int]]:
    """Return how many questions each language had, and how many of them were refused."""
    asked = _sums((each.language, each.count) for each in counts)
    refused = _sums(
        (each.language, each.count) for each in counts if each.outcome is Outcome.REFUSED
    )
    return {language: (count, refused.get(language, 0)) for language, count in asked.items()}


def _hours(counts: Sequence[AskedCount]) -> tuple[int, ...]:
    found = _sums((each.hour, each.count) for each in counts)
    return tuple(found.get(hour, 0) for hour in range(24))


def _weeks(counts: Sequence[AskedCount], until: date) -> tuple[Week, ...]:
    last = monday(until)
    firsts = [last - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    of_week = [[one for one in counts if monday(one.day) == first] for first in firsts]
    return tuple(map(_week, firsts, of_week))


def _week(first: date, counts: Sequence[AskedCount]) -> Week:
    outcomes = _sums((each.outcome, each.count) for each in counts)
    answered, refused = (outcomes.get(each, 0) for each in (Outcome.ANSWERED, Outcome.REFUSED))
    return Week(first, answered, refused, sum(outcomes.values()) - answered - refused)
