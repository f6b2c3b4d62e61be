"""The reader as a torch module, and its ONNX file.

Run once, by `vectorstore.reader.model`; everything heavy is imported here and nowhere else.
"""

import functools
from pathlib import Path

import torch
from torch import nn

from vectorstore.embedding import fine_tuning
from vectorstore.embedding.fine_tuning import HIDDEN, FineTunedModule


class ReaderModule(FineTunedModule):
    """Token ids in, a score for each unit of each passage out."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.head = nn.Sequential(nn.Linear(2 * HIDDEN, 192), nn.GELU(), nn.Linear(192, 1))

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, membership: torch.Tensor
    ) -> torch.Tensor:
        """Return a score for each unit.

        Args:
            input_ids: Passages x tokens.
            attention_mask: Passages x tokens; 0 is padding.
            membership: Passages x units x tokens; each row sums to 1 over the tokens of its unit,
                or is empty where a unit lies behind what was read.
        """
        hidden = self.body(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return self.score(hidden, membership)

    def score(self, hidden: torch.Tensor, membership: torch.Tensor) -> torch.Tensor:
        """Return a score for each unit from the hidden states of the tokens."""
        units = torch.bmm(membership, hidden)
        question = hidden[:, :1].expand(-1, membership.shape[1], -1)
        scores: torch.Tensor = self.head(torch.cat([units, question], dim=-1))[..., 0]
        return scores


def export(module: ReaderModule, path: Path) -> None:
    """Export to ONNX: one passage at a time, so that nothing is padded."""
    fine_tuning.export(
        _OnePassage(module),
        (torch.ones(1, 16, dtype=torch.long), torch.ones(1, 3, 16) / 16),
        path,
        inputs={"input_ids": {1: "tokens"}, "membership": {1: "units", 2: "tokens"}},
        outputs={"scores": {1: "units"}},
    )


convert = functools.partial(fine_tuning.convert, module=ReaderModule, export=export)


class _OnePassage(nn.Module):
    """The reader without padding."""

    def __init__(self, module: ReaderModule) -> None:
        super().__init__()
        self.module = module

    def forward(self, input_ids: torch.Tensor, membership: torch.Tensor) -> torch.Tensor:
        scores: torch.Tensor = self.module(input_ids, torch.ones_like(input_ids), membership)
        return scores
