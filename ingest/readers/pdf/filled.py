"""Bring what people filled in or typed on a PDF page, which lies above it, into its text.

The fields of a form and text boxes are no part of a page until they are drawn on it; comments,
which a viewer shows on demand, stay out, and so does what is switched off.
"""

from contextlib import suppress

import pypdfium2
from pypdfium2 import raw

_WRITTEN = frozenset((raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT))
_MOST = 5000  # of what lies above a page; each takes PDFium a moment


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
    return count <= _MOST and any(_kind(page, at) in _WRITTEN for at in range(count))


def _kind(page: pypdfium2.PdfPage, at: int) -> int:
    annotation = raw.FPDFPage_GetAnnot(page, at)
    kind = int(raw.FPDFAnnot_GetSubtype(annotation))
    raw.FPDFPage_CloseAnnot(annotation)
    return kind
