"""The index of vectors in Chroma."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests import chroma_server
from vectorstore.errors import StoreUnavailableError
from vectorstore.search.chroma import ChromaCollection, ChromaServer, ChromaVectorIndex

VECTORS = np.eye(3, 8, dtype=np.float32)


@pytest.fixture(params=["embedded", "a server"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ChromaCollection]:
    made: ChromaCollection
    if request.param == "embedded":
        made = ChromaVectorIndex(tmp_path / "chroma", create=True)
    else:
        server: chroma_server.Server = request.getfixturevalue("chroma")
        made = ChromaServer(server.url).create(f"test-{secrets.token_hex(8)}")
    made.add(["a", "b", "c"], VECTORS)
    yield made
    made.close()


def test_the_nearest_comes_first(index: ChromaCollection) -> None:
    query = np.array([0.1, 0.9, 0.5, 0, 0, 0, 0, 0], np.float32)

    assert index.nearest(query, limit=3) == ["b", "c", "a"]


def test_a_longer_vector_counts_for_more(index: ChromaCollection) -> None:
    index.add(["d"], np.array([[0, 2, 0, 0, 0, 0, 0, 0]], np.float32))

    assert index.nearest(VECTORS[1], limit=1) == ["d"]


def test_no_more_than_the_limit_are_found(index: ChromaCollection) -> None:
    assert len(index.nearest(VECTORS[0], limit=2)) == 2


def test_what_is_deleted_is_never_found_again(index: ChromaCollection) -> None:
    index.delete(["a", "unknown"])

    assert "a" not in index.nearest(VECTORS[0], limit=3)
    assert index.count() == 2


def test_every_vector_is_found_by_itself(index: ChromaCollection) -> None:
    rows = np.random.default_rng(7).standard_normal((300, 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    keys = [f"row-{number}" for number in range(len(rows))]
    index.delete(["a", "b", "c"])

    index.add(keys, rows)

    assert [index.nearest(row, limit=1)[0] for row in rows] == keys


def test_chroma_finds_what_exact_search_finds(tmp_path: Path) -> None:
    rng = np.random.default_rng(11)
    centres = rng.standard_normal((40, 64))
    rows = (np.repeat(centres, 50, axis=0) + 0.7 * rng.standard_normal((2000, 64))).astype("f4")
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    keys = [str(number) for number in range(len(rows))]
    chroma = ChromaVectorIndex(tmp_path / "chroma", create=True)
    chroma.add(keys, rows)

    queries = rows[::20]
    shared = [
        len(
            {keys[at] for at in np.argsort(-rows @ query)[:10]}
            & set(chroma.nearest(query, limit=10))
        )
        for query in queries
    ]
    chroma.close()

    assert sum(shared) / (10 * len(queries)) >= 0.99


def test_chroma_keeps_its_vectors_when_it_is_opened_again(tmp_path: Path) -> None:
    first = ChromaVectorIndex(tmp_path / "chroma", create=True)
    first.add(["a"], VECTORS[:1])
    first.close()

    second = ChromaVectorIndex(tmp_path / "chroma")

    assert second.nearest(VECTORS[0], limit=1) == ["a"]
    second.close()


def test_a_folder_without_vectors_is_an_error_and_not_an_empty_index(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="holds no vectors"):
        ChromaVectorIndex(tmp_path)
    assert not list(tmp_path.iterdir())
