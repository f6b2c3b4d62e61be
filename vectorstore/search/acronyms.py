"""What documents themselves say that an acronym stands for. No input or output happens here."""

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.language.words import fold

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
