"""The questions that the reader is trained and held against: from a folder of data sets.

`forum_questions/*/*.json`: documents with members' questions and the exact pieces that answer. They
are cut into the product's own chunks; the document's other chunks are the negatives. Every ninth
document of each folder, from the fifth on, is kept apart. More of the same kind lie beside this
module (`documents`, a line each); those without text hold questions that no document answers.
What the search finds for a question (`benchmarks/reader/searching.py`) is shown before others.
`*/reader.jsonl.gz`: questions with passages that answer or do not, of public sets.
"""

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.answering.followups import topic
from assistant.answering.reading import names_in, with_names
from assistant.domain.corpus import Chunk, Document, DocumentId, Kind, Source, Span
from assistant.language.sentences import sentence_spans
from ingest.chunking import chunk

SETS = {
    # Of licence class A and B only; how many questions of each are taken a round.
    "bitcoin_faq": 150, "boolq": 150, "clapnq": 250, "cnil_faq_fr": 500, "coronamelder_faq": 500,
    "covid_qa": 150, "covidcert_ch_faq": 300, "debian_faq": 250, "dekamer_nl": 400,
    "faq_crosslingual": 700, "faquad_pt": 350, "foi_help": 400, "letsencrypt_faq": 100,
    "monero_faq": 80, "mozilla_faq": 300, "nomiracl_neg": 250, "padron_madrid_es": 100,
    "piaf_fr": 400, "policyqa_en": 150, "rijksoverheid_nl": 160, "service_public_fr": 260,
    "squad_es_dist": 300, "squad_pt_sample": 200, "squadshifts": 400, "swisscovid_faq": 100,
}  # fmt: skip
DOCUMENTS = Path(__file__).with_name("documents")
OWN = "own"
KEPT_APART, FIRST_KEPT = 9, 4
CHUNK_TOKENS = 480
NEGATIVES = 4
REPEATED = {"howto": 4, "list": 2, "table": 2}
"""Kinds of questions that are asked several times a round, in the document's language: there are
few of them, and it is where a passage that names the subject is taken for one that answers most
often."""

OWN_REPEATED = 2
"""How often the questions on our own documents are asked beside the others: those documents are
written in groups that rival each other, so that words alone do not tell which passage answers. A
document may say itself how often (`repeated`): less where its opening answers nothing, which was
learnt too well, and more where it does."""

FOLLOWS_UP = 0.15
"""How often a member's question is asked as one that leans on another of the same document, in the
form that the search asks it: "And what does it cost? (become member)"."""

AND = {"de": "Und", "en": "And", "es": "Y", "fr": "Et", "it": "E", "nl": "En", "pt": "E"}

NOT_FOUND, SPREAD = 0.03, 0.02
"""Wrong passages are drawn by the search's score, which lies between 0.04 and 0.2, and chance."""

NONE_ANSWERS = 0.12
"""How often an answerable question is shown only passages that do not answer it."""


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A passage to be read: what stands above it, its text, its units and those that answer.

    Attributes:
        score: The search's, for its question; None where it was not searched for, or not found.
        language: Of the passage.
    """

    context: str
    text: str
    units: tuple[Span, ...]
    answering: frozenset[int] = frozenset()
    score: float | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question with passages, of which some answer or none does."""

    text: str
    language: str
    passages: tuple[ReadPassage, ...]
    is_answerable: bool
    set_name: str = "forum_questions"
    kind: str = ""
    others: tuple[str, ...] = ()
    """What else members ask of the same document, in the same language."""
    repeated: int = 1
    """How often it is asked a round."""

    def with_passages(self, passages: Sequence[ReadPassage]) -> "ReadQuestion":
        """Return the question as it is asked over other passages."""
        is_answerable = any(each.answering for each in passages)
        return replace(self, passages=tuple(passages), is_answerable=is_answerable)


