"""What becomes of speed, memory and disk as the corpus grows.

    FORUM_EVAL_DATA=... .venv/bin/python benchmarks/scale.py [--sizes 1000,10000,100000]

Corpora of Markdown files (`growing_corpus.py`) go through ingestion, search and answering as the
commands do it, each step in a process of its own. From `--stand-in-from` chunks on (100,000 unless
told), a stand-in gives passages their vectors: embedding those takes hours. Draws
docs/images/growth.svg, unless `--no-picture`.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import numpy as np

from assistant import (
    cli,  # noqa: F401 - sets the environment that the steps inherit
    settings,
    wiring,
)
from assistant.domain.corpus import EVERYTHING, Filters, Kind
from assistant.domain.dialogue import Question
from benchmarks import figures, growing_corpus
from ingest.pipeline import Options
from vectorstore.embedding import builtin_model
from vectorstore.embedding.embedder import Embedder, Vectors, no_progress
from vectorstore.publishing.library import Library

PICTURE = ROOT / "docs" / "images" / "growth.svg"
STEP = "--step"
POOL = "pool.npy"
PLAIN_UP_TO = 10_000  # chunks; filling plain Chroma with more, texts included, takes too long
BASE = 10_000  # chunks; what the largest corpus is compared with
FILTERS = {
    "search, ms": EVERYTHING,
    "search in one language, ms": Filters(languages=frozenset({"en"})),
    "search in one kind, ms": Filters(kinds=frozenset({Kind.PUBLICATION})),
    "search in one language and kind, ms": Filters(
        languages=frozenset({"fr"}), kinds=frozenset({Kind.EVENT})
    ),
}
ANSWER = "question to quoted answer, ms"
PLAIN, OUR_SEARCH, OUR_ANSWER = (
    f"in turns: {what}, ms" for what in ("plain search", "our search", "our answer")
)
FOUND = 8  # passages of a search, as many as an answer reads
NEAREST = 10  # that recall looks at
IN_TURN = 20  # questions
Figures = dict[str, Any]


class Recording:
    """An embedder with a stop-watch."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.seconds = 0.0
        self.name, self.dimension = embedder.name, embedder.dimension
        self.token_limit = embedder.token_limit
        self.count_tokens = embedder.count_tokens
        self.embed_queries = embedder.embed_queries
        self.embed_texts = embedder.embed_texts

    def embed_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] = no_progress
    ) -> Vectors:
        """Embed, and remember how long it took."""
        begun = time.perf_counter()
        vectors = self._embedder.embed_passages(texts, progress=progress)
        self.seconds += time.perf_counter() - begun
        return vectors


class Place:
    """A corpus, its store, and the embedder to read it with."""

    def __init__(self, folder: str, size: str, data: str, embedder: str) -> None:
        self.folder, self.size, self.data = Path(folder), int(size), Path(data)
        self.documents = self.folder / "documents"
        self.is_real = embedder == "real"

    def embedder(self) -> Embedder:
        """Load the real model, or the stand-in that asks it for questions only."""
        real = wiring.load_embedder(settings.load())
        return real if self.is_real else growing_corpus.StandIn(real, self.folder.parent / POOL)

    def library(self, embedder: Embedder | None = None) -> Library:
        """Return the store."""
        name = builtin_model.NAME if self.is_real else f"stand-in for {builtin_model.NAME}"
        make = self.embedder if embedder is None else lambda: embedder
        return Library(self.folder / "data", make, model=name)

    def questions(self) -> list[str]:
        """Return the questions, a few of them to warm up with first."""
        return growing_corpus.questions(self.data, self.size)


def ingest(place: Place) -> Figures:
    """Bring the corpus in."""
    if not place.documents.exists():
        growing_corpus.write(place.documents, place.size, place.data)
    pool = place.folder.parent / POOL
    if not place.is_real and not pool.exists():
        growing_corpus.StandIn.prepare(wiring.load_embedder(settings.load()), place.data, pool)
    shutil.rmtree(place.folder / "data", ignore_errors=True)
    embedder = Recording(place.embedder())
    took = run(place, embedder)
    with place.library().generation() as generation:
        counted = generation.manifest
        files = [path for path in generation.folder.rglob("*") if path.is_file()]
    return {
        "documents": counted.documents,
        "sentences": counted.sentences,
        "ingest, s": took,
        "the same without the embedder, ms a chunk": (
            1000 * (took - embedder.seconds) / counted.chunks
        ),
        "memory of ingest at most, MB": figures.peak_memory(),
        "a generation on disk, MB": sum(path.stat().st_size for path in files) / 2**20,
    }


