"""Tell what is drawn on a PDF page: lines of tables, words that can be seen, what was filled in.

Text may be invisible, white on white, or tiny. The fields of a form and text boxes are no part of
a page until they are drawn on it; comments, which a viewer shows on demand, stay out, and so does
what is switched off.
"""

import ctypes
import math
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pypdfium2
from pypdfium2 import raw

_INVISIBLE = frozenset((raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP))
_WHITE = 250  # of 255, in all three colours
_TINY = 1.5  # points; the smallest print of a contract has four
_PICTURE = 0.5  # of the page; above it, the page is a scan, and its invisible text was recognised
_MOST_SEGMENTS = 20_000  # of all paths of a page; drawings have more, tables do not
_STRAIGHT = 1.0  # points that a line may lean
_SHORTEST = 4.0  # points; the edges of thin areas are the ends of lines
_DEEPEST = 5  # forms within forms
_BACKDROPS = frozenset((raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING, raw.FPDF_PAGEOBJ_FORM))

Piece = Any
"""A pointer of PDFium's to a page object."""
Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""
_WRITTEN = frozenset((raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT))
_MOST_ANNOTATIONS = 5000  # of what lies above a page; each takes PDFium a moment


class Visibility:
    """Says of one open page what can be seen; PDFium is asked about each piece of text once."""

    def __init__(self, page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage) -> None:
        self._page = page
        self._textpage = textpage
        self._boxes: list[Box] | None = None
        self._objects = list(_objects(page))
        self._pictured: bool | None = None
        self._hidden = {
            _address(piece)
            for piece, kind, depth in self._objects
            if kind == raw.FPDF_PAGEOBJ_TEXT and not self._is_visible(piece, depth)
        }

    def shows(self, index: int) -> bool:
        """Whether a character of the page's text is there to be read."""
        if not self._hidden:
            return True
        character = raw.FPDFText_GetCharIndexFromTextIndex(self._textpage, index)
        piece = raw.FPDFText_GetTextObject(self._textpage, character) if character >= 0 else None
        return not piece or _address(piece) not in self._hidden

    def edges(self) -> list[Box]:
        """Return the straight lines across and up, and the edges of areas, as thin boxes."""
        found: list[Box] = []
        room = _MOST_SEGMENTS
        for piece, kind, depth in self._objects:
            if kind == raw.FPDF_PAGEOBJ_PATH and depth == 0:
                room -= raw.FPDFPath_CountSegments(piece)
                if room < 0:
                    return []
                found += _edges(piece)
        return found

    def _is_visible(self, piece: Piece, depth: int) -> bool:
        if raw.FPDFTextObj_GetTextRenderMode(piece) in _INVISIBLE:
            return self.is_pictured()
        red, green, blue, alpha = _fill(piece)
        if alpha == 0 or _size(piece) < _TINY:
            return False
        box = _bounds(piece) if min(red, green, blue) >= _WHITE and depth == 0 else None
        return box is None or any(_holds(backdrop, box) for backdrop in self._backdrops())

    def is_pictured(self) -> bool:
        """Whether most of the page is a picture."""
        if self._pictured is None:
            self._pictured = self._has_large_picture()
        return self._pictured

    def _has_large_picture(self) -> bool:
        width, height = self._page.get_size()
        images = [
            _bounds(each) for each, kind, _ in self._objects if kind == raw.FPDF_PAGEOBJ_IMAGE
        ]
        areas = ((image[2] - image[0]) * (image[3] - image[1]) for image in images if image)
        return max(areas, default=0.0) >= _PICTURE * float(width * height)

    def _backdrops(self) -> list[Box]:
        """Return the boxes of what may lie behind white text: pictures, and areas of a colour."""
        if self._boxes is None:
            boxes = (_bounds(each) for each, kind, _ in self._objects if _covers(each, kind))
            self._boxes = [box for box in boxes if box]
        return self._boxes


def _objects(page: pypdfium2.PdfPage) -> Iterator[tuple[Piece, int, int]]:
    """Yield what a page is made of, with its kind and how many forms it lies in.

    What lies in a form is placed there, not on the page.
    """
    stack = [
        (raw.FPDFPage_GetObject(page, number), 0)
        for number in range(raw.FPDFPage_CountObjects(page))
    ]
    while stack:
        piece, depth = stack.pop()
        kind = raw.FPDFPageObj_GetType(piece) if piece else raw.FPDF_PAGEOBJ_UNKNOWN
        yield piece, kind, depth
        if kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            inner = range(raw.FPDFFormObj_CountObjects(piece))
            stack.extend((raw.FPDFFormObj_GetObject(piece, n), depth + 1) for n in inner)


