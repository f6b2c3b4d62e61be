"""Find the lists of a document that answer as a whole. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.blocks import Form, lines
from assistant.corpus import Document, Kind, Span, recommends

TOPIC_LETTERS = 5
"""Words of the question and of a title are one if they begin with the same five letters: enough for
inflection and for the first part of a compound, in all of the forum's languages."""

TOPIC_LENGTH = 0.6
"""How much of a topic's word a title's must be long: "straat" is not "straatverlichting"."""

TOPIC_SHARE = 0.5  # of the question's topic words that a title must hold

_WORD = re.compile(r"[^\W\d_]{5,}")


@dataclass(frozen=True, slots=True)
class _List:
    """A list of a document: the line before it, and its outermost items."""

    lead_in: str
    items: tuple[Span, ...]


def introduced(document: Document, end: int) -> list[Span]:
    """Return the items of the list that begins right after the position `end`; none where not."""
    items = []
    for line in lines(document.text[end:]):
        if line.form is not Form.ITEM:
            break
        items.append(Span(end + line.content, end + line.end))
    return items


def recommendations(question: str, document: Document) -> list[Span]:
    """Return a document's recommendations, where they are asked for and it is all about the topic.

    That is so where its title holds the topic of the question; the recommendations are the list
    that is introduced as such, or the longest one of a document of that kind.
    """
    if not recommends(question) or topic_share(question, document.source.title) < TOPIC_SHARE:
        return []
    found = list(_lists(document))
    named = [its for its in found if recommends(its.lead_in)]
    if not named and document.source.kind is Kind.RECOMMENDATION:
        named = sorted(found, key=lambda its: -len(its.items))
    return list(named[0].items) if named and len(named[0].items) > 1 else []


def topic_share(question: str, title: str) -> float:
    """Return the share of a question's topic words that a title holds, 0..1."""
    topic = set(_topic_words(question))
    titled = _topic_words(title)
    shared = [word for word in topic if any(_is_one(word, other) for other in titled)]
    return len(shared) / len(topic) if topic else 0.0


def _is_one(word: str, other: str) -> bool:
    """Tell whether a title's word is a form of a topic's, or a compound that begins with it."""
    same_start = word[:TOPIC_LETTERS] == other[:TOPIC_LETTERS]
    return same_start and len(other) >= TOPIC_LENGTH * len(word)


def _topic_words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.casefold()) if not recommends(word)]


def _lists(document: Document) -> Iterator[_List]:
    lead_in, items = "", list[Span]()
    for line in lines(document.text):
        if line.form is Form.ITEM:
            if line.level == 0:
                items.append(Span(line.content, line.end))
            continue
        if items:
            yield _List(lead_in, tuple(items))
            items = []
        lead_in = document.text[line.content : line.end]
    if items:
        yield _List(lead_in, tuple(items))
