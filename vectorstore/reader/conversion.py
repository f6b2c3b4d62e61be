"""The reader as a torch module, and its ONNX file: the built-in model and what training changed.

Run once, by `vectorstore.reader.model`; everything heavy is imported here and nowhere else.
"""

import logging
import warnings
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnxruntime.quantization
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from torch import nn
from transformers import AutoModel

from vectorstore.embedding import model_conversion, onnx_blocks
from vectorstore.embedding.builtin_model import Announce

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


FLOAT_ONNX = "reader.onnx"
PARTLY_INT8 = "reader_partly_int8.onnx"
LARGEST = 127
SCALE = ".scale"


def convert(base: bytes, changes: Path, folder: Path, path: Path, announce: Announce) -> None:
    """Write the ONNX file to `path`, and the tokenizer into `folder`.

    `base` holds the built-in model's weights, `changes` what `pack_changes` wrote.
    """
    announce("unpacking the weights")
    model_conversion.write_sentence_transformer(base, folder)
    module = ReaderModule(folder)
    apply_changes(module, changes)
    announce("exporting the reader to ONNX")
    export(module, folder / FLOAT_ONNX)
    announce("quantising the reader to int8")
    quantise(folder / FLOAT_ONNX, path)
    for name in (FLOAT_ONNX, PARTLY_INT8, model_conversion.FLOAT_WEIGHTS):
        (folder / name).unlink()


def pack_changes(
    before: Mapping[str, NDArray[np.float32]], after: ReaderModule, path: Path
) -> None:
    """Write what training changed: differences in int8, one scale a row; small tensors whole."""
    packed: dict[str, NDArray[np.generic]] = {}
    for name, tensor in after.changed().items():
        now = tensor.detach().numpy()
        if name.startswith("head.") or now.ndim == 1:
            packed[name] = now.astype(np.float16)
            continue
        difference = now - before[name]
        scales = np.abs(difference).max(axis=1, keepdims=True) / LARGEST
        steps = np.divide(difference, scales, out=np.zeros_like(difference), where=scales > 0)
        packed[name] = np.rint(steps).astype(np.int8)
        packed[name + SCALE] = scales.astype(np.float32)
    save_file(packed, path)


def apply_changes(module: ReaderModule, path: Path) -> None:
    """Make the built-in model in `module` the trained one."""
    changes = load_file(path)
    state = module.state_dict()
    for name, change in changes.items():
        if name.endswith(SCALE):
            continue
        if change.dtype == np.int8:
            difference = change.astype(np.float32) * changes[name + SCALE]
            state[name] = state[name] + torch.from_numpy(difference)
        else:
            state[name] = torch.from_numpy(change.astype(np.float32))
    module.load_state_dict(state)


def export(module: ReaderModule, path: Path) -> None:
    """Export to ONNX: one passage at a time, so that nothing is padded."""
    model = _OnePassage(module).eval()
    example = (torch.ones(1, 16, dtype=torch.long), torch.ones(1, 3, 16) / 16)
    with warnings.catch_warnings():
        # The exporter without dynamo is deprecated, but it is the one that keeps the axes free.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            example,
            str(path),
            input_names=["input_ids", "membership"],
            output_names=["scores"],
            dynamic_axes={
                "input_ids": {1: "tokens"},
                "membership": {1: "units", 2: "tokens"},
                "scores": {1: "units"},
            },
            opset_version=17,
            dynamo=False,
        )


def quantise(original: Path, path: Path) -> None:
    """Write the products in int8, and the words as the blocks that they came in."""
    partly = original.with_name(PARTLY_INT8)
    logging.disable(logging.WARNING)  # It advises a pre-processing that changes nothing here.
    try:
        onnxruntime.quantization.quantize_dynamic(
            original,
            partly,
            weight_type=onnxruntime.quantization.QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul"],
        )
    finally:
        logging.disable(logging.NOTSET)
    onnx_blocks.pack(partly, path)


class _OnePassage(torch.nn.Module):
    """The reader without padding."""

    def __init__(self, module: ReaderModule) -> None:
        super().__init__()
        self.module = module

    def forward(self, input_ids: torch.Tensor, membership: torch.Tensor) -> torch.Tensor:
        scores: torch.Tensor = self.module(input_ids, torch.ones_like(input_ids), membership)
        return scores
