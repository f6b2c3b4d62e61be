"""This assistant's search beside the default retrieval of others, in one run.

    FORUM_EVAL_DATA=... .venv/bin/python benchmarks/peers.py [--model FOLDER]

Each is measured in a process of its own, one after the other, on the same documents and questions.
The others embed with the built-in model's weights in 32-bit floats, or with the model of
sentence-transformers in FOLDER. `baselines.py` says what each does.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from assistant import settings, wiring
from assistant.answering.assistant import SEARCHED, Assistant
from assistant.answering.reading import probability, read
from assistant.domain.corpus import Document, DocumentId
from assistant.domain.dialogue import Question
from assistant.evaluation.runner import FOUND
from assistant.evaluation.sets import EvaluationSet
from assistant.settings import Settings
from benchmarks import peer_tables, peer_tasks
from benchmarks.baselines import DensePeer, HybridPeer, Peer, Piece, StemPeer, recipe
from benchmarks.peer_chunks import Embedding, Progress
from benchmarks.peer_tables import OURS
from vectorstore.embedding import builtin_model
from vectorstore.publishing.library import Library

Figures = dict[str, Any]
PEERS = (
    "Open WebUI",
    "AnythingLLM",
    "chat-langchain",
    "DocsGPT",
    "Verba-like",
    "Cairn",
    "plain LangChain",
)
RESULT = "result.json"
GIVEN = 8  # passages that a chat model would be given


class Ours:
    """This assistant as `app.py` wires it."""

    def __init__(self, config: Settings, folder: Path) -> None:
        self._config = config
        self._folder = folder
        self._corpora = 0
        self._embedder = wiring.load_embedder(config)
        self._embedder.embed_queries(["warm up"])

    def ingest(self, documents: Sequence[Document], progress: Progress) -> None:
        """Publish the documents in a library of their own."""
        del progress  # what publishes shows its own
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


def measure(name: str, model: Path, scratch: Path, config: Settings) -> dict[str, Figures]:
    """Return the figures of one assistant on every task."""
    peer: Peer
    embedding: Embedding | None = None
    folder = scratch / name.replace(" ", "-")
    if name == OURS:
        peer = ours = Ours(config, folder)
        views = {"passages": ours.hand_over, "quotes": ours.quote}
    elif name == "Cairn":
        peer = StemPeer()
        views = {"passages": peer.hand_over}
    else:
        embedding = Embedding(model, scratch / "vectors.npz")
        kind = HybridPeer if name == "Verba-like" else DensePeer
        peer = kind(recipe(name, embedding), embedding, folder)
        views = {"passages": peer.hand_over}
    found = {}
    for task in peer_tasks.read(data_folder(config)):
        if embedding:
            embedding.is_timed = task.is_timed
        found[task.name] = peer_tasks.measured(peer, task, views)
    if embedding:
        embedding.save()
    return found


def data_folder(config: Settings) -> Path:
    """Return where the data sets lie; leave with what to do where they do not."""
    if config.eval_data is None:
        sys.exit("FORUM_EVAL_DATA is not set: it names the folder with the data sets")
    if absent := [*peer_tasks.missing(config.eval_data)]:
        sys.exit(
            f"FORUM_EVAL_DATA={config.eval_data} has no {', '.join(absent)}: "
            "set it to the folder that holds these sets"
        )
    return config.eval_data


def main() -> None:
    """Measure each in a process of its own and print the tables."""
    parser = argparse.ArgumentParser(description="Our search beside the defaults of others.")
    parser.add_argument("--model", type=Path, help="what the others embed with")
    parser.add_argument("--scratch", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    config = settings.load()
    data = data_folder(config)
    if arguments.one:
        found = measure(arguments.one, arguments.model, arguments.scratch, config)
        (arguments.scratch / RESULT).write_text(json.dumps(found), encoding="utf-8")
        return
    with tempfile.TemporaryDirectory() as scratch:
        model = arguments.model or stand_in(Path(scratch) / builtin_model.NAME)
        results = {name: apart(name, model, Path(scratch)) for name in (OURS, *PEERS)}
    for line in peer_tables.lines(results, data):
        print(line)


def stand_in(folder: Path) -> Path:
    """Write the built-in model's weights in 32-bit floats."""
    from vectorstore.embedding import model_conversion

    model_conversion.write_sentence_transformer(builtin_model.pinned_weights().read_bytes(), folder)
    return folder


def apart(name: str, model: Path, scratch: Path) -> dict[str, Figures]:
    """Measure one assistant in a process of its own."""
    print(f"measuring {name} ...", file=sys.stderr, flush=True)
    own = [f"--one={name}", f"--model={model}", f"--scratch={scratch}"]
    # Threads of torch that wait must not spin: where other work goes on, that halves its speed.
    calm = {**os.environ, "OMP_WAIT_POLICY": "passive", "TRANSFORMERS_VERBOSITY": "error"}
    subprocess.run([sys.executable, __file__, *own], check=True, stdout=sys.stderr, env=calm)
    found: dict[str, Figures] = json.loads((scratch / RESULT).read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    main()
