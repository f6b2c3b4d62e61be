import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime

import docx
import pytest

from ingest.errors import ReadError
from ingest.readers.docx import read_docx
from ingest.readers.extract import Extract


def a_docx(*, title: str = "Lamps in parks") -> bytes:
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.created = datetime(2022, 3, 14, tzinfo=UTC)
    document.core_properties.modified = datetime(2026, 1, 12, tzinfo=UTC)  # by whoever saved it
    document.core_properties.language = "fr-BE"
    document.add_heading("Lamps in parks", level=1)
    document.add_paragraph("Towns tried ").add_run("new lamps").bold = True
    document.add_heading("What was found", level=2)
    document.add_paragraph("warm light", style="List Bullet")
    document.add_paragraph("clear paths", style="List Bullet")
    document.add_paragraph("ask first", style="List Number")
    document.add_paragraph("I walk home again.", style="Quote")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("Town", "Lamps", "Ath", "120"), strict=True):
        cell.text = text
    return saved(document.save)


def saved(save: Callable[[io.BytesIO], None]) -> bytes:
    buffer = io.BytesIO()
    save(buffer)
    return buffer.getvalue()


def repacked(data: bytes, changes: dict[str, bytes]) -> bytes:
    """Return the archive with parts replaced or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name), zipfile.ZIP_DEFLATED)
        for name, content in changes.items():
            new.writestr(name, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def test_a_document_is_read_with_its_structure_and_properties() -> None:
    assert read_docx(a_docx(), name="x.docx") == Extract(
        title="Lamps in parks",
        text=(
            "Towns tried new lamps\n"
            "\n"
            "## What was found\n"
            "\n"
            "- warm light\n"
            "- clear paths\n"
            "\n"
            "1. ask first\n"
            "\n"
            "> I walk home again.\n"
            "\n"
            "| Town | Lamps |\n"
            "| --- | --- |\n"
            "| Ath | 120 |"
        ),
        published=date(2022, 3, 14),
        language="fr",
    )


@pytest.mark.parametrize("title", ["", "Document1", "Word Document"])
def test_a_title_no_person_wrote_gives_way_to_the_first_heading(title: str) -> None:
    assert read_docx(a_docx(title=title), name="x.docx").title == "Lamps in parks"


@pytest.mark.parametrize("part", ["word/document.xml", "docProps/core.xml", "customXml/item.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_definition_is_refused(part: str, encoding: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>'.encode(encoding)

    with pytest.raises(ReadError, match="DOCTYPE"):
        read_docx(repacked(a_docx(), {part: bomb}), name="x.docx")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"word/media/image.bin": b"\x00" * 101_000_000}, "unpacks to 101 MB"),
        ({"word/media/image.bin": b"\x00" * 60_000_000}, "zip bomb"),
        ({f"word/{number}": b"" for number in range(2001)}, "parts, more than 2000"),
        ({"word/large.xml": bytes(range(32, 127)) * 320_000}, "zip bomb|more than 30 MB"),
    ],
)
def test_a_zip_bomb_is_refused_before_it_is_unpacked(
    changes: dict[str, bytes], reason: str
) -> None:
    with pytest.raises(ReadError, match=reason):
        read_docx(repacked(a_docx(), changes), name="x.docx")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"no zip at all", "damaged or not a Word document"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "is encrypted"),
        (a_docx()[:3000], "damaged"),
    ],
)
def test_a_file_that_is_no_word_document_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        read_docx(data, name="x.docx")


def test_broken_properties_do_not_matter() -> None:
    data = repacked(a_docx(), {"docProps/core.xml": b"<broken"})

    extract = read_docx(data, name="x.docx")

    assert extract.title == "Lamps in parks"
    assert extract.published is None
