"""Everything the assistant and the staff pages say in their own words, in each language.

The words are in the file of each language (`languages`), the same keys in each.
"""

import functools
import re
from collections.abc import Mapping
from datetime import date, datetime

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal

from assistant.language.languages import Language, languages

DEFAULT = "en"

_FIRST = re.compile(r"(?<!\d)1(?!\d)")


class Wording:
    """The words of one language."""

    def __init__(self, known: Language, messages: Mapping[str, str]) -> None:
        self.language = known.code
        self._locale = known.locale
        self._first_day = known.first_day
        self._messages = messages

    def __call__(self, key: str, **values: object) -> str:
        """Return the message `key` with `values` filled in. Raises KeyError for an unknown key."""
        return self._messages[key].format(**values)

    def __contains__(self, key: str) -> bool:
        return key in self._messages

    def template(self, key: str) -> str:
        """Return the message `key` with its places open, for a page's script to fill in."""
        return self._messages[key]

    def day(self, day: date) -> str:
        """Return a date as a reader of the language writes it."""
        written = format_date(day, "long", locale=self._locale)
        return _FIRST.sub(self._first_day, written) if day.day == 1 else written

    def month(self, day: date) -> str:
        """Return month and year of a date as a reader of the language writes them."""
        return str(format_skeleton("yMMMM", day, locale=self._locale))

    def moment(self, when: datetime) -> str:
        """Return a date and a time of day as a reader of the language writes them."""
        return f"{self.day(when)}, {format_time(when, 'short', locale=self._locale)}"

    def language_name(self, code: str) -> str:
        """Return how a language is called in this one, the code where it has no name."""
        try:
            return str(Locale.parse(self.language).languages.get(code, code))
        except ValueError:
            return code

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number as a reader of the language writes it."""
        pattern = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
        return format_decimal(value, format=pattern, locale=self._locale)

    def counted(self, key: str, count: int) -> str:
        """Return the message `key.one` or `key.other`, whichever the language says of `count`."""
        form = "one" if Locale.parse(self._locale).plural_form(count) == "one" else "other"
        return self(f"{key}.{form}", count=self.number(count))


@functools.cache
def wording(language: str) -> Wording:
    """Return the words of `language`; of English where there are none."""
    known = languages().get(language) or languages()[DEFAULT]
    return Wording(known, known.wording)


@functools.cache
def staff_wording(language: str) -> Wording:
    """Return the words of the staff pages in `language`; in English where there are none."""
    known = languages().get(language) or languages()[DEFAULT]
    return Wording(known, known.staff)
