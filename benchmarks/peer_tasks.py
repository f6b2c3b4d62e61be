"""What assistants are compared on, and how each is measured."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.domain.corpus import Document, DocumentId
from assistant.evaluation import formats, measures
from assistant.evaluation.measures import Observation
from assistant.evaluation.sets import Case, EvaluationSet
from assistant.language.detection import LanguageDetection
from assistant.terminal import progress_bar
from benchmarks.baselines import Peer, Piece
from benchmarks.languages import mixed

QUESTIONS = 600  # of each set, taken evenly, as in the other measurements
READER_QUESTIONS = 200  # of what comes to the reader
STRANGE_QUESTIONS = 60  # of each of two files
EVERY = 2  # article of SQuAD 2 is taken
READ = 1000  # characters: what is surely read by whoever gets the passages

SETS = {
    "xquad": "xquad/beir",
    "piaf": "piaf_fr/beir",
    "squad": "squad2_half_dev/dev-v2.0.cs224n.json.gz",
    "strange": "nomiracl/en.relevant.jsonl.gz",
    "strange too": "nomiracl/en.non_relevant.jsonl.gz",
}

HandOver = Callable[[str, str], list[Piece]]


@dataclass(frozen=True, slots=True)
class Task:
    """A corpus and questions to it.

    Attributes:
        strange: Questions to another corpus, which this one does not answer.
        is_timed: Whether nothing may be remembered from before.
    """

    name: str
    documents: tuple[Document, ...]
    cases: tuple[Case, ...]
    strange: tuple[Case, ...] = ()
    is_timed: bool = False


def missing(data: Path) -> list[str]:
    """Return which of the sets are not there."""
    return [each for each in SETS.values() if not (data / each).exists()]


def read(data: Path) -> list[Task]:
    """Return the tasks; the timed one comes last, when everything is warm."""
    detect = LanguageDetection()
    sets = {name: formats.read(data / path, detect) for name, path in SETS.items()}
    german, english = sets["xquad"]
    (french,) = sets["piaf"]
    (squad,) = sets["squad"]
    few = [
        part.sampled(STRANGE_QUESTIONS).cases for part in (*sets["strange"], *sets["strange too"])
    ]
    strange = (*few[0], *few[1])
    return [
        paragraphs("XQuAD en", english, strange),
        paragraphs("XQuAD de", german),
        paragraphs("PIAF fr", french),
        other_language(english, german),
        articles("XQuAD de articles", german, every=1),
        replace(articles("SQuAD 2 articles", squad, every=EVERY), strange=strange, is_timed=True),
    ]


def paragraphs(name: str, evaluation_set: EvaluationSet, strange: tuple[Case, ...] = ()) -> Task:
    """Return each paragraph as a document."""
    return Task(name, evaluation_set.documents, evaluation_set.sampled(QUESTIONS).cases, strange)


def other_language(english: EvaluationSet, german: EvaluationSet) -> Task:
    """Return each paragraph in one language, with the questions that are asked in the other."""
    documents = mixed(english, german)
    held = {document.id for document in documents}
    parallel: dict[str, frozenset[DocumentId]] = {}
    for part in (*english.cases, *german.cases):  # ids are the same in both languages
        parallel[part.id] = parallel.get(part.id, frozenset()) | (part.relevant & held)
    cases = tuple(
        replace(part, relevant=parallel[part.id])
        for part in (*english.cases, *german.cases)
        if parallel[part.id] and not part.relevant & held
    )
    # One name for a question in either language would be one question to the measures.
    named = tuple(replace(case, id=f"{at}") for at, case in enumerate(cases))
    return paragraphs("other language", EvaluationSet("", tuple(documents), named))


def articles(name: str, evaluation_set: EvaluationSet, *, every: int) -> Task:
    """Return the paragraphs joined to the articles they are from: pages as long as a forum's."""
    whole: dict[str, list[Document]] = {}
    for document in evaluation_set.documents:
        whole.setdefault(document.source.title, []).append(document)
    whole = {title: whole[title] for title in list(whole)[::every]}
    owner = {part.id: DocumentId(title) for title, parts in whole.items() for part in parts}
    documents = tuple(
        Document(
            replace(parts[0].source, document_id=DocumentId(title), url=f"/documents/{at}"),
            "\n\n".join(part.text for part in parts),
        )
        for at, (title, parts) in enumerate(whole.items())
    )
    answerable = tuple(
        replace(case, relevant=frozenset(owner[one] for one in case.relevant))
        for case in evaluation_set.cases
        if case.is_answerable and case.relevant and case.relevant <= owner.keys()
    )
    sampled = EvaluationSet(name, documents, answerable).sampled(READER_QUESTIONS)
    return Task(name, documents, sampled.cases)


