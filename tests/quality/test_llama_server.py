"""A real chat model, where llama.cpp is installed: `LLAMA_MODEL` names its file of weights."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import settings, wiring
from assistant.domain.dialogue import Answer, Mode, Outcome, Question
from assistant.evaluation import golden_questions
from tests.conftest import ROOT
from tests.end_to_end.conftest import a_free_port, wait_for
from vectorstore.publishing.library import Library

SERVER = shutil.which("llama-server")
MODEL = os.environ.get("LLAMA_MODEL")
SECONDS = 120.0  # two cores write a few words a second
ASKED = 4  # in each language of the sample

GOLDEN = golden_questions.load(ROOT / "examples" / "golden-questions.yaml")


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    if SERVER is None:
        pytest.skip("llama-server is not installed: no real model writes")
    if MODEL is None:
        pytest.skip("LLAMA_MODEL is not set: it names a model's file for llama-server")
    port = a_free_port()
    command = [SERVER, "--model", MODEL, "--port", str(port), "--ctx-size", "8192"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/health", server)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def asked() -> list[Question]:
    known = {
        language: [each for each in GOLDEN if each.is_answerable and each.language == language]
        for language in ("en", "fr", "nl", "de")
    }
    return [
        Question(question.question, interface_language=language)
        for language, questions in known.items()
        for question in questions[:ASKED]
    ]


@pytest.fixture(scope="module")
def answers(
    base_url: str, sample_data: Path, sample_library: Library, asked: list[Question]
) -> list[Answer]:
    model = {"chat_model": "openai:local", "chat_base_url": base_url, "chat_seconds": SECONDS}
    config = settings.load(data_dir=sample_data).model_copy(update=model)
    assistant = wiring.make_assistant(config, sample_library)
    return [assistant.answer(each) for each in asked]


def test_every_question_ends_as_it_would_without_the_model(
    answers: list[Answer], asked: list[Question], sample_data: Path, sample_library: Library
) -> None:
    quoting = wiring.make_assistant(settings.load(data_dir=sample_data), sample_library)
    for answer, question in zip(answers, asked, strict=True):
        quoted = quoting.answer(question)
        assert answer.outcome is quoted.outcome
        if answer.mode is Mode.QUOTING:
            assert answer.statements == quoted.statements


def test_where_its_sentences_are_withheld_the_member_is_told(answers: list[Answer]) -> None:
    for answer in answers:
        if answer.outcome is Outcome.ANSWERED and answer.mode is Mode.QUOTING:
            assert answer.notice


def test_every_sentence_is_backed_by_words_of_a_document(
    answers: list[Answer], sample_library: Library
) -> None:
    with sample_library.generation() as generation:
        for answer in answers:
            quotes = {citation.number: citation for citation in answer.citations}
            for statement in answer.statements:
                citation = quotes[statement.citation]
                document = generation.document(citation.source.document_id)
                assert document is not None
                excerpt = citation.excerpt
                assert document.text[excerpt.start : excerpt.end] == excerpt.text
