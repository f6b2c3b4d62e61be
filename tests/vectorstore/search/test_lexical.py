"""The lexical index."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.search.lexical import LexicalIndex, tokens

TEXTS = [
    "Municipalities recommend brighter lighting in parks.",
    "BeFUS met in Brussels in 2021 about the RGPD.",
    "Les caméras surveillent les parcs et les marchés.",
    "Die Städte empfehlen hellere Beleuchtung.",
]
LANGUAGES = ["en", "en", "fr", "de"]


@pytest.fixture
def index() -> LexicalIndex:
    return LexicalIndex.build(TEXTS, LANGUAGES)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("recommendation for a park", 0),
        ("What did befus do?", 1),
        ("2021", 1),
        ("rgpd", 1),
        ("une caméra dans un parc", 2),
        ("Stadt Empfehlung Beleuchtungen", 3),
    ],
)
def test_words_are_found_in_any_form_of_their_language(
    index: LexicalIndex, query: str, expected: int
) -> None:
    assert int(np.argmax(index.scores(query))) == expected


def test_a_text_that_shares_no_word_scores_nothing(index: LexicalIndex) -> None:
    assert not index.scores("zebra quantum").any()


def test_a_text_that_holds_the_whole_question_scores_almost_one() -> None:
    many = ["unrelated words stand here"] * 50
    index = LexicalIndex.build(["tram stop lighting", *many], ["en"] * 51)

    assert index.scores("tram stop lighting")[0] > 0.5


def test_shares_are_the_weight_of_the_words_a_sentence_holds(index: LexicalIndex) -> None:
    none, all_words = index.shares(
        "lighting in parks", ["Nothing of it.", "Lighting in the park."], "en"
    )

    assert none == 0.0
    assert all_words == pytest.approx(1.0)


def test_an_index_is_the_same_after_it_was_saved_and_loaded(
    index: LexicalIndex, tmp_path: Path
) -> None:
    index.save(tmp_path / "lexical")

    loaded = LexicalIndex.load(tmp_path / "lexical")

    for query in ("park lighting", "caméra", "zebra"):
        assert loaded.scores(query).tolist() == index.scores(query).tolist()


def test_texts_without_any_word_are_indexed_and_never_found() -> None:
    index = LexicalIndex.build(["...", "–"], ["en", "und"])

    assert index.scores("anything").tolist() == [0.0, 0.0]


@given(st.text(max_size=80))
def test_no_question_breaks_the_search_and_no_score_leaves_0_to_1(query: str) -> None:
    scores = LexicalIndex.build(TEXTS, LANGUAGES).scores(query)

    assert ((scores >= 0) & (scores <= 1)).all()


@given(st.text(max_size=60), st.sampled_from(["en", "fr", "nl", "de", "xx"]))
def test_terms_hold_no_capitals_and_no_spaces(text: str, language: str) -> None:
    for token in tokens(text, language):
        assert token == token.lower()
        assert token.split() == [token]


def test_accents_do_not_matter_in_a_name() -> None:
    assert tokens("Müller, ÉVREUX", "xx") == tokens("muller évreux", "xx") == ["muller", "evreux"]
