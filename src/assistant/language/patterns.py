"""Patterns of whole words, which also match words typed without their accents. Pure."""

import functools
import re
import unicodedata

_LETTERS = re.compile(r"(?<![\\\[\w])[^\W\d_]{3,}(?![^\[]*\])")  # not in a set such as [oa]


@functools.cache
def whole(source: str) -> re.Pattern[str]:
    """Return a pattern that matches nothing inside a word."""
    return re.compile(rf"(?<!\w)(?:{_tolerant(source)})(?!\w)")


def _tolerant(source: str) -> str:
    """Return a pattern that also matches words of three letters or more without their accents."""
    return _LETTERS.sub(lambda match: "".join(map(_either, match[0])), source)


def _either(char: str) -> str:
    base = unicodedata.normalize("NFD", char)[0]
    return f"(?:{char}|{base})" if base != char else char
