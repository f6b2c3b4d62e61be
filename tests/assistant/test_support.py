from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.corpus import Passage
from assistant.support import READ, support
from tests.builders import a_chunk, a_passage

cosines = st.floats(-2, 2, allow_nan=False)


def a_reading(
    similarity: float, sentence: float, background: float, lexical: float, language: str
) -> Passage:
    return replace(
        a_passage(a_chunk(language=language)),
        similarity=similarity,
        sentence_similarities=(sentence,),
        background=background,
        lexical=lexical,
    )


readings = st.builds(
    a_reading, cosines, cosines, cosines, st.floats(0, 1), st.sampled_from(["en", "fr", "und"])
)


def test_no_passage_supports_nothing() -> None:
    assert support([], "en") == 0


def test_a_close_passage_supports_an_answer_and_a_distant_one_does_not() -> None:
    assert support([a_passage(strength=0.2)], "en") > 0.9
    assert support([a_passage(strength=0.0)], "en") < 0.1


@given(st.lists(readings, max_size=5))
def test_support_is_a_probability(passages: list[Passage]) -> None:
    assert 0 <= support(passages, "en") <= 1


@pytest.mark.parametrize("extreme", [1e6, -1e6])
def test_support_of_an_absurd_reading_is_still_a_probability(extreme: float) -> None:
    passage = replace(a_passage(), similarity=extreme, sentence_similarities=(extreme,))

    assert 0 <= support([passage], "en") <= 1


@given(readings, st.floats(0, 1))
def test_support_never_falls_as_similarity_grows(passage: Passage, more: float) -> None:
    closer = replace(passage, similarity=passage.similarity + more)

    assert support([closer], "en") >= support([passage], "en")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_support_grows_with_similarity(language: str) -> None:
    chunk = a_chunk(language=language)

    found = [support([a_passage(chunk, strength=at)], "en") for at in (0.0, 0.05, 0.1, 0.15, 0.2)]

    assert found == sorted(set(found))


def test_only_the_best_sentence_of_a_passage_counts() -> None:
    one = replace(a_passage(), sentence_similarities=(0.2,))
    more = replace(a_passage(), sentence_similarities=(-0.5, 0.2, 0.1))

    assert support([one], "en") == support([more], "en")


def test_a_passage_without_sentences_is_read_as_a_whole() -> None:
    passage = replace(a_passage(), similarity=0.2, sentence_similarities=())

    assert support([passage], "en") == support(
        [replace(passage, sentence_similarities=(0.2,))], "en"
    )


def test_words_and_background_count_in_the_language_of_the_question_only() -> None:
    def by(language: str, background: float, lexical: float) -> float:
        return support([a_reading(0.05, 0.05, background, lexical, language)], "en")

    assert by("en", 0.7, 0.5) > by("en", 0.7, 0.1)
    assert by("en", 0.75, 0.1) > by("en", 0.7, 0.1)
    assert by("fr", 0.7, 0.5) == by("fr", 0.7, 0.1) == by("fr", 0.75, 0.1)


def test_only_the_first_passages_may_vouch_for_an_answer() -> None:
    weak = [a_passage(strength=0.0)] * (READ - 1)
    strong = a_passage(strength=0.2)

    assert support([*weak, strong], "en") == support([strong], "en")
    assert support([*weak, weak[0], strong], "en") == support(weak, "en")
