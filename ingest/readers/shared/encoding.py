"""Turn bytes into text. No input or output happens here."""

import re

# What a page may declare; names outside (utf-7, idna, zip...) are unsafe or slow to decode.
_ENCODINGS = re.compile(
    r"iso-?8859-\d{1,2}|latin-?\d|windows-125\d|cp125\d|koi8-[ru]|gb2312|gbk|gb18030|big5|euc-(jp|kr)"
    r"|shift[_-]jis|iso-2022-jp|mac-?roman"
)
_DECLARED = re.compile(rb"(?:charset|encoding)\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_-]{2,40})")
_HEAD = 4096  # bytes within which an encoding must be declared; browsers look at 1024
_UTF_8 = frozenset(("utf-8", "utf8"))
# Whole characters to a broken one: of text in other encodings, few pairs of bytes pass for UTF-8.
_MOSTLY = 4
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def decode(data: bytes) -> str:
    """Return text by byte order mark, as UTF-8, as declared, or as Windows-1252; never fails.

    UTF-8 goes before the declaration: text in another encoding hardly ever is valid UTF-8, while
    pages that declare ISO-8859-1 and are UTF-8 are common. A character that was cut in two costs
    only itself.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    match = _DECLARED.search(data[:_HEAD])
    declared = match[1].decode("ascii").lower() if match else ""
    if declared == "iso-2022-jp":  # seven bits, so it would pass for UTF-8
        return data.decode(declared, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", errors="replace")
    broken, whole = _broken_and_whole(text)
    least = broken if declared in _UTF_8 else _MOSTLY * broken
    return text if whole >= least else _decode_legacy(data, declared)


def _broken_and_whole(text: str) -> tuple[int, int]:
    """Return how many characters beyond ASCII were no UTF-8, and how many were."""
    beyond = len(text) - len(text.encode("ascii", errors="ignore"))
    broken = text.count("\ufffd")
    return broken, beyond - broken


def _decode_legacy(data: bytes, declared: str) -> str:
    known = _ENCODINGS.fullmatch(declared) and declared not in {"iso-8859-1", "latin-1", "latin1"}
    try:
        return data.decode(declared if known else "cp1252", errors="replace")
    except LookupError:
        return data.decode("cp1252", errors="replace")
