"""Answer from the catalogue: which documents there are, and what one says as a whole. Pure."""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant.answering.catalogue_questions import Scope, is_occasion
from assistant.answering.excerpts import sentence
from assistant.answering.requests import Request
from assistant.answering.topics import topic_share
from assistant.domain.blocks import lines
from assistant.domain.corpus import Document, DocumentId, Filters, Kind, Passage, Source
from assistant.domain.dialogue import Excerpt
from assistant.domain.ports import Generation
from assistant.language.periods import Days, day_before, days_in
from assistant.language.wording import Wording
from assistant.language.words import fold

OCCASIONS_READ = 4000
"""How many characters are looked through: a day further down is that of something else."""


def held_on(source: Source, document: Document | None) -> tuple[Days, ...]:
    """Return the days that title or text name from the publication on, else that of this.

    Of a single event they are the first; of an agenda, whose lines begin with days, all of those.
    """
    text = f"{source.title}\n{document.text[:OCCASIONS_READ]}" if document else source.title
    published = source.published or date.min
    entries = (text[line.content : line.end] for line in lines(text))
    listed = [each for entry in entries if (each := day_before(entry, source.language))]
    is_agenda = len(listed) > 1
    named = listed if is_agenda else days_in(text, source.language)
    ahead = (each for each in named if each.last >= published)
    held = tuple(ahead) if is_agenda else tuple(itertools.islice(ahead, 1))
    return held or ((Days(source.published, source.published),) if source.published else ())


OPENING = 400
"""How many characters say what kind of event it is; further down others are named as well."""

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
_NAME = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Listing:
    """Documents found, and how many more there are.

    Attributes:
        days: When the next event is, where that is asked for.
        is_going_on: Whether that has begun before today.
        beside: When another is that has begun, where the next has not.
        author: Whose documents they are, as the documents name them, where somebody's are wanted.
    """

    sources: tuple[Source, ...]
    more: int = 0
    days: Days | None = None
    is_going_on: bool = False
    beside: Days | None = None
    author: str = ""


def listed(request: Request, generation: Generation, language: str, today: date) -> Listing:
    """Return the documents that are asked for: by relevance, newest first where that is wanted.

    Events are taken by the days on which they are held, the next first where they lie ahead; one
    that goes on today is among those ahead.
    """
    filters = request.filters
    is_of_events = filters.kinds == {Kind.EVENT}
    if is_of_events:
        filters = replace(filters, published_from=None, published_to=None)
    found = generation.documents(
        filters, language=language, every_version=request.scope is Scope.EVERY
    )
    if request.scope is Scope.EVERY or not request.topic:  # not those that only hold a part of it
        found = [each for each in found if not filters.kinds or each.kind in filters.kinds]
    author, found = _authored(found, request.author)
    if request.author and not author:  # "guides by night": nobody of that name has written any
        request = replace(request, topic=f"{request.topic} {request.author}".strip())
    if request.topic:
        found = _on_topic(found, request, filters, generation, language)
    if request.but_not:
        left_out = set(documents_about(request.but_not, generation, language, filters))
        found = [each for each in found if each.document_id not in left_out]
    if not is_of_events:
        return replace(_shown(_in_order(found, request), request), author=author)
    days = {
        source.document_id: held_on(source, generation.document(source.document_id))
        for source in found
    }
    of_kind = _of_events(_of_kind(found, request.occasion, generation), days, request, today)
    # Where no workshop lies ahead, the next event of another kind is told.
    is_told = of_kind.sources or not request.is_ahead
    return of_kind if is_told else _of_events(found, days, request, today)


def lead_in(request: Request, found: Listing, words: Wording) -> str:
    """Return what is said before the list, or instead of it where it is empty."""
    if not found.sources:
        return words("list.none_ahead" if request.is_ahead else "list.none")
    if found.days:
        return _of_days(found, found.days, words)
    count = len(found.sources) + found.more
    if found.author and not request.topic:
        return words("list.by", author=found.author, count=count)
    if request.but_not and not request.topic:
        return words("list.except", topic=request.but_not, count=count)
    return words("list.about" if request.topic else "list.all", topic=request.topic, count=count)


def _of_days(found: Listing, days: Days, words: Wording) -> str:
    """Return when the next event is, and until when one goes on."""
    first, last = words.day(days.first), words.day(days.last)
    if found.is_going_on:
        return words("list.going_on", day=last)
    if found.beside:
        return words("list.next_beside", day=first, last=words.day(found.beside.last))
    return words("list.next", day=first)


def _authored(found: Sequence[Source], name: str) -> tuple[str, Sequence[Source]]:
    """Return who of the authors is meant by a name or a part of it, and the documents of those."""
    wanted = set(_NAME.findall(fold(name)))
    by = [
        (author, source)
        for source in found
        for author in source.authors
        if wanted and wanted <= set(_NAME.findall(fold(author)))
    ]
    return (by[0][0], [source for _, source in by]) if by else ("", found)


def _in_order(found: Sequence[Source], request: Request) -> Sequence[Source]:
    """Return the documents with the oldest first, where those are wanted; undated ones are not."""
    if not request.is_oldest:
        return found
    return [each for each in reversed(found) if each.published]


def _on_topic(
    found: Sequence[Source],
    request: Request,
    filters: Filters,
    generation: Generation,
    language: str,
) -> list[Source]:
    known = {source.document_id: source for source in found}
    about = documents_about(request.topic, generation, language, filters)
    on_topic = [known[each] for each in about if each in known]
    if request.is_latest or filters.published_from or filters.published_to:
        order = {document_id: at for at, document_id in enumerate(known)}
        on_topic.sort(key=lambda source: order[source.document_id])
    return on_topic


