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
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from assistant import settings, wiring
from assistant.answering.assistant import Assistant
from assistant.domain.corpus import Document, DocumentId
from assistant.evaluation import formats, measures
from assistant.evaluation.measures import Observation
from assistant.evaluation.runner import FOUND
from assistant.evaluation.sets import Case, EvaluationSet
from assistant.language.detection import LanguageDetection
from assistant.terminal import progress_bar
from benchmarks import figures, others
from benchmarks.answers import app
from vectorstore.embedding import builtin_model, model_conversion
from vectorstore.publishing.library import Library

QUESTIONS = 600  # of each set, taken evenly
SETS = {
    "xquad": "xquad/beir",
    "piaf": "piaf_fr/beir",
    "squad": "squad2_half_dev/dev-v2.0.cs224n.json.gz",
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

    def ranking(self, question: str, language: str) -> list[DocumentId]:
        """Return the documents of the passages."""
        language = self._assistant.detect_language(question, fallback=language)
        with self._assistant.library.generation() as generation:
            found = generation.search(question, limit=FOUND, language=language)
        return list(dict.fromkeys(passage.chunk.source.document_id for passage in found))


@dataclass(frozen=True, slots=True)
class Task:
    """A corpus and questions to it."""

    name: str
    documents: tuple[Document, ...]
    cases: tuple[Case, ...]


def measure_others(options: argparse.Namespace) -> None:
    """Ask this assistant and others the same over the same paragraphs."""
    rows: dict[str, dict[str, figures.Value]] = {}
    measured = tasks(options.sample or QUESTIONS)
    with tempfile.TemporaryDirectory() as scratch:
        model = Path(scratch) / "model"
        weights = builtin_model.pinned_weights().read_bytes()
        model_conversion.write_sentence_transformer(weights, model)
        peers: dict[str, Peer] = {
            "this assistant": Ours(Path(scratch) / "ours"),
            **others.assistants(others.Embedding(model), Path(scratch) / "others"),
        }
        for who, peer in peers.items():
            rows[who] = {}
            for task in measured:
                peer.ingest(task.documents)
                rows[who][task.name] = found_by(peer, task)
    formats = {task.name: ".3f" for task in measured}
    figures.record("others", rows, head="retrieval", formats=formats)


def tasks(sample: int) -> list[Task]:
    """Return what assistants are compared on; each paragraph is a document."""
    german, english, french = sets("xquad", "piaf")
    documents = mixed(english, german)
    held = {document.id for document in documents}
    crossed = (*crossing(english, german, held), *crossing(german, english, held))
    named = {
        "XQuAD en": english,
        "XQuAD de": german,
        "PIAF fr": french,
        "other language": EvaluationSet("", tuple(documents), crossed),
    }
    return [Task(name, each.documents, each.sampled(sample).cases) for name, each in named.items()]


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
