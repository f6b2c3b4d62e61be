"""Find documents by the words that stand in them, in whatever case and accents.

A word may begin and end anywhere: who looks for "licht" finds "Straßenbeleuchtung" by "leucht".
"""

from collections.abc import Collection, Iterator, Sequence

from assistant.domain.corpus import DocumentId
from assistant.language.words import fold
from vectorstore.catalogue import Catalogue

MOST_KEPT = 96 * 2**20
"""Bytes of folded text in memory; what goes beyond is read and folded at each search."""
LONGEST_PLACE = 220  # characters of the line that is shown
BEFORE = 60  # of them, before the word


class FoldedTexts:
    """The texts of one generation, folded when they are first searched. Not safe by itself."""

    def __init__(self, catalogue: Catalogue, most: int = MOST_KEPT) -> None:
        self._kept: dict[DocumentId, bytes] = {}
        self._rest: list[DocumentId] = []
        size = 0
        for document_id, text in catalogue.texts():
            folded = _folded(text)
            size += len(folded)
            if size <= most:
                self._kept[document_id] = folded
            else:
                self._rest.append(document_id)

    def each(self, catalogue: Catalogue) -> Iterator[tuple[DocumentId, bytes]]:
        """Yield every document with its folded text."""
        yield from self._kept.items()
        if self._rest:
            rest = frozenset(self._rest)
            for document_id, text in catalogue.texts():
                if document_id in rest:
                    yield document_id, _folded(text)


def lacking(words: Sequence[str], folded: str) -> list[bytes]:
    """Return which folded words do not stand in a folded text."""
    return [word.encode("utf-8", "replace") for word in words if word not in folded]


def place(text: str, words: Collection[str]) -> str:
    """Return the line where most of some folded words stand, cut short around the first of them."""
    lines = [line.strip("#>|- ") for line in text.splitlines() if line.strip("#>|- ")]
    if not lines:
        return ""
    line = max(lines, key=lambda each: _many(fold(each), words))
    folded = fold(line)
    found = [folded.index(word) for word in words if word in folded]
    if not found or len(line) <= LONGEST_PLACE:
        return line[:LONGEST_PLACE]
    origins = [at for at, char in enumerate(line) for _ in fold(char)]
    return _cut(line, origins[min(found)])


def _many(folded: str, words: Collection[str]) -> int:
    return sum(word in folded for word in words)


def _cut(line: str, at: int) -> str:
    """Return the words of a line around a place."""
    first = max(0, min(at - BEFORE, len(line) - LONGEST_PLACE))
    last = min(len(line), first + LONGEST_PLACE)
    first = line.find(" ", first, at) + 1 or first if first else 0
    last = max(at, line.rfind(" ", at, last)) if last < len(line) else last
    before, after = "… " if first else "", " …" if last < len(line) else ""
    return f"{before}{line[first:last]}{after}"


def _folded(text: str) -> bytes:
    return fold(text).encode("utf-8", "replace")
