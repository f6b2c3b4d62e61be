import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.embedding.embedder import as_unit_rows
from vectorstore.search.centrality import central


def test_a_sentence_beside_the_subject_is_left_out() -> None:
    about = [[1.0, 0.5, 0.0, 0.0], [1.0, 0.0, 0.5, 0.0], [1.0, -0.3, -0.3, 0.0]]
    beside = [0.0, 0.0, 0.0, 1.0]
    sentences = as_unit_rows(np.array([about[0], beside, *about[1:]]))

    assert 1 not in central(sentences, 2)


def test_the_same_is_not_said_twice() -> None:
    one, two = [1.0, 0.2, 0.0], [0.7, -0.7, 0.2]
    sentences = as_unit_rows(np.array([one, one, two]))

    assert central(sentences, 2) == [0, 2]


@given(st.integers(0, 12), st.integers(0, 8), st.integers(0, 2**32 - 1))
def test_as_many_as_asked_for_in_their_order(count: int, limit: int, seed: int) -> None:
    vectors = as_unit_rows(np.random.default_rng(seed).normal(size=(count, 8)))

    found = central(vectors, limit)

    assert found == sorted(set(found))
    assert len(found) == min(count, limit)