def _of_kind(found: Sequence[Source], occasion: str, generation: Generation) -> Sequence[Source]:
    """Return the events that title or opening name as of a kind, all where none is."""

    def is_of_it(source: Source) -> bool:
        document = generation.document(source.document_id)
        opening = document.text[:OPENING] if document else ""
        return is_occasion(f"{source.title}\n{opening}", source.language, occasion)

    return [each for each in found if is_of_it(each)] or found if occasion else found


def _of_events(
    found: Sequence[Source],
    days: Mapping[DocumentId, Sequence[Days]],
    request: Request,
    today: date,
) -> Listing:
    """Return the events of the period that is asked for, or those that lie ahead."""
    first = request.filters.published_from or date.min
    last = request.filters.published_to or date.max
    first = max(first, today) if request.is_ahead else first
    last = min(last, today - timedelta(days=1)) if request.scope is Scope.OVER else last
    if request.scope is Scope.NEXT:
        return _next(found, days, Days(first, last), today)
    has_period = (first, last) != (date.min, date.max)
    dated = [
        (fitting[0], source)
        for source in found
        if (fitting := [each for each in days[source.document_id] if _meet(each, first, last)])
    ]
    undated = [] if has_period else [source for source in found if not days[source.document_id]]
    # The page of an event before an agenda that names it: the second sort keeps this order.
    dated.sort(key=lambda each: len(days[each[1].document_id]))
    if request.is_ahead or request.is_oldest or request.is_latest:
        is_backwards = not (request.is_ahead or request.is_oldest)
        dated.sort(key=lambda each: each[0].first, reverse=is_backwards)
    else:  # the nearest ahead first, and those that are over behind them
        dated.sort(key=lambda each: (each[0].last < today, abs(each[0].first - today)))
    events = [*(each for _, each in dated), *undated]
    return _shown(events, request)


def _next(
    found: Sequence[Source],
    days: Mapping[DocumentId, Sequence[Days]],
    period: Days,
    today: date,
) -> Listing:
    """Return the event that begins next, and beside it one that goes on; or that alone."""
    held = [
        (each, source)
        for source in sorted(found, key=lambda source: len(days[source.document_id]))
        for each in days[source.document_id]
        if _meet(each, period.first, period.last)
    ]
    held.sort(key=lambda each: each[0].first)
    begun = [each for each in held if each[0].first < today]
    if len(begun) == len(held):
        return Listing((held[0][1],), days=held[0][0], is_going_on=True) if held else Listing(())
    following, source = held[len(begun)]
    beside = [each for each in begun if each[1] != source][:1]
    sources = (source, *(each for _, each in beside))
    return Listing(sources, days=following, beside=beside[0][0] if beside else None)


def _shown(found: Sequence[Source], request: Request) -> Listing:
    """Return as many as are wanted, else the first and how many there are besides."""
    if request.count:
        return Listing(tuple(found[: request.count]))
    return Listing(tuple(found[:SHOWN]), max(0, len(found) - SHOWN))


def _meet(held: Days, first: date, last: date) -> bool:
    return first <= held.last and held.first <= last


def documents_about(
    topic: str, generation: Generation, language: str, filters: Filters
) -> list[DocumentId]:
    """Return the ids of the documents about a topic, best first."""
    filters = replace(filters, kinds=frozenset())  # A part may be of another kind.
    passages = generation.search(topic, limit=READ, filters=filters, language=language)
    nearest = max((passage.similarity for passage in passages), default=0.0)
    return list(
        dict.fromkeys(
            passage.chunk.source.document_id
            for passage in passages
            if _is_about(passage, topic, language, nearest)
        )
    )


def to_summarise(
    request: Request, generation: Generation, language: str, spoken_of: Sequence[DocumentId]
) -> Document | None:
    """Return the document whose summary is asked for, None where that is not clear."""
    if request.topic:
        passages = generation.search(request.topic, limit=READ, language=language)
        titles = {
            passage.chunk.source.document_id: passage.chunk.source.title for passage in passages
        }
        named = _named(request.topic, titles)
        closest = [*named, *titles][:1]
        return generation.document(closest[0]) if closest else None
    place = request.place or 0
    pointed_at = spoken_of[place:][:1]  # -1 is the last; of none, or too few, none
    return generation.document(pointed_at[0]) if pointed_at else None


def _named(topic: str, titles: Mapping[DocumentId, str]) -> list[DocumentId]:
    """Return the documents whose titles hold a topic, those that hold most of it first."""
    shares = {each: topic_share(topic, title) for each, title in titles.items()}
    exact = {each for each, title in titles.items() if title.casefold() == topic.casefold()}
    named = [each for each, share in shares.items() if share >= NAMED]
    return sorted(named, key=lambda each: (each not in exact, -shares[each]))


def summary(document: Document, generation: Generation, count: int | None = None) -> list[Excerpt]:
    """Return the sentences that say most of a document, in its order."""
    return [
        sentence(document, chunk, span)
        for chunk, span in generation.central_sentences(document.id, count or SENTENCES)
    ]


def _is_about(passage: Passage, topic: str, language: str, nearest: float) -> bool:
    source = passage.chunk.source
    if topic_share(topic, source.title) >= NAMED:
        return True
    if source.language == language:
        return passage.lexical >= ABOUT
    return passage.similarity >= max(NEAREST, NEAR * nearest)
