"""Questions to offer a member: known to be answered, or about what is there. Pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from assistant.domain.corpus import DocumentId, Source
from assistant.domain.dialogue import Answer, Outcome
from assistant.domain.publication import Announcement, Form, OfferedQuestion
from assistant.language.wording import Wording

SHORT_TITLE = 60  # characters
FOLLOWING = 3  # questions; more would be read by nobody before the next is typed


def starters(
    offered: Sequence[OfferedQuestion],
    announcement: Announcement | None,
    words: Wording,
    count: int,
) -> list[str]:
    """Return questions to begin with, in the member's language only: of each form one, then others.

    Where none is known in it, the newest documents can be asked for whatever the language is, and
    summaries of those that are in it.
    """
    ours = [its for its in offered if its.language == words.language]
    if ours:
        return [its.text for its in _of_each_form(ours, count)]
    if announcement is None or not announcement.documents:
        return []
    return [words("samples.latest"), *summaries(announcement.newest, words)][:count]


def following(
    offered: Sequence[OfferedQuestion],
    answer: Answer,
    asked: Collection[str],
    words: Wording,
    count: int,
) -> list[str]:
    """Return questions to go on with: about the documents of an answer, or near them by subject.

    Where nothing was answered or listed there is nothing to go on with.
    """
    if answer.outcome not in {Outcome.ANSWERED, Outcome.LISTED}:
        return []
    shown = [its.source for its in answer.citations]
    shown += [its.source for its in answer.suggestions if answer.outcome is Outcome.LISTED]
    about = {its.document_id for its in shown}
    ours = [its for its in offered if its.language == answer.language]
    summed_up = summaries((its for its in shown if its.language == answer.language), words)
    in_order = [*_on(about, ours), *summed_up[:1], *_near(about, ours), *summed_up[1:]]
    said = {_said(its) for its in (*asked, answer.question)}
    fresh = [its for its in dict.fromkeys(in_order) if _said(its) not in said]
    return fresh[: min(count, FOLLOWING)]


def summaries(documents: Iterable[Source], words: Wording) -> list[str]:
    """Return requests to sum up each document once; a long title makes no button."""
    titles = dict.fromkeys(its.title for its in documents if len(its.title) <= SHORT_TITLE)
    return [words("samples.summary", title=its) for its in titles]


def _of_each_form(offered: Sequence[OfferedQuestion], count: int) -> list[OfferedQuestion]:
    """Return one of each form, each about other documents if it can be, and then what is left."""
    chosen: list[OfferedQuestion] = []
    for form in Form:
        of_form = [its for its in offered if its.form is form]
        taken = {document for its in chosen for document in its.documents[:1]}
        others = [its for its in of_form if taken.isdisjoint(its.documents[:1])]
        chosen += (others or of_form)[:1]
    left = [its for its in offered if its not in chosen]
    missing = max(0, count - len(chosen))
    step = max(1, len(left) // max(1, missing))
    return [*chosen, *left[::step][:missing]][:count]


def _on(about: set[DocumentId], offered: Iterable[OfferedQuestion]) -> Iterator[str]:
    """Yield the questions that these documents themselves answer."""
    for its in offered:
        if its.form is Form.FACT and not about.isdisjoint(its.documents):
            yield its.text


def _near(about: set[DocumentId], offered: Sequence[OfferedQuestion]) -> Iterator[str]:
    """Yield the lists that these documents are in, then questions about documents near them."""
    for its in offered:
        if its.form in {Form.LIST, Form.TOPIC} and not about.isdisjoint(its.documents):
            yield its.text
    for its in offered:
        if not about.isdisjoint(its.near):
            yield its.text


def _said(question: str) -> str:
    """Return a question as it is the same, however it is typed."""
    return " ".join(question.casefold().split())
