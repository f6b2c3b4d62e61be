"""The words of a generation's documents, by which slips of typing are mended."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from vectorstore.catalogue import Catalogue
from vectorstore.search.acronyms import Acronyms
from vectorstore.search.lexical import WORD, LexicalIndex, tokens
from vectorstore.search.postings import Numbers

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
            char
            for char in known
            if char[:1] == stem[:1] and abs(len(char) - len(stem)) <= slips + 1 and char.isalpha()
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


class Words:
    """Hands out the vocabularies of a generation; collects its acronyms when they are first asked.

    `rows` are those of the chunks in the catalogue.
    """

    def __init__(self, lexical: LexicalIndex, catalogue: Catalogue, rows: Numbers) -> None:
        self._lexical = lexical
        self._catalogue = catalogue
        self._rows = rows
        self._acronyms: Acronyms | None = None

    @property
    def acronyms(self) -> Acronyms:
        """What documents say that acronyms stand for."""
        found = self._acronyms
        if found is None:
            found = self._acronyms = Acronyms(self._catalogue.texts_with_acronyms())
        return found

    def forget(self) -> None:
        """Collect anew: other documents are withheld now."""
        self._acronyms = None

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