def again(place: Place) -> Figures:
    """Bring it in with nothing changed, then with one document in a hundred changed."""
    embedder = place.embedder()
    unchanged = min(run(place, Recording(embedder)) for _ in range(3))
    growing_corpus.change(place.documents, share=0.01)
    recording = Recording(embedder)
    changed = run(place, recording)
    documents = place.size // growing_corpus.SECTIONS
    return {
        "again with nothing changed, ms a document": 1000 * unchanged / documents,
        "again with 1 % changed, s": changed,
        "the same without the embedder, s": changed - recording.seconds,
    }


def run(place: Place, embedder: Recording) -> float:
    """Ingest as the command does; return the seconds."""
    library = place.library(embedder)
    begun = time.perf_counter()
    ingestion = wiring.make_ingestion(settings.Settings(data_dir=library.data), library)
    ingestion.ingest([str(place.documents)], Options())
    seconds = time.perf_counter() - begun
    library.close()
    return seconds


def serve(place: Place) -> Figures:
    """Start as a server does, without its pages; search and answer; return times and memory."""
    library = place.library()
    config = settings.load()
    assistant = wiring.make_assistant(config, library)
    asked = place.questions()
    begun = time.perf_counter()
    with library.generation() as generation:
        opened = time.perf_counter()
        assistant.answer(Question(asked[0]))
        answered = time.perf_counter()

        def search(filters: Filters, question: str) -> None:
            language = assistant.detect_language(question, fallback=config.default_language)
            generation.search(question, limit=FOUND, filters=filters, language=language)

        found: Figures = {
            name: timed(asked, partial(search, filters)) for name, filters in FILTERS.items()
        }
        found[ANSWER] = timed(asked, lambda text: assistant.answer(Question(text)))
    return found | {
        "memory of a server, MB": figures.peak_memory("VmRSS"),
        "at most, MB": figures.peak_memory(),
        "opening, s": opened - begun,
        "from there to the first answer, s": answered - opened,
    }


def recall(place: Place) -> Figures:
    """Compare the nearest chunks with those of exact search."""
    embedder = place.embedder()
    with place.library(embedder).generation() as generation:
        queries = embedder.embed_queries(place.questions())
        stored = np.load(generation.folder / "chunk_vectors.npy").astype(np.float32)
        best = np.argsort(-(stored @ queries.T), axis=0)[:NEAREST].T
        found = [generation._nearest.among_all(query, 100)[:NEAREST] for query in queries]
    shared = [
        len({*exact.tolist()} & {*near.tolist()}) for exact, near in zip(best, found, strict=True)
    ]
    return {"recall@10 of Chroma": sum(shared) / (NEAREST * len(shared))}


