"""Choose the sentences that answer. Pure: what is chosen stands in the documents to the letter.

The best sentence decides. If it introduces a list, the list's items are the answer, and so are a
document's recommendations where the question asks for them; else close seconds join the best one,
up to a length, in the order of their document.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.anaphora import leans_back
from assistant.answer_types import (
    asks_for_duration,
    asks_for_money,
    asks_for_name,
    asks_for_quantity,
    holds_duration,
    holds_money,
    holds_new_name,
    holds_quantity,
)
from assistant.blocks import Form, lines, table_head
from assistant.corpus import Chunk, Document, DocumentId, Kind, Passage, Span, recommends
from assistant.listing import introduced, recommendations

PASSAGE_WEIGHT = 2.5
"""What the passage's score counts beside the sentence's. A fit of both on the questions of even
number of XQuAD and PIAF gives 2.8; from 1.5 to 3 the gold answer stands in the first sentence
equally often within 0.006 (XQuAD en and de, PIAF fr, SQuAD 2); higher shows fewer sentences."""

CLOSE = 0.12
"""How far below the best a sentence may score and still be quoted beside it. Answer in the first
three sentences, and sentences quoted, at 0.08, 0.1, 0.12 and 0.15: XQuAD en 0.916 (1.6) 0.925 (1.7)
0.933 (1.9) 0.938 (2.1), de 0.890 (1.6) 0.903 (1.8) 0.909 (2.0) 0.914 (2.2), PIAF fr 0.728 (1.9)
0.742 (2.0) 0.748 (2.2) 0.763 (2.4)."""

RECOMMENDATION_BONUS = 0.1
"""What a recommendation scores more where recommendations are asked for: more than what parts it
from a mere mention of its subject in the forum's own article."""

QUANTITY_BONUS = 0.05
"""What a sentence with a number scores more where one is asked for. Right sentence of the right
document first and in the first three, without and with: golden questions 0.286/0.471 0.314/0.500,
XQuAD de 0.827/0.956 0.832/0.958, en and PIAF fr the same within 0.001; 0.1 wins no more."""

MONEY_BONUS = 0.1
"""The same for an amount with its currency where a price is asked for. Of the 49 such questions of
the golden ones, XQuAD, PIAF and SQuAD 2, the first sentence and the first three, without, with 0.1
and with 0.15: 33/41 34/43 35/42; of the 9 golden ones 2/3 3/6 4/7."""

DURATION_BONUS = 0.1
"""The same for a number of days or years where it is asked how long. Of 76 such questions of the
golden ones, XQuAD, PIAF and SQuAD 2, on which it was chosen, the first sentence and the first
three, without, with 0.05, 0.1 and 0.15: 54/66 55/68 59/68 59/66."""

NAME_BONUS = 0.05
"""The same for a name where somebody is asked for. Answer in the first three sentences without and
with: XQuAD de 0.901 0.909, PIAF fr 0.746 0.748, XQuAD en and SQuAD 2 the same."""

SENTENCES = 3
LENGTH = 600  # characters of an answer that is not a list
LIST_ITEMS = 20


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence or list item to quote: `document.text[span.start:span.end]`.

    Attributes:
        head: The cells above it, where it is the row of a table.
    """

    chunk: Chunk
    span: Span
    is_item: bool = False
    head: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The words of the quote."""
        return self.chunk.sentence(self.span)


