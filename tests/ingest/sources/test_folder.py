import os
from datetime import date
from pathlib import Path

import pytest

from assistant.domain.corpus import UNDETERMINED, Document, DocumentId, Kind, Source
from ingest.errors import ReadError, SourceError
from ingest.sources.folder import FolderListing, SourceFile, crawl, list_files, read_document


def write(path: Path, text: str = "Some text.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def unsure(_: str) -> str:
    return ""


def ids(listing: FolderListing) -> list[str]:
    return [file.id for file in listing.files]


def document_of(root: Path, name: str) -> Document:
    return read_document(SourceFile(root / name, DocumentId(name)), detect_language=unsure)


def test_files_are_listed_by_their_path_in_a_stable_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/B.html", "README.md"):
        write(tmp_path / name)

    assert ids(list_files(tmp_path)) == ["README.md", "a/B.html", "a/z.md", "b.txt"]


def test_a_single_file_is_listed_by_its_name(tmp_path: Path) -> None:
    path = write(tmp_path / "deep" / "a.txt")

    assert list_files(path) == FolderListing((SourceFile(path.resolve(), DocumentId("a.txt")),))


@pytest.mark.parametrize(
    "name", [".hidden.txt", ".git/a.txt", "__MACOSX/a.txt", "~$report.docx", "a/.b/c.txt"]
)
def test_hidden_files_are_passed_over(tmp_path: Path, name: str) -> None:
    write(tmp_path / "kept.txt")
    write(tmp_path / name)

    assert list_files(tmp_path) == FolderListing(
        (SourceFile(tmp_path.resolve() / "kept.txt", DocumentId("kept.txt")),)
    )


def test_other_formats_are_listed_as_skipped(tmp_path: Path) -> None:
    for name in ("kept.txt", "a/picture.jpg", "table.csv", "LICENSE"):
        write(tmp_path / name)

    assert list_files(tmp_path).skipped == ("LICENSE", "a/picture.jpg", "table.csv")


def test_a_document_of_an_old_format_is_told_with_what_to_do(tmp_path: Path) -> None:
    write(tmp_path / "kept.txt")
    write(tmp_path / "old.DOC")

    found = crawl(tmp_path, detect_language=unsure, progress=lambda *_: None)

    assert [failure.name for failure in found.failures] == ["old.DOC"]
    assert "old Word document; open it" in found.failures[0].reason
    with pytest.raises(SourceError, match=r"old.DOC: it is an old Word document; open it"):
        list_files(tmp_path / "old.DOC")


def test_links_out_of_the_folder_are_skipped(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    inside = write(folder / "a.txt")
    (folder / "inside.txt").symlink_to(inside)
    (folder / "outside.txt").symlink_to(write(tmp_path / "secret.txt"))
    (folder / "broken.txt").symlink_to(tmp_path / "missing.txt")
    (folder / "up").symlink_to(tmp_path)

    listing = list_files(folder)

    assert ids(listing) == ["a.txt", "inside.txt"]
    assert listing.skipped == ("broken.txt", "outside.txt")


def test_a_name_that_is_no_unicode_is_skipped(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")).write_text("x", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes only names in Unicode")

    listing = list_files(tmp_path)

    assert ids(listing) == ["a.txt"]
    assert listing.skipped == ("?.txt",)


def test_ids_are_the_same_on_every_system(tmp_path: Path) -> None:
    write(tmp_path / "e\u0301te\u0301.txt")

    assert ids(list_files(tmp_path)) == ["été.txt"]


@pytest.mark.parametrize(
    ("name", "files", "message"),
    [
        ("missing", [], "cannot open .*missing: give the path of an existing folder or file"),
        ("", [], "it holds no files; put documents there"),
        ("", ["a.jpg"], r"only files of other formats \(1\); put documents there"),
        ("a.jpg", ["a.jpg"], "cannot read .*: give a folder, or a file that ends in .html"),
        ("a\0b", [], "cannot open"),
    ],
)
def test_a_path_without_documents_is_refused_with_a_remedy(
    tmp_path: Path, name: str, files: list[str], message: str
) -> None:
    for file in files:
        write(tmp_path / file)

    with pytest.raises(SourceError, match=message):
        list_files(tmp_path / name)


def test_what_the_file_says_comes_first(tmp_path: Path) -> None:
    front_matter = "title: Lamps\ndate: 2022-03-14\nlang: fr\nurl: /documents/lampes/\nkind: event"
    write(tmp_path / "recommendations/a.md", f"---\n{front_matter}\n---\nSome text.")

    document = document_of(tmp_path, "recommendations/a.md")

    assert document == Document(
        Source(
            document_id=DocumentId("recommendations/a.md"),
            title="Lamps",
            url="/documents/lampes/",
            published=date(2022, 3, 14),
            language="fr",
            kind=Kind.EVENT,
        ),
        "Some text.",
    )


@pytest.mark.parametrize(
    ("dates", "changed"),
    [
        ("date: 2016-03-14\nupdated: 2026-01-12", date(2026, 1, 12)),
        ("date: 2016-03-14\nupdated: 2016-03-14", None),
        ("date: 2016-03-14\nupdated: 2015-01-12", None),
        ("updated: 2026-01-12", date(2026, 1, 12)),
        ("date: 2016-03-14", None),
    ],
)
def test_a_document_was_changed_only_after_it_appeared(
    tmp_path: Path, dates: str, changed: date | None
) -> None:
    write(tmp_path / "a.md", f"---\n{dates}\n---\nSome text.")

    assert document_of(tmp_path, "a.md").source.changed == changed


def test_what_the_file_does_not_say_comes_from_its_path_and_text(tmp_path: Path) -> None:
    write(tmp_path / "Aanbevelingen/veilige stad_2021.txt", "Een tekst.")
    file = list_files(tmp_path).files[0]

    document = read_document(file, detect_language=lambda text: "nl" if "Een" in text else "xx")

    assert document.source == Source(
        document_id=DocumentId("Aanbevelingen/veilige stad_2021.txt"),
        title="Veilige stad 2021",
        url="/documents/Aanbevelingen/veilige%20stad_2021.txt",
        published=None,
        language="nl",
        kind=Kind.RECOMMENDATION,
    )


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("recommandations", Kind.RECOMMENDATION),
        ("Empfehlungen", Kind.RECOMMENDATION),
        ("raccomandazioni/2021", Kind.RECOMMENDATION),
        ("recomendaciones", Kind.RECOMMENDATION),
        ("events", Kind.EVENT),
        ("Événements", Kind.EVENT),
        ("evenementen", Kind.EVENT),
        ("veranstaltungen", Kind.EVENT),
        ("01-publications", Kind.PUBLICATION),
        ("pages", Kind.PAGE),
        ("events/pages", Kind.PAGE),
        ("archive", Kind.ARTICLE),
    ],
)
def test_the_nearest_telling_folder_names_the_kind(tmp_path: Path, folder: str, kind: Kind) -> None:
    write(tmp_path / folder / "a.txt")

    assert document_of(tmp_path, f"{folder}/a.txt").source.kind is kind


