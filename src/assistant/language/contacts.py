"""Whom members may turn to, in each language. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.language.languages import LANGUAGES

_NAMED = re.compile(r"([A-Za-z]{2})\s*:(?!//)\s*(.+)")


@dataclass(frozen=True, slots=True)
class Contacts:
    """An e-mail address or a web page for all, and others for readers of some languages."""

    general: str = ""
    own: Mapping[str, str] = field(default_factory=dict)

    def of(self, language: str) -> str:
        """Return the contact for readers of a language, empty where there is none."""
        return self.own.get(language, self.general)


NOBODY = Contacts()


def contacts(text: str) -> Contacts:
    """Return what `FORUM_CONTACT` says: a contact for all, then `fr: …`, parted by semicolons.

    Raises ValueError for a language that the page does not have, and for two of the same.
    """
    found: dict[str, str] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        named = _NAMED.fullmatch(part)
        language, contact = (named[1].lower(), named[2]) if named else ("", part)
        if named and language not in LANGUAGES:
            msg = f"{language!r} is none of the page's languages, {', '.join(LANGUAGES)}"
            raise ValueError(msg)
        if language in found:
            msg = "has two contacts for the same readers; name a language before one, as in `fr: …`"
            raise ValueError(msg)
        found[language] = contact
    return Contacts(found.pop("", ""), found)
