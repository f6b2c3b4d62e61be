"""Take out of XML, before it is parsed, the characters that it may not hold.

A parser gives up at the first of them; one that somebody pasted into one post would cost all.
"""

import codecs
import re
from typing import BinaryIO

_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))
_NO_CHARACTERS = str.maketrans(dict.fromkeys("\ufffe\uffff"))
_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,99})|([0-9]{1,99}));?")
_BEGUN = re.compile(rb"&(?:#(?:[xX]?[0-9a-fA-F]{0,99})?)?\Z")  # where a reference may be cut
_REPLACEMENT = b"&#xFFFD;"
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.-]{1,40})")
_HEAD = 300  # bytes within which an encoding is declared
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def mended(data: bytes) -> bytes:
    """Return XML without characters that it may not hold, as far as its encoding lets that tell."""
    return _mender(data).mend(data, is_last=True)


class Mended:
    """A file of XML that is mended as it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._mender: _Mender | None = None

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; none at the end only."""
        while True:
            is_whole, first = size < 0, self._mender is None
            data = self._file.read(max(size, _HEAD) if first and not is_whole else size)
            self._mender = self._mender or _mender(data)
            found = self._mender.mend(data, is_last=not data or is_whole)
            if found or not data:
                return found


class _Mender:
    """What mends one text, part by part."""

    def __init__(self, *, is_ascii: bool, is_utf_8: bool) -> None:
        self._is_ascii = is_ascii
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace") if is_utf_8 else None
        self._begun = b""

    def mend(self, data: bytes, *, is_last: bool) -> bytes:
        if not self._is_ascii:
            return data
        if self._decoder:
            text = self._decoder.decode(data, final=is_last)
            data = text.translate(_NO_CHARACTERS).encode()
        data = self._begun + data.translate(None, _CONTROLS)
        cut = None if is_last else _BEGUN.search(data)
        end = cut.start() if cut else len(data)
        self._begun = data[end:]
        return _REFERENCE.sub(_allowed, data[:end])


def _mender(start: bytes) -> _Mender:
    """Return what mends a text that begins so; of one in bytes that are not ASCII's, nothing."""
    match = _ENCODING.search(start[:_HEAD])
    declared = match[1].lower() if match else b"utf-8"
    is_ascii = not start.startswith(_WIDE) and b"\0" not in start[:4] and b"2022" not in declared
    return _Mender(is_ascii=is_ascii, is_utf_8=declared in {b"utf-8", b"utf8"})


def _allowed(reference: re.Match[bytes]) -> bytes:
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    is_control = number < 0x20 and number not in b"\t\n\r"  # noqa: PLR2004 - the space
    is_none = number > 0x10FFFF or number in {0xFFFE, 0xFFFF}  # noqa: PLR2004 - of Unicode's end
    is_half = 0xD800 <= number <= 0xDFFF  # noqa: PLR2004 - the halves of a pair
    return _REPLACEMENT if is_control or is_none or is_half else reference[0]
