"""The words of each language that say nothing by themselves."""

import functools
import json
from collections.abc import Mapping
from importlib.resources import files


@functools.cache
def function_words() -> Mapping[str, frozenset[str]]:
    """Return the words by language, in lower case, as they stand in `function_words.json`."""
    text = (files("assistant") / "function_words.json").read_text(encoding="utf-8")
    return {language: frozenset(words.split()) for language, words in json.loads(text).items()}
