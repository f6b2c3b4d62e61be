"""The forum's own article, alone and among the sample forum."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from assistant import cli, settings, wiring
from assistant.cli.asking import answer_as_json
from assistant.domain.corpus import EVERYTHING

ANSWERED = [
    ("When did BeFUS celebrate its 25th anniversary?", "on 21 January"),
    ("Who is the President of BeFUS?", "Dorah Ilunga"),
    ("Which Innovation Lab sessions were held?", "5) the reintegration of young offenders"),
    ("What is recommended about nuisances and incivilities?", "collaborative preventive work"),
    (
        "Quelles recommandations du symposium pour la réinsertion des auteurs d'infractions ?",
        "favour a restorative approach",
    ),
    ("Wie vertegenwoordigde Efus op het symposium?", "Elizabeth Johnston"),
]
REFUSED = [
    "What is the capital of Australia?",
    "What is the best recipe for apple pie?",
    "Who won the football cup in 2019?",
]


@pytest.fixture(scope="module", params=["alone", "among the sample forum"])
def answers(
    request: pytest.FixtureRequest,
    eval_data: Path,
    sample_data: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("article") / "data"
    if request.param != "alone":
        shutil.copytree(sample_data, folder)
    article = str(eval_data / "forum" / "befus-25th-anniversary.txt")
    assert cli.main(["ingest", article, "--data", str(folder)]) == 0
    config = settings.load(data_dir=folder)
    assistant = wiring.make_assistant(config, wiring.open_library(config))
    asked = [question for question, _ in ANSWERED] + REFUSED
    asked.append("What recommendations did the workshop participants agree on?")
    return {
        text: json.loads(json.dumps(answer_as_json(assistant, "1", text, EVERYTHING)))
        for text in asked
    }


@pytest.mark.parametrize(("question", "words"), ANSWERED)
def test_the_right_passage_is_shown(
    answers: dict[str, dict[str, Any]], question: str, words: str
) -> None:
    citations = answers[question]["citations"]

    assert any(words in citation["excerpt"] for citation in citations)
    assert citations[0]["document"] == "befus-25th-anniversary.txt"


@pytest.mark.parametrize("question", REFUSED)
def test_what_it_does_not_say_is_refused(answers: dict[str, dict[str, Any]], question: str) -> None:
    assert answers[question]["outcome"] == "refused"


def test_the_four_recommendations_come_as_one_list_with_the_sentence_before_it(
    answers: dict[str, dict[str, Any]],
) -> None:
    first, *_ = answers["What recommendations did the workshop participants agree on?"]["citations"]

    assert first["excerpt"].startswith("The workshop participants all agreed")
    assert first["excerpt"].count("\n- ") == 4


def test_the_comment_prompt_is_never_quoted(answers: dict[str, dict[str, Any]]) -> None:
    assert all("Leave a Reply" not in answer.get("answer", "") for answer in answers.values())
