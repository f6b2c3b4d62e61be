"""The entailment model as a torch module.

Run once, by `vectorstore.entailment.model`; everything heavy is imported here and nowhere else.
"""

from pathlib import Path

import torch
from torch import nn
from transformers import AutoModel

HIDDEN = 384
FROZEN_LAYERS = 6
LABELS = 3
"""Supported, refuted, unsaid."""


class EntailmentModule(nn.Module):
    """Token ids in; the logits of the three labels, and one for each token of the claim, out."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.body = AutoModel.from_pretrained(
            folder, attn_implementation="eager", add_pooling_layer=False, local_files_only=True
        )
        self.word_head = nn.Sequential(nn.Linear(2 * HIDDEN, 96), nn.GELU(), nn.Linear(96, 1))
        self.head = nn.Sequential(nn.Linear(3 * HIDDEN + 1, 192), nn.GELU(), nn.Linear(192, LABELS))

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
        worst = words.masked_fill(outside, -20.0).amax(1, keepdim=True)
        mean = (hidden * claims[..., None]).sum(1) / claims.sum(1, keepdim=True).clamp(min=1)
        most = hidden.masked_fill(outside[..., None], -20.0).amax(1)
        return self.head(torch.cat([hidden[:, 0], mean, most, worst], dim=-1)), words
