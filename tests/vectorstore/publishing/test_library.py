"""Publishing generations, and reading what is published."""

import errno
import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from assistant.domain.corpus import Document, DocumentId, Filters, Kind
from assistant.domain.errors import InputError, StoreError
from tests.builders import LIGHTING, a_document, an_entry, unheard
from tests.fakes import HashEmbedder
from vectorstore.embedding.embedder import Vectors, no_progress
from vectorstore.errors import (
    DiskFullError,
    ManifestMismatchError,
    NothingPublishedError,
    StoreBusyError,
    StoreUnavailableError,
)
from vectorstore.generation import Generation
from vectorstore.publishing import verification
from vectorstore.publishing.generations_folder import CURRENT_FILE, GENERATIONS
from vectorstore.publishing.library import Library
from vectorstore.search.vocabulary import Acronyms

CAMERAS = a_document(
    "cameras", "Cameras were put up at the station. They cost 96,000 euros a year."
)
DOGS = a_document("dogs", "Dogs must be kept on a lead in the park.", language="fr")


def a_library(path: Path, embedder: HashEmbedder | None = None) -> Library:
    chosen = embedder or HashEmbedder()
    return Library(path, lambda: chosen, model=chosen.name, verify=verification.examine)


def publish(
    library: Library,
    *documents: Document,
    delete: Sequence[DocumentId] = (),
    rebuild: bool = False,
    chunking: str = "test",
) -> str:
    with library.writing():
        return library.publish(
            [an_entry(document) for document in documents],
            delete,
            chunking=chunking,
            rebuild=rebuild,
            progress=unheard,
        )


def found(library: Library, query: str, **more: object) -> list[str]:
    with library.generation() as generation:
        passages = generation.search(query, limit=3, **more)  # type: ignore[arg-type] # in tests
        return [passage.chunk.source.document_id for passage in passages]


def test_what_is_published_is_found(tmp_path: Path) -> None:
    library = a_library(tmp_path)

    name = publish(library, a_document(), CAMERAS)

    assert library.published() == name == "000001"
    assert found(library, "cameras at the station")[0] == CAMERAS.id


