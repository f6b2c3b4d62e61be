"""Recognise the words on pages of a PDF that are pictures, whichever way up they were scanned."""

import math
from collections.abc import Sequence

import pypdfium2

from ingest.readers.pdf.page import PdfWord
from ingest.readers.recognition.tesseract import Picture, Recognition

_DOTS = 300  # per inch: what Tesseract was trained on
_MOST_PIXELS = 25_000_000  # of a page; a poster is read in less detail
_POINTS = 72  # per inch
_ANGLES = (0, 90, 180, 270)
_MOST_TRIES = 60  # of another angle, in a document; each takes seconds
_LONG = 4  # letters of a word that is wider than its line is high


class PictureReader:
    """Reads the pages of one document; looks first whether they lie as the one before did."""

    def __init__(self, recognition: Recognition) -> None:
        self._recognition = recognition
        self._angle = 0
        self._tries = _MOST_TRIES

    def words(self, page: pypdfium2.PdfPage) -> list[PdfWord]:
        """Return the words that are recognised on a page, where they stand once it is upright."""
        found = self._read(page, self._angle)
        if _are_upright(found):
            return found
        for angle in _ANGLES:
            if angle == self._angle or not self._tries:
                continue
            self._tries -= 1
            turned = self._read(page, angle)
            if _are_upright(turned):
                self._angle = angle
                return turned
            found = found or turned
        return found

    def _read(self, page: pypdfium2.PdfPage, angle: int) -> list[PdfWord]:
        most = math.sqrt(_MOST_PIXELS / max(math.prod(page.get_size()), 1.0))
        scale = min(_DOTS / _POINTS, most)
        bitmap = page.render(scale=scale, grayscale=True, rotation=angle)
        try:
            picture = Picture(
                bytes(bitmap.buffer),
                bitmap.width,
                bitmap.height,
                bitmap.stride,
                round(scale * _POINTS),
            )
        finally:
            bitmap.close()
        top = picture.height / scale
        return [
            PdfWord(
                word.text,
                left=word.left / scale,
                right=word.right / scale,
                bottom=top - word.bottom / scale,
                top=top - word.top / scale,
            )
            for word in self._recognition.read(picture)
        ]


def _are_upright(words: Sequence[PdfWord]) -> bool:
    """Whether there are words, and most in lines: Tesseract reads some that run up the page."""
    long = [word for word in words if len(word.text) >= _LONG]
    wide = sum(word.right - word.left > word.top - word.bottom for word in long)
    return bool(words) and 2 * wide >= len(long)
