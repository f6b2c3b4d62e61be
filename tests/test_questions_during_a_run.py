"""Members ask on while documents are ingested: nobody waits in vain, or gets of two states."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant import settings, wiring
from assistant.domain.dialogue import Answer, Outcome, Question
from tests.conftest import ROOT

TOWNS = (
    "Aalborg",
    "Brugge",
    "Coimbra",
    "Delft",
    "Essen",
    "Faro",
    "Gent",
    "Huelva",
    "Imola",
    "Jena",
)
A_SECOND = 5  # as many as two cores answer while they read documents as well
STATES = 3


def write(forum: Path, state: int) -> None:
    """Write all documents so that every sentence of them names the state."""
    forum.mkdir(exist_ok=True)
    for town in TOWNS:
        text = (
            f"# Street lighting in {town}\n\n"
            f"The town of {town} keeps {state}00 street lamps, the {state}00 of plan {state}.\n\n"
            f"Repairs of the lamps of {town} are paid from budget {state} of plan {state}.\n"
        )
        (forum / f"{town}.md").write_text(text, encoding="utf-8")


def ingest(forum: Path, data: Path) -> None:
    """Ingest as staff do, in a process of its own."""
    command = [sys.executable, "app.py", "ingest", str(forum), "--data", str(data)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Answer]]:
    """All answers to the questions that were asked while one state replaced another."""
    folder = tmp_path_factory.mktemp("run")
    forum, data = folder / "forum", folder / "data"
    write(forum, 1)
    ingest(forum, data)
    config = settings.load(data_dir=data)
    library = wiring.open_library(config)
    assistant = wiring.make_assistant(config, library)
    over = threading.Event()

    def republish() -> None:
        try:
            for state in range(2, STATES + 1):
                write(forum, state)
                ingest(forum, data)
        finally:
            over.set()

    with ThreadPoolExecutor(A_SECOND) as pool:
        publishing = pool.submit(republish)
        asked: list[Future[Answer]] = []
        while not over.wait(1 / A_SECOND):
            town = TOWNS[len(asked) % len(TOWNS)]
            question = Question(f"How many street lamps does the town of {town} keep?")
            asked.append(pool.submit(assistant.answer, question))
        publishing.result()
        yield [each.result() for each in asked]
    library.close()


def test_every_answer_is_of_one_state_and_none_fails(answers: list[Answer]) -> None:
    assert {answer.outcome for answer in answers} == {Outcome.ANSWERED}
    for answer in answers:
        state = int(answer.generation)
        quotes = [citation.quote for citation in answer.citations]
        assert quotes
        assert all(f"plan {state}." in quote for quote in quotes), (answer.generation, quotes)


def test_answers_follow_from_the_first_state_to_the_last(answers: list[Answer]) -> None:
    states = [int(answer.generation) for answer in answers]

    assert states[0] == 1
    assert set(states) >= set(range(1, STATES))
