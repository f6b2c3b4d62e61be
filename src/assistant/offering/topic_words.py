"""Words that name what several documents are about, found without any list of subjects. Pure.

A word of a title that other documents use as a noun is taken for a topic. Nouns are told by what
stands around them: a word that brings one in before it, and after it the end of the phrase; in
German by their capital.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.answering.topics import TOPIC_LETTERS
from assistant.domain.corpus import Document, recommends
from assistant.language.languages import capitalises_nouns, function_words, languages

NOUN_SHARE = 0.2
"""How often, of all times that it stands in a text, a word must stand as a noun does. A choice,
made by looking at what the sample forum and 320 public pages in four languages gave."""

SEEN_AS_NOUN = 2  # times; one may be chance
COMMON = 0.5  # of the documents; what more of them speak of is the forum's own subject, or nothing
FEW = 3  # documents; among so few, a word may stand in all
OFTEN = 2.0  # times in each document that has it; else it must be in two titles to be a subject

_TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|\d+|[^\w\s'’]|\n")


@dataclass(slots=True)
class _Word:
    """How a word stands in the texts."""

    titles: int = 0
    documents: int = 0
    times: int = 0
    as_noun: int = 0
    forms: Counter[str] = field(default_factory=Counter)

    @property
    def is_noun(self) -> bool:
        return self.as_noun >= max(SEEN_AS_NOUN, NOUN_SHARE * self.times)

    @property
    def is_subject(self) -> bool:
        return self.titles > 1 or self.times >= OFTEN * self.documents


def topic_words(documents: Sequence[Document], language: str, most: int) -> list[str]:
    """Return up to `most` nouns of titles that several documents use, the most used first.

    No two begin alike, as forms of one word do. German ones are capitalised, as nouns are; in
    other languages what is capitalised is a name, and left out.
    """
    words = _titled(documents, language)
    for document in documents:
        _count(document.text, words, language)
    common = max(FEW, COMMON * len(documents))
    nouns = [word for word in words.items() if word[1].is_noun and word[1].is_subject]
    found = [noun for noun in nouns if 1 < noun[1].documents <= common]
    found.sort(key=lambda each: (-each[1].titles, -each[1].documents, -each[1].as_noun, each[0]))
    chosen: dict[str, str] = {}
    for word, counted in found:
        written = max(counted.forms, key=counted.forms.__getitem__, default="-")
        if written[0].isupper() is capitalises_nouns(language) and not recommends(word):
            chosen.setdefault(word[:TOPIC_LETTERS], written)
    return list(chosen.values())[:most]


def _titled(documents: Iterable[Document], language: str) -> dict[str, _Word]:
    """Return the words of the titles that may name a topic."""
    idle = function_words(language)
    words: dict[str, _Word] = {}
    for document in documents:
        for word in {text.casefold() for text in _TOKEN.findall(document.source.title)}:
            if len(word) >= TOPIC_LETTERS and word.isalpha() and word not in idle:
                words.setdefault(word, _Word()).titles += 1
    return words


def _count(text: str, words: dict[str, _Word], language: str) -> None:
    """Note how the words stand in a text."""
    known = languages().get(language)
    before_nouns = known.before_nouns if known else frozenset()
    idle = function_words(language)
    seen = set()
    for before, token, after in _threes(text):
        word = words.get(token.casefold())
        if word is None:
            continue
        seen.add(token.casefold())
        word.times += 1
        is_inside = before[:1].isalnum()  # the first word is capitalised whatever it is
        ends = not after[1:] or after.casefold() in idle  # signs, and words such as "à"
        if capitalises_nouns(language):
            word.as_noun += is_inside and token[0].isupper()
        else:
            word.as_noun += before.casefold() in before_nouns and ends
        if is_inside:
            word.forms[token] += 1
    for folded in seen:
        words[folded].documents += 1


def _threes(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield each token between its neighbours."""
    tokens = _TOKEN.findall(text)
    yield from zip(["", *tokens], tokens, [*tokens[1:], ""], strict=False)
