"""Questions in groups: like meaning together, languages apart, and single ones only counted."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.domain.dialogue import Cause, Outcome
from assistant.insights.grouping import grouped
from assistant.records.questions import KeptQuestion
from vectorstore.embedding.onnx_embedder import OnnxEmbedder

DAY = date(2026, 11, 26)


def a_question(
    text: str, number: int = 1, language: str = "en", day: date = DAY, cause: Cause | None = None
) -> KeptQuestion:
    return KeptQuestion(number, day, language, text, Outcome.REFUSED, cause, 0.1, ())


def by_first_word(texts: Sequence[str]) -> NDArray[np.float32]:
    """Texts that begin with the same word mean the same."""
    words = sorted({text.split()[0] for text in texts})
    return np.eye(max(2, len(words)), dtype=np.float32)[
        [words.index(text.split()[0]) for text in texts]
    ]


def test_what_means_the_same_is_one_group_and_the_largest_comes_first() -> None:
    asked = [a_question(text) for text in ("dogs a", "cats a", "cats b", "dogs b", "cats c")]
    found = grouped(asked, by_first_word, at_least=2)
    assert [len(group.questions) for group in found.groups] == [3, 2]
    assert found.fewer == 0


def test_what_only_one_member_asked_is_counted_and_not_shown() -> None:
    found = grouped([a_question("dogs a"), a_question("cats a")], by_first_word, at_least=2)
    assert (found.groups, found.fewer) == ((), 2)


def test_languages_are_kept_apart() -> None:
    asked = [a_question("taxi a"), a_question("taxi b"), a_question("taxi c", language="fr")]
    found = grouped(asked, by_first_word, at_least=1)
    assert [(group.language, len(group.questions)) for group in found.groups] == [
        ("en", 2),
        ("fr", 1),
    ]


def test_the_same_words_twice_are_one_wording() -> None:
    found = grouped([a_question("dogs a", 1), a_question("dogs a", 2)], by_first_word, at_least=2)
    assert found.groups[0].wordings == ("dogs a",)


def test_a_group_tells_its_weeks_and_causes() -> None:
    asked = [
        a_question("dogs a", 1, day=date(2026, 11, 23), cause=Cause.NOTHING),
        a_question("dogs b", 2, day=date(2026, 11, 29), cause=Cause.NOTHING),
        a_question("dogs c", 3, day=date(2026, 11, 22), cause=Cause.UNSURE),
    ]
    (group,) = grouped(asked, by_first_word, at_least=2).groups
    assert group.weeks(date(2026, 11, 29), 3) == (0, 1, 2)
    assert group.causes == {Cause.NOTHING: 2, Cause.UNSURE: 1}


def test_nothing_asked_is_no_group() -> None:
    assert grouped([], by_first_word, at_least=1).groups == ()


@given(st.lists(st.sampled_from(["dogs a", "dogs b", "cats a", "birds a", "birds b"])))
def test_every_question_is_in_one_group_or_counted(texts: list[str]) -> None:
    asked = [a_question(text, number) for number, text in enumerate(texts)]
    found = grouped(asked, by_first_word, at_least=2)
    numbers = [question.number for group in found.groups for question in group.questions]
    assert len(numbers) == len(set(numbers))
    assert len(numbers) + found.fewer == len(asked)
    assert all(len(group.questions) >= 2 for group in found.groups)


def test_with_the_real_model_rewordings_come_together(builtin_embedder: OnnxEmbedder) -> None:
    texts = (
        *("can we borrow the dark walk kit", "Is the kit for dark walks lent out?"),
        *("how do I borrow a dark walk kit?", "Do you have a newsletter?"),
        *("Can I subscribe to a newsletter", "parking permit for visitors"),
    )
    asked = [a_question(text, number) for number, text in enumerate(texts)]
    found = grouped(asked, builtin_embedder.embed_texts, at_least=2)
    assert [set(group.wordings) for group in found.groups] == [set(texts[:3]), set(texts[3:5])]
    assert found.fewer == 1
