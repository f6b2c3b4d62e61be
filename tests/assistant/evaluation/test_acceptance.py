"""A draft is compared with what is published by the golden questions."""

import pytest

from assistant.evaluation.acceptance import losses
from assistant.evaluation.golden_questions import GoldenQuestion
from tests.builders import a_document, a_passage, an_assistant
from tests.fakes import FakeGeneration

LAMPS = GoldenQuestion("When were the lamps renewed?", "en", "articles/lighting.md", None)


@pytest.mark.parametrize("document", ["articles/lighting.md", None])
@pytest.mark.parametrize("question", ["???", "Who pays? " * 20])
def test_a_question_that_cannot_be_taken_holds_up_no_draft_and_hides_no_loss(
    question: str, document: str | None
) -> None:
    untakable = GoldenQuestion(question, "en", document, None)
    published = FakeGeneration(a_passage(), documents=[a_document()])
    draft = FakeGeneration(documents=[a_document()])

    (lost,) = losses([untakable, LAMPS], an_assistant, draft, published)

    assert lost.startswith("“When were the lamps renewed?” was answered from articles/lighting.md")
