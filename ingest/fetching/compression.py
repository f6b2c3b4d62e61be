"""Unpack what comes compressed, within limits that are held while it is unpacked."""

import zlib
from collections.abc import Iterable, Iterator

_AUTOMATIC = zlib.MAX_WBITS | 32  # gzip or zlib, as the data says
_STEP = 65_536


class OversizeError(ValueError):
    """The content is larger than the limit; it was not read further."""


def limited(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """Yield the chunks; raises OversizeError as soon as there are more bytes than the limit."""
    room = limit
    for chunk in chunks:
        room -= len(chunk)
        if room < 0:
            raise OversizeError
        yield chunk


def inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield gzip or zlib data unpacked, in small steps, so that a bomb is noticed early.

    Raises zlib.error if the data is damaged or breaks off.
    """
    inflater = zlib.decompressobj(_AUTOMATIC)
    for chunk in chunks:
        data = chunk
        while data:
            if inflater.eof:  # a file may hold several members
                inflater = zlib.decompressobj(_AUTOMATIC)
            if piece := inflater.decompress(data, _STEP):
                yield piece
            data = inflater.unconsumed_tail or inflater.unused_data
            if inflater.eof and not data.strip(b"\x00"):
                break  # padding
    while not inflater.eof:
        # What is left inside comes out without further input; nothing means it broke off.
        piece = inflater.decompress(b"", _STEP)
        if not piece:
            raise zlib.error
        yield piece


def unpacked(data: bytes, *, limit: int) -> bytes:
    """Return a `.gz` file unpacked, other data as it is.

    Raises OversizeError beyond the limit, zlib.error if the file is damaged.
    """
    packed = data.startswith(b"\x1f\x8b")
    return b"".join(limited(inflated([data]), limit)) if packed else data
