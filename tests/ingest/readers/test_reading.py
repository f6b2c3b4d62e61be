import contextlib
import io
import subprocess
import sys
import tempfile
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import ReadError
from ingest.readers.reading import READERS, read_file

HEAVY = ("bs4", "lxml", "mammoth", "pypdfium2", "markdown_it", "yaml", "babel")


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", b"<p>Some text.</p>"),
        ("a.HTM", b"<p>Some text.</p>"),
        ("a.xhtml", b"<p>Some text.</p>"),
        ("a.md", b"Some *text*."),
        ("a.markdown", b"Some text."),
        ("a.txt", b"Some text."),
    ],
)
def test_the_suffix_chooses_the_reader(tmp_path: Path, name: str, data: bytes) -> None:
    assert read_file(write(tmp_path, name, data), name=name).text == "Some text."


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \n ", "is empty"),
        ("a.html", b"<nav>Menu</nav>", "holds no text"),
        ("a.md", b"# Only a title", "holds no text"),
        ("a.exe", b"MZ", "unknown format .exe; known are .html"),
        ("a", b"text", r"unknown format \(none\)"),
        ("a.pdf", b"<html>", "damaged or not a PDF"),
        ("a.docx", b"%PDF-1.7", "not a Word document"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_name_and_a_reason(
    tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    with pytest.raises(ReadError, match=reason) as caught:
        read_file(write(tmp_path, name, data), name="guides/a")

    assert caught.value.name == "guides/a"
    assert str(caught.value).startswith("guides/a: ")


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("a.doc", "old Word document; open it in Word or LibreOffice and save it as .docx"),
        ("a.PPT", "open it in PowerPoint or LibreOffice and save it as .pptx"),
        ("a.xls", "open it in Excel or LibreOffice and save it as .xlsx"),
        ("a.rtf", "a document in Rich Text Format; open it .* save it as .docx"),
    ],
)
def test_a_document_of_an_old_format_is_refused_with_what_to_do(
    tmp_path: Path, name: str, remedy: str
) -> None:
    with pytest.raises(ReadError, match=remedy):
        read_file(write(tmp_path, name, b"x"), name=name)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()

    for name in ("missing.txt", "folder.txt"):
        with pytest.raises(ReadError, match="cannot be opened"):
            read_file(tmp_path / name, name=name)


def test_a_file_above_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(50_000_001)

    with pytest.raises(ReadError, match="larger than 50 MB"):
        read_file(path, name="large.txt")


@settings(max_examples=40)
@given(st.integers(0, 40_000), st.binary(min_size=1, max_size=20))
def test_a_damaged_file_is_read_or_refused(place: int, wrong: bytes) -> None:
    document = docx.Document()
    document.add_paragraph("Some text.")
    buffer = io.BytesIO()
    document.save(buffer)
    data = buffer.getvalue()
    with tempfile.TemporaryDirectory() as folder:
        damaged = data[:place] + wrong + data[place + len(wrong) :]
        path = write(Path(folder), "a.docx", damaged)

        with contextlib.suppress(ReadError):
            assert read_file(path, name="a.docx").text == "Some text."


@pytest.mark.parametrize("suffix", READERS)
def test_every_reader_exists(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path, f"a{suffix}", b"Some text.")

    try:
        read_file(path, name="a")
    except ReadError as error:
        assert error.__cause__ is not None or error.reason  # noqa: PT017


def test_importing_reading_loads_no_parser() -> None:
    code = f"import ingest.readers.reading, sys; print([m for m in {HEAVY!r} if m in sys.modules])"

    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )

    assert result.stdout.strip() == "[]"
