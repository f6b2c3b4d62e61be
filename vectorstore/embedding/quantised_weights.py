"""Read the built-in model's weights: `e5-small-q4.bin`, a container of 4-bit tensors.

The layout, little-endian: 8 bytes of magic; seven int32 (hidden size, layers, heads, feed-forward
size, vocabulary, positions, token types); the layer-norm epsilon as float32 and the block size as
int32; five int32 (tokens, and the ids of bos, eos, pad, unk); the vocabulary (a uint64 length, the
offsets, the scores, the bytes); a character map (skipped: tokenizers brings its own); then a
directory of tensors. A tensor is float32, or blocks of 32 weights: one float16 scale and 16 bytes
of nibbles, low nibbles first, weight = (nibble - 8) * scale.
"""

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = 32
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the transformer."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class TokenList:
    """The unigram pieces with their scores, and the ids of the special ones."""

    pieces: tuple[tuple[str, float], ...]
    bos: int
    eos: int
    pad: int
    unknown: int


@dataclass(frozen=True, slots=True)
class _Entry:
    count: int
    offset: int
    size: int


class _Reader:
    def __init__(self, data: bytes, position: int) -> None:
        self.data = data
        self.position = position

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.position)
        self.position += struct.calcsize("<" + layout)
        return values

    def array(self, kind: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.data, kind, count, self.position)
        self.position += values.nbytes
        return values

    def skip(self, size: int) -> int:
        start = self.position
        self.position += size
        return start


class QuantisedWeights:
    """The container, opened. Raises struct.error or ValueError where the bytes make no sense."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        reader = _Reader(data, 8)
        hidden, layers, heads, feed_forward, vocabulary, positions, types = reader.take("7i")
        epsilon, _block = reader.take("fi")
        self.shape = Shape(
            hidden, layers, heads, feed_forward, vocabulary, positions, types, float(epsilon)
        )
        self.vocabulary = _read_vocabulary(reader)
        self._entries = _read_directory(reader)

    def tensor(self, name: str, *shape: int) -> NDArray[np.float32]:
        """Return a tensor as float32. Raises KeyError for an unknown name."""
        entry = self._entries[name]
        count = int(np.prod(shape))
        if entry.size == 4 * count:
            floats = np.frombuffer(self._data, "<f4", count, entry.offset)
            return floats.reshape(shape).astype(np.float32)
        blocks = np.frombuffer(self._data, _BLOCK_TYPE, count // BLOCK, entry.offset)
        weights = np.empty((len(blocks), BLOCK), np.float32)
        weights[:, : BLOCK // 2] = blocks["nibbles"] & 15
        weights[:, BLOCK // 2 :] = blocks["nibbles"] >> 4
        weights -= 8
        weights *= blocks["scale"].astype(np.float32)[:, None]
        return weights.reshape(shape)


def _read_vocabulary(reader: _Reader) -> TokenList:
    count, bos, eos, pad, unknown = reader.take("5i")
    (size,) = reader.take("Q")
    offsets = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    start = reader.skip(size)
    blob = reader.data[start : start + size]
    pieces = tuple(
        (blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace"), float(scores[i]))
        for i in range(count)
    )
    return TokenList(pieces, bos, eos, pad, unknown)


def _read_directory(reader: _Reader) -> dict[str, _Entry]:
    _norm, character_map = reader.take("iI")
    reader.skip(character_map)
    (tensors,) = reader.take("i")
    entries = {}
    for _ in range(tensors):
        (length,) = reader.take("H")
        start = reader.skip(length)
        name = reader.data[start : start + length].decode("ascii")
        _kind, count, offset, size = reader.take("BIQQ")
        entries[name] = _Entry(count, offset, size)
    return entries
