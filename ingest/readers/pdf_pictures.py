"""Recognise the words on a page of a PDF that is a picture."""

import math

import pypdfium2

from ingest.readers.pdf_page import PdfWord
from ingest.readers.recognition import Picture, Recognition

_DOTS = 300  # per inch: what Tesseract was trained on
_MOST_PIXELS = 25_000_000  # of a page; a poster is read in less detail
_POINTS = 72  # per inch


def words_of_picture(page: pypdfium2.PdfPage, recognition: Recognition) -> list[PdfWord]:
    """Return the words that are recognised on a page, where they stand."""
    width, height = page.get_size()
    most = math.sqrt(_MOST_PIXELS / max(width * height, 1.0))
    scale = min(_DOTS / _POINTS, most)
    bitmap = page.render(scale=scale, grayscale=True)
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
    return [
        PdfWord(
            word.text,
            left=word.left / scale,
            right=word.right / scale,
            bottom=height - word.bottom / scale,
            top=height - word.top / scale,
        )
        for word in recognition.read(picture)
    ]
