"""The public interface: what a Python program sees."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, HumanMessage

import assistant
from assistant.domain.corpus import Filters, Kind
from assistant.domain.dialogue import Outcome
from assistant.domain.errors import InputError, QuestionError, SettingsError
from assistant.forum import Forum
from tests.conftest import ROOT

ASKED = "How much does membership cost?"


@pytest.fixture(scope="module")
def forum(sample_data: Path) -> Forum:
    return assistant.open(sample_data)


def test_opening_is_all_that_there_is_and_loads_nothing() -> None:
    code = "import sys, assistant; print(assistant.__all__); print(*sys.modules)"

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    names, modules = run.stdout.splitlines()
    assert names == "['open']"
    assert {"pydantic", "numpy", "langchain_core", "typer"}.isdisjoint(modules.split())


def test_a_question_is_answered_with_its_source(forum: Forum) -> None:
    answer = forum.ask(ASKED)

    assert answer.outcome is Outcome.ANSWERED
    assert "1,150 euros" in answer.text
    assert answer.citations[0].source.title == "How to become a member"


def test_a_follow_up_leans_on_the_turns_that_are_given(forum: Forum) -> None:
    first = forum.ask("Who can become a member?")

    answer = forum.ask("And what does it cost?", history=[first.turn])

    assert "1,150 euros" in answer.text


def test_the_stream_ends_with_the_answer(forum: Forum) -> None:
    *_, last = forum.stream(ASKED)

    assert last == forum.ask(ASKED)


def test_filters_decide_what_may_answer(forum: Forum) -> None:
    found = forum.search("lighting", limit=3, filters=Filters(kinds=frozenset({Kind.EVENT})))

    assert {passage.chunk.kind for passage in found} == {Kind.EVENT}


def test_settings_are_those_of_the_environment_with_names_in_lower_case(tmp_path: Path) -> None:
    opened = assistant.open(tmp_path, name="The forum of towns", reader=False)

    assert opened.settings.name == "The forum of towns"
    with pytest.raises(SettingsError, match="FORUM_NAMES"):
        assistant.open(tmp_path, names="The forum of towns")


def test_documents_are_brought_in_and_asked_at_once(tmp_path: Path) -> None:
    (tmp_path / "bus.md").write_text("# Night bus\n\nThe night bus opened in March.\n", "utf-8")
    with assistant.open(tmp_path / "data") as opened:
        report = opened.ingest(tmp_path / "bus.md")
        answer = opened.ask("When did the night bus open?")

    assert len(report.plan.new) == 1
    assert "March" in answer.text


def test_bringing_in_nothing_is_refused_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with assistant.open(tmp_path / "new") as forum, pytest.raises(InputError, match="a folder"):
        forum.ingest()

    assert not (tmp_path / "new").exists()


def test_a_question_of_nothing_is_refused_with_a_reason(forum: Forum) -> None:
    with pytest.raises(QuestionError):
        forum.ask("  ")


@pytest.mark.parametrize("limit", [0, -1])
def test_a_search_for_less_than_one_passage_is_refused(forum: Forum, limit: int) -> None:
    with pytest.raises(InputError, match="1 or more"):
        forum.search(ASKED, limit=limit)
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        forum.as_retriever(k=limit)


@pytest.mark.parametrize("query", ["", " \n", "?!"])
def test_a_search_for_nothing_is_refused(forum: Forum, query: str) -> None:
    with pytest.raises(QuestionError, match="nothing to look for"):
        forum.search(query)


def test_signs_that_are_no_text_are_searched_past(forum: Forum) -> None:
    found = forum.search(f"\udcff {ASKED} \ud800", limit=1)

    assert found[0].chunk.source.title == "How to become a member"


def test_the_retriever_gives_documents_of_langchain(forum: Forum) -> None:
    first, _ = forum.as_retriever(k=2).invoke(ASKED)

    assert first.metadata["title"] == "How to become a member"


@pytest.mark.parametrize("query", ["éclairage public", "Nachtbus", ASKED])
def test_the_retriever_finds_what_the_search_does(forum: Forum, query: str) -> None:
    found = [each.id for each in forum.as_retriever(k=4).invoke(query)]

    assert found == [passage.chunk.id for passage in forum.search(query, limit=4)]


def test_the_runnable_answers_with_a_message_that_carries_its_sources(forum: Forum) -> None:
    message = forum.as_runnable().invoke(ASKED)

    assert "1,150 euros" in message.text
    assert message.response_metadata["citations"][0]["title"] == "How to become a member"


def test_the_runnable_understands_a_conversation(forum: Forum) -> None:
    ask = forum.as_runnable()
    first = ask.invoke("Who can become a member?")
    said = [HumanMessage("Who can become a member?"), first]

    of_messages = ask.invoke([*said, HumanMessage("And what does it cost?")])
    of_a_mapping = ask.invoke({"question": "And what does it cost?", "messages": said})

    assert "1,150 euros" in of_messages.text
    assert of_messages.text == of_a_mapping.text


def test_the_runnable_takes_its_place_in_a_chain(forum: Forum) -> None:
    chain = forum.as_runnable() | (lambda message: message.text.upper())

    assert "1,150 EUROS" in chain.invoke(ASKED)
    assert [type(part) for part in forum.as_runnable().stream(ASKED)] == [AIMessage]


@pytest.mark.parametrize("asked", [[], [AIMessage("Hello.")], {"query": ASKED}, 5])
def test_the_runnable_says_what_it_takes(forum: Forum, asked: object) -> None:
    with pytest.raises(InputError, match="give a question"):
        forum.as_runnable().invoke(asked)  # type: ignore[arg-type] # on purpose


def test_the_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(ROOT / "examples" / "ask.py"))

    assert "1,150 euros" in capsys.readouterr().out
