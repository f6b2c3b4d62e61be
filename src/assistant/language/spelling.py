"""Mend slips of typing by the words that stand in the documents. Pure, given a vocabulary.

A question that is spelt right must never change: a word stays that the documents or a dictionary
have, that is short, holds a figure, or may be a name.
"""

import functools
import re
from collections.abc import Iterable
from contextlib import suppress

import numpy as np
import simplemma
from rapidfuzz.distance import DamerauLevenshtein
from spellchecker import SpellChecker

from assistant.domain.ports import Vocabulary
from assistant.language.languages import LANGUAGES, capitalises_nouns, languages
from assistant.language.words import fold

LINKS = ("", "s", "n", "en", "e")
SHORTEST_PART = 4


def is_word(word: str, language: str) -> bool:
    """Whether a word is spelt right: in its language, in English, or made of two.

    Two are a compound, or an infinitive and a pronoun: "iscriver(e)mi".
    """
    if language not in LANGUAGES:
        return True
    lower = word.lower()
    if _is_known(lower, language) or _is_known(lower, "en"):
        return True
    verb = re.sub(languages()[language].enclitics, "", lower)
    if verb != lower and (_is_known(verb, language) or _is_known(f"{verb}e", language)):
        return True
    return languages()[language].joins_nouns and any(
        _is_known(lower[at:], language)
        and any(_is_known(lower[:at].removesuffix(link), language) for link in LINKS)
        for at in range(SHORTEST_PART, len(lower) - SHORTEST_PART + 1)
    )


def _is_known(word: str, language: str) -> bool:
    dictionary = _dictionary(language)
    return dictionary is None or word in dictionary or has_form(word, language)


def load_dictionaries(language: str) -> None:
    """Load what tells the words of a language, so that no question waits seconds for it."""
    for each in {language, "en"} & set(LANGUAGES):
        _dictionary(each)
        has_form("a", each)


def has_form(word: str, language: str) -> bool:
    """Whether a word is a form of one in a dictionary, in whatever capitals."""
    return simplemma.is_known(word, lang=language, low_memory=True)


class _WordSet:
    """Which words there are, by their hashes, which take a tenth of what the words would.

    Of 340,000 words one in 5 * 10**13 others has the hash of one.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._hashes = np.unique(np.fromiter(map(hash, words), np.int64))

    def __contains__(self, word: str) -> bool:
        at = int(np.searchsorted(self._hashes, hash(word)))
        return at < len(self._hashes) and bool(self._hashes[at] == hash(word))


@functools.cache
def _dictionary(language: str) -> _WordSet | None:
    """Return a dictionary; None where there is none of the language: every word may be right."""
    with suppress(ValueError):  # what it says of a language that it does not have
        return _WordSet(SpellChecker(language=language).word_frequency.keys())
    return None


SHORTEST, LONG = 4, 7
"""Letters from which a word may have one slip, and from which two."""

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\w+")
_ELIDED = re.compile(r"^(?:qu|[dljmnstc]|dell|nell|sull|dall|all|un)['’]", re.IGNORECASE)


SHOUTED = 3
"""Words from which a text in capitals alone is shouted; fewer may be acronyms."""


def calm(text: str) -> str:
    """Return a text that is all in capitals in lower case: models have read little of the other."""
    return text.lower() if text.isupper() and len(_WORD.findall(text)) >= SHOUTED else text


def corrected(question: str, language: str, vocabulary: Vocabulary) -> str:
    """Return the question with its slips mended; as it is where there are none."""
    parts, at = list[str](), 0
    for match in _WORD.finditer(question):
        elided = _ELIDED.match(match[0])
        start = match.start() + (elided.end() if elided else 0)
        word = question[start : match.end()]
        is_first = not re.search(r"\w", question[: match.start()])
        if _may_be_a_slip(word, language, is_first=is_first):
            found = _meant(word, language, vocabulary)
            parts += [question[at:start], _cased_as(word, found)]
            at = match.end()
    return "".join(parts) + question[at:]


def _may_be_a_slip(word: str, language: str, *, is_first: bool) -> bool:
    """Whether a word is neither known to us nor a number, a name or an abbreviation."""
    if len(word) < SHORTEST or not word.isalpha() or any(char.isupper() for char in word[1:]):
        return False
    may_be_noun = capitalises_nouns(language) and len(word) >= LONG
    if word[0].isupper() and not is_first and not may_be_noun:
        return False
    return not any(word.lower() in each.telling_words for each in languages().values())


def _meant(word: str, language: str, vocabulary: Vocabulary) -> str:
    """Return the word that was meant, the one given where it stands or nothing is near."""
    if vocabulary.knows(word) or is_word(word, language):
        return word
    slips = 1 if len(word) < LONG or word[0].isupper() else 2
    known = languages().get(language)
    telling = known.telling_words if known else frozenset()
    common = sorted(each for each in telling if len(each) > SHORTEST)
    found = [(each, slips) for each in vocabulary.like(word, slips)] + [
        (each, 1) for each in common
    ]
    near = [
        (distance, at, each)
        for at, (each, most) in enumerate(found)
        if (distance := slips_between(word, each)) <= most
    ]
    return min(near)[2] if near else word


def slips_between(one: str, other: str) -> int:
    """Return how many letters are wrong, missing, too many or swapped; many at another initial."""
    one, other = fold(one), fold(other)
    if one[:1] != other[:1]:
        return max(len(one), len(other))
    return DamerauLevenshtein.distance(one, other)


def _cased_as(word: str, found: str) -> str:
    return found[:1].upper() + found[1:] if word[0].isupper() else found
