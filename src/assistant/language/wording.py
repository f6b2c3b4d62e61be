"""Everything the assistant says in its own words, in each language of the interface.

The words are in the file of each language (`languages`), the same keys in each.
"""

import functools
from collections.abc import Mapping
from datetime import date

from babel.dates import format_date, format_skeleton

from assistant.language.languages import languages

DEFAULT = "en"


class Wording:
    """The words of one language."""

    def __init__(self, language: str, locale: str, messages: Mapping[str, str]) -> None:
        self.language = language
        self._locale = locale
        self._messages = messages

    def __call__(self, key: str, **values: object) -> str:
        """Return the message `key` with `values` filled in. Raises KeyError for an unknown key."""
        return self._messages[key].format(**values)

    def template(self, key: str) -> str:
        """Return the message `key` with its places open, for a page's script to fill in."""
        return self._messages[key]

    def day(self, day: date) -> str:
        """Return a date as a reader of the language writes it."""
        return format_date(day, "long", locale=self._locale)

    def month(self, day: date) -> str:
        """Return month and year of a date as a reader of the language writes them."""
        return str(format_skeleton("yMMMM", day, locale=self._locale))


@functools.cache
def wording(language: str) -> Wording:
    """Return the words of `language`; of English where there are none."""
    known = languages().get(language) or languages()[DEFAULT]
    return Wording(known.code, known.locale, known.wording)
