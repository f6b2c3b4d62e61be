"""Damaged generations, damaged pointers, and disks that refuse: a good generation serves."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.domain.corpus import Document
from assistant.domain.errors import StoreError
from tests.builders import a_document, an_entry, unheard
from tests.fakes import HashEmbedder
from vectorstore import integrity, manifest
from vectorstore.errors import ManifestMismatchError, StoreDamagedError
from vectorstore.generation import CATALOGUE_FILE
from vectorstore.publishing import private_copy, verification
from vectorstore.publishing.generations_folder import CURRENT_FILE, GENERATIONS
from vectorstore.publishing.library import Library

OLD = a_document("old", "Cameras were put up at the station.")
NEW = a_document("new", "Dogs must be kept on a lead in the park.")
NEWER = a_document("newer", "Trees were planted along the canal.")


def a_library(data: Path, verify: Callable[[Path], None] = verification.examine) -> Library:
    embedder = HashEmbedder()
    return Library(data, lambda: embedder, model=embedder.name, verify=verify)


def publish(data: Path, *documents: Document) -> Path:
    """Publish what there is and these; return the folder of the generation."""
    library = a_library(data)
    with library.writing():
        name = library.publish(
            [an_entry(document) for document in documents],
            [],
            chunking="t",
            rebuild=False,
            progress=unheard,
        )
    library.close()
    return data / GENERATIONS / name


def found(library: Library, query: str = "dogs cameras") -> set[str]:
    with library.generation() as generation:
        return {passage.chunk.source.document_id for passage in generation.search(query, limit=5)}


@pytest.fixture(scope="module")
def two_generations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("two") / "data"
    publish(data, OLD)
    publish(data, NEW)
    return data


@pytest.fixture
def data(two_generations: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(two_generations, tmp_path / "data"))


def removed(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flipped(path: Path, share: float) -> None:
    content = bytearray(path.read_bytes())
    at = min(int(len(content) * share), len(content) - 1)
    content[at] ^= 0xFF
    path.write_bytes(content)


DAMAGE: dict[str, Callable[[Path], None]] = {
    "removed": removed,
    "emptied": emptied,
    "cut": cut,
    "first byte": lambda path: flipped(path, 0),
    "middle byte": lambda path: flipped(path, 0.5),
    "last byte": lambda path: flipped(path, 1),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_each_damaged_file_brings_back_the_generation_before(data: Path, damage: str) -> None:
    folder = data / GENERATIONS / "000002"
    names = [path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file()]
    assert len(names) > 10

    for name in names:
        intact = (folder / name).read_bytes()
        if not intact and damage != "removed":
            continue
        DAMAGE[damage](folder / name)
        library = a_library(data)

        assert found(library) == {OLD.id}, name
        assert library.published() == "000001"
        assert "000001 serves instead" in library.faults()[0]
        library.close()
        (folder / name).write_bytes(intact)

    assert found(a_library(data)) == {OLD.id, NEW.id}


def test_a_generation_in_the_place_of_another_is_damage(data: Path) -> None:
    shutil.rmtree(data / GENERATIONS / "000002")
    shutil.copytree(data / GENERATIONS / "000001", data / GENERATIONS / "000002")

    assert found(a_library(data)) == {OLD.id}


def test_where_nothing_is_sound_it_is_an_error_that_says_what_to_do(data: Path) -> None:
    for folder in (data / GENERATIONS).iterdir():
        (folder / "chunk_vectors.npy").unlink()

    with pytest.raises(StoreError, match=r"chunk_vectors\.npy is missing; run `python app\.py"):
        found(a_library(data))


@pytest.mark.parametrize("content", [None, b"", b"garbage", b"../../etc", b"000099", b"\x00\xff"])
def test_a_garbage_pointer_lets_the_newest_good_generation_serve(
    data: Path, content: bytes | None
) -> None:
    (data / CURRENT_FILE).unlink()
    if content is not None:
        (data / CURRENT_FILE).write_bytes(content)
    library = a_library(data)

    assert found(library) == {OLD.id, NEW.id}
    assert "names no generation; 000002 serves instead" in library.faults()[0]


def test_a_generation_that_was_mended_serves_once_it_is_published_again(data: Path) -> None:
    server, catalogue = a_library(data), data / GENERATIONS / "000002" / CATALOGUE_FILE
    sound = catalogue.read_bytes()
    catalogue.write_bytes(b"broken")
    assert found(server) == {OLD.id}
    catalogue.write_bytes(sound)

    command = a_library(data)
    with command.writing():
        command.roll_back("000002")

    assert found(server) == {OLD.id, NEW.id}
    assert server.faults() == []


def test_the_next_run_works_after_damage(data: Path) -> None:
    (data / GENERATIONS / "000002" / "catalogue.sqlite").write_bytes(b"broken")
    (data / CURRENT_FILE).write_text("rubbish")

    publish(data, NEWER)

    library = a_library(data)
    assert found(library, "trees cameras") == {OLD.id, NEWER.id}
    assert library.faults() == []


def seal_again(folder: Path) -> None:
    """Make the damage look as if it had been published."""
    stored = json.loads((folder / manifest.FILE).read_text(encoding="utf-8"))
    del stored["seal"]
    stored["files"] = integrity.digests(folder)
    stored["seal"] = manifest._seal(stored)
    (folder / manifest.FILE).write_text(json.dumps(stored), encoding="utf-8")


MANY = [a_document(f"street-{number}", f"Street {number} has lamps.") for number in range(1100)]
"""So many that Chroma writes its index out; fewer stay in its log, where nothing is lost."""


@pytest.fixture(scope="module")
def many_vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("many") / "data"
    publish(data, OLD)
    publish(data, *MANY)
    return data


# A cut index is not among them: Chroma makes it anew from its log, and finds everything.
@pytest.mark.parametrize("name", ["data_level0.bin", "header.bin", "chroma.sqlite3"])
@pytest.mark.parametrize("damage", ["removed", "overwritten"])
def test_a_child_process_finds_an_index_that_does_not_hold_up(
    many_vectors: Path, tmp_path: Path, name: str, damage: str
) -> None:
    data = Path(shutil.copytree(many_vectors, tmp_path / "data"))
    folder = data / GENERATIONS / "000002"
    (path,) = (folder / "chroma").rglob(name)
    if damage == "overwritten":
        path.write_bytes(b"\xff" * path.stat().st_size)
    else:
        DAMAGE[damage](path)
    seal_again(folder)
    library = a_library(data, verification.in_child)

    library.verify_published()

    assert library.published() == "000001"
    assert found(library) == {OLD.id}


def test_a_child_process_finds_nothing_wrong_with_a_sound_generation(data: Path) -> None:
    library = a_library(data, verification.in_child)

    library.verify_published()

    assert library.faults() == []


def test_a_generation_of_another_layout_is_not_called_damaged(data: Path) -> None:
    path = data / GENERATIONS / "000002" / manifest.FILE
    fields = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**fields, "format": 1}), encoding="utf-8")

    with pytest.raises(ManifestMismatchError, match=r"built with format 1.*ingest --rebuild"):
        a_library(data, verification.in_child).verify_published()


def test_a_process_that_dies_of_a_generation_is_told_by_its_signal(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying = tmp_path / "python"
    dying.write_text("#!/bin/sh\nkill -SEGV $$\n")
    dying.chmod(0o700)
    monkeypatch.setattr("sys.executable", str(dying))

    with pytest.raises(StoreDamagedError, match="ended with signal 11"):
        verification.in_child(data / GENERATIONS / "000002")


def test_reading_leaves_a_generation_as_it_was(data: Path) -> None:
    folder = data / GENERATIONS / "000002"
    before = integrity.digests(folder)

    library = a_library(data)
    found(library)
    library.close()

    assert integrity.digests(folder) == before


def test_a_private_copy_is_removed_with_its_library(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    library = a_library(data)

    found(library)
    assert len(list(scratch.iterdir())) == 1
    library.close()

    assert list(scratch.iterdir()) == []


def test_the_private_copy_of_a_killed_process_is_swept_away(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(private_copy, "_SETTLED", -1.0)
    (tmp_path / f"{private_copy.PREFIX}left").mkdir()
    held = private_copy.PrivateCopy(data / GENERATIONS)

    private_copy.sweep()

    assert not (tmp_path / f"{private_copy.PREFIX}left").exists()
    assert held.folder.is_dir()
    held.close()


def test_the_private_copy_of_a_clock_that_was_set_back_is_swept_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left = tmp_path / f"{private_copy.PREFIX}left"
    left.mkdir()
    os.utime(left, (4e9, 4e9))  # in 2096

    private_copy.sweep()

    assert not left.exists()


def test_without_room_for_chroma_the_search_is_exact(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)

    assert found(a_library(data)) == {OLD.id, NEW.id}
