"""Questions that may be worth offering, made from the documents of one language. Not yet asked."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.answering.suggesting import SHORT_TITLE
from assistant.answering.topics import TOPIC_LETTERS
from assistant.domain.corpus import Document, Filters, Kind, Source, recommends
from assistant.domain.ports import Generation
from assistant.domain.publication import QuestionForm
from assistant.evaluation.golden_questions import GoldenQuestion
from assistant.language.languages import capitalises_nouns, function_words, languages
from assistant.language.wording import Wording

NOUN_SHARE = 0.2
"""How often, of all times that it stands in a text, a word must stand as a noun does. A choice,
made by looking at what the sample forum and 320 public pages in four languages gave."""

SEEN_AS_NOUN = 2  # times; one may be chance
COMMON = 0.5  # of the documents; what more of them speak of is the forum's own subject, or nothing
FEW = 3  # documents; among so few, a word may stand in all
OFTEN = 2.0  # times in each document that has it; else it must be in two titles to be a subject

_TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|\d+|[^\w\s'’]|\n")


@dataclass(slots=True)
class _Word:
    """How a word stands in the texts."""

    titles: int = 0
    documents: int = 0
    times: int = 0
    as_noun: int = 0
    forms: Counter[str] = field(default_factory=Counter)

    @property
    def is_noun(self) -> bool:
        return self.as_noun >= max(SEEN_AS_NOUN, NOUN_SHARE * self.times)

    @property
    def is_subject(self) -> bool:
        return self.titles > 1 or self.times >= OFTEN * self.documents


def topic_words(documents: Sequence[Document], language: str, most: int) -> list[str]:
    """Return up to `most` nouns of titles that several documents use, the most used first.

    No two begin alike, as forms of one word do. German ones are capitalised, as nouns are; in
    other languages what is capitalised is a name, and left out.
    """
    words = _titled(documents, language)
    for document in documents:
        _count(document.text, words, language)
    common = max(FEW, COMMON * len(documents))
    nouns = [word for word in words.items() if word[1].is_noun and word[1].is_subject]
    found = [noun for noun in nouns if 1 < noun[1].documents <= common]
    found.sort(key=lambda each: (-each[1].titles, -each[1].documents, -each[1].as_noun, each[0]))
    chosen: dict[str, str] = {}
    for word, counted in found:
        written = max(counted.forms, key=counted.forms.__getitem__, default="-")
        if written[0].isupper() is capitalises_nouns(language) and not recommends(word):
            chosen.setdefault(word[:TOPIC_LETTERS], written)
    return list(chosen.values())[:most]


def _titled(documents: Iterable[Document], language: str) -> dict[str, _Word]:
    """Return the words of the titles that may name a topic."""
    idle = function_words(language)
    words: dict[str, _Word] = {}
    for document in documents:
        for word in {text.casefold() for text in _TOKEN.findall(document.source.title)}:
            if len(word) >= TOPIC_LETTERS and word.isalpha() and word not in idle:
                words.setdefault(word, _Word()).titles += 1
    return words


def _count(text: str, words: dict[str, _Word], language: str) -> None:
    """Note how the words stand in a text."""
    known = languages().get(language)
    before_nouns = known.before_nouns if known else frozenset()
    idle = function_words(language)
    seen = set()
    for before, token, after in _threes(text):
        word = words.get(token.casefold())
        if word is None:
            continue
        seen.add(token.casefold())
        word.times += 1
        is_inside = before[:1].isalnum()  # the first word is capitalised whatever it is
        ends = not after[1:] or after.casefold() in idle  # signs, and words such as "à"
        if capitalises_nouns(language):
            word.as_noun += is_inside and token[0].isupper()
        else:
            word.as_noun += before.casefold() in before_nouns and ends
        if is_inside:
            word.forms[token] += 1
    for folded in seen:
        words[folded].documents += 1


def _threes(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield each token between its neighbours."""
    tokens = _TOKEN.findall(text)
    yield from zip(["", *tokens], tokens, [*tokens[1:], ""], strict=False)


READ = 200  # documents of a language, the newest; more would take seconds to read
SHORT_QUESTION = 90  # characters; a longer one makes no button
TELLING, LONG = 2, 3  # words beside those that every text has, of so many letters
MOST = {QuestionForm.FACT: 36, QuestionForm.LIST: 8, QuestionForm.SUMMARY: 8, QuestionForm.TOPIC: 8}
"""How many are asked at most in each language. With no golden questions, all that was asked of the
sample forum's 28 documents took 19 s, of 322 public pages in four languages 58 s, on two cores
that had three times as much to do."""

