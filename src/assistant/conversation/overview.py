"""Answer from the catalogue: which documents there are, and what one says as a whole. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.conversation.requests import Request
from assistant.corpus import Document, DocumentId, Passage, Source
from assistant.excerpts import Excerpt, sentence
from assistant.listing import topic_share
from assistant.ports import Generation

SHOWN = 10
"""How many documents a list shows."""

READ = 60
"""How many passages are looked through for the documents on a topic."""

NAMED = 0.5
"""The share of a topic's words that a title must hold to be meant."""

ABOUT = 0.35
"""The share of the weight of a topic's words that a passage must cover for its document to be
listed: in the sample forum, what is listed by one word has at least 0.38."""

NEAR, NEAREST = 0.95, 0.04
"""What similarity a passage in another language than the topic, whose words cannot match, must
have: this share of the nearest passage's, and this at least."""

SENTENCES = 5


@dataclass(frozen=True, slots=True)
class Listing:
    """Documents found, and how many more there are."""

    sources: tuple[Source, ...]
    more: int


def listed(request: Request, generation: Generation, language: str) -> Listing:
    """Return the documents that are asked for: by relevance, newest first where that is wanted."""
    known = {
        its.document_id: its for its in generation.documents(request.filters, language=language)
    }
    found = list(known.values())
    if request.topic:
        about = documents_about(request.topic, generation, language, request)
        found = [known[its] for its in about if its in known]
        if request.is_latest or request.filters.published_from or request.filters.published_to:
            order = {document_id: at for at, document_id in enumerate(known)}
            found.sort(key=lambda its: order[its.document_id])
    return Listing(tuple(found[:SHOWN]), max(0, len(found) - SHOWN))


def documents_about(
    topic: str, generation: Generation, language: str, request: Request
) -> list[DocumentId]:
    """Return the ids of the documents about a topic, best first."""
    filters = replace(request.filters, kinds=frozenset())  # A part may be of another kind.
    passages = generation.search(topic, limit=READ, filters=filters, language=language)
    nearest = max((its.similarity for its in passages), default=0.0)
    return list(
        dict.fromkeys(
            its.chunk.source.document_id
            for its in passages
            if _is_about(its, topic, language, nearest)
        )
    )


def to_summarise(
    request: Request, generation: Generation, language: str, spoken_of: Sequence[DocumentId]
) -> Document | None:
    """Return the document whose summary is asked for, None where that is not clear."""
    if request.topic:
        passages = generation.search(request.topic, limit=READ, language=language)
        titles = {its.chunk.source.document_id: its.chunk.source.title for its in passages}
        named = _named(request.topic, titles)
        closest = [*named, *titles][:1]
        return generation.document(closest[0]) if closest else None
    place = request.place or 0
    pointed_at = spoken_of[place:][:1]  # -1 is the last; of none, or too few, none
    return generation.document(pointed_at[0]) if pointed_at else None


def _named(topic: str, titles: Mapping[DocumentId, str]) -> list[DocumentId]:
    """Return the documents whose titles hold a topic, those that hold most of it first."""
    shares = {its: topic_share(topic, title) for its, title in titles.items()}
    exact = {its for its, title in titles.items() if title.casefold() == topic.casefold()}
    named = [its for its, share in shares.items() if share >= NAMED]
    return sorted(named, key=lambda its: (its not in exact, -shares[its]))


def summary(document: Document, generation: Generation) -> list[Excerpt]:
    """Return the sentences that say most of a document, in its order."""
    return [
        sentence(document, chunk, span)
        for chunk, span in generation.central_sentences(document.id, SENTENCES)
    ]


def _is_about(passage: Passage, topic: str, language: str, nearest: float) -> bool:
    source = passage.chunk.source
    if topic_share(topic, source.title) >= NAMED:
        return True
    if source.language == language:
        return passage.lexical >= ABOUT
    return passage.similarity >= max(NEAREST, NEAR * nearest)
