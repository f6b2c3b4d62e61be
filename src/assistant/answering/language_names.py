"""Find the languages that a text names, as "in German" or "German documents". Pure."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from babel import Locale

from assistant.language.languages import LANGUAGES, languages
from assistant.language.words import whole


@dataclass(frozen=True, slots=True)
class NamedLanguages:
    """How the languages of the assistant are called in one of them.

    Attributes:
        any_name: A pattern of the names of all.
        documents_of: A pattern of documents with the name of a language beside them.
    """

    any_name: str
    documents_of: str
    _names: Mapping[str, re.Pattern[str]]
    _inside: re.Pattern[str]
    _beside: re.Pattern[str]

    def taken_from(self, plain: str) -> tuple[str, frozenset[str]]:
        """Return a text without the languages that it wants documents in, and their codes."""
        found = set[str]()
        for pattern, kept in ((self._inside, " "), (self._beside, r"\g<thing>")):
            found |= {self.code(match["language"]) for match in pattern.finditer(plain)}
            plain = pattern.sub(kept, plain)
        return plain, frozenset(found)

    def code(self, name: str) -> str:
        """Return the code of a language that is named."""
        return next(code for code, names in self._names.items() if names.fullmatch(name))


@functools.cache
def named_languages(language: str) -> NamedLanguages:
    """Return what languages are called in one of them: as in its file, and as Babel has it."""
    forms = languages()[language].requests
    known = Locale.parse(language).languages
    names = {
        code: "|".join(
            (forms["language_names"].get(code, "(?!)"), re.escape(known[code].casefold()))
        )
        for code in LANGUAGES
    }
    any_name = "|".join(names.values())
    things = "|".join(forms["things"].values())

    def beside(language: str, thing: str) -> str:
        template = str(forms["language_beside"])
        return template.replace("{language}", language).replace("{thing}", thing)

    return NamedLanguages(
        any_name,
        beside(f"(?:{any_name})", f"(?:{things})"),
        {code: whole(source) for code, source in names.items()},
        whole(rf"(?:{forms['in_language']}) (?P<language>{any_name})"),
        whole(beside(f"(?P<language>{any_name})", f"(?P<thing>{things})")),
    )