ENOUGH = {
    QuestionForm.FACT: 8,
    QuestionForm.LIST: 2,
    QuestionForm.SUMMARY: 4,
    QuestionForm.TOPIC: 4,
}
"""How many are kept, golden questions aside: a page shows four, and what is left may come next."""


_NUMBER = re.compile(r"^\d+(?:\.\d+)*[.)]?\s+")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question to be asked before it is offered.

    Attributes:
        document: What must answer it; None where any document may.
        golden: What staff expect of the answer, where they wrote it.
    """

    text: str
    language: str
    form: QuestionForm
    document: Source | None = None
    golden: GoldenQuestion | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Candidates of which only so many need be answered, the best first."""

    candidates: Sequence[Candidate]
    enough: int


def batches(
    generation: Generation, golden: Iterable[GoldenQuestion], words: Wording
) -> list[Batch]:
    """Return what may be offered in one language.

    Where there are no documents in it, summaries of others are all there is beside the newest.
    """
    language = words.language
    ours = [each for each in golden if each.is_answerable and each.language == language]
    sources = generation.documents(Filters(languages=frozenset({language})), every_version=True)
    own = [source for source in sources if source.language == language][:READ]
    read = [document for source in own if (document := generation.document(source.document_id))]
    known = [
        Candidate(each.question, language, QuestionForm.FACT, golden=each)
        for each in _spread(ours, MOST[QuestionForm.FACT])
    ]
    topics = topic_words(read, language, max(MOST.values()))
    everything = Candidate(words("samples.latest"), language, QuestionForm.LIST)
    return [
        Batch(known, len(known)),
        _enough(QuestionForm.FACT, _asked_by_documents(read, generation)),
        _enough(QuestionForm.LIST, _recommended(topics, generation, words)),
        Batch([everything] if generation.documents() else [], 1),
        _enough(
            QuestionForm.SUMMARY, _summaries(own or generation.documents(language=language), words)
        ),
        _enough(QuestionForm.TOPIC, _published(topics, words)),
    ]


def _enough(form: QuestionForm, made: Iterable[Candidate]) -> Batch:
    one_each = {each.text: each for each in made}
    return Batch(list(one_each.values())[: MOST[form]], ENOUGH[form])


def _asked_by_documents(read: Sequence[Document], generation: Generation) -> Iterator[Candidate]:
    """Yield the titles that ask something themselves, then such headings as those of an FAQ.

    A heading must say what it is about: "What does it cost?" means nothing without its page.
    """
    for document in read:
        yield from _questions([document.source.title], document.source)
    for document in read:
        paths = (chunk.headings for chunk in generation.chunks_of(document.id))
        headings = dict.fromkeys(heading for path in paths for heading in path)
        language = document.source.language
        yield from _questions(
            (heading for heading in headings if _asks(heading, language)), document.source
        )


def _questions(texts: Iterable[str], source: Source) -> Iterator[Candidate]:
    for text in texts:
        asked = _NUMBER.sub("", text.strip())
        if asked.endswith("?") and len(asked) <= SHORT_QUESTION:
            yield Candidate(asked, source.language, QuestionForm.FACT, source)


def _asks(heading: str, language: str) -> bool:
    """Tell a question of two telling words from "Ready to join?": it begins as questions do."""
    idle = function_words(language)
    words = _WORD.findall(_NUMBER.sub("", heading.strip()).casefold())
    telling = [word for word in words if word not in idle and len(word) >= LONG]
    return words[:1] != telling[:1] and len(telling) >= TELLING


def _recommended(
    topics: Sequence[str], generation: Generation, words: Wording
) -> Iterator[Candidate]:
    of_kind = Filters(frozenset({words.language}), frozenset({Kind.RECOMMENDATION}))
    if generation.documents(of_kind):
        for topic in topics:
            asked = words("samples.recommendations", topic=topic)
            yield Candidate(asked, words.language, QuestionForm.LIST)


def _published(topics: Sequence[str], words: Wording) -> Iterator[Candidate]:
    for topic in topics:
        yield Candidate(words("samples.about", topic=topic), words.language, QuestionForm.TOPIC)


def _summaries(sources: Iterable[Source], words: Wording) -> Iterator[Candidate]:
    for source in sources:
        if len(source.title) <= SHORT_TITLE:
            asked = words("samples.summary", title=source.title)
            yield Candidate(asked, words.language, QuestionForm.SUMMARY, source)


def _spread(several: Sequence[GoldenQuestion], count: int) -> Sequence[GoldenQuestion]:
    """Return up to `count` of them, evenly taken from the whole."""
    return several[:: max(1, -(-len(several) // count))]
