"""How well passages are found: in public sets, between languages, and beside others.

    FORUM_EVAL_DATA=... .venv/bin/python benchmarks/retrieval.py [SUBJECT ...] [--sample N]

`sets`: public sets, by `app.py evaluate`. `languages`: questions over a corpus of several
languages. `others`: beside the default retrieval of other
assistants (`others.py`), which embed with the built-in model's weights in 32-bit floats.
`published`: figures of models on XQuAD. `--sample` asks only so many questions of a set.
"""

import argparse
import csv
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from assistant import settings, wiring
from assistant.answering.assistant import SEARCHED, Assistant
from assistant.answering.reading import probability, read
from assistant.domain.corpus import Document, DocumentId
from assistant.domain.dialogue import Question
from assistant.evaluation import formats, measures
from assistant.evaluation.measures import Observation
from assistant.evaluation.runner import FOUND
from assistant.evaluation.sets import Case, EvaluationSet
from assistant.language.detection import LanguageDetection
from assistant.terminal import progress_bar
from benchmarks import figures, others
from benchmarks.answers import app
from benchmarks.others import Piece
from vectorstore.embedding import builtin_model, model_conversion
from vectorstore.publishing.library import Library

QUESTIONS = 600  # of each set, taken evenly
READ_QUESTIONS = 200  # of what comes to the reader
GIVEN = 8  # passages that a chat model would be given
FIRST = 1000  # characters: what is surely read by whoever gets the passages
OURS = "this assistant"
SETS = {
    "xquad": "xquad/beir",
    "piaf": "piaf_fr/beir",
    "squad": "squad2_half_dev/dev-v2.0.cs224n.json.gz",
    "strange": "nomiracl/en.relevant.jsonl.gz",
}
NAMES = {
    "xquad en": "XQuAD, English",
    "xquad de": "XQuAD, German",
    "piaf_fr fr": "PIAF, French",
    "dev-v2.0.cs224n": "SQuAD 2 (half of dev), English",
}
SHOWN = {
    "openai/text-embedding-3-large": "Kotaemon",
    "openai/text-embedding-3-small": "chat-langchain",
    "sentence-transformers/all-mpnet-base-v2": "DocsGPT",
    "nomic-ai/nomic-embed-text-v1": "Onyx",
    "nomic-ai/nomic-embed-text-v1.5": "PrivateGPT 0.6",
    "sentence-transformers/all-MiniLM-L6-v2": "Open WebUI, AnythingLLM, Verba",
    "intfloat/multilingual-e5-large": "",
    "intfloat/multilingual-e5-base": "",
    "mteb/baseline-bm25s": "words alone",
}
"""Models whose published figures are shown, and who comes with them."""


def measure_sets(options: argparse.Namespace) -> None:
    """Evaluate public sets, in which each paragraph is a document."""
    data = figures.data_folder()
    rows: dict[str, dict[str, figures.Value]] = {}
    for name, sample in (("xquad", 10_000), ("piaf", QUESTIONS), ("squad", QUESTIONS)):
        count = str(options.sample or sample)
        said = json.loads(app("evaluate", str(data / SETS[name]), "--sample", count, "--json"))
        for told in said["sets"]:
            rows[NAMES.get(told["set"], told["set"])] = {
                "questions": told["questions"],
                "nDCG@10": told["nDCG@10"],
                "first place": told["recall@1"],
            }
    figures.record("retrieval", rows, head="set", formats={"all": ".3f", "questions": ","})


