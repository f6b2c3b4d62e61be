"""The entailment model that was tried as a check: how it is asked, and as a torch module.

A claim and its premise go in as one row of tokens; out come the logits of supported, refuted and
unsaid, and for each token of the claim how likely it is at fault.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn

from vectorstore.reader.conversion import HIDDEN, ReaderModule

CLAIM_TOKENS = 96
"""A longer claim is read up to here; a sentence of 60 words has about 80."""

TOKENS = 320
OUTSIDE = -20.0
"""Below what any token of a claim has."""


class EntailmentModule(ReaderModule):
    """The reader's body with two heads of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.word_head = nn.Sequential(nn.Linear(2 * HIDDEN, 96), nn.GELU(), nn.Linear(96, 1))
        self.head = nn.Sequential(nn.Linear(3 * HIDDEN + 1, 192), nn.GELU(), nn.Linear(192, 3))

    def judged(
        self, hidden: torch.Tensor, claims: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the labels' logits, and for each token how likely it is at fault.

        Args:
            hidden: Rows x tokens x 384, of the last layer.
            claims: Rows x tokens; 1 where a token is of the claim.
        """
        first = hidden[:, :1].expand(-1, hidden.shape[1], -1)
        words = self.word_head(torch.cat([hidden, first], dim=-1))[..., 0]
        outside = claims == 0
        worst = words.masked_fill(outside, OUTSIDE).amax(1, keepdim=True)
        mean = (hidden * claims[..., None]).sum(1) / claims.sum(1, keepdim=True).clamp(min=1)
        most = hidden.masked_fill(outside[..., None], OUTSIDE).amax(1)
        return self.head(torch.cat([hidden[:, 0], mean, most, worst], dim=-1)), words


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
        self._begin, self._end = tokenizer.encode("").ids

    def encode(self, claim: str, context: str, premise: str) -> EntailmentInput:
        """Return one row; `context` is what stands above the premise: its title and headings."""
        head = f"passage: {context}\n" if context else "passage: "
        said = self._tokenizer.encode(claim, add_special_tokens=False)
        known = self._tokenizer.encode(head + premise, add_special_tokens=False)
        claimed = said.ids[:CLAIM_TOKENS]
        room = TOKENS - len(claimed) - 4
        ids = (self._begin, *claimed, self._end, self._end, *known.ids[:room], self._end)
        return EntailmentInput(ids, tuple(said.offsets[:CLAIM_TOKENS]))
