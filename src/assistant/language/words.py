"""Words as they are compared: folded, stemmed, or found whole in a text. Pure."""

import functools
import re
import unicodedata

import Stemmer

STEMMERS = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
"""The stemmers of Snowball, which has more languages than we have words of."""
_LETTERS = re.compile(r"(?<![\\\[\w])[^\W\d_]{3,}(?![^\[]*\])")  # not in a set such as [oa]


@functools.cache
def whole(source: str) -> re.Pattern[str]:
    """Return a pattern that matches nothing inside a word."""
    return re.compile(rf"(?<!\w)(?:{_tolerant(source)})(?!\w)")


def _tolerant(source: str) -> str:
    """Return a pattern that also matches words of three letters or more without their accents.

    And with "ss" for "ß", as case folding writes it.
    """
    return _LETTERS.sub(lambda match: "".join(map(_either, match[0])), source)


def _either(char: str) -> str:
    base = "ss" if char == "ß" else unicodedata.normalize("NFD", char)[0]
    return f"(?:{char}|{base})" if base != char else char


def fold(text: str) -> str:
    """Return a text without capitals and accents."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    if not folded.isascii():
        # A pass a mark, each in C: whole texts are folded as well as words.
        for mark in filter(unicodedata.combining, set(folded)):
            folded = folded.replace(mark, "")
    return folded


@functools.lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Return the stem of a word in lower case, without accents; the word of a language without."""
    stemmer = _stemmer(language)
    stemmed = str(stemmer.stemWord(word)) if stemmer else word
    return stemmed if stemmed.isascii() else fold(stemmed)


@functools.cache
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    return Stemmer.Stemmer(STEMMERS[language]) if language in STEMMERS else None