def plain(place: Place) -> Figures:
    """Search the same chunks with LangChain, Chroma and sentence-transformers as they come.

    In turns with ours, a few questions each, so that other work on the machine weighs on both.
    """
    if place.size > PLAIN_UP_TO:
        return {}
    asked = place.questions()
    library = place.library(place.embedder())
    assistant = wiring.make_assistant(settings.load(), library)
    store = plain_store(place)
    with library.generation() as generation:
        ways: dict[str, Callable[[str], object]] = {
            PLAIN: partial(store.similarity_search, k=FOUND),
            OUR_SEARCH: lambda text: generation.search(text, limit=FOUND, language="en"),
            OUR_ANSWER: lambda text: assistant.answer(Question(text)),
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for first in range(0, len(asked), IN_TURN):
            for name, ask in ways.items():
                time.sleep(0.2)  # until the threads of the one before are asleep
                times[name] += milliseconds(asked[first : first + IN_TURN], ask)[1:]
    return {name: quantiles(taken) for name, taken in times.items()}


def plain_store(place: Place) -> Any:  # noqa: ANN401 - LangChain's store, imported where it is used
    """Return a plain store with the chunks of ours; only their vectors are spared embedding."""
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings
    from sentence_transformers import SentenceTransformer

    from vectorstore.embedding import model_conversion

    class Plain(Embeddings):
        def __init__(self, folder: Path) -> None:
            weights = builtin_model.pinned_weights().read_bytes()
            model_conversion.write_sentence_transformer(weights, folder)
            self._model = SentenceTransformer(str(folder), device="cpu")

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            rows: list[list[float]] = self._model.encode_document(
                texts, normalize_embeddings=True
            ).tolist()
            return rows

        def embed_query(self, text: str) -> list[float]:
            row: list[float] = self._model.encode_query(text, normalize_embeddings=True).tolist()
            return row

    with tempfile.TemporaryDirectory() as folder:
        store = Chroma(collection_name="plain", embedding_function=Plain(Path(folder)))
    with place.library().generation() as generation:
        vectors = np.load(generation.folder / "chunk_vectors.npy")
        rows = [row.row for row in generation.catalogue.rows()]
        texts = [chunk.text for chunk in generation.catalogue.chunks(rows)]
    for first in range(0, len(texts), 1000):
        some = slice(first, first + 1000)
        ids = [str(at) for at in range(len(texts))[some]]
        store._collection.add(ids=ids, embeddings=vectors[some], documents=texts[some])
    return store


def timed(questions: Iterable[str], ask: Callable[[str], object]) -> dict[str, float]:
    """Return the median and the 95th percentile in ms, after some to warm up."""
    return quantiles(milliseconds(questions, ask)[10:])


def milliseconds(questions: Iterable[str], ask: Callable[[str], object]) -> list[float]:
    """Return how long each question takes."""
    taken = []
    for question in questions:
        begun = time.perf_counter()
        ask(question)
        taken.append(1000 * (time.perf_counter() - begun))
    return taken


def quantiles(taken: Sequence[float]) -> dict[str, float]:
    """Return the median and the 95th percentile."""
    return {"median": float(np.percentile(taken, 50)), "95th": float(np.percentile(taken, 95))}


STEPS = {step.__name__: step for step in (ingest, serve, recall, plain, again)}


def measured(folder: Path, size: int, data: Path, *, is_real: bool) -> Figures:
    """Return all that was measured of a corpus of `size` chunks, each step in its own process."""
    embedder = "real" if is_real else "stand-in"
    found: Figures = {}
    for name in STEPS:
        print(f"{size:,} chunks: {name} ...", file=sys.stderr, flush=True)
        place = [str(folder / str(size)), str(size), str(data), embedder]
        command = [sys.executable, __file__, STEP, name, *place]
        ran = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
        found |= json.loads(ran.stdout.splitlines()[-1])
    return found


def main(options: argparse.Namespace) -> None:
    """Measure, record and draw."""
    data = figures.data_folder()
    columns: dict[int, Figures] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for size in map(int, options.sizes.split(",")):
            is_real = size < options.stand_in_from
            columns[size] = measured(Path(scratch), size, data, is_real=is_real)
    for found in columns.values():
        add_ratios(found, columns.get(BASE))
    heads = {
        size: f"{size:,}" + ("" if size < options.stand_in_from else ", stand-in")
        for size in columns
    }
    names = dict.fromkeys(name for found in columns.values() for name in found)
    rows = {
        name: {heads[size]: found.get(name) for size, found in columns.items()} for name in names
    }
    formats = {name: ".0f" for name in names if name.endswith("ms")}
    formats |= {name: ",.0f" for name in names if name.endswith("MB")}
    figures.record("growth", rows, head="chunks", formats=formats | {"recall@10 of Chroma": ".3f"})
    if not options.no_picture:
        draw(columns)


def add_ratios(found: Figures, base: Figures | None) -> None:
    """Add how times compare with plain search, and with those of the corpus in the middle."""

    def ratio(name: str, other: Figures, of: str) -> float:
        return float(found[name]["median"] / other[of]["median"])

    if PLAIN in found:
        found["our search by plain search"] = ratio(OUR_SEARCH, found, PLAIN)
        found["our answer by plain search"] = ratio(OUR_ANSWER, found, PLAIN)
    if base:
        found[f"search by that at {BASE:,}"] = ratio("search, ms", base, "search, ms")
        found[f"answer by that at {BASE:,}"] = ratio(ANSWER, base, ANSWER)


def draw(columns: Mapping[int, Figures]) -> None:
    """Draw times, and memory and disk, against the number of chunks."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "growth", "font.size": 9})
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    times = ("search, ms", "search in one language, ms", ANSWER, PLAIN)
    sizes = ("memory of a server, MB", "a generation on disk, MB")
    for axes, names, unit in ((left, times, "ms (median)"), (right, sizes, "MB")):
        for name in names:
            has = {size: found[name] for size, found in columns.items() if name in found}
            values = [each["median"] if isinstance(each, dict) else each for each in has.values()]
            axes.plot([*has], values, "o-", label=name.rpartition(",")[0])
        axes.set(xscale="log", xlabel="chunks", ylabel=unit)
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
        axes.legend(frameon=False)
    figure.savefig(PICTURE, format="svg", metadata={"Date": None})


if __name__ == "__main__":
    if sys.argv[1:2] == [STEP]:
        print(json.dumps(STEPS[sys.argv[2]](Place(*sys.argv[3:]))))
    else:
        parser = argparse.ArgumentParser(
            description=__doc__, formatter_class=argparse.RawTextHelpFormatter
        )
        parser.add_argument("--sizes", default="1000,10000,100000", help="chunks, from 1000 on")
        parser.add_argument("--stand-in-from", type=int, default=100_000, metavar="CHUNKS")
        parser.add_argument("--no-picture", action="store_true", help="leave it as it is")
        main(parser.parse_args())
