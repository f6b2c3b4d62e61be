"""Questions to offer a member: known to be answered, or about what is there. Pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from assistant.domain.corpus import DocumentId, Source
from assistant.domain.dialogue import Answer, Outcome
from assistant.domain.publication import Announcement, OfferedQuestion, QuestionForm
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
    ours = [each for each in offered if each.language == words.language]
    if ours:
        return [each.text for each in _of_each_form(ours, count)]
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
    shown = [citation.source for citation in answer.citations]
    shown += [
        suggestion.source for suggestion in answer.suggestions if answer.outcome is Outcome.LISTED
    ]
    about = {source.document_id for source in shown}
    ours = [each for each in offered if each.language == answer.language]
    summed_up = summaries((each for each in shown if each.language == answer.language), words)
    in_order = [*_on(about, ours), *summed_up[:1], *_near(about, ours), *summed_up[1:]]
    said = {_said(part) for part in (*asked, answer.question)}
    fresh = [text for text in dict.fromkeys(in_order) if _said(text) not in said]
    return fresh[: min(count, FOLLOWING)]


def summaries(documents: Iterable[Source], words: Wording) -> list[str]:
    """Return requests to sum up each document once; a long title makes no button."""
    titles = dict.fromkeys(
        document.title for document in documents if len(document.title) <= SHORT_TITLE
    )
    return [words("samples.summary", title=title) for title in titles]


def _of_each_form(offered: Sequence[OfferedQuestion], count: int) -> list[OfferedQuestion]:
    """Return one of each form, about other documents as far as can be, and then what is left."""
    chosen: list[OfferedQuestion] = []
    for form in QuestionForm:
        of_form = [each for each in offered if each.form is form]
        taken = {document for each in chosen for document in each.documents}
        of_form.sort(key=lambda each: len(taken.intersection(each.documents)))
        chosen += of_form[:1]
    left = [each for each in offered if each not in chosen]
    missing = max(0, count - len(chosen))
    step = max(1, len(left) // max(1, missing))
    return [*chosen, *left[::step][:missing]][:count]


def _on(about: set[DocumentId], offered: Iterable[OfferedQuestion]) -> Iterator[str]:
    """Yield the questions that these documents themselves answer."""
    for each in offered:
        if each.form is QuestionForm.FACT and not about.isdisjoint(each.documents):
            yield each.text


def _near(about: set[DocumentId], offered: Sequence[OfferedQuestion]) -> Iterator[str]:
    """Yield the lists that these documents are in, then questions about documents near them."""
    for each in offered:
        if each.form in {QuestionForm.LIST, QuestionForm.TOPIC} and not about.isdisjoint(
            each.documents
        ):
            yield each.text
    for each in offered:
        if not about.isdisjoint(each.near):
            yield each.text


def _said(question: str) -> str:
    """Return a question as it is the same, however it is typed."""
    return " ".join(question.casefold().split())
