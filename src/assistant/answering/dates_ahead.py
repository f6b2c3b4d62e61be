"""Tell days that are past from those ahead, where the next of something is asked for. Pure."""

from collections.abc import Sequence
from datetime import date

from assistant.answering.catalogue_questions import catalogue_forms
from assistant.domain.dialogue import Excerpt
from assistant.language.languages import LANGUAGES
from assistant.language.periods import days_in
from assistant.language.words import whole


def asks_for_the_next(question: str, language: str) -> bool:
    """Whether a question is about the next of what has a day, as "the next general assembly".

    The next steps and what is next to something have none.
    """
    if language not in LANGUAGES:
        return False
    words, plain = catalogue_forms(language).words, question.casefold()
    has_day = whole(f"{words['dated']}|{words['occasions']}").search(plain)
    return bool(has_day and whole(words["next"]).search(plain))


def ahead_first(excerpts: Sequence[Excerpt], today: date) -> list[Excerpt]:
    """Return the excerpts, those whose marked words name a day that is not past before others."""
    return sorted(excerpts, key=lambda each: not any(day >= today for day in _days(each)))


def past_day(excerpts: Sequence[Excerpt], today: date) -> date | None:
    """Return the last day that the marked words name, None where one of them is not past."""
    days = [day for each in excerpts for day in _days(each)]
    last = max(days, default=today)
    return last if last < today else None


def _days(excerpt: Excerpt) -> list[date]:
    return [days.last for days in days_in(excerpt.quote, excerpt.source.language)]
