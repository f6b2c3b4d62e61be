"""ONNX files whose tensors are the 4-bit blocks that the weights came in.

ONNX Runtime multiplies by such blocks and looks them up itself: operators MatMulNBits and
GatherBlockQuantized of its ContribOperators.md. They hold the same numbers as 32-bit floats do, in
a sixth of the room.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from vectorstore.embedding.quantised_weights import BLOCK

DOMAIN = "com.microsoft"
AXES = 2
ZERO = np.uint8(8)  # the nibble that stands for 0


@dataclass(frozen=True, slots=True)
class Blocks:
    """A tensor of two axes in blocks of 32 along the second.

    Attributes:
        nibbles: 0 to 15; rows by blocks by 32.
        scales: What a nibble, less 8, is multiplied by; rows by blocks.
    """

    nibbles: NDArray[np.uint8]
    scales: NDArray[np.float32]

    def weights(self) -> NDArray[np.float32]:
        """Return the tensor."""
        values = (self.nibbles.astype(np.float32) - ZERO) * self.scales[..., None]
        weights: NDArray[np.float32] = values.reshape(len(values), -1)
        return weights

    def nibbles_in_pairs(self) -> NDArray[np.uint8]:
        """Return two nibbles a byte, the first one low; rows by blocks by 16."""
        pairs: NDArray[np.uint8] = self.nibbles[..., 0::2] | (
            self.nibbles[..., 1::2] * np.uint8(16)
        )
        return pairs


def as_blocks(weights: NDArray[np.float32]) -> Blocks | None:
    """Return the blocks that give exactly these weights, None where there are none."""
    if weights.ndim != AXES or weights.shape[1] % BLOCK:
        return None
    parts = weights.reshape(len(weights), -1, BLOCK)
    largest = np.abs(parts).argmax(axis=-1)[..., None]
    # The number farthest from 0 is what the nibble 0 stands for: -8 times the scale.
    scales = np.take_along_axis(parts, largest, axis=-1) / -np.float32(ZERO)
    steps = np.divide(parts, scales, out=np.zeros_like(parts), where=scales != 0)
    nibbles = np.clip(np.rint(steps) + ZERO, 0, 15).astype(np.uint8)
    blocks = Blocks(nibbles, scales[..., 0])
    return blocks if np.array_equal(blocks.weights(), weights) else None


def pack(original: Path, path: Path) -> None:
    """Write the model in `original` to `path`, with blocks wherever nothing is lost by them."""
    model = onnx.load(original)
    graph = model.graph
    tensors = {each.name: each for each in graph.initializer}
    nodes = [_with_blocks(node, tensors) for node in graph.node]
    used = {name for node in nodes for name in node.input}
    kept = [each for name, each in tensors.items() if name in used]
    for field, items in (("node", nodes), ("initializer", kept)):
        graph.ClearField(field)
        getattr(graph, field).extend(items)
    model.opset_import.append(onnx.helper.make_opsetid(DOMAIN, 1))
    onnx.save(model, path)


def _with_blocks(node: onnx.NodeProto, tensors: dict[str, onnx.TensorProto]) -> onnx.NodeProto:
    """Return what computes the same on blocks, which are put with `tensors`; else the node."""
    at = {"MatMul": 1, "Gather": 0}.get(node.op_type)
    on_columns = any(each.name == "axis" and each.i for each in node.attribute)
    if at is None or on_columns or node.input[at] not in tensors:
        return node
    name, is_product = node.input[at], node.op_type == "MatMul"
    weights = onnx.numpy_helper.to_array(tensors[name])
    # A product's blocks run along what is summed up.
    blocks = as_blocks(np.ascontiguousarray(weights.T) if is_product else weights)
    if blocks is None:
        return node
    nibbles = blocks.nibbles_in_pairs()
    parts: dict[str, NDArray[Any]] = {
        f"{name}.nibbles": nibbles if is_product else nibbles.reshape(len(nibbles), -1),
        f"{name}.scales": blocks.scales,
    }
    tensors |= {part: onnx.numpy_helper.from_array(each, part) for part, each in parts.items()}
    return _product(node, blocks, *parts) if is_product else _look_up(node, *parts)


def _product(node: onnx.NodeProto, blocks: Blocks, nibbles: str, scales: str) -> onnx.NodeProto:
    rows, blocks_a_row = blocks.scales.shape
    return onnx.helper.make_node(
        "MatMulNBits",
        [node.input[0], nibbles, scales],
        node.output,
        node.name,
        domain=DOMAIN,
        bits=4,
        block_size=BLOCK,
        N=rows,
        K=blocks_a_row * BLOCK,
    )


def _look_up(node: onnx.NodeProto, nibbles: str, scales: str) -> onnx.NodeProto:
    return onnx.helper.make_node(
        "GatherBlockQuantized",
        [nibbles, node.input[1], scales],
        node.output,
        node.name,
        domain=DOMAIN,
        bits=4,
        block_size=BLOCK,
        gather_axis=0,
        quantize_axis=1,
    )
