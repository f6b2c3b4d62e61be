"""Which texts hold which term, and what BM25 makes of it."""

from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.search.postings import K1, TERMS_FILE, B, Postings, ranges

TEXTS = [["tram", "stop", "tram"], [], ["lamp", "stop"], ["park", "lamp", "lamp", "tram"]]
CORPORA = st.lists(st.lists(st.sampled_from("abcdefg"), max_size=6), max_size=8)


def as_written(postings: Postings) -> tuple[object, ...]:
    arrays = (postings.first, postings.texts, postings.counts, postings.lengths)
    return (list(postings.terms), *(array.tolist() for array in arrays))


@given(CORPORA.filter(any), st.lists(st.sampled_from("abcdefgz"), max_size=5))
def test_scores_are_those_of_bm25s(texts: list[list[str]], query: list[str]) -> None:
    reference = bm25s.BM25(k1=K1, b=B, method="lucene")
    reference.index(texts, show_progress=False)
    postings = Postings.of(texts)
    known = [term for term in dict.fromkeys(query) if term in postings.terms]

    scores = postings.scores(query)

    expected = reference.get_scores(known) if known else np.zeros(len(texts))
    assert scores == pytest.approx(expected, abs=1e-5)


@given(CORPORA, CORPORA, st.data())
def test_revised_postings_are_those_of_a_new_count(
    before: list[list[str]], new: list[list[str]], data: st.DataObject
) -> None:
    old = st.lists(st.sampled_from(range(len(before))), max_size=8) if before else st.just([])
    kept = data.draw(st.permutations([*data.draw(old), *[-1] * len(new)]))
    fresh = iter(new)
    after = [before[number] if number >= 0 else next(fresh) for number in kept]

    revised = Postings.of(before).revised(np.array(kept, np.int64), Postings.of(new))

    assert as_written(revised) == as_written(Postings.of(after))


def test_postings_are_the_same_after_they_were_saved_and_loaded(tmp_path: Path) -> None:
    for name, texts in (("some", TEXTS), ("none", [[], []])):
        postings = Postings.of(texts)

        postings.save(tmp_path / name)

        assert as_written(Postings.load(tmp_path / name)) == as_written(postings)


@pytest.mark.parametrize(
    ("name", "content"),
    [("texts.npy", [0, 1]), ("counts.npy", [1]), ("first.npy", [0, 1])],
)
def test_postings_that_do_not_match_each_other_are_an_error(
    tmp_path: Path, name: str, content: list[int]
) -> None:
    Postings.of(TEXTS).save(tmp_path / "postings")
    np.save(tmp_path / "postings" / name, np.array(content))

    with pytest.raises(ValueError, match="do not match each other"):
        Postings.load(tmp_path / "postings")


def test_terms_that_are_not_there_are_an_error(tmp_path: Path) -> None:
    Postings.of(TEXTS).save(tmp_path / "postings")
    (tmp_path / "postings" / TERMS_FILE).unlink()

    with pytest.raises(OSError, match=TERMS_FILE):
        Postings.load(tmp_path / "postings")


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), max_size=6))
def test_ranges_are_counted_out_one_after_the_other(pairs: list[tuple[int, int]]) -> None:
    begins, many = (np.array([pair[each] for pair in pairs], np.int64) for each in (0, 1))

    expected = [number for begin, length in pairs for number in range(begin, begin + length)]
    assert ranges(begins, many).tolist() == expected
