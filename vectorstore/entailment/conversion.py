"""The entailment model as a torch module, and its ONNX file.

Run once, by `vectorstore.entailment.model`; everything heavy is imported here and nowhere else.
"""

import functools
from pathlib import Path

import torch
from torch import nn

from vectorstore.embedding import fine_tuning
from vectorstore.embedding.fine_tuning import HIDDEN, FineTunedModule

LABELS = 3
"""Supported, refuted, unsaid."""

OUTSIDE = -20.0
"""Below what any token of a claim has."""


class EntailmentModule(FineTunedModule):
    """Token ids in; the logits of the three labels, and one for each token of the claim, out."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.word_head = nn.Sequential(nn.Linear(2 * HIDDEN, 96), nn.GELU(), nn.Linear(96, 1))
        self.head = nn.Sequential(nn.Linear(3 * HIDDEN + 1, 192), nn.GELU(), nn.Linear(192, LABELS))

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, claims: torch.Tensor
    ) -> torch.Tensor:
        """Return the logits of the labels; see `score` for the claims."""
        hidden = self.body(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return self.score(hidden, claims)[0]

    def score(
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


def export(module: EntailmentModule, path: Path) -> None:
    """Export to ONNX: one claim at a time, so that nothing is padded."""
    fine_tuning.export(
        _OneClaim(module),
        (torch.ones(1, 16, dtype=torch.long), torch.ones(1, 16)),
        path,
        inputs={"input_ids": {1: "tokens"}, "claims": {1: "tokens"}},
        outputs={"chances": {}},
    )


convert = functools.partial(fine_tuning.convert, module=EntailmentModule, export=export)


class _OneClaim(nn.Module):
    """The model without padding; of the labels, their probabilities."""

    def __init__(self, module: EntailmentModule) -> None:
        super().__init__()
        self.module = module

    def forward(self, input_ids: torch.Tensor, claims: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.module(input_ids, torch.ones_like(input_ids), claims)
        return logits.softmax(-1)
