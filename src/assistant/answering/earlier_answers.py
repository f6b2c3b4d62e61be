"""Go back to the answer before: give it in another language, or go on from it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answering import catalogue_answers, document_facts
from assistant.answering.composing import Answered, Frame
from assistant.answering.deciding import cut
from assistant.answering.followups import standalone
from assistant.answering.inquiry import Inquiry, shown_alone
from assistant.answering.passage_answers import PassageAnswers
from assistant.answering.requests import Want, refined, understood
from assistant.answering.wishes import wants_more, wished_language
from assistant.domain.corpus import DocumentId, Span
from assistant.domain.dialogue import Excerpt, Outcome, Turn
from assistant.domain.ports import Generation


def wished(text: str, told: str, inquiry: Inquiry) -> tuple[str, Turn] | None:
    """Return the language that an answer is wished for in, and what was asked.

    `told` is the language that the wish is in.
    """
    last = inquiry.last
    wish = wished_language(text, told, follows=last is not None)
    if wish is None or (last and refined(text, last.question, told, inquiry.today)):
        return None
    asked = understood(wish.question, told, inquiry.today)
    if not asked.is_asked or not wish.question:
        return wish.language, last or Turn("", told)
    earlier = [last.question] if last else []
    spoken = inquiry.asked_in(last) if last else told
    return wish.language, Turn(standalone(asked.text, earlier, told, spoken), told)


def again(turn: Turn, inquiry: Inquiry, passages: PassageAnswers) -> Answered:
    """Return the answer to what was asked, from documents in a language where those answer.

    They do where they are versions of what answers in any, or answer as surely.
    """
    language, generation, words = inquiry.language, inquiry.generation, inquiry.words
    frame = inquiry.frame(inquiry.question.text, turn.question)
    if not turn.question:
        return Answered(frame.spoken(words("talk.greeting")), frame)
    asked = replace(inquiry, question=replace(inquiry.question, history=(turn,)))
    found = _asked_again(turn, asked, frame, passages)
    shown = found.answer.turn.documents
    if not asked.question.filters.languages and shown:
        filters = replace(asked.question.filters, languages=frozenset({language}))
        inside = replace(asked, question=replace(asked.question, filters=filters))
        theirs = _asked_again(turn, inside, frame, passages)
        first = theirs.answer.turn.documents[:1]
        versions = {other for each in shown for other in generation.other_versions(each)}
        is_version = versions.issuperset(first)
        if first and (is_version or theirs.answer.support >= found.answer.support):
            return theirs
    documents = map(generation.document, shown)
    if any(each and each.source.language == language for each in documents) or not shown:
        return found
    return replace(found, answer=replace(found.answer, lead_in=words("answer.other_language")))


def _asked_again(turn: Turn, inquiry: Inquiry, frame: Frame, passages: PassageAnswers) -> Answered:
    """Return the reply to an earlier question, in the words of the frame."""
    generation, filters = inquiry.generation, inquiry.question.filters
    request, asked_in = inquiry.request_of(turn), inquiry.asked_in(turn)
    inquiry = replace(inquiry, language=asked_in)
    told = document_facts.known(turn.question, asked_in, shown_alone(turn), generation, frame.words)
    if told:
        return Answered(frame.listed(told.sources, 0, told.lead_in), frame)
    if request.want is Want.LIST:
        languages = filters.languages or request.filters.languages
        request = replace(request, filters=replace(request.filters, languages=languages))
        return Answered(catalogue_answers.listed(request, inquiry, frame), frame)
    if request.want is not Want.SUMMARY:
        return passages.to(turn.question, inquiry, frame)
    versions = [other for each in turn.documents for other in generation.other_versions(each)]
    them = [generation.document(each) for each in (*turn.documents, *versions)]
    fitting = [each.id for each in them if each and filters.languages <= {each.source.language}]
    spoken_of = replace(turn, documents=tuple(fitting))
    inquiry = replace(inquiry, question=replace(inquiry.question, history=(spoken_of,)))
    request = replace(request, topic="", place=None)
    return Answered(catalogue_answers.summary(request, inquiry, frame), frame)


def is_more_wanted(text: str, inquiry: Inquiry) -> bool:
    """Whether more of the last answer is wanted."""
    last = inquiry.last
    return last is not None and wants_more(text, inquiry.language, last.language)


def gone_on(inquiry: Inquiry) -> Answered:
    """Return what goes on from the last answer: the rest of a list, or of a document."""
    asked = [turn for turn in inquiry.question.history if turn.question]
    turn = next((turn for turn in reversed(asked) if turn.documents), asked[-1])
    frame, words = inquiry.frame(inquiry.question.text, turn.question), inquiry.words
    request = inquiry.request_of(turn)
    if request.want is Want.LIST and not turn.quotes and len(turn.documents) > 1:
        of_it = [each.documents for each in asked if each.question == turn.question]
        filters = inquiry.question.filters
        filters = replace(filters, excluded=filters.excluded.union(*of_it))
        rest = replace(inquiry, question=replace(inquiry.question, filters=filters))
        rest = replace(rest, language=inquiry.asked_in(turn))
        answer = catalogue_answers.listed(request, rest, frame)
        if answer.outcome is Outcome.LISTED:
            return Answered(answer, frame)
        return Answered(frame.spoken(words("answer.no_more")), frame)
    quotes = () if request.want is Want.SUMMARY and turn.quotes[1:] else turn.quotes
    if not turn.documents:
        return Answered(frame.refused([]), frame)
    found = _following(turn.documents[0], quotes, inquiry.generation)
    if found:
        return Answered(frame.answered([found], words("answer.goes_on")), frame)
    return Answered(frame.spoken(words("answer.no_more")), frame)


def _following(
    document_id: DocumentId, quotes: Sequence[str], generation: Generation
) -> Excerpt | None:
    """Return the excerpt behind those that were shown around the quotes, None at the end.

    Where nothing was quoted it is the first of the document.
    """
    chunks = generation.chunks_of(document_id)
    places = [(span, chunk) for chunk in chunks for span in chunk.sentences]
    places.sort(key=lambda place: place[0].start)
    quoted = list(_quoted(document_id, quotes, generation))
    shown = [
        excerpt.end
        for span, chunk in places
        if any(span.start < each.end and each.start < span.end for each in quoted)
        and (excerpt := cut(chunk, span, (), generation))
    ]
    read_to = max(shown, default=0)
    ahead = (cut(chunk, span, (), generation) for span, chunk in places if span.start >= read_to)
    return next((each for each in ahead if each and each.start >= read_to), None)


def _quoted(
    document_id: DocumentId, quotes: Sequence[str], generation: Generation
) -> Iterator[Span]:
    """Yield where the marked words of the quotes stand in a document."""
    document = generation.document(document_id)
    for words in (part for quote in quotes for part in quote.split(" … ")):
        at = document.text.find(words) if document else -1
        if at >= 0:
            yield Span(at, at + len(words))
