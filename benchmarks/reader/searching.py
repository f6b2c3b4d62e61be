"""What the product's own search finds for members' questions over the documents of all of them.

The reader chooses among what the search found, so that is what it must learn to choose among.
"""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from assistant import settings, wiring
from assistant.answering.reading import OWN_LANGUAGE
from assistant.evaluation.sets import EvaluationSet
from assistant.terminal import progress_bar
from benchmarks.reader.questions import AskedDocument, Found, FoundPassage

FOUND = 12
"""How many passages of a question are kept; the product reads eight at most."""


def found(asked: Sequence[AskedDocument], path: Path) -> Found:
    """Return what is found for each question, out of a file or by a search, which writes it.

    The search takes a quarter of an hour for 450 documents on two cores.
    """
    if not path.is_file():
        path.write_text(json.dumps(_searched(asked), ensure_ascii=False), encoding="utf-8")
    fields = json.loads(path.read_text(encoding="utf-8"))
    return {key: tuple(FoundPassage(*each) for each in rows) for key, rows in fields.items()}


def _searched(asked: Sequence[AskedDocument]) -> dict[str, list[tuple[str, int, float]]]:
    documents = tuple(each.document for each in asked if each.document.text)
    questions = [(each, question) for each in asked for question in each.questions]
    rows: dict[str, list[tuple[str, int, float]]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        library = wiring.open_library(settings.load(data_dir=Path(scratch) / "data"))
        wiring.publish_set(library, EvaluationSet("members' questions", documents, ()))
        with library.generation() as generation, progress_bar("searching", "questions") as tell:
            for number, (each, question) in enumerate(questions):
                language = str(question["language"])
                passages = generation.search(question["question"], limit=FOUND, language=language)
                rows[each.key(question)] = [
                    (
                        str(passage.chunk.source.document_id),
                        passage.chunk.start,
                        passage.score + OWN_LANGUAGE * (passage.chunk.source.language == language),
                    )
                    for passage in passages
                ]
                tell(number + 1, len(questions))
        library.close()
    return rows
