"""Passing over files that give what is published already."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from assistant.domain.corpus import Document, DocumentId
from ingest import reading_cache
from ingest.plan import Crawl
from ingest.readers import reading
from ingest.readers.reading import can_recognise
from ingest.reading_cache import FILE, Readings, Seen, digest_of
from ingest.sources.folder import crawl
from tests.builders import unheard
from tests.ingest.readers.test_recognition import scanned, two_pages
from tests.pdfs import a_pdf


class Stored:
    """A document as it is published."""

    def __init__(self, document: Document, origin: str) -> None:
        self.id, self.fingerprint, self.origin = document.id, document.fingerprint(), origin
        self.title = document.source.title


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "forum"
    made.mkdir()
    (made / "lamps.md").write_text("# Lamps\n\nThe lamps were renewed in 2019.\n")
    (made / "dogs.md").write_text("# Dogs\n\nDogs must be kept on a lead.\n")
    return made


def read(
    folder: Path, known: Readings, published: Iterable[Document] = (), origin: str = ""
) -> Crawl:
    return crawl(
        folder,
        detect_language=lambda _: "en",
        progress=unheard,
        stored=[Stored(each, origin or str(folder.resolve())) for each in published],
        readings=known,
    )


def names(found: Iterable[Document]) -> list[str]:
    return [each.id for each in found]


def test_a_file_that_gives_what_is_published_is_not_read_again(folder: Path) -> None:
    known = Readings()
    first = read(folder, known)

    second = read(folder, known, first.documents)

    assert second.documents == ()
    assert second.unchanged == tuple(
        (document.id, document.fingerprint()) for document in first.documents
    )


def test_other_bytes_are_read_even_where_size_and_date_are_the_same(folder: Path) -> None:
    known = Readings()
    first = read(folder, known)
    before = (folder / "lamps.md").stat()
    (folder / "lamps.md").write_text("# Lamps\n\nThe lamps were renewed in 2020.\n")
    os.utime(folder / "lamps.md", ns=(before.st_atime_ns, before.st_mtime_ns))

    second = read(folder, known, first.documents)

    assert (folder / "lamps.md").stat().st_size == before.st_size
    assert names(second.documents) == ["lamps.md"]


def test_a_file_is_read_where_something_else_is_published(folder: Path) -> None:
    known = Readings()
    first = read(folder, known)
    (folder / "lamps.md").write_text("# Lamps\n\nThe lamps were sold.\n")
    later = read(folder, known, first.documents)

    back = read(folder, known, first.documents)

    assert names(later.documents) == names(back.documents) == ["lamps.md"]


def test_a_file_is_read_where_its_document_came_from_elsewhere(folder: Path) -> None:
    known = Readings()
    first = read(folder, known)

    moved = read(folder, known, first.documents, origin="/elsewhere")

    assert names(moved.documents) == names(first.documents)


def test_everything_is_read_by_another_version_of_the_code(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Readings()
    first = read(folder, known)
    monkeypatch.setattr(reading_cache, "recipe", lambda: "another")

    assert names(read(folder, known, first.documents).documents) == names(first.documents)


def test_a_pdf_alone_is_read_again_where_other_languages_can_be_recognised(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "trams.pdf").write_bytes(a_pdf("The trams run until midnight."))
    known = Readings()

    def read_with(*languages: str) -> list[str]:
        monkeypatch.setattr(reading_cache, "recognised_languages", lambda: languages)
        return names(read(folder, known, first.documents).documents)

    monkeypatch.setattr(reading_cache, "recognised_languages", tuple)
    first = read(folder, known)

    assert read_with() == []
    assert read_with("eng") == ["trams.pdf"]
    assert read_with("eng", "fra") == ["trams.pdf"]
    assert read_with("eng", "fra") == []


@pytest.mark.parametrize(
    ("name", "data", "is_pdf"),
    [
        ("site/plan.PDF", b"2026-05-01", True),  # what a sitemap says of it
        ("site/download", b"\n%PDF-1.7", True),
        ("site/plan.html", b"<p>Plan</p>", False),
    ],
)
def test_a_pdf_is_known_by_its_name_or_its_beginning(
    monkeypatch: pytest.MonkeyPatch, name: str, data: bytes, *, is_pdf: bool
) -> None:
    monkeypatch.setattr(reading_cache, "recognised_languages", lambda: ("eng",))
    before = digest_of(name, data)
    monkeypatch.setattr(reading_cache, "recognised_languages", lambda: ("eng", "fra"))

    assert (digest_of(name, data) != before) == is_pdf


@pytest.mark.skipif(not can_recognise(), reason="Tesseract is not installed")
def test_a_page_that_is_a_picture_is_read_once_it_can_be_recognised(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = scanned(two_pages(), text="Lamps help.")
    (folder / "plan.pdf").write_bytes(pages)
    known = Readings()
    with monkeypatch.context() as without:
        without.setattr(reading, "can_recognise", lambda: False)
        first = read(folder, known)

    second = read(folder, known, first.documents)

    (plan,) = second.documents
    (before,) = (each for each in first.documents if each.id == plan.id)
    assert len(plan.text) > len(before.text)


def test_what_was_read_is_remembered_by_the_next_run(folder: Path, tmp_path: Path) -> None:
    known = Readings()
    first = read(folder, known)

    known.save(tmp_path)

    assert read(folder, Readings.load(tmp_path), first.documents).documents == ()


@pytest.mark.parametrize("content", ["", "[]", "{", '{"/forum": []}', '{"/forum": {"a": 1}}', "é"])
def test_a_damaged_memory_is_no_memory(folder: Path, tmp_path: Path, content: str) -> None:
    first = read(folder, Readings())
    (tmp_path / FILE).write_text(content, encoding="latin-1")

    again = read(folder, Readings.load(tmp_path), first.documents)

    assert names(again.documents) == names(first.documents)


def test_a_memory_that_cannot_be_written_is_only_forgotten(tmp_path: Path) -> None:
    Readings().save(tmp_path / "missing")

    assert not (tmp_path / "missing").exists()


def test_each_source_is_remembered_for_itself() -> None:
    known, name = Readings(), DocumentId("a.md")

    known.remember("/one", {name: Seen("digest", "first")})
    known.remember("/two", {name: Seen("digest", "second", "look at it")})

    assert known.fingerprint("/one", name, "digest") == "first"
    assert known.fingerprint("/two", name, "digest") == "second"
    assert known.fingerprint("/one", name, "other") is None
    assert (known.notice("/one", name), known.notice("/two", name)) == ("", "look at it")


def test_what_is_worth_a_look_is_known_still_when_nothing_is_read_again(tmp_path: Path) -> None:
    known, name = Readings(), DocumentId("a.md")
    known.remember("/one", {name: Seen("digest", "first", "look at it")})
    known.save(tmp_path)

    assert Readings.load(tmp_path).notice("/one", name) == "look at it"
