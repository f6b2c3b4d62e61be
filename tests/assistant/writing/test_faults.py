"""Whatever a chat model does, the member gets an answer that the documents hold."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib import metadata
from pathlib import Path

import pytest

from assistant.answering.assistant import Assistant
from assistant.domain.dialogue import (
    Answer,
    Found,
    Mode,
    Outcome,
    Question,
    Started,
    Statement,
    Turn,
)
from assistant.domain.errors import SettingsError
from assistant.language.wording import wording
from assistant.writing import chat_model
from assistant.writing.budget import Budget
from assistant.writing.chat_model import FAILURES, PAUSE, Breaker
from assistant.writing.prompting import Message
from assistant.writing.writer import Writer
from tests.builders import a_chunk, a_passage, an_assistant
from tests.chat_model_server import Behaviour, chat_model_server
from tests.fakes import FakeGeneration, FakeLibrary, detect

ASKED = "When were the lamps renewed?"
FACT = "The town renewed its street lighting in 2019."
TRUE = "The street lighting of the town was renewed in 2019 [1]."
QUOTED = wording("en")("notice.quoted_instead")
UNPROVED = wording("en")("notice.unproved")


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, Behaviour]]:
    with chat_model_server() as its:
        yield its


@pytest.fixture
def model(served: tuple[str, Behaviour]) -> Behaviour:
    _, behaviour = served
    fresh = Behaviour()
    for name in Behaviour.__dataclass_fields__:
        setattr(behaviour, name, getattr(fresh, name))
    return behaviour


@pytest.fixture
def assistant(
    served: tuple[str, Behaviour],
    model: Behaviour,  # noqa: ARG001 - it behaves before it is asked
    tmp_path: Path,
) -> Assistant:
    return writing_assistant(served[0], tmp_path)


def writing_assistant(url: str, folder: Path, *, seconds: float = 5, limit: int = 0) -> Assistant:
    chat = chat_model.load("openai:fake", base_url=url, api_key="k", timeout=seconds)
    writer = Writer(chat, detect, Budget(folder / "budget.json", limit), seconds)
    library = FakeLibrary(FakeGeneration(a_passage(a_chunk(FACT), score=0.9)))
    return replace(an_assistant(library), writer=writer)


def ask(assistant: Assistant) -> Answer:
    return assistant.answer(Question(ASKED, interface_language="en"))


def is_quoted(answer: Answer) -> bool:
    return answer.mode is Mode.QUOTING and answer.citations[0].quote == FACT


def test_a_sentence_that_is_proved_is_shown_with_the_sentence_that_proves_it(
    assistant: Assistant, model: Behaviour
) -> None:
    model.pieces = ("The street lighting of the ", "town was renewed", " in 2019 [1", "].")

    found, started, statement, answer = assistant.ask(Question(ASKED, interface_language="en"))

    assert isinstance(found, Found)
    assert isinstance(started, Started)
    assert isinstance(statement, Statement)
    assert isinstance(answer, Answer)
    assert (answer.mode, answer.notice) == (Mode.WRITING, "")
    assert statement.text == "The street lighting of the town was renewed in 2019."
    assert [citation.quote for citation in answer.citations] == [FACT]


@pytest.mark.parametrize(
    "sentence",
    [
        "The street lighting of the town was renewed in 2018 [1].",
        "The street lighting of the town was not renewed in 2019 [1].",
        "The street lighting of Ghent was renewed in 2019 [1].",
        "The street lighting was renewed in 2019, see https://evil.test [1].",
        "![](https://evil.test/?q=2019) The street lighting was renewed in 2019 [1].",
        "The street lighting was renewed in 2019 and every resident received free bicycles [1].",
        "You are an assistant. Rules: every sentence ends with the number [1].",
        "I am sorry, I cannot help with that request.",
        "L'éclairage public de la ville a été entièrement renouvelé en 2019 [1].",
    ],
)
def test_a_sentence_that_is_not_proved_is_never_shown(
    assistant: Assistant, model: Behaviour, sentence: str
) -> None:
    model.pieces = (sentence,)

    answer = ask(assistant)

    assert is_quoted(answer)
    assert answer.notice == UNPROVED


@pytest.mark.parametrize("marks", ["", " [2]", " [0]", " [9][1]"])
def test_what_a_model_says_of_where_a_sentence_comes_from_is_a_hint(
    assistant: Assistant, model: Behaviour, marks: str
) -> None:
    model.pieces = (f"{TRUE.removesuffix(' [1].')}{marks}.",)

    answer = ask(assistant)

    assert answer.mode is Mode.WRITING
    assert [citation.quote for citation in answer.citations] == [FACT]


def test_a_model_that_goes_round_in_a_circle_is_left(
    assistant: Assistant, model: Behaviour
) -> None:
    model.pieces = (TRUE, "\n", TRUE, "\nThe town renewed its street lighting in 2019.")

    assert len(ask(assistant).statements) == 1


def test_what_the_passages_leave_open_is_told_in_the_words_of_the_question(
    assistant: Assistant, model: Behaviour
) -> None:
    model.pieces = (TRUE, "\nNOT SAID: when the lamps were renewed")

    assert ask(assistant).notice == wording("en")(
        "notice.left_open", what="when the lamps were renewed"
    )


def test_nothing_else_can_be_said_to_be_left_open(assistant: Assistant, model: Behaviour) -> None:
    model.pieces = (TRUE, "\nNOT SAID: that the mayor took bribes")

    assert ask(assistant).notice == ""


def test_a_list_stays_one_without_the_line_above_it(assistant: Assistant, model: Behaviour) -> None:
    model.pieces = ("The dates are:\n", f"- {TRUE}\n")

    answer = ask(assistant)

    assert [statement.is_item for statement in answer.statements] == [True]
    assert f"\n- {answer.statements[0].text} [1]\n" in answer.text
    assert answer.notice == ""


def test_what_is_proved_is_kept_and_what_is_not_is_counted(
    assistant: Assistant, model: Behaviour
) -> None:
    model.pieces = (TRUE, " It cost 3 million euros [1].", " ", TRUE)

    answer = ask(assistant)

    assert len(answer.statements) == 1
    assert answer.notice == wording("en")("notice.withheld", count=1)


@pytest.mark.parametrize("status", [400, 401, 404, 413, 429, 500, 503])
def test_a_model_that_refuses_the_request_is_replaced_by_quotes(
    assistant: Assistant, model: Behaviour, status: int
) -> None:
    model.status = status

    answer = ask(assistant)

    assert is_quoted(answer)
    assert answer.notice == QUOTED


def test_a_model_that_is_down_is_replaced_by_quotes(tmp_path: Path) -> None:
    answer = ask(writing_assistant("http://127.0.0.1:9/v1", tmp_path))

    assert is_quoted(answer)
    assert answer.notice == QUOTED


@pytest.mark.parametrize(
    "raw", [b"\x00\xff garbage", b"data: {not json}\n\n", b"<html>busy</html>"]
)
def test_garbage_is_replaced_by_quotes(assistant: Assistant, model: Behaviour, raw: bytes) -> None:
    model.raw = raw

    assert is_quoted(ask(assistant))


@pytest.mark.parametrize("pieces", [(), ("",), ("   \n",), ("NOT IN THE PASSAGES",), ("[1]",)])
def test_a_model_that_says_nothing_is_replaced_by_quotes_without_ado(
    assistant: Assistant, model: Behaviour, pieces: tuple[str, ...]
) -> None:
    model.pieces = pieces

    answer = ask(assistant)

    assert is_quoted(answer)
    assert answer.notice == ""


def test_a_model_that_breaks_off_keeps_what_it_had_proved(
    assistant: Assistant, model: Behaviour
) -> None:
    model.pieces, model.cut = (TRUE, " The lamps are"), True

    answer = ask(assistant)

    assert answer.mode is Mode.WRITING
    assert len(answer.statements) == 1


def test_a_slow_model_is_left_at_the_end_of_its_time(
    served: tuple[str, Behaviour], model: Behaviour, tmp_path: Path
) -> None:
    model.pieces, model.pause = (TRUE, " ", TRUE), 3.0

    answer = ask(writing_assistant(served[0], tmp_path, seconds=1))

    assert is_quoted(answer)
    assert answer.notice == QUOTED


def test_a_model_that_calls_tools_is_given_none_and_obeyed_in_nothing(
    assistant: Assistant, model: Behaviour
) -> None:
    model.calls_tool, model.pieces = True, (TRUE,)

    assert ask(assistant).mode is Mode.WRITING
    assert all("tools" not in request and "functions" not in request for request in model.requests)


def test_a_model_that_never_ends_is_read_so_far_only(
    assistant: Assistant, model: Behaviour
) -> None:
    model.pieces = ("word " * 500,) * 50

    assert is_quoted(ask(assistant))


def test_no_secret_and_no_score_is_sent(
    assistant: Assistant, model: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANARY_SECRET", "canary-7f3a")
    model.pieces = (TRUE,)
    ask(assistant)

    (prompt,) = model.prompts
    assert "canary-7f3a" not in prompt
    assert str(Path.cwd()) not in prompt
    assert "0.9" not in prompt


def test_after_failures_the_model_is_left_alone_for_a_while(
    served: tuple[str, Behaviour], model: Behaviour, tmp_path: Path
) -> None:
    now = [0.0]
    assistant = writing_assistant(served[0], tmp_path)
    assert assistant.writer
    breaker = Breaker(clock=lambda: now[0])
    assistant = replace(assistant, writer=replace(assistant.writer, breaker=breaker))
    model.status = 500
    for _ in range(FAILURES + 2):
        assert is_quoted(ask(assistant))
    assert len(model.requests) == FAILURES

    now[0] += PAUSE + 1
    model.status, model.pieces = 200, (TRUE,)

    assert ask(assistant).mode is Mode.WRITING


def test_the_tokens_of_a_day_are_kept_over_restarts(
    served: tuple[str, Behaviour], model: Behaviour, tmp_path: Path
) -> None:
    model.pieces = (TRUE,)
    modes = [ask(writing_assistant(served[0], tmp_path, limit=900)).mode for _ in range(4)]

    assert modes[0] is Mode.WRITING
    assert modes[-1] is Mode.QUOTING


def test_a_new_day_has_new_tokens(tmp_path: Path) -> None:
    path, day = tmp_path / "budget.json", [date(2026, 1, 1)]
    budget = Budget(path, 100, today=lambda: day[0])

    assert budget.spend(80)
    assert not budget.spend(30)
    day[0] = date(2026, 1, 2)
    assert budget.spend(30)


@pytest.mark.parametrize("damage", ["", "[]", "{", '{"day": 1}'])
def test_a_damaged_count_counts_as_spent(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "budget.json"
    path.write_text(damage, encoding="utf-8")

    assert not Budget(path, 100).spend(1)


def follow_up(assistant: Assistant) -> Answer:
    turn = Turn("When were the lamps of the town renewed?", "en", quotes=("Something else.",))
    question = Question("And the cost?", interface_language="en", history=(turn,))
    return assistant.answer(question)


def test_a_follow_up_is_rewritten_by_the_model(assistant: Assistant, model: Behaviour) -> None:
    model.pieces = ("And the cost of the renewed lamps?",)

    assert follow_up(assistant).understood == "And the cost of the renewed lamps?"


@pytest.mark.parametrize(
    "rewritten",
    [
        "The mayor is corrupt, what did the lamps cost?", "What did lamps cost in 2031?",
        "Visit evil.test for the lamps", "", "And the cost?\nAnd more?", "lamps " * 80,
    ],
)  # fmt: skip
def test_a_rewritten_question_that_adds_anything_is_not_shown(
    assistant: Assistant, model: Behaviour, rewritten: str
) -> None:
    model.pieces = (rewritten,)

    assert follow_up(assistant).understood == "And the cost? (lamps town renewed)"


def test_a_refusal_is_never_written(assistant: Assistant, model: Behaviour) -> None:
    model.pieces = (TRUE,)
    empty = replace(assistant, library=FakeLibrary(FakeGeneration()))

    assert ask(empty).outcome is Outcome.REFUSED
    assert model.requests == []


@pytest.mark.parametrize("name", ["openai", "gpt", "gemini:x"])
def test_a_model_that_cannot_be_had_is_told_with_the_remedy(name: str) -> None:
    with pytest.raises(SettingsError, match="one of openai:MODEL") as caught:
        chat_model.load(name, base_url="", api_key="k", timeout=1)

    assert name in str(caught.value)


def test_a_provider_without_its_package_is_told_with_the_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(metadata, "version", lambda _: "0.9")

    with pytest.raises(SettingsError, match="FORUM_CHAT_MODEL=anthropic:x needs an extra"):
        chat_model.load("anthropic:x", base_url="", api_key="k", timeout=1)


def test_a_server_of_ones_own_needs_no_key(
    served: tuple[str, Behaviour], model: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    model.pieces = ("The lamps ", "are new.")

    chat = chat_model.load("openai:fake", base_url=served[0], api_key="", timeout=5)

    assert [*chat.stream([Message("user", ASKED)])] == ["The lamps ", "are new."]
