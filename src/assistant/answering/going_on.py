"""Find what follows in a document after what was quoted of it. Pure."""

from collections.abc import Iterator, Sequence

from assistant.answering.deciding import cut
from assistant.domain.corpus import DocumentId, Span
from assistant.domain.dialogue import Excerpt
from assistant.domain.ports import Generation


def following(
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
