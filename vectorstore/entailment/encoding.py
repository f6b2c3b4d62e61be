"""How a claim and its premise are put before the entailment model: as one row of tokens.

Pure, but for the tokenizer. The same for training (`benchmarks/check/train.py`) and for use.
"""

from dataclasses import dataclass

from tokenizers import Tokenizer

from vectorstore.reader.encoding import token_id

CLAIM_TOKENS = 96
"""A longer claim is read up to here; a sentence of 60 words has about 80."""

TOKENS = 320


@dataclass(frozen=True, slots=True)
class EntailmentInput:
    """A claim with the premise behind it; `offsets` are those of the claim's tokens in its text."""

    token_ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]


class EntailmentEncoding:
    """Makes inputs with a tokenizer of the built-in model."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._begin = token_id("<s>", tokenizer)
        self._end = token_id("</s>", tokenizer)

    def encode(self, claim: str, context: str, premise: str) -> EntailmentInput:
        """Return one row; `context` is what stands above the premise: its title and headings."""
        head = f"passage: {context}\n" if context else "passage: "
        said = self._tokenizer.encode(claim, add_special_tokens=False)
        known = self._tokenizer.encode(head + premise, add_special_tokens=False)
        claimed = said.ids[:CLAIM_TOKENS]
        room = TOKENS - len(claimed) - 4
        ids = (self._begin, *claimed, self._end, self._end, *known.ids[:room], self._end)
        return EntailmentInput(ids, tuple(said.offsets[:CLAIM_TOKENS]))
