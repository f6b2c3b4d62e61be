"""How much of a topic the title of a document names. Pure."""

import re

from assistant.domain.corpus import recommends

TOPIC_LETTERS = 5
"""Words of the question and of a title are one if they begin with the same five letters: enough for
inflection and for the first part of a compound, in all of the forum's languages."""

TOPIC_LENGTH = 0.6
"""How much of a topic's word a title's must be long: "straat" is not "straatverlichting"."""

_WORD = re.compile(r"[^\W\d_]{5,}")


def topic_share(question: str, title: str) -> float:
    """Return the share of a question's topic words that a title holds, 0..1."""
    topic = set(_topic_words(question))
    titled = _topic_words(title)
    shared = [word for word in topic if any(_is_one(word, other) for other in titled)]
    return len(shared) / len(topic) if topic else 0.0


def _is_one(word: str, other: str) -> bool:
    """Whether a title's word is a form of a topic's, or a compound that begins with it."""
    same_start = word[:TOPIC_LETTERS] == other[:TOPIC_LETTERS]
    return same_start and len(other) >= TOPIC_LENGTH * len(word)


def _topic_words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.casefold()) if not recommends(word)]
