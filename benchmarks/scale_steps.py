"""The steps of `scale.py`, each run in a process of its own; prints one line of JSON."""

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import numpy as np

from assistant import settings, wiring
from assistant.domain.corpus import EVERYTHING, Filters, Kind
from assistant.terminal import progress_bar
from ingest.pipeline import Options
from vectorstore.building import EMBEDDED_TOGETHER
from vectorstore.embedding.embedder import Embedder, Vectors, no_progress
from vectorstore.publishing.library import Library

STAND_IN_POOL = "pool.npz"
FILTERS = {
    "search": EVERYTHING,
    "language": Filters(languages=frozenset({"en"})),
    "kind": Filters(kinds=frozenset({Kind.PUBLICATION})),
    "both": Filters(languages=frozenset({"fr"}), kinds=frozenset({Kind.EVENT})),
}
FOUND = 8  # passages of a search, as many as an answer reads
NEAREST = 10  # that recall looks at
IN_TURN = 20  # questions
SAMPLES = 2  # batches, at least, that the bare embedder gets too
Figures = dict[str, Any]


class Recording:
    """An embedder with a stop-watch, which embeds some batches of a publication once more, bare.

    Directly after the first time, so that other work on the machine weighs on both alike.
    """

    def __init__(self, embedder: Embedder, *, bare_every: int = 0) -> None:
        self._embedder = embedder
        self._every = bare_every
        self._batches = 0
        self.seconds = self.sampled = self.bare = 0.0
        self.name, self.dimension = embedder.name, embedder.dimension
        self.token_limit = embedder.token_limit
        self.count_tokens = embedder.count_tokens
        self.embed_queries = embedder.embed_queries

    def embed_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] = no_progress
    ) -> Vectors:
        """Embed, and remember how long it took."""
        begun = time.perf_counter()
        vectors = self._embedder.embed_passages(texts, progress=progress)
        ended = time.perf_counter()
        self.seconds += ended - begun
        if self._every and progress is not no_progress:  # not the anchors and the probe
            if self._batches % self._every == 0:
                self._embedder.embed_passages(texts)
                self.sampled += ended - begun
                self.bare += time.perf_counter() - ended
            self._batches += 1
        return vectors


class Place:
    """A corpus, its store, and the embedder to read it with."""

    def __init__(self, folder: str, size: str, data: str, embedder: str) -> None:
        self.folder, self.size, self.data = Path(folder), int(size), Path(data)
        self.is_real = embedder == "real"

    @property
    def documents(self) -> Path:
        """The folder of files."""
        return self.folder / "documents"

    def embedder(self) -> Embedder:
        """Load the real model, or the stand-in that asks it for questions only."""
        real = wiring.load_embedder(settings.load())
        if self.is_real:
            return real
        from benchmarks.growing_corpus import StandIn

        return StandIn(real, self.folder.parent / STAND_IN_POOL)

    def library(self, embedder: Embedder | None = None) -> Library:
        """Return the store."""
        name = "multilingual-e5-small"
        make = (lambda: embedder) if embedder is not None else self.embedder
        return Library(
            self.folder / "data", make, model=name if self.is_real else f"stand-in for {name}"
        )

    def questions(self) -> list[str]:
        """Return the questions, a few of them to warm up with first."""
        from benchmarks.growing_corpus import questions

        return questions(self.data, self.size)


def pool(place: Place) -> Figures:
    """Embed what the stand-in starts from."""
    from benchmarks.growing_corpus import StandIn

    StandIn.prepare(place.embedder(), place.data, place.folder / STAND_IN_POOL)
    return {}


