"""Generations whose vectors are indexed in a Chroma server, which comes and goes."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant import cli, wiring
from assistant.settings import load
from tests.builders import a_document
from tests.chroma_server import Server
from tests.fakes import HashEmbedder
from tests.vectorstore.publishing.test_library import CAMERAS, DOGS, a_library, found, publish
from vectorstore.catalogue import ChunkRow
from vectorstore.errors import StoreDamagedError, StoreUnavailableError
from vectorstore.publishing import verification
from vectorstore.publishing.generations_folder import GENERATIONS, KEPT
from vectorstore.publishing.library import Library
from vectorstore.search.chunk_table import ChunkTable
from vectorstore.search.indexes import COLLECTION_FILE, ServerIndexes
from vectorstore.search.nearest import NearestChunks


def a_served_library(path: Path, url: str) -> Library:
    embedder = HashEmbedder()
    indexes = ServerIndexes(url)
    return Library(
        path,
        lambda: embedder,
        model=embedder.name,
        indexes=indexes,
        verify=partial(verification.in_child, chroma_url=url),
    )


@pytest.fixture
def library(tmp_path: Path, chroma: Server) -> Iterator[Library]:
    opened = a_served_library(tmp_path, chroma.url)
    yield opened
    opened.close()


def collection(library: Library, name: str) -> str:
    folder = library.data / GENERATIONS / name
    return str(json.loads((folder / COLLECTION_FILE).read_text(encoding="utf-8"))["name"])


def test_what_is_published_is_found_in_the_server(library: Library, chroma: Server) -> None:
    name = publish(library, a_document(), CAMERAS)

    assert found(library, "cameras at the station")[0] == CAMERAS.id
    assert collection(library, name) in chroma.collections()
    assert not (library.data / GENERATIONS / name / "chroma").exists()


def test_each_generation_has_a_collection_of_its_own_that_goes_with_it(
    library: Library, chroma: Server
) -> None:
    first = collection(library, publish(library, a_document(), CAMERAS))
    for _ in range(KEPT):
        last = publish(library, DOGS, delete=[CAMERAS.id])

    assert found(library, "dogs on a lead")[0] == DOGS.id
    assert first not in chroma.collections()
    kept = {collection(library, name) for name in library.names()}
    assert len(kept) == KEPT
    assert kept <= chroma.collections()
    assert collection(library, last) in kept


def test_a_draft_that_is_not_published_leaves_nothing_in_the_server(
    library: Library, chroma: Server
) -> None:
    publish(library, a_document())
    before = chroma.collections()

    def refuse(*_: object) -> None:
        msg = "not this one"
        raise StoreUnavailableError(msg)

    with library.writing(), pytest.raises(StoreUnavailableError, match="not this one"):
        library.publish(
            [], [CAMERAS.id], chunking="test", rebuild=False, progress=lambda *_: None,
            examine=refuse,
        )  # fmt: skip
    assert chroma.collections() == before


def test_a_collection_that_lost_vectors_is_not_published_again(
    library: Library, chroma: Server
) -> None:
    first = publish(library, a_document(), CAMERAS)
    publish(library, DOGS)
    index = ServerIndexes(chroma.url).open(library.data / GENERATIONS / first)
    with library.generation() as generation:
        keys = {row.key for row in generation.catalogue.rows()}
    index.delete(keys)
    index.close()

    with library.writing(), pytest.raises(StoreDamagedError):
        library.roll_back(first)


def test_while_the_server_is_away_members_find_the_same(tmp_path: Path) -> None:
    with_server_folder = tmp_path / "server"
    with_server_folder.mkdir()
    server = Server(with_server_folder)
    server.start()
    library = a_served_library(tmp_path / "data", server.url)
    try:
        publish(library, a_document(), CAMERAS, DOGS)
        before = found(library, "cameras at the station")
    finally:
        server.stop()

    assert found(library, "cameras at the station") == before
    with pytest.raises(StoreUnavailableError, match="check that the Chroma server runs"):
        library.verify_published()
    assert library.faults() == []
    with library.writing(), pytest.raises(StoreUnavailableError, match=r"127\.0\.0\.1"):
        library.publish(
            [], [CAMERAS.id], chunking="test", rebuild=False, progress=lambda *_: None
        )  # fmt: skip
    assert found(library, "cameras at the station") == before
    library.close()


def test_a_server_that_comes_back_is_asked_again() -> None:
    now, opened = [0.0], list[float]()

    class Away(ServerIndexes):
        def open(self, folder: Path) -> Any:  # noqa: ANN401 - all that is asked of it
            opened.append(now[0])
            if now[0] < 10:
                msg = f"no server has {folder}"
                raise StoreUnavailableError(msg)
            return AnIndex()

    class AnIndex:
        def nearest(self, _: object, *, limit: int) -> list[str]:
            return ["a", "b"][:limit]

    rows = [ChunkRow(at, key, "", 1, "en", "article", None) for at, key in enumerate("ab")]
    vectors = np.eye(2, dtype=np.float32)
    nearest = NearestChunks(
        Path("g"), ChunkTable(rows), vectors, Away("http://nowhere"), lambda: now[0]
    )
    for now[0] in (0.0, 1.0, 29.0, 31.0, 32.0):
        assert nearest.among_all(vectors[0], 2).tolist() == [0, 1]
    assert opened == [0.0, 31.0]


def test_generations_of_before_there_was_a_server_are_searched_where_they_are(
    tmp_path: Path, chroma: Server
) -> None:
    embedded = a_library(tmp_path)
    old = publish(embedded, a_document(), CAMERAS)
    embedded.close()
    library = a_served_library(tmp_path, chroma.url)

    assert found(library, "cameras at the station")[0] == CAMERAS.id
    new = publish(library, DOGS)
    assert collection(library, new) in chroma.collections()
    assert (tmp_path / GENERATIONS / old / "chroma").is_dir()
    library.close()


def test_a_forum_is_published_and_asked_with_a_server_by_its_setting(
    tmp_path: Path,
    chroma: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "fees.md").write_text("# Fees\n\nMembers pay 300 euros a year.\n")
    monkeypatch.setenv("FORUM_CHROMA_URL", chroma.url)
    monkeypatch.setenv("FORUM_DATA_DIR", str(tmp_path / "data"))
    before = chroma.collections()

    assert cli.main(["ingest", str(documents)]) == 0
    assert cli.main(["ask", "What do members pay?"]) == 0

    assert "300 euros" in capsys.readouterr().out
    assert len(chroma.collections() - before) == 1
    with wiring.open_library(load()).generation() as generation:
        assert generation.recall(0, 1, 1e-4) == 1.0

    monkeypatch.setenv("FORUM_CHROMA_URL", "http://127.0.0.1:1")
    capsys.readouterr()
    assert cli.main(["doctor", "--json"]) == 1
    told = {each["name"]: each for each in json.loads(capsys.readouterr().out)["findings"]}
    assert told["content"]["remedy"].startswith("check that the Chroma server runs")
    assert told["answers"]["level"] == "ok"


@pytest.mark.parametrize(
    "url",
    [
        "chroma:8000",
        "ftp://chroma",
        "http://chroma/path",
        "no address",
        "http://chroma:99999",
        "http://[chroma",
    ],
)
def test_what_is_no_address_of_a_server_is_refused(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORUM_CHROMA_URL", url)
    assert cli.main(["runs"]) == 1
    assert "FORUM_CHROMA_URL" in capsys.readouterr().err