class Fate(StrEnum):
    """What became of a sentence that might have been quoted."""

    QUOTED = "quoted"
    ALONG = "along"
    LIST_INSTEAD = "list instead"
    FAR_BELOW = "far below"
    ENOUGH = "enough"
    REPEATED = "repeated"
    TOO_LONG = "too long"
    ASKS = "asks"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sentence that might be quoted, with what it scores beside all others."""

    quote: Quote
    weight: float
    fate: Fate


@dataclass(frozen=True, slots=True)
class Choice:
    """What is quoted, and what became of every sentence that was looked at, best first."""

    quotes: tuple[Quote, ...]
    weighed: tuple[Weighed, ...]


class Corpus:
    """What choosing needs of the documents: their text and their chunks, by id."""

    def __init__(
        self,
        document: Callable[[DocumentId], Document | None],
        chunks_of: Callable[[DocumentId], Sequence[Chunk]],
    ) -> None:
        self.document = document
        self.chunks_of = chunks_of


def choose(question: str, passages: Sequence[Passage], corpus: Corpus) -> list[Quote]:
    """Return what to quote from passages that are known to hold the answer; best document first."""
    return list(weigh(question, passages, corpus).quotes)


def weigh(question: str, passages: Sequence[Passage], corpus: Corpus) -> Choice:
    """Return the same with what became of every sentence on the way."""
    asking, candidates = _candidates(question, passages)
    candidates.sort(key=lambda its: -its.weight)
    if not candidates:
        return Choice((), tuple(asking))
    best = candidates[0]
    if items := _list(question, best.quote, corpus):
        weighed = [replace(its, fate=Fate.LIST_INSTEAD) for its in candidates]
        return Choice(tuple(items), (*weighed, *asking))
    chosen: list[Quote] = []
    weighed = []
    for candidate in candidates:
        quote, fate = _judged(candidate, best.weight, chosen)
        if fate is Fate.QUOTED:
            chosen.append(quote)
        weighed.append(replace(candidate, fate=fate))
    quotes = tuple(_with_head(quote, corpus) for quote in _ordered(chosen))
    return Choice(quotes, (*weighed, *asking))


def _judged(candidate: Weighed, best: float, chosen: Sequence[Quote]) -> tuple[Quote, Fate]:
    """Return a candidate as it would be quoted, and what becomes of it beside those chosen."""
    if candidate.weight < best - CLOSE:
        return candidate.quote, Fate.FAR_BELOW
    if len(chosen) == SENTENCES:
        return candidate.quote, Fate.ENOUGH
    if _repeats(candidate.quote, chosen):
        return candidate.quote, Fate.REPEATED
    quote = _with_antecedent(candidate.quote)
    if _repeats(quote, chosen):
        quote = candidate.quote  # What it leans on is quoted already.
    fits = not chosen or sum(len(its.text) for its in [*chosen, quote]) <= LENGTH
    return quote, Fate.QUOTED if fits else Fate.TOO_LONG


def _candidates(question: str, passages: Sequence[Passage]) -> tuple[list[Weighed], list[Weighed]]:
    """Return the sentences that may be quoted, and those that ask something themselves."""
    wanted = Kind.RECOMMENDATION if recommends(question) else None
    fits = _fits(question)
    asking, candidates = list[Weighed](), list[Weighed]()
    for passage in passages:
        chunk = passage.chunk
        bonus = RECOMMENDATION_BONUS if chunk.kind is wanted else 0.0
        bonus += PASSAGE_WEIGHT * passage.score
        for span, score in zip(chunk.sentences, passage.sentence_scores, strict=True):
            quote = Quote(chunk, _bounded(chunk, span), _is_item(chunk, span))
            if _asks(quote.text):
                asking.append(Weighed(quote, score + bonus, Fate.ASKS))
            else:
                weight = score + bonus + fits(quote.text)
                candidates.append(Weighed(quote, weight, Fate.QUOTED))
    return asking, candidates


def _fits(question: str) -> Callable[[str], float]:
    """Return what tells how much more a sentence scores for having what the question asks for."""
    quantity_wanted, name_wanted = asks_for_quantity(question), asks_for_name(question)
    money_wanted, duration_wanted = asks_for_money(question), asks_for_duration(question)

    def fit(sentence: str) -> float:
        bonus = QUANTITY_BONUS if quantity_wanted and holds_quantity(sentence) else 0.0
        if money_wanted and holds_money(sentence):
            bonus += MONEY_BONUS
        if duration_wanted and holds_duration(sentence):
            bonus += DURATION_BONUS
        if name_wanted and holds_new_name(sentence, question):
            bonus += NAME_BONUS
        return bonus

    return fit


def _with_antecedent(quote: Quote) -> Quote:
    """Return the quote from where its subject is named, if it begins with a pronoun for it."""
    chunk, whole = quote.chunk, quote.span
    for before in reversed([its for its in chunk.sentences if its.end <= quote.span.start]):
        if not leans_back(chunk.sentence(whole), chunk.source.language):
            break
        wider = Span(before.start, quote.span.end)
        apart = "\n" in chunk.sentence(wider) or _asks(chunk.sentence(before))
        if apart or wider.end - wider.start > LENGTH:
            break
        whole = wider
    return replace(quote, span=whole)


def _with_head(quote: Quote, corpus: Corpus) -> Quote:
    """Return the quote with the head of its table, where it is a row of one."""
    document = corpus.document(quote.chunk.source.document_id)
    if document is None:
        return quote
    return replace(quote, head=table_head(document.text, quote.span.start))


def _bounded(chunk: Chunk, span: Span) -> Span:
    """Return the span, or of a sentence without end as many whole words as an answer may have."""
    if span.end - span.start <= LENGTH:
        return span
    head = chunk.sentence(span)[:LENGTH]
    return Span(span.start, span.start + (head.rfind(" ") if " " in head else LENGTH))


def _asks(text: str) -> bool:
    """Tell whether a sentence is itself a question, as in a list of frequent ones."""
    return text.rstrip(" »”\"'").endswith("?")


def _is_item(chunk: Chunk, span: Span) -> bool:
    """Tell whether a sentence stands in a list."""
    before = chunk.text[: span.start - chunk.start]
    line_start = before.rfind("\n") + 1
    line = next(iter(lines(chunk.text[line_start:])), None)
    return line is not None and line.form is Form.ITEM


def _repeats(quote: Quote, others: Sequence[Quote]) -> bool:
    words = _normal(quote.text)
    return any(words in _normal(other.text) or _normal(other.text) in words for other in others)


def _normal(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


def _ordered(quotes: Sequence[Quote]) -> list[Quote]:
    """Return the best quote first, and what joins it by document and in the document's order."""
    best, *others = quotes
    documents = list(dict.fromkeys(quote.chunk.source.document_id for quote in quotes))
    rank = {document_id: at for at, document_id in enumerate(documents)}
    others.sort(key=lambda its: (rank[its.chunk.source.document_id], its.span.start))
    return [best, *others]


def _list(question: str, best: Quote, corpus: Corpus) -> list[Quote]:
    """Return the items of a list that is the answer as a whole; none where a sentence is."""
    document = corpus.document(best.chunk.source.document_id)
    if document is None:
        return []
    items = recommendations(question, document)
    if not items and best.text.rstrip().endswith(":"):
        items = introduced(document, best.span.end)
    chunks = corpus.chunks_of(document.id)
    # An item that was too long for one chunk is quoted in as many parts as it was cut into.
    quotes = [
        Quote(its, Span(max(its.start, item.start), min(its.end, item.end)), is_item=True)
        for item in items
        for its in chunks
        if its.start < item.end and item.start < its.end
    ]
    return quotes[:LIST_ITEMS]