def measured(peer: Peer, task: Task, views: Mapping[str, HandOver]) -> dict[str, Any]:
    """Ingest and ask; return the figures, those of each view under its name."""
    words = sum(len(document.text.split()) for document in task.documents)
    started, computed = time.perf_counter(), time.process_time()
    with progress_bar(f"{task.name}, ingesting", "texts") as progress:
        peer.ingest(task.documents, lambda done: progress(done, max(done, 1)))
    took = time.perf_counter() - started
    computed = time.process_time() - computed
    figures: dict[str, Any] = {
        "documents": len(task.documents),
        "questions": len(task.cases),
        "ingest s": took,
        "ingest CPU s": computed,
        "words/s": words / took,
    }
    is_articles = "articles" in task.name  # they are too few to miss one
    if not is_articles:
        figures |= ranked(peer, task)
    if is_articles or task.strange:
        figures |= {name: read_by(view, task, name) for name, view in views.items()}
    return figures


def ranked(peer: Peer, task: Task) -> dict[str, float]:
    """Return the measures of the documents found."""
    observations = []
    with progress_bar(f"{task.name}, ranking", "questions") as progress:
        for done, case in enumerate(task.cases, start=1):
            ranking = tuple(peer.ranking(case.question, case.language))
            observations.append(Observation(case, ranking, (), (), 0.0, 0.0))
            progress(done, len(task.cases))
    return measures.retrieval(observations)


def read_by(hand_over: HandOver, task: Task, name: str) -> dict[str, float]:
    """Return what comes to the reader, and how long it takes."""
    held, read, lengths, times, computed = [], [], [], [], []
    cases = EvaluationSet("", (), task.cases).sampled(READER_QUESTIONS).cases
    with progress_bar(f"{task.name}, {name}", "questions") as progress:
        for done, case in enumerate(cases, start=1):
            started, before = time.perf_counter(), time.process_time()
            pieces = hand_over(case.question, case.language)
            times.append(1000 * (time.perf_counter() - started))
            computed.append(1000 * (time.process_time() - before))
            lengths.append(sum(len(piece.text) for piece in pieces))
            held.append(holds(pieces, case))
            read.append(holds(first(pieces, READ), case))
            progress(done, len(cases))
    strange = [bool(hand_over(case.question, case.language)) for case in task.strange]
    figures = {
        "asked": len(cases),
        "held": float(np.mean(held)),
        "held early": float(np.mean(read)),
        "characters": float(np.mean(lengths)),
        "nothing": float(np.mean([not length for length in lengths])),
        "p50": float(np.percentile(times, 50)),
        "p95": float(np.percentile(times, 95)),
        "CPU ms": float(np.mean(computed)),
    }
    if strange:
        figures |= {"strange asked": len(strange), "strange": float(np.mean(strange))}
    return figures


def holds(pieces: Sequence[Piece], case: Case) -> bool:
    """Tell whether a wording of the answer stands in a piece of a document that answers."""
    texts = [
        f" {measures.normal(piece.text)} " for piece in pieces if piece.document in case.relevant
    ]
    return any(f" {measures.normal(answer)} " in text for answer in case.answers for text in texts)


def first(pieces: Sequence[Piece], length: int) -> list[Piece]:
    """Return what stands in the first characters of all pieces together."""
    kept = []
    for piece in pieces:
        kept.append(replace(piece, text=piece.text[: max(0, length)]))
        length -= len(piece.text)
    return kept