def test_a_document_comes_back_as_it_was_published(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    publish(library, a_document())

    with library.generation() as generation:
        document = generation.document(a_document().id)
        chunks = generation.chunks_of(a_document().id)

    assert document == a_document()
    assert chunks == list(an_entry(a_document()).chunks)


def test_nothing_is_found_before_anything_is_published(tmp_path: Path) -> None:
    library = a_library(tmp_path)

    assert library.published() is None
    assert library.stored() == []
    with pytest.raises(NothingPublishedError, match=r"python app\.py ingest"):
        found(library, "anything")


def test_unchanged_chunks_are_never_embedded_again(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    library = a_library(tmp_path, embedder)
    publish(library, a_document(), CAMERAS)
    embedder.embedded.clear()

    publish(library, DOGS)

    texts = " ".join(embedder.embedded)
    assert "Dogs must be kept" in texts
    assert "Cameras" not in texts
    assert "lighting in 2019" not in texts
    assert found(library, "cameras at the station")[0] == CAMERAS.id


def test_vectors_are_the_same_whether_carried_over_or_made_anew(tmp_path: Path) -> None:
    carried, anew = a_library(tmp_path / "carried"), a_library(tmp_path / "anew")
    publish(carried, a_document(), CAMERAS)
    publish(carried, DOGS)
    publish(anew, a_document(), CAMERAS, DOGS)

    for query in ("street lighting", "cameras", "a dog in the park"):
        with carried.generation() as left, anew.generation() as right:
            scores = [
                [(p.chunk.id, p.score) for p in generation.search(query, limit=9)]
                for generation in (left, right)
            ]
        assert sorted(scores[0]) == sorted(scores[1])


POOL = [
    a_document(name, text, title="Lamps", language=language)  # the same words in several documents
    for name in ("one", "two", "three", "four")
    for text, language in (
        ("The lamps were renewed. They cost 96,000 euros.", "en"),
        ("Les lampes ont été remplacées. Elles coûtent moins.", "fr"),
        (LIGHTING, "en"),
    )
]


def whole(library: Library) -> dict[str, object]:
    """Return all that a generation tells of its content."""
    with library.generation() as generation:
        everything: dict[str, object] = {
            f"{query} {filters.languages}": sorted(
                (passage.chunk.id, passage.score, passage.sentence_scores, passage.lexical)
                for passage in generation.search(query, limit=99, filters=filters)
            )
            for query in ("lamps renewed", "lampes", "repair 2019 residents", "zebra")
            for filters in (Filters(), Filters(languages=frozenset({"fr"})))
        }
        everything["documents"] = list(generation.catalogue.documents())
        everything["content"] = generation.manifest.content
        generation.check_counts()
    return everything


@pytest.mark.parametrize("seed", range(3))
def test_a_generation_is_the_same_however_it_came_to_be(tmp_path: Path, seed: int) -> None:
    choice = random.Random(seed)  # noqa: S311 - to be repeatable
    grown, anew = a_library(tmp_path / "grown"), a_library(tmp_path / "anew")
    now: dict[DocumentId, Document] = {}
    for _ in range(5):
        gone = choice.sample(list(now), k=len(now) // 2)
        write = {each.id: each for each in choice.sample(POOL, k=3)}
        now = {each: document for each, document in now.items() if each not in gone} | write
        publish(grown, *write.values(), delete=gone)
    publish(anew, *now.values())

    assert whole(grown) == whole(anew)


def test_a_changed_document_leaves_nothing_old(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    publish(library, a_document(), CAMERAS)

    publish(library, a_document(text="Trees were planted along the canal."))

    with library.generation() as generation:
        texts = {p.chunk.text for p in generation.search("lighting canal trees", limit=20)}
    assert "Trees were planted along the canal." in texts
    assert not any("lighting" in text for text in texts)


def test_a_deleted_document_is_never_found_again(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    publish(library, a_document(), CAMERAS)

    publish(library, delete=[CAMERAS.id])

    assert CAMERAS.id not in found(library, "cameras at the station")
    assert [each.id for each in library.stored()] == [a_document().id]


def test_everything_can_be_deleted(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    publish(library, CAMERAS)

    publish(library, delete=[CAMERAS.id])

    assert found(library, "cameras") == []


def test_filters_hold_for_words_and_vectors_alike(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    publish(library, a_document(), CAMERAS, DOGS)

    assert found(library, "cameras station", filters=Filters(languages=frozenset({"fr"}))) == [
        DOGS.id
    ]
    kinds = Filters(kinds=frozenset({Kind.RECOMMENDATION}))
    assert set(found(library, "cameras lamp", filters=kinds)) == {a_document().id}


def test_an_excluded_document_is_neither_found_nor_listed(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    publish(library, CAMERAS, DOGS)
    without_cameras = Filters(excluded=frozenset({CAMERAS.id, DocumentId("unknown")}))

    assert found(library, "cameras at the station", filters=without_cameras) == [DOGS.id]
    with library.generation() as generation:
        listed = generation.documents(without_cameras)
    assert [source.document_id for source in listed] == [DOGS.id]


def test_a_reader_keeps_its_generation_while_another_is_published(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    publish(library, CAMERAS)

    with library.generation() as before:
        publish(library, DOGS, delete=[CAMERAS.id])
        old = before.search("cameras", limit=1)
        with library.generation() as after:
            new = after.search("cameras", limit=1)

    assert old[0].chunk.source.document_id == CAMERAS.id
    assert new[0].chunk.source.document_id == DOGS.id
    assert (before.name, after.name) == ("000001", "000002")


def test_another_process_sees_what_was_published(tmp_path: Path) -> None:
    reader, writer = a_library(tmp_path), a_library(tmp_path)
    publish(writer, CAMERAS)
    assert found(reader, "cameras") == [CAMERAS.id]

    publish(writer, DOGS, delete=[CAMERAS.id])

    assert found(reader, "cameras") == [DOGS.id]


def test_only_the_last_generations_are_kept(tmp_path: Path) -> None:
    library = a_library(tmp_path)

    for year in range(2015, 2021):
        publish(library, a_document(text=f"The budget of {year} was passed."))

    kept = sorted(path.name for path in (tmp_path / GENERATIONS).iterdir())
    assert kept == ["000004", "000005", "000006"]


def test_what_a_crashed_run_left_is_swept_away(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    publish(library, CAMERAS)
    left = tmp_path / GENERATIONS / ".000002"
    (left / "chroma").mkdir(parents=True)
    (left / "chroma" / "half").write_text("written")

    publish(library, DOGS)

    assert not left.exists()
    assert library.published() == "000002"


class FullDiskEmbedder(HashEmbedder):
    """Runs out of disk in the middle of its work."""

    def embed_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] = no_progress
    ) -> Vectors:
        progress(len(texts) // 2)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_disk_that_fills_up_leaves_the_published_generation(tmp_path: Path) -> None:
    publish(a_library(tmp_path), CAMERAS)

    with pytest.raises(DiskFullError, match="nothing was published"):
        publish(a_library(tmp_path, FullDiskEmbedder()), DOGS)

    library = a_library(tmp_path)
    assert found(library, "cameras") == [CAMERAS.id]
    assert [path.name for path in (tmp_path / GENERATIONS).iterdir()] == ["000001"]


def test_a_disk_without_room_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = a_library(tmp_path)
    monkeypatch.setattr("vectorstore.publishing.disk.free_space", lambda _: 50 * 2**20)

    with pytest.raises(DiskFullError, match=r"50 MB free.*needs 200 MB"):
        publish(library, CAMERAS)

    assert library.published() is None


def test_a_store_of_another_model_is_refused_with_what_to_do(tmp_path: Path) -> None:
    publish(a_library(tmp_path), CAMERAS)
    other = a_library(tmp_path, HashEmbedder("another-model", seed="other"))

    with pytest.raises(ManifestMismatchError) as caught:
        found(other, "cameras")
    with pytest.raises(ManifestMismatchError):
        publish(other, DOGS)

    assert "hash-64" in str(caught.value)
    assert "another-model" in str(caught.value)
    assert "FORUM_EMBEDDING_MODEL=hash-64" in str(caught.value)
    assert "--rebuild" in str(caught.value)


def test_the_same_model_under_another_name_is_accepted(tmp_path: Path) -> None:
    publish(a_library(tmp_path), CAMERAS)
    renamed = a_library(tmp_path, HashEmbedder("/models/copy-of-hash-64"))

    assert found(renamed, "cameras") == [CAMERAS.id]


def test_a_rebuild_takes_over_another_model(tmp_path: Path) -> None:
    publish(a_library(tmp_path), CAMERAS)
    other = a_library(tmp_path, HashEmbedder("another-model", seed="other"))

    publish(other, CAMERAS, DOGS, rebuild=True)

    assert found(other, "cameras")[0] == CAMERAS.id


def test_only_one_run_may_write_at_a_time(tmp_path: Path) -> None:
    with (
        a_library(tmp_path).writing(),
        pytest.raises(StoreBusyError, match="another run"),
        a_library(tmp_path).writing(),
    ):
        pass


HOLD_THE_LOCK = """
import sys, time
from datetime import date
from pathlib import Path
from vectorstore.generation import Generation
from vectorstore.publishing.library import Library
from vectorstore.search.vocabulary import Acronyms

with Library(Path(sys.argv[1]), lambda: None, model="").writing():
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_killed_run_leaves_no_lock_behind(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(StoreBusyError), a_library(tmp_path).writing():
        pass

    holder.kill()
    holder.wait()

    with a_library(tmp_path).writing():
        pass


def test_a_data_directory_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with (
        pytest.raises(StoreUnavailableError, match="cannot write to the data directory"),
        a_library(tmp_path / "file").writing(),
    ):
        pass


def test_many_threads_may_search_while_generations_change(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    publish(library, CAMERAS)
    stop, faults = threading.Event(), []

    def ask() -> None:
        while not stop.is_set():
            try:
                assert found(library, "cameras")
            except Exception as exc:  # noqa: BLE001 - any of them is the fault looked for
                faults.append(exc)
                return

    readers = [threading.Thread(target=ask) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(4):
        publish(library, a_document(text=f"Cameras were counted {number} times."))
    stop.set()
    for reader in readers:
        reader.join()

    assert faults == []


def test_the_generation_before_is_published_again(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    first = publish(library, CAMERAS)
    second = publish(library, DOGS, delete=[CAMERAS.id])
    assert library.names() == [first, second]

    with library.writing():
        assert library.roll_back() == first

    assert library.published() == first
    assert found(library, "cameras at the station") == [CAMERAS.id]
    with library.writing():
        assert library.roll_back(second) == second
    assert found(library, "dogs") == [DOGS.id]


def test_what_cannot_be_gone_back_to_is_told_and_changes_nothing(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    first = publish(library, CAMERAS)

    with library.writing(), pytest.raises(StoreUnavailableError, match="no generation before"):
        library.roll_back()
    with library.writing(), pytest.raises(StoreUnavailableError, match=f"there are {first}"):
        library.roll_back("000009")

    assert library.published() == first


def test_a_damaged_generation_is_not_gone_back_to(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    first = publish(library, CAMERAS)
    second = publish(library, DOGS)
    (tmp_path / GENERATIONS / first / "catalogue.sqlite").write_bytes(b"broken")

    with library.writing(), pytest.raises(StoreError):
        library.roll_back()

    assert library.published() == second


def test_a_pointer_that_names_nothing_is_mended_by_going_back(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    publish(library, CAMERAS)
    second = publish(library, DOGS)
    (tmp_path / CURRENT_FILE).write_text("rubbish", encoding="utf-8")

    with library.writing():
        assert library.roll_back() == second

    assert library.published() == second


def test_going_back_passes_over_a_damaged_generation(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    first = publish(library, CAMERAS)
    second = publish(library, DOGS)
    publish(library, a_document())
    (tmp_path / GENERATIONS / second / "catalogue.sqlite").write_bytes(b"broken")

    with library.writing():
        assert library.roll_back() == first


def test_what_members_are_to_have_is_added_before_they_see_a_generation(tmp_path: Path) -> None:
    seen: list[tuple[str, str | None, str | None]] = []

    def add(draft: Generation, published: Generation | None) -> None:
        before = published.name if published else None
        seen.append((draft.name, before, library.published()))
        (draft.folder / "added").write_text(draft.name, encoding="utf-8")

    library = Library(
        tmp_path, HashEmbedder, model="hash-64", verify=verification.examine, furnish=add
    )
    first = publish(library, CAMERAS)
    second = publish(library, DOGS)
    with library.writing():
        library.roll_back()

    assert seen == [(first, None, None), (second, first, first), (first, second, second)]
    with library.generation() as generation:
        assert (generation.folder / "added").read_text(encoding="utf-8") == first
    library.verify_published()
    assert library.faults() == []


def test_what_is_hidden_is_nothing_to_add_for(tmp_path: Path) -> None:
    held = []

    def look(draft: Generation, _: Generation | None) -> None:
        held.append([document.document_id for document in draft.documents()])

    library = Library(
        tmp_path, HashEmbedder, model="hash-64", verify=verification.examine, furnish=look
    )
    first = publish(library, CAMERAS, a_document())
    library.hide(CAMERAS.id)
    with library.writing():
        library.roll_back(first)

    assert [CAMERAS.id in each for each in held] == [True, False]


def test_what_is_objected_to_is_not_published(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    first = publish(library, CAMERAS)

    def object_to(draft: Generation, published: Generation | None) -> None:
        assert published is not None
        msg = f"{draft.manifest.documents} documents after {published.manifest.documents}"
        raise InputError(msg)

    with library.writing(), pytest.raises(InputError, match="2 documents after 1"):
        library.publish(
            [an_entry(DOGS)],
            [],
            chunking="test",
            rebuild=False,
            progress=unheard,
            examine=object_to,
        )

    assert library.published() == first
    assert [path.name for path in (tmp_path / GENERATIONS).iterdir()] == [first]


def test_who_comes_second_learns_who_is_first(tmp_path: Path) -> None:
    with (
        a_library(tmp_path).writing("the staff page"),
        pytest.raises(StoreBusyError, match=rf"by the staff page, process {os.getpid()}, since"),
        a_library(tmp_path).writing(),
    ):
        pass


def test_a_hidden_document_is_out_of_the_answers_at_once(tmp_path: Path) -> None:
    server, staff = a_library(tmp_path), a_library(tmp_path)
    publish(server, CAMERAS, DOGS)
    assert CAMERAS.id in found(server, "cameras at the station")

    staff.hide(CAMERAS.id)

    for filters in (Filters(), Filters(languages=frozenset({"en", "fr"}))):
        assert found(server, "cameras at the station", filters=filters) == [DOGS.id]
    with server.generation() as generation:
        assert generation.document(CAMERAS.id) is None
        assert generation.document_at(CAMERAS.source.url) is None
        assert generation.chunks_of(CAMERAS.id) == []
        assert [document.document_id for document in generation.documents()] == [DOGS.id]


def test_what_is_hidden_stays_hidden_whatever_generation_serves(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    first = publish(library, CAMERAS, DOGS)
    publish(library, delete=[CAMERAS.id])
    library.hide(CAMERAS.id)

    with library.writing():
        library.roll_back(first)

    assert found(library, "cameras at the station") == [DOGS.id]
    library.hide(CAMERAS.id, hidden=False)
    assert found(library, "cameras at the station")[0] == CAMERAS.id


def test_what_several_hide_and_limit_at_once_all_holds(tmp_path: Path) -> None:
    names = [[DocumentId(f"{who}-{number}") for number in range(20)] for who in range(3)]

    def change(library: Library, own: Sequence[DocumentId]) -> None:
        for each in own:
            library.hide(each)
            library.limit(each, date(2026, 5, 1))

    one = a_library(tmp_path)  # two of them are threads of one process
    libraries = (one, one, a_library(tmp_path))
    threads = [
        threading.Thread(target=change, args=each) for each in zip(libraries, names, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    everything = {each for own in names for each in own}
    assert a_library(tmp_path).hidden() == everything
    assert set(a_library(tmp_path).last_days()) == everything


def test_who_cannot_write_what_is_hidden_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")

    with pytest.raises(StoreUnavailableError, match=r"cannot write .*hidden\.json"):
        a_library(tmp_path / "data").hide(CAMERAS.id)


def test_acronyms_are_collected_once_and_anew_when_something_else_is_hidden(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    explains = a_document("wg", "The Working Group (WG) met. Its chair spoke of lamps.")
    publish(library, explains, CAMERAS)

    def acronyms() -> Acronyms:
        with library.generation() as generation:
            generation.search("What did the WG say?", limit=1)
            return generation.vocabulary("en").acronyms

    first = acronyms()
    assert acronyms() is first
    assert first.explained("the WG") == "the WG (Working Group)"

    library.hide(explains.id)
    hiding = acronyms()
    assert acronyms() is hiding
    assert hiding.explained("the WG") == "the WG"

    library.hide(explains.id, hidden=False)
    assert acronyms().explained("the WG") == "the WG (Working Group)"


def test_a_document_is_used_up_to_its_last_day_and_another_day_brings_it_back(
    tmp_path: Path,
) -> None:
    today = [date(2026, 5, 1)]
    embedder = HashEmbedder()
    library = Library(
        tmp_path,
        lambda: embedder,
        model=embedder.name,
        verify=verification.examine,
        today=lambda: today[0],
    )
    publish(library, CAMERAS, DOGS)
    a_library(tmp_path).limit(CAMERAS.id, date(2026, 5, 1))
    assert found(library, "cameras at the station")[0] == CAMERAS.id

    today[0] = date(2026, 5, 2)

    assert found(library, "cameras at the station") == [DOGS.id]
    assert library.withheld() == {CAMERAS.id}
    assert library.hidden() == set()
    library.limit(CAMERAS.id, date(2026, 5, 3))
    assert found(library, "cameras at the station")[0] == CAMERAS.id
    library.limit(CAMERAS.id, None)
    assert library.last_days() == {}


def test_days_that_cannot_be_read_withhold_everything(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    publish(library, CAMERAS)
    (tmp_path / "valid_until.json").write_text('[["a", "soon"]]', encoding="utf-8")

    with pytest.raises(StoreUnavailableError, match=r"valid_until\.json.*mend the list"):
        found(library, "cameras")


def test_a_list_of_hidden_documents_that_cannot_be_read_hides_everything(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    publish(library, CAMERAS)
    (tmp_path / "hidden.json").write_text("[", encoding="utf-8")

    with pytest.raises(StoreUnavailableError, match=r"hidden\.json.*mend the list"):
        found(library, "cameras")
