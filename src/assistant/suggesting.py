"""Questions to offer a member: known to be answerable, or about what is there. Pure."""

from collections.abc import Collection, Sequence

from assistant.corpus import Source
from assistant.dialogue import Answer
from assistant.golden_questions import GoldenQuestion
from assistant.wording import Wording

SHORT_TITLE = 60  # characters; a longer one makes no button


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
    titles = [its.title for its in documents if len(its.title) <= SHORT_TITLE]
    summaries = [words("samples.summary", title=its) for its in titles]
    return [words("samples.latest"), *summaries][:count] if documents else []


def following(
    golden_questions: Sequence[GoldenQuestion],
    answer: Answer,
    asked: Collection[str],
    count: int,
) -> list[str]:
    """Return questions to go on with, those about the documents of the answer first."""
    cited = {str(its.source.document_id) for its in answer.citations}
    cited |= {str(its.source.document_id) for its in answer.suggestions}
    open_questions = [
        its
        for its in golden_questions
        if its.is_answerable and its.language == answer.language and its.question not in asked
    ]
    near = [its.question for its in open_questions if its.document in cited]
    other = [its.question for its in open_questions if its.document not in cited]
    return [*near, *_spread(other, count)][:count]


def _spread(questions: Sequence[str], count: int) -> list[str]:
    """Return up to `count` questions, evenly taken from the whole list."""
    step = max(1, len(questions) // count)
    return list(questions[::step][:count])
