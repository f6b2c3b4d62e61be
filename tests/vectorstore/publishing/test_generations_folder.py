"""What a reader of the generations sees while another process publishes."""

from pathlib import Path

import pytest

from vectorstore.errors import StoreUnavailableError
from vectorstore.publishing.generations_folder import GENERATIONS, GenerationsFolder
from vectorstore.publishing.library import Library


def publish(generations: GenerationsFolder, name: str) -> None:
    generations.folder(name).mkdir(parents=True)
    generations.point_at(name)


class Overtaken(GenerationsFolder):
    """A generations on which a generation is published in the moment after the first look at it."""

    def names(self) -> list[str]:
        found = super().names()
        if not self.folder("000002").exists():
            publish(self, "000002")
        return found


@pytest.fixture
def overtaken(tmp_path: Path) -> Overtaken:
    publish(GenerationsFolder(tmp_path), "000001")
    return Overtaken(tmp_path)


def test_a_generation_that_is_published_meanwhile_serves_next(overtaken: GenerationsFolder) -> None:
    assert overtaken.candidates() == ["000001"]
    assert overtaken.candidates() == ["000002", "000001"]


def test_a_generation_that_is_published_meanwhile_is_no_fault(
    overtaken: GenerationsFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library(overtaken.data, lambda: None, model="")  # type: ignore[arg-type,return-value] # unused
    monkeypatch.setattr(library, "_generations", overtaken)

    assert library.faults() == []
    assert library.published() == "000002"


def test_a_name_is_not_given_again_though_the_generation_is_lost(tmp_path: Path) -> None:
    generations = GenerationsFolder(tmp_path)
    publish(generations, "000007")
    generations.folder("000007").rmdir()

    assert generations.next_name() == "000008"


def test_a_draft_that_cannot_be_removed_yet_is_in_nobodys_way(tmp_path: Path) -> None:
    generations = GenerationsFolder(tmp_path)
    draft = generations.draft("000001")
    draft.mkdir(parents=True)
    for name in ("collection.json", "vectors.npy"):
        (draft / name).touch()

    def server_is_away(_: Path) -> None:
        msg = "the server cannot be reached"
        raise StoreUnavailableError(msg)

    generations.sweep(server_is_away)
    generations.draft("000001").mkdir()
    assert [path.name for path in tmp_path.rglob("*.*") if path.is_file()] == ["collection.json"]

    generations.sweep(lambda _: None)
    assert not list((tmp_path / GENERATIONS).iterdir())
