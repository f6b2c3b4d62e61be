"""Compare a draft of the content with what is published, by the golden questions."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from assistant.answering.assistant import Assistant
from assistant.domain.corpus import DocumentId
from assistant.domain.dialogue import Outcome, Question
from assistant.domain.errors import QuestionError
from assistant.domain.ports import Generation, Library
from assistant.evaluation.golden_questions import GoldenQuestion

MOST_NAMED = 5  # lost questions; staff look at the rest on the page


class Fixed:
    """A library that hands out one generation, whatever is published."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation

    @contextmanager
    def generation(self) -> Iterator[Generation]:
        """Hold the generation."""
        yield self._generation


def losses(
    golden_questions: Sequence[GoldenQuestion],
    assistant_over: Callable[[Library], Assistant],
    draft: Generation,
    published: Generation | None,
) -> list[str]:
    """Return the golden questions that the draft answers worse, in words for staff.

    A question whose document is no longer in the draft is no loss: it was removed on purpose, and
    removals are confirmed by their number.
    """
    if published is None:
        return []
    before, after = assistant_over(Fixed(published)), assistant_over(Fixed(draft))
    lost = [
        question
        for question in golden_questions
        if _still_asked(question, draft)
        and is_right(before, question)
        and not is_right(after, question)
    ]
    named = [_told(each) for each in lost[:MOST_NAMED]]
    more = [f"{len(lost) - MOST_NAMED} more golden questions"] if lost[MOST_NAMED:] else []
    return [*named, *more]


def _still_asked(golden: GoldenQuestion, draft: Generation) -> bool:
    return golden.document is None or draft.document(DocumentId(golden.document)) is not None


def is_right(assistant: Assistant, golden: GoldenQuestion) -> bool:
    """Whether a question is answered from the document it should be, or refused.

    One that cannot be asked (too long, not a word) is neither.
    """
    try:
        answer = assistant.answer(Question(golden.question, interface_language=golden.language))
    except QuestionError:
        return False
    if golden.document is None:
        return answer.outcome is Outcome.REFUSED
    return golden.document in {citation.source.document_id for citation in answer.citations}


def _told(golden: GoldenQuestion) -> str:
    if golden.document is None:
        return f"“{golden.question}” was refused, as it should be, and would be answered"
    return f"“{golden.question}” was answered from {golden.document}, and no longer would be"
