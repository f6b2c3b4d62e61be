"""How a question and a passage are put before the reader: as one row of tokens.

Pure, but for the tokenizer. The same for training (`benchmarks/reader/train.py`) and for use, so
that a reader never sees a form that it was not trained on.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

from assistant.domain.corpus import Chunk, Span
from vectorstore.errors import ModelUnavailableError

QUESTION_TOKENS = 48
"""A longer question is read up to here; those of members have 12 in the middle."""

TOKENS = 384
"""What fits of question and passage together; a chunk is filled up to 320."""

NOISE = 1.8
"""Letters a token below which a question is of no language. Of 11,520 members' questions in seven
languages none has fewer than 2.0; keys that were struck at random have 1.2 to 1.7."""

_WORD = re.compile(r"[^\W_]+")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]+")


@dataclass(frozen=True, slots=True)
class ReaderInput:
    """One passage with the question before it.

    Attributes:
        token_ids: As the model takes them.
        units: For each token the number of the unit that it belongs to, from 1; 0 is none.
        count: How many units the passage has; the last may lie behind what fits.
    """

    token_ids: tuple[int, ...]
    units: tuple[int, ...]
    count: int


class ReaderEncoding:
    """Makes inputs with a tokenizer of the built-in model, which neither truncates nor pads."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._begin = _id_of("<s>", tokenizer)
        self._end = _id_of("</s>", tokenizer)

    def is_noise(self, question: str, chunk: Chunk) -> bool:
        """Whether a question in Latin letters is of no language, and of no word of a passage.

        A model that reads it would find likeness all the same.
        """
        words = _WORD.findall(question)
        letters = [word for word in words if _LATIN.fullmatch(word)]
        if not letters or any(not word.isdigit() for word in set(words).difference(letters)):
            return False
        tokens = sum(len(self._tokenizer.encode(w, add_special_tokens=False).ids) for w in letters)
        if sum(map(len, letters)) >= NOISE * tokens:
            return False
        said = _WORD.findall(f"{chunk.context} {chunk.text}".casefold())
        return {word.casefold() for word in words}.isdisjoint(said)

    def encode(self, question: str, chunk: Chunk) -> ReaderInput:
        """Return the question and a passage as one row; units are the passage's sentences."""
        spans = [
            Span(sentence.start - chunk.start, sentence.end - chunk.start)
            for sentence in chunk.sentences
        ]
        return self.encode_text(question, chunk.context, chunk.text, spans)

    def encode_text(
        self, question: str, context: str, text: str, units: Sequence[Span]
    ) -> ReaderInput:
        """Do the same for a text with its units in order, and what stands above it."""
        head = f"passage: {context}\n" if context else "passage: "
        asked = self._tokenizer.encode(f"query: {question}", add_special_tokens=False)
        read = self._tokenizer.encode(head + text, add_special_tokens=False)
        before = [self._begin, *asked.ids[:QUESTION_TOKENS], self._end, self._end]
        room = TOKENS - len(before) - 1
        numbers = _numbers(read.offsets[:room], units, len(head))
        return ReaderInput(
            token_ids=(*before, *read.ids[:room], self._end),
            units=(*[0] * len(before), *numbers, 0),
            count=len(units),
        )


def _id_of(token: str, tokenizer: Tokenizer) -> int:
    found = tokenizer.token_to_id(token)
    if found is None:
        msg = f"the tokenizer knows no {token}: it is not the built-in model's"
        raise ModelUnavailableError(msg)
    return found


def _numbers(offsets: Sequence[tuple[int, int]], units: Sequence[Span], shift: int) -> list[int]:
    numbers, at = list[int](), 0
    for start, end in offsets:
        while at < len(units) and units[at].end + shift <= start:
            at += 1
        inside = at < len(units) and start < end and units[at].start + shift < end
        numbers.append(at + 1 if inside else 0)
    return numbers
