"""Read the dates that people type where a machine expects its own form. No input or output."""

import re
from datetime import date

from assistant.language.dates import date_of

_MONTHS = 12
_WRITTEN = re.compile(
    r"\s*([0-9]{1,2})(?:(\.)\s?|[/-])([0-9]{1,2})(?(2)\.\s?|[/-])([0-9]{4})(?=$|[\sT,])"
)


def written_date(value: object, language: str | None) -> date | None:
    """Return the day that a text begins with, as ISO 8601 or as people write it in numbers.

    The day comes first, as Europe writes; with dots, nobody writes otherwise. With other signs, an
    English text may be American: where both numbers could be the month, it tells no date.
    """
    match = _WRITTEN.match(str(value)) if value is not None else None
    if not match:
        return date_of(value)
    first, second = int(match[1]), int(match[3])
    is_sure = match[2] is not None or language not in {None, "en"} or first == second
    if second > _MONTHS >= first and not match[2]:
        first, second = second, first
    elif first <= _MONTHS and not is_sure:
        return None
    return date_of(f"{match[4]}-{second:02d}-{first:02d}")
