"""Questions to offer a member: known to be answerable, or about what is there. Pure."""

from collections.abc import Collection, Iterable, Sequence

from assistant.corpus import Source
from assistant.dialogue import Answer
from assistant.golden_questions import GoldenQuestion
from assistant.wording import Wording

SHORT_TITLE = 60  # characters


def starters(
    golden_questions: Sequence[GoldenQuestion],
    documents: Sequence[Source],
    words: Wording,
    count: int,
) -> list[str]:
    """Return questions to begin with, in the member's language where there are any.

    `documents` are those of the member's language, the newest first; they stand in where nobody
    wrote golden questions.
    """
    known = [its for its in golden_questions if its.is_answerable]
    ours = [its.question for its in known if its.language == words.language]
    if chosen := ours or [its.question for its in known]:
        return _spread(chosen, count)
    return [words("samples.latest"), *summaries(documents, words)][:count] if documents else []


def following(
    golden_questions: Sequence[GoldenQuestion],
    answer: Answer,
    asked: Collection[str],
    words: Wording,
    count: int,
) -> list[str]:
    """Return questions to go on with, those about the documents of the answer first.

    Where too few golden questions are left, or nobody wrote any, summaries of those documents fill
    the places.
    """
    shown = [its.source for its in answer.citations] + [its.source for its in answer.suggestions]
    cited = {str(its.document_id) for its in shown}
    open_questions = [
        its
        for its in golden_questions
        if its.is_answerable and its.language == answer.language and its.question not in asked
    ]
    near = [its.question for its in open_questions if its.document in cited]
    other = [its.question for its in open_questions if its.document not in cited]
    summed_up = [its for its in summaries(shown, words) if its not in asked]
    return [*near, *_spread(other, count), *summed_up][:count]


def summaries(documents: Iterable[Source], words: Wording) -> list[str]:
    """Return requests to sum up each document once; a long title makes no button."""
    titles = dict.fromkeys(its.title for its in documents if len(its.title) <= SHORT_TITLE)
    return [words("samples.summary", title=its) for its in titles]


def _spread(questions: Sequence[str], count: int) -> list[str]:
    """Return up to `count` questions, evenly taken from the whole list."""
    step = max(1, len(questions) // count)
    return list(questions[::step][:count])
