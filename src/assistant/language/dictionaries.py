"""Which words are spelt right, as the lists of pyspellchecker and the forms of simplemma have them.

The first lack many forms of verbs in Spanish and Italian, the other many words in English.
"""

import functools
from contextlib import suppress

import simplemma
from spellchecker import SpellChecker

from assistant.language.languages import LANGUAGES, languages

LINKS = ("", "s", "n", "en", "e")
SHORTEST_PART = 4


def is_word(word: str, language: str) -> bool:
    """Whether a word is spelt right: in its language, in English, or as a compound of two."""
    if language not in LANGUAGES:
        return True
    lower = word.lower()
    if _is_known(lower, language) or _is_known(lower, "en"):
        return True
    return languages()[language].joins_nouns and any(
        _is_known(lower[at:], language)
        and any(_is_known(lower[:at].removesuffix(link), language) for link in LINKS)
        for at in range(SHORTEST_PART, len(lower) - SHORTEST_PART + 1)
    )


def _is_known(word: str, language: str) -> bool:
    dictionary = _dictionary(language)
    return dictionary is None or word in dictionary or simplemma.is_known(word, lang=language)


@functools.cache
def _dictionary(language: str) -> SpellChecker | None:
    """Return a dictionary; None where there is none of the language: every word may be right."""
    with suppress(ValueError):  # what it says of a language that it does not have
        return SpellChecker(language=language, distance=1)
    return None
