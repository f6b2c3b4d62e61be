"""Recognise the words in pictures of pages (OCR) with Tesseract, where it is installed.

Its library is called inside the process that parses documents, so that nothing is run and nothing
written. https://tesseract-ocr.github.io/tessdoc/APIExample.html
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import mean
from typing import Any, Protocol

from assistant.language.languages import LANGUAGES

_NAMES = ("libtesseract.so.5", "libtesseract.so.4", "libtesseract.dylib")
_CODES = {
    "de": "deu", "en": "eng", "es": "spa", "fr": "fra", "it": "ita", "nl": "nld", "pt": "por",
}  # fmt: skip
_AUTOMATIC = 3  # PSM_AUTO: columns and blocks are found, the page stands upright
_WORD, _LINE = "5", "4"  # levels of what Tesseract tells
_FIELDS = 12
_SURE_WORD, _SURE_PAGE = 30.0, 60.0  # of 100; below it, letters are guessed


@dataclass(frozen=True, slots=True)
class Picture:
    """A page in grey: one byte a pixel, rows from the top down, each `stride` bytes long."""

    pixels: bytes
    width: int
    height: int
    stride: int
    dots_per_inch: int


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """A word with the box of its line's height; in pixels from the left and the top."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    confidence: float


class Recognition(Protocol):
    """Reads pictures of pages."""

    def read(self, picture: Picture) -> list[RecognisedWord]:
        """Return the words of a page; none where too few letters are sure."""
        ...


class Tesseract:
    """Reads pictures, in all of our languages that are installed. For one thread.

    Raises OSError where Tesseract, or the English that comes with it, is not installed.
    """

    def __init__(self) -> None:
        self._library = _load()
        self._handle = self._library.TessBaseAPICreate()
        self._open("eng")
        installed = set(self._installed())
        codes = [_CODES[code] for code in LANGUAGES if _CODES.get(code) in installed]
        self._open("+".join(codes))

    def read(self, picture: Picture) -> list[RecognisedWord]:
        """Return the words of a page; none where too few letters are sure."""
        library, handle = self._library, self._handle
        library.TessBaseAPISetPageSegMode(handle, _AUTOMATIC)
        library.TessBaseAPISetImage(
            handle, picture.pixels, picture.width, picture.height, 1, picture.stride
        )
        library.TessBaseAPISetSourceResolution(handle, picture.dots_per_inch)
        told = library.TessBaseAPIGetTsvText(handle, 0)
        try:
            text = ctypes.string_at(told).decode("utf-8", "replace") if told else ""
        finally:
            library.TessDeleteText(told)
            library.TessBaseAPIClear(handle)
        words = list(_words(text))
        letters = [word.confidence for word in words for _ in word.text]
        if not letters or mean(letters) < _SURE_PAGE:
            return []
        return [word for word in words if word.confidence >= _SURE_WORD]

    def languages(self) -> list[str]:
        """Return the codes of our languages that are installed, and close; read no more."""
        found = [code for code in self._installed() if code in _CODES.values()]
        self._library.TessBaseAPIDelete(self._handle)
        return found

    def _open(self, languages: str) -> None:
        if self._library.TessBaseAPIInit3(self._handle, None, languages.encode()):
            msg = f"Tesseract cannot read {languages}"
            raise OSError(msg)

    def _installed(self) -> Iterator[str]:
        listed = self._library.TessBaseAPIGetAvailableLanguagesAsVector(self._handle)
        at = 0
        while listed and listed[at]:
            yield listed[at].decode("ascii", "replace")
            at += 1


def installed() -> list[str] | None:
    """Return the codes of our languages that can be read here, None without Tesseract."""
    try:
        opened = Tesseract()
    except OSError:
        return None
    return opened.languages()


def codes() -> list[str]:
    """Return the codes of all languages that would be read."""
    return [_CODES[code] for code in LANGUAGES if code in _CODES]


def _load() -> Any:  # noqa: ANN401 - a library has no type
    for name in _NAMES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        _declare(library)
        return library
    msg = "Tesseract is not installed"
    raise OSError(msg)


def _declare(library: Any) -> None:  # noqa: ANN401 - a library has no type
    """Say what the functions take and return, as `tesseract/capi.h` does."""
    handle, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    for name, result, arguments in (
        ("TessBaseAPICreate", handle, []),
        ("TessBaseAPIInit3", number, [handle, text, text]),
        ("TessBaseAPIGetAvailableLanguagesAsVector", ctypes.POINTER(text), [handle]),
        ("TessBaseAPISetPageSegMode", None, [handle, number]),
        ("TessBaseAPISetImage", None, [handle, text, number, number, number, number]),
        ("TessBaseAPISetSourceResolution", None, [handle, number]),
        ("TessBaseAPIGetTsvText", handle, [handle, number]),
        ("TessBaseAPIClear", None, [handle]),
        ("TessBaseAPIDelete", None, [handle]),
        ("TessDeleteText", None, [handle]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments


def _words(told: str) -> Iterator[RecognisedWord]:
    """Yield the words that Tesseract tells of, a line for each, after the line that holds them."""
    top = bottom = 0
    for line in told.splitlines():
        fields = line.split("\t")
        if len(fields) != _FIELDS:
            continue
        left, upper, width, height = map(int, fields[6:10])
        if fields[0] == _LINE:
            top, bottom = upper, upper + height
        elif fields[0] == _WORD and fields[11].strip():
            yield RecognisedWord(
                fields[11].strip(), left, top, left + width, bottom, float(fields[10])
            )
