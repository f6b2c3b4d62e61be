"""The reader as a torch module: for training it, and for its export when a machine is set up.

The built-in model reads question and passage together. The hidden states of each unit (sentence,
item, row) are averaged and, beside the first token's, scored by a small head. All units of all
passages of one question stand in one softmax with "none", whose score is 0.
"""

from pathlib import Path

import torch
from torch import nn
from transformers import AutoModel

HIDDEN = 384
FROZEN_LAYERS = 6
"""The layers below stay the built-in model's: on two cores, training goes no deeper."""


class ReaderModule(nn.Module):
    """Token ids in, a score for each unit of each passage out."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.body = AutoModel.from_pretrained(
            folder, attn_implementation="eager", add_pooling_layer=False, local_files_only=True
        )
        self.head = nn.Sequential(nn.Linear(2 * HIDDEN, 192), nn.GELU(), nn.Linear(192, 1))

    def freeze_lower(self) -> None:
        """Keep the embeddings and the lower layers as they are while training."""
        for module in (self.body.embeddings, *self.body.encoder.layer[:FROZEN_LAYERS]):
            module.requires_grad_(False)  # noqa: FBT003 - torch's own signature

    def changed(self) -> dict[str, torch.Tensor]:
        """Return the tensors that training changes, by name."""
        frozen = ("body.embeddings.", *(f"body.encoder.layer.{n}." for n in range(FROZEN_LAYERS)))
        return {
            name: each for name, each in self.state_dict().items() if not name.startswith(frozen)
        }

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
