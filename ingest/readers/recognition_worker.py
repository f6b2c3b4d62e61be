"""The process that reads scanned PDFs, confined like the one that reads all others.

It is a second one since it may take minutes: `python -m ingest.readers.recognition_worker LIMITS`.
"""

import json
import sys

from ingest.readers.extract import Extract
from ingest.readers.pdf import read_pdf
from ingest.readers.reading_frames import ReadingLimits
from ingest.readers.reading_worker import serve
from ingest.readers.recognition import Tesseract


def _parse(data: bytes, _: str) -> Extract:
    return read_pdf(data, name="the document", recognition=Tesseract())


if __name__ == "__main__":
    serve(ReadingLimits(**json.loads(sys.argv[1])), _parse)
