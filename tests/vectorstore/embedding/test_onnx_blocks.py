"""The ONNX file of blocks: what it computes is what the 32-bit floats compute."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from vectorstore.embedding.onnx_blocks import as_blocks, pack

ROWS, WIDTH = 40, 64
TOKENS = [[3, 0, 39], [7, 7, 1]]


def weights_of_blocks(seed: int) -> NDArray[np.float32]:
    """Return weights as a file of 4-bit blocks gives them."""
    random = np.random.default_rng(seed)
    nibbles = random.integers(0, 16, (ROWS, WIDTH // 32, 32)).astype(np.float32)
    nibbles[..., 5] = 0  # the number farthest from zero, which set the scale
    scales = random.normal(size=(ROWS, WIDTH // 32, 1)).astype(np.float16).astype(np.float32)
    return ((nibbles - 8) * scales).reshape(ROWS, WIDTH)


def a_model(
    path: Path, table: NDArray[np.float32], dense: NDArray[np.float32], *, axis: int = 0
) -> Path:
    """Write a model that looks tokens up in `table`, along `axis`, and multiplies by `dense`."""
    helper, kind = onnx.helper, onnx.TensorProto
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "tokens"], ["looked_up"], axis=axis),
            helper.make_node("MatMul", ["looked_up", "dense"], ["found"]),
        ],
        "tiny",
        [helper.make_tensor_value_info("tokens", kind.INT64, [2, 3])],
        [helper.make_tensor_value_info("found", kind.FLOAT, None)],
        [
            onnx.numpy_helper.from_array(table, "table"),
            onnx.numpy_helper.from_array(dense, "dense"),
        ],
    )
    opsets = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=10), path)
    return path


def found(path: Path) -> NDArray[np.float32]:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (computed,) = session.run(None, {"tokens": np.array(TOKENS)})
    return np.asarray(computed)


@given(st.integers(0, 2**32 - 1))
def test_weights_of_blocks_come_back_as_they_were(seed: int) -> None:
    weights = weights_of_blocks(seed)

    blocks = as_blocks(weights)

    assert blocks is not None
    assert np.array_equal(blocks.weights(), weights)


@pytest.mark.parametrize(
    "weights",
    [
        np.random.default_rng(1).normal(size=(4, 64)).astype(np.float32),
        weights_of_blocks(1)[:, :40],
        weights_of_blocks(1)[0],
    ],
    ids=["any floats", "a row that is no whole number of blocks", "a single row"],
)
def test_what_is_not_made_of_blocks_has_none(weights: NDArray[np.float32]) -> None:
    assert as_blocks(weights) is None


def test_a_row_of_nothing_stays_nothing() -> None:
    blocks = as_blocks(np.zeros((2, 32), np.float32))

    assert blocks is not None
    assert not blocks.weights().any()


def test_a_packed_model_is_smaller_and_computes_the_same(tmp_path: Path) -> None:
    original = a_model(tmp_path / "a.onnx", weights_of_blocks(1), weights_of_blocks(2).T.copy())

    pack(original, tmp_path / "b.onnx")

    assert found(tmp_path / "b.onnx") == pytest.approx(found(original), rel=1e-5, abs=1e-4)
    assert (tmp_path / "b.onnx").stat().st_size < original.stat().st_size / 3


def test_tensors_that_are_not_made_of_blocks_are_left_as_they_are(tmp_path: Path) -> None:
    floats = np.random.default_rng(1).normal(size=(ROWS, WIDTH)).astype(np.float32)
    original = a_model(tmp_path / "a.onnx", floats, floats.T.copy())

    pack(original, tmp_path / "b.onnx")

    assert np.array_equal(found(tmp_path / "b.onnx"), found(original))


def test_a_look_up_of_columns_is_left_as_it_is(tmp_path: Path) -> None:
    dense = np.ones((3, 5), np.float32)
    original = a_model(tmp_path / "a.onnx", weights_of_blocks(1), dense, axis=1)

    pack(original, tmp_path / "b.onnx")

    assert np.array_equal(found(tmp_path / "b.onnx"), found(original))
