"""The process that reads scanned PDFs, confined like the one that reads all others.

It is a second one since it may take minutes: `python -m ingest.readers.recognition.worker LIMITS`.
"""

import json
import sys

from ingest.readers.confined.frames import ReadingLimits
from ingest.readers.confined.worker import serve
from ingest.readers.extract import Extract
from ingest.readers.pdf.reader import read_pdf
from ingest.readers.recognition.tesseract import Tesseract


def _parse(data: bytes, _: str) -> Extract:
    return read_pdf(data, name="the document", recognition=Tesseract())


if __name__ == "__main__":
    serve(ReadingLimits(**json.loads(sys.argv[1])), _parse)
