"""What every index of vectors must do, whatever it keeps them in."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from assistant.domain.corpus import EVERYTHING, Filters, Kind
from vectorstore.errors import StoreUnavailableError
from vectorstore.search.chroma import ChromaVectorIndex
from vectorstore.search.vector_index import ExactVectorIndex, Labels, VectorIndex

ARTICLE = Labels("en", Kind.ARTICLE, 20210201)
UNDATED = Labels("fr", Kind.RECOMMENDATION, 0)
OLD = Labels("de", Kind.ARTICLE, 20160501)
VECTORS = np.eye(3, 8, dtype=np.float32)


@pytest.fixture(params=["exact", "chroma"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VectorIndex]:
    made: VectorIndex = (
        ExactVectorIndex()
        if request.param == "exact"
        else ChromaVectorIndex(tmp_path / "chroma", create=True)
    )
    made.add(["a", "b", "c"], VECTORS, [ARTICLE, UNDATED, OLD])
    yield made
    made.close()


def test_the_nearest_comes_first(index: VectorIndex) -> None:
    query = np.array([0.1, 0.9, 0.5, 0, 0, 0, 0, 0], np.float32)

    assert index.nearest(query, limit=3) == ["b", "c", "a"]


def test_a_longer_vector_counts_for_more(index: VectorIndex) -> None:
    index.add(["d"], np.array([[0, 2, 0, 0, 0, 0, 0, 0]], np.float32), [ARTICLE])

    assert index.nearest(VECTORS[1], limit=1) == ["d"]


def test_no_more_than_the_limit_are_found(index: VectorIndex) -> None:
    assert len(index.nearest(VECTORS[0], limit=2)) == 2


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (EVERYTHING, {"a", "b", "c"}),
        (Filters(languages=frozenset({"en", "de"})), {"a", "c"}),
        (Filters(kinds=frozenset({Kind.RECOMMENDATION})), {"b"}),
        (Filters(published_from=date(2020, 1, 1)), {"a"}),
        (Filters(published_to=date(2020, 1, 1)), {"c"}),
        (Filters(published_from=date(2016, 5, 1), published_to=date(2021, 2, 1)), {"a", "c"}),
        (Filters(languages=frozenset({"de"}), kinds=frozenset({Kind.ARTICLE})), {"c"}),
        (Filters(languages=frozenset({"nl"})), set()),
    ],
)
def test_filters_keep_what_they_say(
    index: VectorIndex, filters: Filters, expected: set[str]
) -> None:
    assert set(index.nearest(VECTORS[0], limit=3, filters=filters)) == expected


def test_what_is_deleted_is_never_found_again(index: VectorIndex) -> None:
    index.delete(["a", "unknown"])

    assert "a" not in index.nearest(VECTORS[0], limit=3)
    assert index.count() == 2


def test_every_vector_is_found_by_itself(index: VectorIndex) -> None:
    rows = np.random.default_rng(7).standard_normal((300, 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    keys = [f"row-{number}" for number in range(len(rows))]
    index.delete(["a", "b", "c"])

    index.add(keys, rows, [ARTICLE] * len(rows))

    assert [index.nearest(row, limit=1)[0] for row in rows] == keys


def test_chroma_finds_what_exact_search_finds(tmp_path: Path) -> None:
    rng = np.random.default_rng(11)
    centres = rng.standard_normal((40, 64))
    rows = (np.repeat(centres, 50, axis=0) + 0.7 * rng.standard_normal((2000, 64))).astype("f4")
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    keys = [str(number) for number in range(len(rows))]
    exact, chroma = ExactVectorIndex(), ChromaVectorIndex(tmp_path / "chroma", create=True)
    exact.add(keys, rows, [ARTICLE] * len(rows))
    chroma.add(keys, rows, [ARTICLE] * len(rows))

    queries = rows[::20]
    shared = [
        len(set(exact.nearest(q, limit=10)) & set(chroma.nearest(q, limit=10))) for q in queries
    ]
    chroma.close()

    assert sum(shared) / (10 * len(queries)) >= 0.99


def test_chroma_keeps_its_vectors_when_it_is_opened_again(tmp_path: Path) -> None:
    first = ChromaVectorIndex(tmp_path / "chroma", create=True)
    first.add(["a"], VECTORS[:1], [ARTICLE])
    first.close()

    second = ChromaVectorIndex(tmp_path / "chroma")

    assert second.nearest(VECTORS[0], limit=1) == ["a"]
    second.close()


def test_a_folder_without_vectors_is_an_error_and_not_an_empty_index(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="holds no vectors"):
        ChromaVectorIndex(tmp_path)
    assert not list(tmp_path.iterdir())
