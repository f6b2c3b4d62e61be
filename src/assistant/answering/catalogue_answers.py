"""Answer from the catalogue: a list of documents, or what one says as a whole. Pure."""

from dataclasses import replace

from assistant.answering import overview
from assistant.answering.composing import Frame
from assistant.answering.inquiry import Inquiry
from assistant.answering.requests import Request, Want
from assistant.domain.dialogue import Answer


def listed(request: Request, inquiry: Inquiry, frame: Frame) -> Answer:
    """Return the list of documents that is asked for, within the filters of the page too."""
    narrowed = replace(request, filters=request.filters.beside(inquiry.question.filters))
    found = overview.listed(narrowed, inquiry.generation, inquiry.language, inquiry.today)
    lead_in = overview.lead_in(request, found, frame.words)
    if not found.sources:
        said = frame.spoken(lead_in) if request.is_ahead else frame.refused([])
        return replace(said, lead_in=lead_in)
    return frame.listed(found.sources, found.more, lead_in)


def summary(request: Request, inquiry: Inquiry, frame: Frame) -> Answer:
    """Return what says most of the document that is meant, or ask which one is."""
    turns = [turn for turn in inquiry.question.history if turn.documents]
    if request.place is not None:  # A place is one in a list, whatever was summed up since.
        lists = [turn for turn in turns if inquiry.request_of(turn).want is not Want.SUMMARY]
        turns = lists or turns
    generation, spoken_of = inquiry.generation, turns[-1].documents if turns else ()
    document = overview.to_summarise(request, generation, inquiry.language, spoken_of)
    if document and document.id in inquiry.question.filters.excluded:
        document = None
    excerpts = overview.summary(document, generation, request.count) if document else []
    if document is None or not excerpts:
        return frame.spoken(frame.words("summary.which"))
    title = document.source.title
    if not request.topic:
        frame = replace(frame, understood=frame.words("samples.summary", title=title))
    return frame.answered(excerpts, frame.words("summary.of", title=title))
