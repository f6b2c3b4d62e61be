"""Pages that are pictures: read where Tesseract is installed, told of by their numbers always."""

from dataclasses import dataclass, field
from difflib import SequenceMatcher

import pypdfium2
import pytest
from fpdf import FPDF
from PIL import Image

from ingest.errors import ReadError
from ingest.readers.pdf.reader import read_pdf
from ingest.readers.reading import can_recognise, extracted
from ingest.readers.recognition.tesseract import Picture, RecognisedWord
from tests.ingest.readers.test_pdf_layout import (
    PLACES,
    ROWS,
    STORY,
    TABLE,
    a_page,
    by_rows,
    columns,
    write,
)

ALIKE = 0.95  # Tesseract reads a letter in a hundred otherwise, on one machine or another


def alike(text: str, expected: str) -> float:
    return SequenceMatcher(None, text, expected, autojunk=False).ratio()


@dataclass
class FakeRecognition:
    """Finds the same words in every picture; keeps the pictures."""

    words: list[RecognisedWord] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)

    def read(self, picture: Picture) -> list[RecognisedWord]:
        self.pictures.append(picture)
        return self.words


def scanned(pdf: FPDF, *, text: str = "", turned: int = 0) -> bytes:
    """Return the pages as pictures; before them one with a text, if there is one."""
    result = FPDF()
    if text:
        a_page(result, title="").text(20, 40, text)
    for page in pypdfium2.PdfDocument(bytes(pdf.output())):
        result.add_page(orientation="landscape" if turned % 180 else "portrait")
        seen = page.render(scale=200 / 72, grayscale=True, rotation=turned).to_pil()
        result.image(seen, x=0, y=0, w=result.w, h=result.h)
    return bytes(result.output())


def two_pages() -> FPDF:
    pdf = a_page()
    write(pdf, by_rows(*columns()))
    a_page(pdf, title="")
    for down, row in enumerate(ROWS):
        write(pdf, ((p, 40 + 8.0 * down, text) for p, text in zip(PLACES, row, strict=True)))
    return pdf


def test_words_found_in_a_picture_are_read_where_they_stand() -> None:
    line = 600, 640  # of 3,508 pixels from the top: in the upper part of the page
    words = [
        RecognisedWord("Lamps", 200, line[0], 330, line[1], 90.0),
        RecognisedWord("help.", 345, line[0], 460, line[1], 90.0),
    ]
    recognition = FakeRecognition(words)

    extract = read_pdf(scanned(a_page()), name="x.pdf", recognition=recognition)

    assert extract.text == "Lamps help."
    assert extract.recognised_pages == (1,)
    assert extract.blank_pages == ()
    (picture,) = recognition.pictures
    assert (picture.height, picture.dots_per_inch) == (3508, 300)
    assert len(picture.pixels) == picture.height * picture.stride


def test_a_picture_without_words_is_told_of_and_the_rest_is_read() -> None:
    data = scanned(a_page(), text="Lamps help.")

    extract = read_pdf(data, name="x.pdf", recognition=FakeRecognition())

    assert extract.text == "Lamps help."
    assert (extract.blank_pages, extract.recognised_pages) == ((2,), ())


def test_a_page_with_a_text_layer_is_not_recognised() -> None:
    recognition = FakeRecognition()

    read_pdf(bytes(two_pages().output()), name="x.pdf", recognition=recognition)

    assert recognition.pictures == []


@pytest.mark.skipif(can_recognise(), reason="Tesseract is installed")
def test_a_scan_is_refused_with_a_remedy_where_nothing_can_recognise_it() -> None:
    with pytest.raises(ReadError, match=r"seems scanned.*OCR"):
        extracted(scanned(two_pages()), ".pdf", name="x.pdf")


@pytest.mark.skipif(not can_recognise(), reason="Tesseract is not installed")
def test_a_scan_is_read_like_a_page_with_text() -> None:
    extract = extracted(scanned(two_pages()), ".pdf", name="x.pdf")

    assert alike(extract.text, f"{STORY}\n\n{TABLE}") > ALIKE
    assert extract.title == "What one city did"
    assert extract.recognised_pages == (1, 2)


@pytest.mark.skipif(not can_recognise(), reason="Tesseract is not installed")
def test_scanned_pages_among_others_are_read() -> None:
    extract = extracted(scanned(two_pages(), text="Lamps help."), ".pdf", name="x.pdf")

    assert "Lamps help." in f"{extract.title}\n{extract.text}"
    assert alike(extract.text[-len(TABLE) :], TABLE) > ALIKE
    assert extract.recognised_pages == (2, 3)


@pytest.mark.parametrize("turned", [90, 180, 270])
@pytest.mark.skipif(not can_recognise(), reason="Tesseract is not installed")
def test_a_scan_that_lies_on_its_side_or_its_head_is_read(turned: int) -> None:
    extract = extracted(scanned(two_pages(), turned=turned), ".pdf", name="x.pdf")

    assert alike(extract.text, f"{STORY}\n\n{TABLE}") > ALIKE
    assert extract.recognised_pages == (1, 2)


def test_pictures_without_words_are_turned_a_few_times_only() -> None:
    recognition = FakeRecognition()
    pdf = FPDF(format=(40, 40))
    for _ in range(25):
        pdf.add_page()
        pdf.image(Image.new("L", (40, 40), 200), x=0, y=0, w=40, h=40)

    with pytest.raises(ReadError, match="scanned"):
        read_pdf(bytes(pdf.output()), name="x.pdf", recognition=recognition)

    assert len(recognition.pictures) == 25 + 60
