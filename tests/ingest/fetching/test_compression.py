"""Data is unpacked as it was packed, in pieces of any size, and never beyond the limit."""

import gzip
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetching.compression import OversizeError, inflated, limited, unpacked

PACKERS: list[Callable[[bytes], bytes]] = [lambda data: gzip.compress(data, 6), zlib.compress]


@given(st.binary(max_size=5000), st.integers(1, 200), st.sampled_from(PACKERS))
def test_what_was_packed_comes_back_however_it_arrives(
    data: bytes, size: int, pack: Callable[[bytes], bytes]
) -> None:
    packed = pack(data)
    chunks = [packed[start : start + size] for start in range(0, len(packed), size)]

    assert b"".join(inflated(chunks)) == data


@given(st.binary(min_size=1, max_size=500), st.data())
def test_what_breaks_off_is_never_taken_for_whole(data: bytes, draw: st.DataObject) -> None:
    packed = zlib.compress(data)
    cut = packed[: draw.draw(st.integers(0, len(packed) - 1))]

    with pytest.raises(zlib.error):
        b"".join(inflated([cut]))


def test_files_of_several_members_are_read_whole() -> None:
    assert unpacked(gzip.compress(b"one ") + gzip.compress(b"two"), limit=100) == b"one two"


def test_padding_after_a_file_is_no_damage() -> None:
    assert unpacked(gzip.compress(b"one") + bytes(100), limit=100) == b"one"


def test_what_is_not_packed_stays_as_it_is() -> None:
    assert unpacked(b"<xml/>", limit=3) == b"<xml/>"


def test_the_limit_is_exact() -> None:
    assert unpacked(gzip.compress(b"12345"), limit=5) == b"12345"
    with pytest.raises(OversizeError):
        unpacked(gzip.compress(b"123456"), limit=5)
    with pytest.raises(OversizeError):
        list(limited([b"123", b"456"], 5))
