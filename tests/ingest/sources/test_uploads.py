"""Files that staff put in by their page."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceError
from ingest.readers.reading import READERS
from ingest.sources import uploads
from ingest.sources.uploads import Uploads, safe_name


def test_a_file_is_kept_under_its_name_for_its_owner_only(tmp_path: Path) -> None:
    kept = Uploads(tmp_path).save("Rapport été.pdf", [b"%PDF", b"-1.7"])

    path = tmp_path / "uploads" / "Rapport été.pdf"
    assert (kept.name, kept.size) == ("Rapport été.pdf", 8)
    assert path.read_bytes() == b"%PDF-1.7"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\temp\\Report.DOCX", "Report.docx"),
        ("a\x00b.txt", "a-b-72d70e73.txt"),
        ("\u202etxt.exe.md", "txt.exe-c470b812.md"),
        ("  .hidden.md", "hidden.md"),
        ("x" * 300 + ".txt", "x" * 191 + "-6ce2705d.txt"),
        ("CON.txt", "CON.txt"),
    ],
)
def test_a_name_keeps_nothing_that_a_path_could_mean(name: str, kept: str) -> None:
    assert safe_name(name) == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Budget (A&B).pdf", "Budget (A+B).pdf"),
        ("a" * 200 + " part 1 of 2.pdf", "a" * 200 + " part 2 of 2.pdf"),
        ("\u00e9" * 120 + "1.pdf", "\u00e9" * 120 + "2.pdf"),
    ],
)
def test_files_whose_names_differ_replace_each_other_never(
    tmp_path: Path, one: str, other: str
) -> None:
    for name in (one, other):
        Uploads(tmp_path).save(name, [b"%PDF-1.7"])

    assert len(Uploads(tmp_path).all()) == len({safe_name(one), safe_name(other)}) == 2


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".htaccess", "a.exe", "a", "..txt", "/.md", "-.md"]
)
def test_what_cannot_be_read_is_not_taken(name: str) -> None:
    with pytest.raises(SourceError, match=r"give a file that ends in \.html"):
        safe_name(name)


def test_a_document_of_an_old_format_is_not_taken_and_told_what_to_do() -> None:
    with pytest.raises(SourceError, match=r"'a.xls' is an old Excel workbook; open it in Excel"):
        safe_name("a.xls")


@given(st.text(), st.sampled_from(list(READERS)))
def test_any_name_becomes_a_plain_one_or_none(stem: str, suffix: str) -> None:
    try:
        kept = safe_name(stem + suffix)
    except SourceError:
        return

    assert Path(kept).name == kept
    assert not kept.startswith(".")
    assert safe_name(kept) == kept


def test_a_file_that_is_too_large_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST", 10)
    kept = Uploads(tmp_path)
    kept.save("a.txt", [b"first"])

    with pytest.raises(SourceError, match=r"a\.txt: is larger than"):
        kept.save("a.txt", [b"123456", b"789012"])

    assert [(each.name, each.size) for each in kept.all()] == [("a.txt", 5)]
    assert [path.name for path in (tmp_path / "uploads").iterdir()] == ["a.txt"]


def test_an_upload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(SourceError, match=r"a\.txt: cannot be kept"):
        Uploads(tmp_path).save("a.txt", pieces())

    assert list((tmp_path / "uploads").iterdir()) == []


def test_there_is_an_end_to_how_many_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST", 1)
    kept = Uploads(tmp_path)
    kept.save("a.txt", [b"one"])

    with pytest.raises(SourceError, match="remove some"):
        kept.save("b.txt", [b"two"])
    kept.save("a.txt", [b"again"])


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is empty"):
        Uploads(tmp_path).save("a.txt", [])


@pytest.mark.parametrize("name", ["../lock", "b.txt", "", "."])
def test_only_an_uploaded_file_can_be_removed(tmp_path: Path, name: str) -> None:
    kept = Uploads(tmp_path)
    (tmp_path / "lock").touch()
    kept.save("a.txt", [b"x"])

    with pytest.raises(SourceError, match="no uploaded file"):
        kept.remove(name)

    assert (tmp_path / "lock").exists()


def test_the_last_upload_that_is_removed_is_gone_from_the_answers_too(tmp_path: Path) -> None:
    kept = Uploads(tmp_path)
    kept.save("a.txt", [b"x"])
    assert kept.crawl_of_nothing() is None

    kept.remove("a.txt")

    nothing = kept.crawl_of_nothing()
    assert nothing is not None
    assert nothing.complete
    assert nothing.origin == kept.source.origin


def test_the_uploads_are_one_source_by_whatever_link_the_data_directory_is_reached(
    tmp_path: Path,
) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "data").symlink_to(tmp_path / "disk")

    crawl = Uploads(tmp_path / "data").crawl_of_nothing()

    assert crawl is not None
    assert crawl.origin == str(tmp_path / "disk" / "uploads")


def test_only_the_uploads_of_a_directory_that_is_gone_were_these_before(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    gone = str(tmp_path / "moved" / "uploads")
    others = [str(tmp_path / "there" / "uploads"), str(tmp_path / "moved" / "files")]

    found = Uploads(tmp_path / "data").former([gone, *others, "source:uploads", "uploads", gone])

    assert found == (gone,)
