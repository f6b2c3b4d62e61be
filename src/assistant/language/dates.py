"""Read dates as people write them, in the languages of the forum. Month names are Babel's."""

import re
from datetime import date
from functools import cache

from babel.dates import get_month_names

from assistant.language.languages import LANGUAGES

_YEARS = range(1900, 2101)
_ISO = re.compile(r"\s*(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?(?!\d)")
_DATE = re.compile(
    r"(?:[^\W\d_][^\W\d_'’ -]{1,39},\s+)?"  # a place: "Brussels, 12 March 2022"
    r"(?:(?P<iso>\d{4}-\d{2}-\d{2})"
    r"|(?:(?P<day>\d{1,2})(?:er|st|nd|rd|th|º|°|\.)?\s+)?(?:de\s+)?(?P<month>[^\W\d_]{3,12})\.?"
    r"(?:\s+(?P<us_day>\d{1,2})(?:st|nd|rd|th)?,)?\s+(?:de\s+)?(?P<year>\d{4}))"
    r"(?P<rest>\s*(?:[–—:|]|-\s|,\s|$))",
)


@cache
def _months() -> dict[str, int]:
    """Return the number of each month name, whole and shortened, in lower case."""
    return {
        name.casefold().strip("."): number
        for locale in LANGUAGES
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, locale).items()
    }


def dateline(text: str) -> date | None:
    """Return the date that a text begins with, if something sets it off from what follows.

    A month without a day means its first day.
    """
    match = _DATE.match(text.lstrip("([ "))
    if not match:
        return None
    if match["iso"]:
        return date_of(match["iso"])
    month = _months().get(match["month"].casefold())
    if month is None:
        return None
    day = int(match["day"] or match["us_day"] or 1)
    return date_of(f"{match['year']}-{month:02d}-{day:02d}")


def is_date(text: str) -> bool:
    """Whether a text is a date and nothing else."""
    match = _DATE.fullmatch(text.strip("() "))
    return match is not None and dateline(text) is not None


def date_of(value: object) -> date | None:
    """Return the day an ISO 8601 text begins with; a month alone means its first day."""
    match = _ISO.match(str(value)) if value is not None else None
    if not match or not match[2] or int(match[1]) not in _YEARS:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return None