def ingest(place: Place) -> Figures:
    """Bring the corpus in."""
    shutil.rmtree(place.folder / "data", ignore_errors=True)
    every = max(1, place.size // SAMPLES // EMBEDDED_TOGETHER) if place.is_real else 0
    figures = run(place, Recording(place.embedder(), bare_every=every))
    with place.library().generation() as generation:
        its = generation.manifest
        figures |= {"documents": its.documents, "chunks": its.chunks, "sentences": its.sentences}
        files = [path for path in generation.folder.rglob("*") if path.is_file()]
        figures["disk MB"] = sum(path.stat().st_size for path in files) / 2**20
    return figures


def again(place: Place) -> Figures:
    """Bring it in once more, with nothing changed."""
    embedder = place.embedder()
    runs = [run(place, Recording(embedder)) for _ in range(3)]
    if any(item["is new"] for item in runs):
        sys.exit("something changed between two runs over the same files")
    return min(runs, key=lambda item: item["seconds"])


def changed(place: Place) -> Figures:
    """Bring it in with one document in a hundred changed."""
    from benchmarks.growing_corpus import change

    many = change(place.documents, share=0.01)
    return {"documents": many, **run(place, Recording(place.embedder()))}


def run(place: Place, embedder: Recording) -> Figures:
    """Ingest as the command does; return the seconds, those of the embedder apart."""
    library = place.library(embedder)
    begun = time.perf_counter()
    ingestion = wiring.make_ingestion(settings.Settings(data_dir=library.data), library)
    report = ingestion.ingest([str(place.documents)], Options())
    seconds = time.perf_counter() - begun - embedder.bare
    library.close()
    # What the embedder would have taken alone, were all batches like those of the sample.
    alone = embedder.seconds * embedder.bare / embedder.sampled if embedder.sampled else None
    return {
        "bare": alone,
        "seconds": seconds,
        "embedder": embedder.seconds,
        "own": seconds - embedder.seconds,
        "is new": report.is_new,
        "peak MB": memory("VmHWM"),
    }


def serve(place: Place) -> Figures:
    """Start as a server does, without its pages; search and answer; return times and memory."""
    from assistant.domain.dialogue import Question

    library = place.library()
    config = settings.load()
    assistant = wiring.make_assistant(config, library)
    asked = place.questions()
    begun = time.perf_counter()
    opened: dict[str, float] = {}
    with library.generation() as generation:
        opened["open s"] = time.perf_counter() - begun
        assistant.answer(Question(asked[0]))
        opened["first answer s"] = time.perf_counter() - begun
        idle = {"first answer MB": memory("VmRSS")}
        figures: Figures = {}
        detect = assistant.detect_language

        def search(filters: Filters, question: str) -> None:
            language = detect(question, fallback=config.default_language)
            generation.search(question, limit=FOUND, filters=filters, language=language)

        with progress_bar("asking", "kinds of question") as progress:
            for at, (name, filters) in enumerate(FILTERS.items()):
                progress(at, len(FILTERS) + 1)
                figures[name] = timed(asked, partial(search, filters))
            outcomes: list[str] = []
            figures["answer"] = timed(
                asked, lambda item: outcomes.append(assistant.answer(Question(item)).outcome)
            )
    figures["answered"] = outcomes.count("answered") / len(outcomes)
    figures |= opened | idle | {"rss MB": memory("VmRSS"), "peak MB": memory("VmHWM")}
    return figures


def recall(place: Place) -> Figures:
    """Compare the nearest chunks with those of exact search."""
    embedder = place.embedder()
    with place.library(embedder).generation() as generation:
        queries = embedder.embed_queries(place.questions())
        stored = np.load(generation.folder / "chunk_vectors.npy").astype(np.float32)
        products = stored @ queries.T
        best = np.argsort(-products, axis=0)[:NEAREST].T
        found = [generation._nearest.among_all(query, 100)[:NEAREST] for query in queries]
    shared = [
        len({*exact.tolist()} & {*near.tolist()}) for exact, near in zip(best, found, strict=True)
    ]
    return {"recall": sum(shared) / (NEAREST * len(shared))}


def plain(place: Place) -> Figures:
    """Search the same chunks with LangChain, Chroma and sentence-transformers as they come.

    In turns with ours, a few questions each, so that other work on the machine weighs on both.
    """
    from assistant.domain.dialogue import Question

    asked = place.questions()
    embedder = place.embedder()
    library = place.library(embedder)
    assistant = wiring.make_assistant(settings.load(), library)
    store = filled(place)
    times: dict[str, list[float]] = {"plain": [], "ours": [], "answer": []}
    with library.generation() as generation, progress_bar("in turns", "questions") as progress:
        ways: dict[str, Callable[[str], object]] = {
            "plain": partial(store.similarity_search, k=FOUND),
            "ours": lambda item: generation.search(item, limit=FOUND, language="en"),
            "answer": lambda item: assistant.answer(Question(item)),
        }
        for first in range(0, len(asked), IN_TURN):
            progress(first, len(asked))
            for name, ask in ways.items():
                time.sleep(0.2)  # until the threads of the one before are asleep
                times[name] += each(asked[first : first + IN_TURN], ask)[1:]
    shutil.rmtree(place.folder / "plain")
    return {name: quantiles(item) for name, item in times.items()}


def filled(place: Place) -> Any:  # noqa: ANN401 - LangChain's store, imported where it is used
    """Return a plain store with the chunks of ours; only their vectors are spared embedding."""
    from chromadb import PersistentClient
    from langchain_chroma import Chroma

    from benchmarks.scale_plain import SentenceTransformersEmbeddings

    scratch = place.folder / "plain"
    shutil.rmtree(scratch, ignore_errors=True)
    store = Chroma(
        client=PersistentClient(str(scratch)),
        collection_name="plain",
        embedding_function=SentenceTransformersEmbeddings(),
    )
    with place.library().generation() as generation:
        vectors = np.load(generation.folder / "chunk_vectors.npy")
        texts = [
            chunk.text
            for chunk in generation.catalogue.chunks(
                [row.row for row in generation.catalogue.rows()]
            )
        ]
    with progress_bar("plain Chroma, filling", "chunks") as progress:
        for first in range(0, len(texts), 1000):
            progress(first, len(texts))
            some = slice(first, first + 1000)
            ids = [str(at) for at in range(len(texts))[some]]
            store._collection.add(ids=ids, embeddings=vectors[some], documents=texts[some])
    return store


def timed(questions: Iterable[str], ask: Callable[[str], object]) -> dict[str, float]:
    """Return the median and the 95th percentile in ms, after some to warm up."""
    return quantiles(each(questions, ask)[10:])


def each(questions: Iterable[str], ask: Callable[[str], object]) -> list[float]:
    """Return how long each question takes, in ms."""
    taken = []
    for question in questions:
        begun = time.perf_counter()
        ask(question)
        taken.append(1000 * (time.perf_counter() - begun))
    return taken


def quantiles(taken: Sequence[float]) -> dict[str, float]:
    """Return the median and the 95th percentile."""
    return {"p50": float(np.percentile(taken, 50)), "p95": float(np.percentile(taken, 95))}


def memory(field: str) -> float:
    """Return what this process holds (VmRSS) or has held at most (VmHWM), in MB (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith(field))
    return int(line.split()[1]) / 1024


STEPS = {item.__name__: item for item in (pool, ingest, again, changed, serve, recall, plain)}

if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](Place(*sys.argv[2:]))))
