"""How scores become one."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vectorstore.search.ranking import best_first, fuse

scores = arrays(np.float32, st.integers(0, 40), elements=st.floats(-1, 1, width=16))


@given(scores, st.integers(1, 60))
def test_the_best_come_first_and_ties_keep_their_order(
    values: np.ndarray[tuple[int], np.dtype[np.float32]], limit: int
) -> None:
    order = best_first(values, limit)

    found = [float(values[at]) for at in order]
    assert found == sorted(map(float, values), reverse=True)[: min(limit, len(values))]
    assert all(left < right for left, right in pairwise(order) if values[left] == values[right])


def test_each_kind_of_evidence_raises_the_score() -> None:
    base = [np.array([0.2], np.float32)] * 4

    for place in range(4):
        better = [*base]
        better[place] = np.array([0.4], np.float32)
        assert fuse(*better) > fuse(*base)
