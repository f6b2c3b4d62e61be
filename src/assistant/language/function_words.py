"""The words of each language that say nothing by themselves, and those by which it is told."""

import functools
import json
from collections.abc import Mapping
from importlib.resources import files


@functools.cache
def function_words() -> Mapping[str, frozenset[str]]:
    """Return the words that say nothing by themselves, by language, in lower case."""
    return _words("function_words.json")


@functools.cache
def language_words() -> Mapping[str, frozenset[str]]:
    """Return the words by which a language is told, in lower case."""
    return _words("language_words.json")


def _words(name: str) -> Mapping[str, frozenset[str]]:
    text = (files("assistant") / "language" / name).read_text(encoding="utf-8")
    return {language: frozenset(words.split()) for language, words in json.loads(text).items()}
