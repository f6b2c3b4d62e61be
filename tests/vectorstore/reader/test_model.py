"""The reader as it is shipped."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from assistant.domain.corpus import Chunk
from ingest.chunking import chunk
from tests.builders import a_chunk, a_document
from vectorstore.embedding.prepared import SEAL
from vectorstore.errors import ModelUnavailableError
from vectorstore.reader import model
from vectorstore.reader.model import MODEL_FILE, UNREAD, LateReader, OnnxReader

DOGS = "Dogs must be on a lead in the park. The park opens at seven. It has two ponds."


@pytest.fixture(scope="module")
def reader() -> OnnxReader:
    return model.load(model.default_folder())


def chunks_of(text: str) -> list[Chunk]:
    return chunk(
        a_document(text=text, title="The park"),
        count_tokens=lambda text: len(text.split()),
        limit=300,
    )


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("When can I get into the park?", "opens at seven"),
        ("Wann macht der Park auf?", "opens at seven"),
        ("Est-ce que mon chien doit être en laisse ?", "on a lead"),
        ("Hoeveel vijvers zijn er?", "two ponds"),
    ],
)
def test_the_sentence_that_answers_scores_best_in_any_language(
    reader: OnnxReader, question: str, words: str
) -> None:
    (its,) = chunks_of(DOGS)

    (scores,) = reader.read(question, [its])

    best = its.sentences[int(np.argmax(scores))]
    assert words in its.sentence(best)


def test_a_passage_that_answers_scores_above_one_that_does_not(reader: OnnxReader) -> None:
    (right,) = chunks_of(DOGS)
    (wrong,) = chunks_of("The budget of the city is balanced. The mayor thanks the council.")

    good, bad = reader.read("When does the park open?", [right, wrong])

    assert max(good) > max(bad) + 2
    assert good.index(max(good)) == 1  # "The park opens at seven."


def test_a_passage_without_sentences_has_no_scores(reader: OnnxReader) -> None:
    assert reader.read("Why?", [a_chunk("## Lamps", sentences=[])]) == [()]


def test_noise_is_answered_by_nothing(reader: OnnxReader) -> None:
    chunk = a_chunk("Lamps are dimmed.")

    assert reader.read("asdf qwer", [chunk]) == [(UNREAD,) * len(chunk.sentences)]


def test_what_lies_behind_what_fits_counts_as_not_answering(reader: OnnxReader) -> None:
    text = "Lamps are dimmed at night. " * 200
    spans = [(at * 27, at * 27 + 26) for at in range(200)]

    (scores,) = reader.read("When are lamps dimmed?", [a_chunk(text, sentences=spans)])

    assert len(scores) == len(spans)
    assert scores[0] > UNREAD == scores[-1]


def test_several_threads_read_the_same(reader: OnnxReader) -> None:
    chunks = chunks_of(DOGS)
    alone = reader.read("When does the park open?", chunks)

    with ThreadPoolExecutor(4) as threads:
        found = threads.map(lambda _: reader.read("When does the park open?", chunks), range(8))

    assert all(np.allclose(each, alone, atol=1e-4) for each in found)


def test_a_late_reader_is_loaded_by_the_first_that_reads_and_for_all() -> None:
    late = LateReader(model.default_folder(), print)
    assert late._loaded is None

    with ThreadPoolExecutor(4) as threads:
        read = list(threads.map(lambda _: late.read("Why?", [a_chunk("Because.")]), range(4)))
        loaded = {id(each) for each in threads.map(lambda _: late.loaded(), range(4))}

    assert len(loaded) == 1
    assert len(read[0][0]) == 1
    assert read == read[:1] * 4


def test_a_reader_that_was_not_prepared_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailableError, match="make install"):
        model.load(tmp_path / "nowhere")


@pytest.mark.parametrize("damage", [b"", b"not a model"])
def test_a_damaged_reader_is_never_loaded(tmp_path: Path, damage: bytes) -> None:
    folder = tmp_path / "reader"
    shutil.copytree(model.default_folder(), folder)
    (folder / MODEL_FILE).write_bytes(damage)

    with pytest.raises(ModelUnavailableError, match=r"damaged.*make install"):
        model.load(folder)


def test_the_reader_of_other_weights_is_prepared_anew(tmp_path: Path) -> None:
    seal = {"weights": "0" * 64, "sha256": {}}
    (tmp_path / SEAL).write_text(json.dumps(seal), encoding="utf-8")

    assert not model.is_prepared(tmp_path)
    assert model.is_prepared(model.default_folder())


def test_the_reader_lies_beside_the_embedding_model_wherever_that_is(tmp_path: Path) -> None:
    beside = model.folder_beside(tmp_path / "embedding")

    assert beside.parent == tmp_path
    assert beside.name == model.default_folder().name


def test_preparing_what_is_ready_takes_no_step() -> None:
    steps: list[str] = []

    model.prepare(model.default_folder(), steps.append)

    assert steps == []
