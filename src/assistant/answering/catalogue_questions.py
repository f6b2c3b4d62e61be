"""Understand questions that the catalogue answers: how many, the next event, all of a kind. Pure.

A question is one of them only where each of its words is accounted for: "how many documents do you
have" is, "how many documents must I send in" is about the content.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from assistant.language.languages import LANGUAGES, languages
from assistant.language.words import whole

_ELIDED = re.compile(r"\b(?:qu|[dljmnstc]|dell|nell|sull|dall|all|un)'(?=\w|$)")
_WORDS = (
    "count",
    "glue",
    "held",
    "next",
    "dated",
    "ahead",
    "over",
    "past",
    "occasions",
    "before",
    "between",
    "joins",
    "all",
)


class Scope(StrEnum):
    """Which of the documents that fit are wanted.

    `EVERY` takes each language version for itself, as who counts does; `OVER` are past events.
    """

    WORKS = "works"
    EVERY = "every"
    OVER = "over"
    AHEAD = "ahead"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class CatalogueForms:
    """The words of one language, as they stand in the file, and how they are put together."""

    words: Mapping[str, str]
    relative: Mapping[str, str]
    kinds: Mapping[str, str]

    def occasion(self, plain: str) -> str:
        """Return which kind of event a text speaks of, as "training"; nothing of several."""
        named = [kind for kind, words in self.kinds.items() if whole(words).search(plain)]
        return named[0] if len(named) == 1 else ""

    def scope(self, plain: str, things: str) -> Scope | None:
        """Return what is asked of the catalogue, None where the words ask nothing of it."""
        words = self.words
        patterns = {
            Scope.EVERY: rf"(?:{words['count']}) ?(?:\S+ ){{0,4}}?(?:d')?(?:{things})",
            Scope.OVER: _beside(words["over"], words["occasions"]),
            Scope.NEXT: _beside(words["next"], words["occasions"]),
            Scope.AHEAD: _beside(words["ahead"], words["occasions"]),
            Scope.WORKS: rf"(?:{words['all']}) (?:\S+ )?(?:{things})"
            rf"|(?:{words['occasions']}) (?:\S+ ){{0,4}}?(?:{words['held']})"
            rf"|(?:{words['held']}) (?:\S+ ){{0,4}}?(?:{words['occasions']})",
        }
        return next((it for it, source in patterns.items() if whole(source).search(plain)), None)

    def is_all(self, plain: str, known: tuple[re.Pattern[str], ...]) -> bool:
        """Whether no word is left that would make it a question about the content."""
        plain = _ELIDED.sub(" ", plain)
        own = ("count", "held", "next", "ahead", "over", "occasions", "all", "glue")
        for pattern in (*(whole(self.words[name]) for name in own), *known):
            plain = pattern.sub(" ", plain)
        return not plain.replace("'", " ").split()

    def is_to_come(self, plain: str) -> bool:
        """Whether it is events that are asked for, and none that are over."""
        return self.speaks_of_occasions(plain) and not whole(self.words["past"]).search(plain)

    def speaks_of_occasions(self, plain: str) -> bool:
        """Whether events are asked for that are held, and not what was written of them."""
        return bool(whole(self.words["occasions"]).search(plain))


@functools.cache
def catalogue_forms(language: str) -> CatalogueForms:
    """Return the forms of one of the languages."""
    forms = languages()[language].catalogue
    return CatalogueForms(
        {name: forms[name] for name in _WORDS}, forms["relative"], forms["kinds_of_occasion"]
    )


def is_occasion(text: str, language: str, kind: str) -> bool:
    """Whether a text names a kind of event in its own language; also inside a compound."""
    if language not in LANGUAGES:
        return False
    words = catalogue_forms(language).kinds[kind]
    is_joined = languages()[language].joins_nouns
    return bool(whole(rf"\w*(?:{words})" if is_joined else words).search(text.casefold()))


def _beside(asked: str, occasions: str) -> str:
    """Return a pattern of an event that is said to be the next, or to come."""
    return rf"(?:{asked}) (?:\S+ )?(?:{occasions})|(?:{occasions}) (?:\S+ ){{0,2}}?(?:{asked})"
