"""What is common to the models that are trained from the built-in one, as torch modules.

Run once on a machine, and by training; everything heavy is imported here and in their modules.
"""

import logging
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

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

FLOAT_ONNX = "float.onnx"
PARTLY_INT8 = "partly_int8.onnx"
LARGEST = 127
SCALE = ".scale"


class FineTunedModule(nn.Module):
    """The built-in model's body, whose upper layers are trained with the heads of a subclass."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.body = AutoModel.from_pretrained(
            folder, attn_implementation="eager", add_pooling_layer=False, local_files_only=True
        )

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


Export = Callable[[Any, Path], None]


def convert(  # noqa: PLR0913 - what `fine_tuned.Convert` takes, and what differs between models
    base: bytes,
    changes: Path,
    folder: Path,
    path: Path,
    announce: Announce,
    *,
    module: type[FineTunedModule],
    export: Export,
) -> None:
    """Write the ONNX file to `path`, and the tokenizer into `folder`.

    `base` holds the built-in model's weights, `changes` what `pack_changes` wrote.
    """
    announce("unpacking the weights")
    model_conversion.write_sentence_transformer(base, folder)
    model = module(folder)
    apply_changes(model, changes)
    announce("exporting to ONNX")
    export(model, folder / FLOAT_ONNX)
    announce("quantising to int8")
    quantise(folder / FLOAT_ONNX, path)
    for name in (FLOAT_ONNX, PARTLY_INT8, model_conversion.FLOAT_WEIGHTS):
        (folder / name).unlink()


def pack_changes(
    before: Mapping[str, NDArray[np.float32]], after: FineTunedModule, path: Path
) -> None:
    """Write what training changed: differences in int8, one scale a row; small tensors whole."""
    packed: dict[str, NDArray[np.generic]] = {}
    for name, tensor in after.changed().items():
        now = tensor.detach().numpy()
        if not name.startswith("body.") or now.ndim == 1:
            packed[name] = now.astype(np.float16)
            continue
        difference = now - before[name]
        scales = np.abs(difference).max(axis=1, keepdims=True) / LARGEST
        steps = np.divide(difference, scales, out=np.zeros_like(difference), where=scales > 0)
        packed[name] = np.rint(steps).astype(np.int8)
        packed[name + SCALE] = scales.astype(np.float32)
    save_file(packed, path)


def apply_changes(module: FineTunedModule, path: Path) -> None:
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


def export(
    model: nn.Module,
    example: Sequence[torch.Tensor],
    path: Path,
    *,
    inputs: Mapping[str, Mapping[int, str]],
    outputs: Mapping[str, Mapping[int, str]],
) -> None:
    """Export to ONNX; inputs and outputs are told with the names of their free axes."""
    with warnings.catch_warnings():
        # The exporter without dynamo is deprecated, but it is the one that keeps the axes free.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model.eval(),
            tuple(example),
            str(path),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={name: dict(axes) for name, axes in [*inputs.items(), *outputs.items()]},
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