def _edges(piece: Piece) -> Iterator[Box]:
    """Yield the straight parts of a path that run across or up."""
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(piece, matrix) or not _is_painted(piece):
        return
    start = last = (0.0, 0.0)
    for number in range(raw.FPDFPath_CountSegments(piece)):
        segment = raw.FPDFPath_GetPathSegment(piece, number)
        across, up = ctypes.c_float(), ctypes.c_float()
        if not segment or not raw.FPDFPathSegment_GetPoint(segment, across, up):
            continue
        x, y = across.value, up.value
        point = (matrix.a * x + matrix.c * y + matrix.e, matrix.b * x + matrix.d * y + matrix.f)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_LINETO:
            yield from _straight(last, point)
        if raw.FPDFPathSegment_GetClose(segment):
            yield from _straight(point, start)
        last = point


def _straight(start: tuple[float, float], end: tuple[float, float]) -> Iterator[Box]:
    wide, high = abs(start[0] - end[0]), abs(start[1] - end[1])
    if min(wide, high) <= _STRAIGHT and max(wide, high) >= _SHORTEST:
        yield (
            min(start[0], end[0]), min(start[1], end[1]),
            max(start[0], end[0]), max(start[1], end[1]),
        )  # fmt: skip


def _is_painted(piece: Piece) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    drawn = raw.FPDFPath_GetDrawMode(piece, fill, stroke)
    return bool(drawn) and bool(fill.value or stroke.value)


def _address(piece: Piece) -> int:
    return ctypes.addressof(piece.contents)


def _covers(piece: Piece, kind: int) -> bool:
    """Whether white text can be read on a piece: a picture, or an area of another colour."""
    if kind != raw.FPDF_PAGEOBJ_PATH:
        return kind in _BACKDROPS
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    drawn = raw.FPDFPath_GetDrawMode(piece, fill, stroke)
    return bool(drawn) and fill.value != 0 and min(_fill(piece)[:3]) < _WHITE


def _fill(piece: Piece) -> tuple[int, int, int, int]:
    """Return red, green, blue and opacity; black where PDFium does not tell."""
    parts = [ctypes.c_uint() for _ in range(4)]
    if not raw.FPDFPageObj_GetFillColor(piece, *parts):
        return (0, 0, 0, 255)
    red, green, blue, alpha = (part.value for part in parts)
    return (red, green, blue, alpha)


def _size(piece: Piece) -> float:
    """Return the size of type as it comes out, in points."""
    size, matrix = ctypes.c_float(), raw.FS_MATRIX()
    if not raw.FPDFTextObj_GetFontSize(piece, size):
        return _TINY
    if not raw.FPDFPageObj_GetMatrix(piece, matrix):
        return abs(size.value)
    return abs(size.value) * math.hypot(matrix.b, matrix.d)


def _bounds(piece: Piece) -> Box | None:
    parts = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(piece, *parts):
        return None
    left, bottom, right, top = (part.value for part in parts)
    return (left, bottom, right, top)


def _holds(outer: Box, inner: Box) -> bool:
    """Whether the middle of one box lies within another."""
    across, up = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= across <= outer[2] and outer[1] <= up <= outer[3]


def prepare(document: pypdfium2.PdfDocument) -> None:
    """Let PDFium draw the fields of a document that leaves this to its viewer."""
    with suppress(pypdfium2.PdfiumError):
        document.init_forms()


def filled_in(document: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage:
    """Return a page with all that is written on it.

    Raises PdfiumError if it cannot be loaded.
    """
    page = document[number]
    if not _is_written_on(page):
        return page
    raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
    page.close()
    return document[number]


def _is_written_on(page: pypdfium2.PdfPage) -> bool:
    count = raw.FPDFPage_GetAnnotCount(page)
    return count <= _MOST_ANNOTATIONS and any(_kind(page, at) in _WRITTEN for at in range(count))


def _kind(page: pypdfium2.PdfPage, at: int) -> int:
    annotation = raw.FPDFPage_GetAnnot(page, at)
    kind = int(raw.FPDFAnnot_GetSubtype(annotation))
    raw.FPDFPage_CloseAnnot(annotation)
    return kind
