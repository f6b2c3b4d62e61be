"""Everything the assistant says in its own words, in each language of the interface.

The words are in `messages/*.json`, one file a language, the same keys in each.
"""

import functools
import json
from collections.abc import Mapping
from datetime import date
from importlib.resources import files

from babel.dates import format_date, format_skeleton

LANGUAGES = ("en", "fr", "nl", "de", "es", "it", "pt")
DEFAULT = "en"
EUROPEAN = {"en": "en_GB", "pt": "pt_PT"}
"""The locale for dates where the language alone would give an American one."""


class Wording:
    """The words of one language."""

    def __init__(self, language: str, messages: Mapping[str, str]) -> None:
        self.language = language
        self._messages = messages

    def __call__(self, key: str, **values: object) -> str:
        """Return the message `key` with `values` filled in. Raises KeyError for an unknown key."""
        return self._messages[key].format(**values)

    def template(self, key: str) -> str:
        """Return the message `key` with its places open, for a page's script to fill in."""
        return self._messages[key]

    def day(self, day: date) -> str:
        """Return a date as a reader of the language writes it."""
        return format_date(day, "long", locale=EUROPEAN.get(self.language, self.language))

    def month(self, day: date) -> str:
        """Return month and year of a date as a reader of the language writes them."""
        locale = EUROPEAN.get(self.language, self.language)
        return str(format_skeleton("yMMMM", day, locale=locale))


@functools.cache
def wording(language: str) -> Wording:
    """Return the words of `language`; of English where there are none."""
    known = language if language in LANGUAGES else DEFAULT
    return Wording(known, _read(known))


def _read(language: str) -> dict[str, str]:
    path = files("assistant") / "language" / "messages" / f"{language}.json"
    messages: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return messages
