"""The words of a generation's documents, by which slips of typing are mended."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from assistant.domain.corpus import DocumentId
from assistant.language.words import fold
from vectorstore.catalogue import Catalogue
from vectorstore.search.lexical import WORD, LexicalIndex, tokens
from vectorstore.search.postings import Numbers

MOST_WORDS = 14
LETTERS = 3
"""The most letters of a word such as "de" or "for" that an acronym may leave out."""

_WORD = re.compile(r"[^\W\d_]+")
_BRACKETED = re.compile(r"([^()\n.;:!?]{4,160})\(([A-Z][A-Za-z]{1,9})\)")
_BEFORE = re.compile(r"(?<!\w)([A-Z]{2,10}) \(([^()\n]{4,120})\)")


class Acronyms:
    """The acronyms of a corpus, each with its words."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._words: dict[str, str] = {}
        for text in texts:
            for acronym, words in defined_in(text):
                self._words.setdefault(acronym, words)
        self._patterns = [
            (
                re.compile(rf"(?<!\w){re.escape(acronym)}(?!\w)"),
                re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE),
                acronym,
                words,
            )
            for acronym, words in self._words.items()
        ]

    def explained(self, text: str) -> str:
        """Return the text with the words after each acronym, and the acronym after its words."""
        for short, long, acronym, words in self._patterns:
            has_short, has_long = short.search(text), long.search(text)
            if has_short and not has_long:
                text = f"{text[: has_short.end()]} ({words}){text[has_short.end() :]}"
            elif has_long and not has_short:
                text = f"{text[: has_long.end()]} ({acronym}){text[has_long.end() :]}"
        return text


def defined_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield each acronym that a text explains with its words: words (W), or W (words)."""
    for match in _BRACKETED.finditer(text):
        if words := _words_of(match[2], match[1].rstrip()):
            yield match[2], words
    for match in _BEFORE.finditer(text):
        if (words := _words_of(match[1], match[2])) == match[2]:
            yield match[1], words


def _words_of(acronym: str, before: str) -> str:
    """Return the last words whose initials are the acronym, empty where they are not."""
    if sum(char.isupper() for char in acronym) < len(acronym) - 1:
        return ""  # "(Valmorin)" is no acronym
    spans = [(match.start(), match[0]) for match in _WORD.finditer(before)][-MOST_WORDS:]
    start = _start([span for _, span in spans], fold(acronym))
    return "" if start is None else before[spans[start][0] :].strip(" ,–-\"'’")


def _start(words: Sequence[str], letters: str) -> int | None:
    """Return the place of the word that the first letter stands for; short words may be passed."""
    if not words or not letters:
        return None
    if fold(words[-1])[:1] == letters[-1]:
        if len(letters) == 1:
            return len(words) - 1
        found = _start(words[:-1], letters[:-1])
        if found is not None:
            return found
    return _start(words[:-1], letters) if len(words[-1]) <= LETTERS else None


TERMS, TEXTS = 8, 4
"""How many index terms near a word are looked at, and in how many texts for their words."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of the documents in one language.

    Attributes:
        texts_at: Returns the texts of the chunks at these positions.
    """

    lexical: LexicalIndex
    language: str
    acronyms: Acronyms
    texts_at: Callable[[Sequence[int]], Sequence[str]]

    def knows(self, word: str) -> bool:
        """Return whether a word stands in a document in any form."""
        return self.lexical.knows(word)

    def like(self, word: str, slips: int) -> list[str]:
        """Return words of documents at most so many slips of typing away, the commonest first.

        Index terms are stems, which a slip may lengthen or shorten by a letter; the words are those
        of the texts that hold them.
        """
        (stem,) = tokens(word, self.language)[:1] or [""]
        known = self.lexical.terms(self.language)
        near = [
            term
            for term in known
            if term[:1] == stem[:1] and abs(len(term) - len(stem)) <= slips + 1 and term.isalpha()
        ]
        found = process.extract(
            stem, near, scorer=DamerauLevenshtein.distance, score_cutoff=slips + 1, limit=TERMS
        )
        counts = Counter(each for term, _, _ in found for each in self._words_of(term))
        return [each for each, _ in counts.most_common()]

    def explained(self, text: str) -> str:
        """Return the text with what documents say its acronyms stand for, and the other way."""
        return self.acronyms.explained(text)

    def _words_of(self, term: str) -> list[str]:
        positions = self.lexical.holding(term, self.language)[:TEXTS]
        words = [each for text in self.texts_at(positions) for each in WORD.findall(text.lower())]
        return [word for word in words if tokens(word, self.language) == [term]]


class Vocabularies:
    """Hands out the vocabularies of a generation.

    Its acronyms are collected when they are first asked for, and anew when others are withheld.

    `rows` are those of the chunks in the catalogue.
    """

    def __init__(self, lexical: LexicalIndex, catalogue: Catalogue, rows: Numbers) -> None:
        self._lexical = lexical
        self._catalogue = catalogue
        self._rows = rows
        self._collected: tuple[Collection[DocumentId], Acronyms] | None = None

    @property
    def acronyms(self) -> Acronyms:
        """What documents say that acronyms stand for."""
        withheld, collected = self._catalogue.withheld, self._collected
        if collected is None or collected[0] != withheld:
            texts = self._catalogue.texts_with_acronyms(withheld)
            collected = self._collected = (withheld, Acronyms(texts))
        return collected[1]

    def of(self, language: str) -> Vocabulary:
        """Return the vocabulary of a language."""
        return Vocabulary(self._lexical, language, self.acronyms, self._texts_at)

    def _texts_at(self, positions: Sequence[int]) -> list[str]:
        chunks = self._catalogue.chunks(self._rows[list(positions)].tolist())
        withheld = self._catalogue.withheld
        return [
            f"{chunk.context}\n{chunk.text}"
            for chunk in chunks
            if chunk.source.document_id not in withheld
        ]