def measure_languages(options: argparse.Namespace) -> None:
    """Ask over every other paragraph of XQuAD in English, the rest in German, among French ones."""
    german, english, french = sets("xquad", "piaf")
    documents = (*mixed(english, german), *french.documents)
    rows: dict[str, dict[str, figures.Value]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        ours = Ours(Path(scratch))
        ours.ingest(documents)
        held = {document.id for document in documents}
        for code, asked, parallel in (("en", english, german), ("de", german, english)):
            same = tuple(case for case in asked.cases if case.relevant & held)
            other = crossing(asked, parallel, held)
            groups = {"paragraph in the same language": same, "in the other": other}
            groups["all"] = (*same, *other)
            rows[code] = {
                name: found_by(ours, Task(f"{code}, {name}", documents, some))["nDCG@10"]
                for name, cases in groups.items()
                for some in [EvaluationSet("", (), cases).sampled(options.sample or 2000).cases]
            }
    figures.record("between languages", rows, head="questions", formats=dict.fromkeys(rows, ".3f"))


def crossing(
    asked: EvaluationSet, parallel: EvaluationSet, held: set[DocumentId]
) -> tuple[Case, ...]:
    """Return the questions whose paragraph is held in the other language only."""
    elsewhere = {case.id: case.relevant & held for case in parallel.cases}  # ids are the same
    return tuple(
        replace(case, id=f"{case.language} {case.id}", relevant=elsewhere[case.id])
        for case in asked.cases
        if elsewhere.get(case.id) and not case.relevant & held
    )


def sets(*names: str) -> list[EvaluationSet]:
    """Read sets; one of several languages is several."""
    data, detect = figures.data_folder(), LanguageDetection()
    return [found for name in names for found in formats.read(data / SETS[name], detect)]


def mixed(english: EvaluationSet, german: EvaluationSet) -> list[Document]:
    """Return each paragraph once, in English and German by turns."""
    pairs = enumerate(zip(english.documents, german.documents, strict=True))
    return [pair[number % 2] for number, pair in pairs]


class Peer(Protocol):
    """A retrieval as it comes."""

    def ingest(self, documents: Sequence[Document]) -> None:
        """Take in a corpus, instead of any before."""

    def hand_over(self, question: str, language: str) -> list[Piece]:
        """Return what the reader of passages gets; nothing where the question is refused."""

    def ranking(self, question: str, language: str) -> list[DocumentId]:
        """Return the documents found, best first, whatever would be refused."""


class Ours:
    """This assistant as `app.py` wires it."""

    def __init__(self, folder: Path) -> None:
        self._config = settings.load()
        self._folder = folder
        self._corpora = 0
        self._embedder = wiring.load_embedder(self._config)

    def ingest(self, documents: Sequence[Document]) -> None:
        """Publish the documents in a library of their own."""
        self._corpora += 1
        place = self._folder / f"corpus-{self._corpora}"
        library = Library(place, lambda: self._embedder, model=self._embedder.name)
        wiring.publish_set(library, EvaluationSet(place.name, tuple(documents), ()))
        self._assistant: Assistant = wiring.make_assistant(self._config, library)

    def hand_over(self, question: str, language: str) -> list[Piece]:
        """Return the passages that are read for an answer."""
        assistant = self._assistant
        language = assistant.detect_language(question, fallback=language)
        with assistant.library.generation() as generation:
            found = generation.search(question, limit=SEARCHED, language=language)
        readings = read(question, language, found, assistant.reader)
        if probability(readings) < assistant.minimum_support:
            return []
        passages = [reading.passage.chunk for reading in readings[:GIVEN]]
        return [Piece(passage.source.document_id, passage.text) for passage in passages]

    def quote(self, question: str, language: str) -> list[Piece]:
        """Return the excerpts that a member sees."""
        answer = self._assistant.answer(Question(question, interface_language=language))
        return [
            Piece(citation.source.document_id, citation.excerpt.text)
            for citation in answer.citations
        ]

    def ranking(self, question: str, language: str) -> list[DocumentId]:
        """Return the documents of the passages."""
        language = self._assistant.detect_language(question, fallback=language)
        with self._assistant.library.generation() as generation:
            found = generation.search(question, limit=FOUND, language=language)
        return list(dict.fromkeys(passage.chunk.source.document_id for passage in found))


@dataclass(frozen=True, slots=True)
class Task:
    """A corpus and questions to it; `strange` are questions that it does not answer."""

    name: str
    documents: tuple[Document, ...]
    cases: tuple[Case, ...]
    strange: tuple[Case, ...] = ()


def measure_others(options: argparse.Namespace) -> None:
    """Ask this assistant and others the same over the same."""
    ranked: dict[str, dict[str, figures.Value]] = {}
    handed: dict[str, dict[str, figures.Value]] = {}
    paragraphs, articles = tasks(options.sample or QUESTIONS)
    with tempfile.TemporaryDirectory() as scratch:
        model = Path(scratch) / "model"
        weights = builtin_model.pinned_weights().read_bytes()
        model_conversion.write_sentence_transformer(weights, model)
        embedding = others.Embedding(model)
        ours = Ours(Path(scratch) / "ours")
        peers: dict[str, Peer] = {OURS: ours}
        peers |= others.assistants(embedding, Path(scratch) / "others")
        for who, peer in peers.items():
            for task in paragraphs:
                peer.ingest(task.documents)
                ranked.setdefault(who, {})[task.name] = found_by(peer, task)
            for task in articles:
                peer.ingest(task.documents)
                views = {who: peer.hand_over}
                if peer is ours:
                    views = {f"{who}, passages": ours.hand_over, f"{who}, shown": ours.quote}
                for name, hand_over in views.items():
                    handed.setdefault(name, {}).update(read_by(hand_over, task, name))
    formats = {task.name: ".3f" for task in paragraphs}
    figures.record("others, paragraphs", ranked, head="retrieval", formats=formats)
    columns = [column for row in handed.values() for column in row]
    formats = {name: ".0%" if "questions" in name else ".3f" for name in columns}
    formats |= {name: ",.0f" for name in columns if "characters" in name}
    figures.record("others, articles", handed, head="retrieval", formats=formats)


def tasks(sample: int) -> tuple[list[Task], list[Task]]:
    """Return the tasks whose documents are paragraphs, and those with whole articles."""
    german, english, french, squad, strange = sets("xquad", "piaf", "squad", "strange")
    documents = mixed(english, german)
    held = {document.id for document in documents}
    crossed = (*crossing(english, german, held), *crossing(german, english, held))
    named = {
        "XQuAD en": english,
        "XQuAD de": german,
        "PIAF fr": french,
        "other language": EvaluationSet("", tuple(documents), crossed),
    }
    paragraphs = [
        Task(name, each.documents, each.sampled(sample).cases) for name, each in named.items()
    ]
    few = strange.sampled(100).cases[: max(1, sample // 6)]
    count = min(sample, READ_QUESTIONS)
    articles = [
        article_task("XQuAD de", german, count, every=1),
        replace(article_task("SQuAD 2", squad, count, every=2), strange=few),
    ]
    return paragraphs, articles


def article_task(name: str, evaluation_set: EvaluationSet, count: int, *, every: int) -> Task:
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
    return Task(name, documents, EvaluationSet(name, documents, answerable).sampled(count).cases)


def found_by(peer: Peer, task: Task) -> dict[str, float]:
    """Return nDCG@10 and recall@1 of the documents found."""
    observations = []
    with progress_bar(f"{task.name}, ranking", "questions") as progress:
        for done, case in enumerate(task.cases, start=1):
            ranking = tuple(peer.ranking(case.question, case.language))
            observations.append(Observation(case, ranking, (), (), 0.0, 0.0))
            progress(done, len(task.cases))
    told = measures.retrieval(observations)
    return {"nDCG@10": told["nDCG@10"], "recall@1": told["recall@1"]}


def read_by(
    hand_over: Callable[[str, str], list[Piece]], task: Task, name: str
) -> dict[str, figures.Value]:
    """Return how often the answer comes to the reader, and of which questions anything does."""
    in_all, early, lengths = [], [], []
    with progress_bar(f"{task.name}, {name}", "questions") as progress:
        for done, case in enumerate(task.cases, start=1):
            pieces = hand_over(case.question, case.language)
            lengths.append(sum(len(piece.text) for piece in pieces))
            in_all.append(holds(pieces, case))
            early.append(holds(beginning(pieces), case))
            progress(done, len(task.cases))
    found: dict[str, figures.Value] = {
        f"{task.name}: answer in all / in the first 1,000 characters": {
            "in all": float(np.mean(in_all)),
            "early": float(np.mean(early)),
        },
        f"{task.name}: characters": float(np.mean(lengths)),
    }
    if task.strange:
        strange = [bool(hand_over(case.question, case.language)) for case in task.strange]
        found["own / strange questions that get something"] = {
            "own": float(np.mean([length > 0 for length in lengths])),
            "strange": float(np.mean(strange)),
        }
    return found


def holds(pieces: Sequence[Piece], case: Case) -> bool:
    """Tell whether a wording of the answer stands in a piece of a document that answers."""
    texts = [
        f" {measures.normal(piece.text)} " for piece in pieces if piece.document in case.relevant
    ]
    return any(f" {measures.normal(answer)} " in text for answer in case.answers for text in texts)


def beginning(pieces: Sequence[Piece]) -> list[Piece]:
    """Return what stands in the first characters of all pieces together."""
    kept, room = [], FIRST
    for piece in pieces:
        kept.append(replace(piece, text=piece.text[: max(0, room)]))
        room -= len(piece.text)
    return kept


def measure_published(_: argparse.Namespace) -> None:
    """Copy what is published of models on XQuAD, vectors alone."""
    path = figures.data_folder() / "mteb_results" / "xquad_retrieval.csv"
    with path.open(encoding="utf-8", newline="") as file:
        entries = list(csv.DictReader(file))
    found = {(each["model"], each["subset"]): float(each["ndcg_at_10"]) for each in entries}
    models = {each["model"] for each in entries}
    best = {
        code: max(value for (_, subset), value in found.items() if subset == code)
        for code in ("en", "de")
    }
    rows: dict[str, dict[str, figures.Value]] = {f"best of {len(models)} models": {**best}}
    for model, who in SHOWN.items():
        if model in models:
            values = {code: found.get((model, code)) for code in ("en", "de")}
            rows[model] = {**values, "default of": who}
    figures.record("published on XQuAD", rows, head="model", formats={"en": ".3f", "de": ".3f"})


SUBJECTS = {
    "sets": measure_sets,
    "languages": measure_languages,
    "others": measure_others,
    "published": measure_published,
}

if __name__ == "__main__":
    figures.run(__doc__, SUBJECTS, sample={"type": int, "metavar": "N"})