CountTokens = Callable[[str], int]
Named = tuple[str, dict[str, Any]]
"""A document's name and the fields of its file."""


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that the search found, by its document and where in it the passage begins."""

    document: str
    start: int
    score: float


Found = Mapping[str, Sequence[FoundPassage]]
"""What was found for the question of each key, best first."""


@dataclass(frozen=True, slots=True)
class AskedDocument:
    """A document with what members ask of it, in the fields of its file."""

    document: Document
    questions: tuple[dict[str, Any], ...]
    repeated: int

    def key(self, question: Mapping[str, Any]) -> str:
        """Return what tells a question from all others, of other documents too."""
        return f"{self.document.id}\t{question['question']}"


def asked_documents(data: Path, *, kept_apart: bool) -> Iterator[AskedDocument]:
    """Yield the documents that are trained on, or those that are kept apart."""
    for group in (*_folders(data / "forum_questions"), *_files(DOCUMENTS)):
        for at, (name, fields) in enumerate(group):
            if (at % KEPT_APART == FIRST_KEPT) == kept_apart:
                yield _asked_document(name, fields)


def _folders(data: Path) -> Iterator[list[Named]]:
    for folder in sorted(path for path in data.iterdir() if path.is_dir()):
        paths = sorted(folder.glob("*.json"))
        yield [(f"{folder.name}/{path.stem}", json.loads(path.read_bytes())) for path in paths]


def _files(folder: Path) -> Iterator[list[Named]]:
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            yield [(f"{OWN}/{row['name']}", row) for row in map(json.loads, lines)]


def _asked_document(name: str, fields: dict[str, Any]) -> AskedDocument:
    kind, language = _kind(fields["kind"]), fields["language"]
    source = Source(DocumentId(name), fields["title"], f"/documents/{name}", None, language, kind)
    repeated = fields.get("repeated", OWN_REPEATED if name.startswith(f"{OWN}/") else 1)
    return AskedDocument(Document(source, fields["text"]), tuple(fields["questions"]), repeated)


def forum_questions(
    asked: Sequence[AskedDocument],
    count_tokens: CountTokens,
    found: Found | None = None,
    *,
    are_named: bool = True,
) -> Iterator[ReadQuestion]:
    """Yield the members' questions, each with all passages of its document.

    Passages of other documents that were found for a question come along, where it has a name that
    tells them from its own. "How do we become a member?" is asked of one forum's page, and the
    search finds those of all others: to learn that they do not answer would be to learn that
    nothing does. Where passages `are_named`, each has the names that only the rest of its document
    says, as a reader gets it.
    """
    texts = {each.document.id: each.document.text for each in asked}
    words = words_of(asked)

    def text_of(document_id: DocumentId) -> str:
        return texts[document_id] if are_named else ""

    chunks = _chunks(asked, count_tokens)
    for each in asked:
        for question in each.questions:
            text = str(question["question"])
            apart = told_apart(text, str(each.document.id), words)
            passages = [
                _passage(with_names(text, one, text_of), spans, score)
                for one, spans, score in _chosen_among(each, question, chunks, found or {})
                if apart(one.source.document_id)
            ]
            if question["answerable"] and not any(passage.answering for passage in passages):
                continue  # a heading alone answers
            language = question["language"]
            others = tuple(
                other["question"] for other in each.questions
                if other["language"] == language and other is not question
            )  # fmt: skip
            is_own = str(each.document.id).startswith(f"{OWN}/")
            kind, is_foreign = question["kind"], language != each.document.source.language
            repeated = each.repeated * (1 if is_foreign else REPEATED.get(kind, 1))
            yield ReadQuestion(
                text, language, tuple(passages), question["answerable"],
                OWN if is_own else "forum_questions", kind, others, repeated,
            )  # fmt: skip


def words_of(asked: Sequence[AskedDocument]) -> dict[str, str]:
    """Return what each document says, in small letters, by its id."""
    return {
        str(each.document.id): f"{each.document.source.title} {each.document.text}".casefold()
        for each in asked
    }


def told_apart(question: str, own: str, words: Mapping[str, str]) -> Callable[[str], bool]:
    """Return what says whether a question is surely not answered by a document, or it is its own.

    `words` are those of `words_of`. What no document answers has no text of its own, and is asked
    of all.
    """
    names = [name.casefold() for name in names_in(question) if name.casefold() in words[own]]

    def apart(document: str) -> bool:
        if document == own or not words[own].strip():
            return True
        return any(name not in words[document] for name in names)

    return apart


Place = tuple[str, int]
"""A document's id, and where in it a passage begins."""


def _chunks(asked: Sequence[AskedDocument], count_tokens: CountTokens) -> dict[Place, Chunk]:
    return {
        (str(each.document.id), one.start): one
        for each in asked
        for one in chunk(each.document, count_tokens=count_tokens, limit=CHUNK_TOKENS)
        if one.sentences
    }


def _chosen_among(
    asked: AskedDocument,
    question: Mapping[str, Any],
    chunks: Mapping[Place, Chunk],
    found: Found,
) -> Iterator[tuple[Chunk, list[Span], float | None]]:
    """Yield a question's passages: each with the pieces that answer, and the search's score."""
    document = asked.document
    scores = {
        (each.document, each.start): each.score for each in found.get(asked.key(question), ())
    }
    pieces = [_found(document.text, piece) for piece in question["spans"]]
    own = [place for place in chunks if place[0] == str(document.id)]
    for place in own:
        yield chunks[place], pieces, scores.get(place)
    for place, score in scores.items():
        if place in chunks and place[0] != str(document.id):
            yield chunks[place], [], score


def _kind(name: str) -> Kind:
    return Kind(name) if name in set(Kind) else Kind.PAGE


def _found(text: str, span: str) -> Span:
    start = text.index(span)
    return Span(start, start + len(span))