def test_a_language_nobody_can_tell_is_undetermined(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")

    assert document_of(tmp_path, "a.txt").source.language == UNDETERMINED


def test_a_file_that_cannot_be_read_is_reported_by_its_id(tmp_path: Path) -> None:
    write(tmp_path / "a/b.pdf")

    with pytest.raises(ReadError) as caught:
        document_of(tmp_path, "a/b.pdf")

    assert caught.value.name == "a/b.pdf"


@pytest.mark.parametrize(
    ("named", "place"),
    [
        ("new.md", "guides/new.md"),
        ("../articles/new%20one.md", "articles/new one.md"),
        ("/guides/new/", "/guides/new/"),
        ("https://forum.test/new", "https://forum.test/new"),
    ],
)
def test_a_file_names_what_takes_its_place_from_its_own_folder(
    tmp_path: Path, named: str, place: str
) -> None:
    write(tmp_path / "guides/old.md", f"---\nreplaced_by: {named}\n---\nSome text.")

    assert document_of(tmp_path, "guides/old.md").replaced_by == place


@pytest.mark.parametrize(
    "url", ["/staff", "/documents/../staff", "/documents/%2e%2e/staff", "/documents/..", "//evil"]
)
def test_a_file_cannot_pass_for_a_page_of_the_assistant(tmp_path: Path, url: str) -> None:
    (tmp_path / "a.md").write_text(f"---\nurl: {url}\n---\nText.", encoding="utf-8")
    (file,) = list_files(tmp_path).files

    assert read_document(file, detect_language=lambda _: "en").source.url == "/documents/a.md"


@pytest.mark.parametrize("sign", ["\n", "\r", "\x1b", "\u2028", "\u202e"])
def test_a_name_that_breaks_or_turns_a_line_is_skipped(tmp_path: Path, sign: str) -> None:
    (tmp_path / "good.md").write_text("Text.", encoding="utf-8")
    (tmp_path / f"a{sign}b.md").write_text("Text.", encoding="utf-8")

    listing = list_files(tmp_path)

    assert [file.id for file in listing.files] == ["good.md"]
    assert listing.skipped == ("a\ufffdb.md",)


def test_a_file_that_stands_in_several_places_is_one_document(tmp_path: Path) -> None:
    write(tmp_path / "b" / "lamps.txt", "Lamps help.")
    write(tmp_path / "c.txt", "Lamps help.")
    (tmp_path / "a.txt").symlink_to(tmp_path / "c.txt")

    found = crawl(tmp_path, detect_language=unsure, progress=lambda _done, _total: None)

    assert [document.id for document in found.documents] == ["b/lamps.txt"]
    assert found.skipped == ("c.txt (the same as b/lamps.txt)", "a.txt (the same as b/lamps.txt)")


def test_two_files_whose_names_read_alike_are_told_of_in_every_run(tmp_path: Path) -> None:
    write(tmp_path / "caf\u00e9.txt", "One text.")
    write(tmp_path / "cafe\u0301.txt", "Another text.")

    runs = [
        crawl(tmp_path, detect_language=unsure, progress=lambda _done, _total: None)
        for _ in range(2)
    ]

    for found in runs:
        (failure,) = found.failures
        assert failure.name == "caf\u00e9.txt"
        assert "the name of two files" in failure.reason
        assert len(found.documents) == 1
