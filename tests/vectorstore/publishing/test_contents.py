"""What staff see and do with what is published."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.domain.corpus import Document, DocumentId, Kind, Translation
from assistant.domain.errors import StoreError
from tests.builders import a_document, a_source, an_entry, unheard
from tests.fakes import HashEmbedder
from vectorstore.publishing import verification
from vectorstore.publishing.contents import SOON, Contents, DocumentQuery
from vectorstore.publishing.generations_folder import GENERATIONS
from vectorstore.publishing.library import Library
from vectorstore.publishing.texts import FoldedTexts

LIGHTING = a_document()
SAFETY = a_document(
    "sécurité", "La ville éclaire ses rues.", title="Sécurité ÉCLAIRÉE", language="fr",
    published=date(2023, 5, 1), kind=Kind.EVENT,
)  # fmt: skip
OLD = a_document("old", "Nothing is known of its day.", title="Old lamps", published=None)


def a_library(
    path: Path,
    *documents: Document,
    origin: str = "source:site",
    today: Callable[[], date] = date.today,
) -> Library:
    embedder = HashEmbedder()
    library = Library(
        path, lambda: embedder, model=embedder.name, verify=verification.examine, today=today
    )
    if documents:
        publish(library, *documents, origin=origin)
    return library


def publish(library: Library, *documents: Document, origin: str = "source:site") -> str:
    with library.writing():
        return library.publish(
            [an_entry(document, origin) for document in documents],
            [],
            chunking="test",
            rebuild=False,
            progress=unheard,
        )


def ids(contents: Contents, **wanted: str | bool) -> list[str]:
    found = contents.documents(DocumentQuery(**wanted), first=0, count=50)  # type: ignore[arg-type] # by name
    assert found.total == len(found.documents)
    return [document.source.document_id for document in found.documents]


@pytest.fixture
def contents(tmp_path: Path) -> Contents:
    return Contents(a_library(tmp_path, LIGHTING, SAFETY, OLD))


def test_where_nothing_is_published_there_is_nothing_to_see(tmp_path: Path) -> None:
    contents = Contents(a_library(tmp_path))

    assert contents.publication() is None
    assert contents.announcement("en") is None
    assert contents.documents(DocumentQuery(), first=0, count=50).total == 0
    assert contents.generations() == []
    with pytest.raises(StoreError, match="nothing is published"):
        contents.document("a")


def test_what_is_published_is_told_in_numbers(contents: Contents) -> None:
    published = contents.publication()

    assert published is not None
    assert (published.generation, published.documents) == ("000001", 3)
    assert published.languages == {"en": 2, "fr": 1}
    assert published.kinds == {"article": 2, "event": 1}
    assert published.origins == {"source:site": 3}
    assert published.embedding_model == "hash-64"


def test_a_member_is_told_how_much_there_is_and_what_is_new_in_their_language(
    contents: Contents,
) -> None:
    told = contents.announcement("en")

    assert told is not None
    assert (told.documents, told.languages) == (3, ("en", "fr"))
    assert [source.document_id for source in told.newest] == [LIGHTING.id, OLD.id]


def test_what_was_hidden_since_is_no_longer_announced(contents: Contents) -> None:
    contents.announcement("en")

    contents.hide(LIGHTING.id)

    told = contents.announcement("en")
    assert told is not None
    assert [source.document_id for source in told.newest] == [OLD.id]


def test_documents_are_listed_newest_first_and_undated_last(contents: Contents) -> None:
    assert ids(contents) == [SAFETY.id, LIGHTING.id, OLD.id]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"words": "securite"}, [SAFETY.id]),
        ({"words": "ECLAIREE sécur"}, [SAFETY.id]),
        ({"words": "articles/old"}, [OLD.id]),
        ({"words": "lamps lighting"}, [LIGHTING.id]),
        ({"words": "ECLAIRE rues"}, [SAFETY.id]),
        ({"words": "lamps known"}, [OLD.id]),
        ({"words": "lamps nowhere"}, []),
        ({"words": "%"}, []),
        ({"words": "_"}, []),
        ({"kind": "event"}, [SAFETY.id]),
        ({"language": "en"}, [LIGHTING.id, OLD.id]),
        ({"origin": "source:site"}, [SAFETY.id, LIGHTING.id, OLD.id]),
        ({"origin": "source:other"}, []),
        ({"since": "2023-05-01"}, [SAFETY.id]),
        ({"until": "2023-04-30"}, [LIGHTING.id]),
        ({"since": "2021-02-01", "until": "2021-02-01"}, [LIGHTING.id]),
        ({"kind": "nonsense"}, []),
        ({"only_hidden": True}, []),
        ({"only_edited": True}, []),
        ({"last_day": "past"}, []),
        ({"last_day": "nonsense"}, []),
    ],
)
def test_a_list_is_narrowed(contents: Contents, wanted: dict[str, str], found: list[str]) -> None:
    assert ids(contents, **wanted) == found


def places(contents: Contents, words: str) -> list[str]:
    found = contents.documents(DocumentQuery(words=words), first=0, count=50)
    return [document.place for document in found.documents]


def test_what_is_found_in_the_text_shows_the_line_where_it_stands(contents: Contents) -> None:
    assert places(contents, "eclaire RUES") == ["La ville éclaire ses rues."]
    assert places(contents, "dim midnight") == [
        "Dim the lamps after midnight, but never switch them off."
    ]


def test_what_is_found_in_the_title_shows_no_line(contents: Contents) -> None:
    assert places(contents, "securite eclairee") == [""]


def test_a_long_line_is_shown_around_the_word(tmp_path: Path) -> None:
    long = " ".join(["ﬁne straße"] * 100 + ["Überraschung"] + ["afterwards"] * 100)
    contents = Contents(a_library(tmp_path, a_document("long", long)))

    (shown,) = places(contents, "uberraschung")

    assert len(shown) < 240
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "straße Überraschung afterwards" in shown


def test_texts_beyond_what_is_kept_in_memory_are_found_as_well(
    contents: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FoldedTexts.__init__, "__defaults__", (40,))

    assert ids(contents, words="ville") == [SAFETY.id]
    assert ids(contents, words="renewed") == [LIGHTING.id]


def test_a_text_is_searched_in_the_generation_that_serves(tmp_path: Path) -> None:
    library = a_library(tmp_path, LIGHTING)
    contents = Contents(library)
    assert ids(contents, words="midnight") == [LIGHTING.id]

    publish(library, a_document(text="The lamps burn all night."))

    assert ids(contents, words="midnight") == []
    assert ids(contents, words="burn") == [LIGHTING.id]


def test_several_are_hidden_and_shown_at_once(contents: Contents) -> None:
    assert contents.hide_all([LIGHTING.id, OLD.id, "nowhere"]) == 2
    assert contents.hidden() == [LIGHTING.id, OLD.id]

    assert contents.show_all([OLD.id, SAFETY.id]) == 1
    assert contents.hidden() == [LIGHTING.id]


def test_a_document_is_named_by_its_id_or_its_address(contents: Contents) -> None:
    for name in (LIGHTING.id, LIGHTING.source.url, f"{LIGHTING.source.url}/"):
        assert contents.named(name) == LIGHTING.source
    assert contents.named("nowhere") is None


def test_those_that_staff_corrected_are_listed_alone(contents: Contents) -> None:
    wanted = DocumentQuery(only_edited=True)

    found = contents.documents(wanted, first=0, count=50, edited={OLD.id, DocumentId("gone.md")})

    assert [each.source.document_id for each in found.documents] == [OLD.id]
    assert found.total == 1


@pytest.mark.parametrize(
    ("days", "listed"),
    [(-1, "past"), (0, "soon"), (SOON.days, "soon"), (SOON.days + 1, "")],
)
def test_a_last_day_is_over_from_the_day_after_and_near_for_a_month_before(
    tmp_path: Path, days: int, listed: str
) -> None:
    today = date(2026, 5, 2)
    contents = Contents(a_library(tmp_path, LIGHTING, OLD, today=lambda: today))
    contents.limit(LIGHTING.id, today + timedelta(days=days))

    for last_day in ("past", "soon"):
        found = [LIGHTING.id] if last_day == listed else []
        assert ids(contents, last_day=last_day) == found
    assert ids(contents, last_day=listed, only_hidden=True) == []


def test_a_document_past_its_last_day_is_told_apart_from_a_hidden_one(tmp_path: Path) -> None:
    library = a_library(tmp_path, LIGHTING, OLD, today=lambda: date(2026, 5, 2))
    contents = Contents(library)
    contents.limit(LIGHTING.id, date(2026, 5, 1))
    contents.limit(OLD.id, date(2026, 5, 2))

    opened = contents.document(LIGHTING.id)

    assert (opened.is_past, opened.is_hidden, opened.central) == (True, False, ())
    assert opened.valid_until == date(2026, 5, 1)
    assert not contents.document(OLD.id).is_past
    assert contents.hidden() == []
    assert contents.withheld() == [LIGHTING.id]
    told = contents.announcement("en")
    assert told is not None
    assert [source.document_id for source in told.newest] == [OLD.id]


def test_a_list_comes_page_by_page(contents: Contents) -> None:
    pages = [contents.documents(DocumentQuery(), first=at, count=2) for at in (0, 2, 4)]

    assert [page.total for page in pages] == [3, 3, 3]
    assert [len(page.documents) for page in pages] == [2, 1, 0]


def test_a_document_is_opened_whole(contents: Contents) -> None:
    opened = contents.document(LIGHTING.id)

    assert opened.document == LIGHTING
    assert opened.origin == "source:site"
    assert opened.chunks[0].text.startswith("The town renewed")
    assert opened.central
    assert opened.versions == ()
    assert not opened.is_hidden


def test_versions_of_a_work_name_each_other(tmp_path: Path) -> None:
    french = Document(
        a_source("eclairage", language="fr"),
        "La ville éclaire.",
        (Translation("en", LIGHTING.source.url),),
    )
    contents = Contents(a_library(tmp_path, LIGHTING, french))

    assert [version.language for version in contents.document(LIGHTING.id).versions] == ["fr"]
    assert contents.versions(french.id) == [LIGHTING.id]


@pytest.mark.parametrize(
    "unknown",
    ["", "nowhere", "../../etc/passwd", "articles/lighting.md\0", "' OR 1=1 --", "a" * 9999],
)
def test_an_unknown_id_opens_and_hides_nothing(contents: Contents, unknown: str) -> None:
    with pytest.raises(StoreError, match="there is no document"):
        contents.document(unknown)
    with pytest.raises(StoreError, match="there is no document"):
        contents.hide(unknown)

    assert contents.hidden() == []


def test_what_is_hidden_is_still_there_for_staff(contents: Contents) -> None:
    contents.hide(LIGHTING.id)

    opened = contents.document(LIGHTING.id)
    assert opened.is_hidden
    assert opened.document == LIGHTING
    assert opened.central == ()
    assert contents.hidden() == ids(contents, only_hidden=True) == [LIGHTING.id]
    contents.show(LIGHTING.id)
    assert contents.hidden() == []
    assert contents.document(LIGHTING.id).central


def test_a_new_generation_is_listed_anew(tmp_path: Path) -> None:
    library = a_library(tmp_path, LIGHTING)
    contents = Contents(library)
    assert ids(contents) == [LIGHTING.id]

    publish(library, SAFETY)

    assert ids(contents) == [SAFETY.id, LIGHTING.id]


def test_a_kept_generation_is_published_again(tmp_path: Path) -> None:
    library = a_library(tmp_path, LIGHTING)
    contents = Contents(library)
    publish(library, SAFETY)

    contents.roll_back("000001", by="a test")

    told = [(generation.name, generation.documents) for generation in contents.generations()]
    assert told == [("000002", 2), ("000001", 1)]
    assert contents.serving() == "000001"
    assert ids(contents) == [LIGHTING.id]


def test_a_damaged_generation_is_told_and_not_published(tmp_path: Path) -> None:
    library = a_library(tmp_path, LIGHTING)
    contents = Contents(library)
    publish(library, SAFETY)
    (tmp_path / GENERATIONS / "000001" / "manifest.json").write_text("{")

    with pytest.raises(StoreError):
        contents.roll_back("000001", by="a test")

    assert contents.generations()[1].fault
    assert ids(contents) == [SAFETY.id, LIGHTING.id]