def _passage(chunk: Chunk, spans: list[Span], score: float | None) -> ReadPassage:
    answering = frozenset(
        at
        for at, unit in enumerate(chunk.sentences)
        if any(unit.start < span.end and span.start < unit.end for span in spans)
    )
    units = tuple(
        Span(sentence.start - chunk.start, sentence.end - chunk.start)
        for sentence in chunk.sentences
    )
    return ReadPassage(chunk.context, chunk.text, units, answering, score, chunk.source.language)


def public_questions(data: Path) -> Iterator[ReadQuestion]:
    """Yield the questions of the public sets, each with all passages that are given for it."""
    for name in SETS:
        by_question = defaultdict[str, list[dict[str, Any]]](list)
        with gzip.open(data / name / "reader.jsonl.gz", "rt", encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                by_question[row["question"]].append(row)
        for question, rows_of_it in by_question.items():
            passages = tuple(_row_passage(row) for row in rows_of_it)
            language = rows_of_it[0].get("question_language") or rows_of_it[0]["language"]
            is_answerable = any(passage.answering for passage in passages)
            yield ReadQuestion(question, language, passages, is_answerable, name)


def _row_passage(row: dict[str, Any]) -> ReadPassage:
    text, units, at = row["passage"], list[Span](), 0
    for line in text.split("\n"):
        units += sentence_spans(line, row["language"], offset=at)
        at += len(line) + 1
    if row["answerable"] and not row["answers"]:
        answering = frozenset(range(len(units)))
    else:
        ends = [
            (fields["start"], fields["start"] + len(fields["text"])) for fields in row["answers"]
        ]
        answering = frozenset(
            at for at, unit in enumerate(units)
            if any(unit.start < end and start < unit.end for start, end in ends)
        )  # fmt: skip
    return ReadPassage(
        row.get("title") or "", text, tuple(units), answering, language=row["language"]
    )


class Rounds:
    """An endless row of questions to train on, the same for the same seed."""

    def __init__(
        self, forum: list[ReadQuestion], public: list[ReadQuestion], seed: int, share: float
    ) -> None:
        self._forum, self._public, self._seed, self._share = forum, public, seed, share

    def round(self, number: int) -> list[ReadQuestion]:
        """Return the questions of one round, with the passages that are shown for each.

        All members' questions, and as many of the public sets that they are `share` of all.
        """
        chance = random.Random(f"{self._seed} {number}")
        forum = [each for each in self._forum for _ in range(each.repeated)]
        public = list(self._public)
        chance.shuffle(forum)
        chance.shuffle(public)
        taken, room = list[ReadQuestion](), dict(SETS)
        for question in public:
            if room[question.set_name] > 0:
                room[question.set_name] -= 1
                taken.append(question)
        wanted = round(len(forum) * (1 - self._share) / self._share)
        mixed = forum + taken[:wanted]
        chance.shuffle(mixed)
        others = [passage for question in public[:2000] for passage in question.passages]
        others += [passage for question in forum[:2000] for passage in question.passages]
        return [_shown(_led_up_to(question, chance), others, chance) for question in mixed]


def as_followup(question: ReadQuestion, other: str) -> ReadQuestion:
    """Return a question as it is asked after another: what both speak of stands in brackets."""
    carried = topic(other, question.language)
    shared = {word.casefold() for word in carried}
    words = [
        word for word in question.text.split() if word.strip("?!.,:;¿").casefold() not in shared
    ]
    rest = " ".join(words)
    text = f"{AND[question.language]} {rest[:1].lower()}{rest[1:]}"
    return replace(question, text=f"{text.rstrip('?! ')}? ({' '.join(carried)})")


def _led_up_to(question: ReadQuestion, chance: random.Random) -> ReadQuestion:
    if question.language not in AND or not question.others or chance.random() >= FOLLOWS_UP:
        return question
    return as_followup(question, chance.choice(question.others))


def _shown(
    question: ReadQuestion, others: list[ReadPassage], chance: random.Random
) -> ReadQuestion:
    """Return the question with what answers, and of the rest what the search puts near it.

    A passage that was not found may be shown too, so that not all that is strange is right.
    """
    right = [passage for passage in question.passages if passage.answering]
    wrong = [passage for passage in question.passages if not passage.answering]
    chance.shuffle(right)
    wrong.sort(key=lambda passage: -nearness(passage) - chance.gauss(0, SPREAD))
    shown = right[:2]
    if right and len(wrong) > 1 and chance.random() < NONE_ANSWERS:
        shown = []
    shown = shown + wrong[:NEGATIVES]
    foreign = chance.choice(others)
    if len(shown) <= NEGATIVES:
        shown.append(ReadPassage(foreign.context, foreign.text, foreign.units))
    return question.with_passages(shown)


def nearness(passage: ReadPassage) -> float:
    """Return the search's score of a passage, or about that of the last one found."""
    return NOT_FOUND if passage.score is None else passage.score
