"""What a model writes stands above the excerpts, which are there before it is asked."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering import answer_json
from assistant.answering.assistant import Assistant
from assistant.domain.dialogue import (
    Answer,
    Citation,
    Event,
    Found,
    Mode,
    Question,
    Started,
    Statement,
    Suggestion,
    grown,
)
from assistant.language.wording import wording
from assistant.writing.budget import Budget
from assistant.writing.chat_model import ChatModel
from assistant.writing.writer import Writer
from tests.builders import a_chunk, a_passage, an_assistant
from tests.fakes import FakeChatModel, FakeGeneration, FakeLibrary, detect

ASKED = Question("When were the lamps renewed?", interface_language="en")
RENEWED = "The town renewed its street lighting in 2019."
REQUESTED = "Residents had asked for new street lighting."
PRICE = "The street lighting of the town had cost 3 million euros."
LAMPS = f"{RENEWED} {REQUESTED}"


def writing(model: ChatModel, folder: Path) -> Assistant:
    """Return an assistant with a passage that answers, and a weaker one of another document."""
    ends = len(RENEWED)
    answers = a_chunk(LAMPS, sentences=[(0, ends), (ends + 1, len(LAMPS))])
    beside = a_chunk(PRICE, name="costs")
    library = FakeLibrary(
        FakeGeneration(a_passage(answers, score=0.9), a_passage(beside, score=0.4, strength=0.0))
    )
    writer = Writer(model, detect, Budget(folder / "budget.json", 0), 5)
    return an_assistant(library, writer=writer)


def events(folder: Path, *pieces: str) -> list[Event]:
    return list(writing(FakeChatModel(*pieces), folder).ask(ASKED))


def answered(folder: Path, *pieces: str) -> Answer:
    return writing(FakeChatModel(*pieces), folder).answer(ASKED)


def quoted(folder: Path) -> Answer:
    return replace(writing(FakeChatModel(), folder), writer=None).answer(ASKED)


def numbers(answer: Answer) -> list[int]:
    return [statement.citation for statement in answer.statements]


def test_what_answers_is_there_before_the_model_is_asked(tmp_path: Path) -> None:
    model = FakeChatModel(f"{RENEWED[:-1]} [1].")
    heard = writing(model, tmp_path).ask(ASKED)

    found = next(heard)

    assert found == Found(quoted(tmp_path))
    assert model.asked == []
    assert [type(event) for event in heard] == [Started, Statement, Answer]
    assert len(model.asked) == 1


def test_several_sentences_cite_the_one_excerpt_that_holds_them(tmp_path: Path) -> None:
    answer = answered(tmp_path, f"{RENEWED[:-1]} [1]. ", f"{REQUESTED[:-1]} [1].")

    assert answer.mode is Mode.WRITING
    assert numbers(answer) == [1, 1]
    assert answer.citations == quoted(tmp_path).citations


def test_an_excerpt_further_than_those_shown_comes_before_the_sentence_that_cites_it(
    tmp_path: Path,
) -> None:
    heard = events(tmp_path, f"{RENEWED[:-1]} [1]. ", f"{PRICE[:-1]} [2].")

    kinds = [type(event) for event in heard]
    assert kinds == [Found, Started, Statement, Citation, Statement, Answer]
    further, answer = heard[3], heard[-1]
    assert isinstance(further, Citation)
    assert isinstance(answer, Answer)
    assert (further.number, further.quote) == (2, PRICE)
    assert answer.citations == (*quoted(tmp_path).citations, further)
    assert numbers(answer) == [1, 2]


def test_a_further_excerpt_is_cited_again_and_not_shown_twice(tmp_path: Path) -> None:
    again = "The street lighting had cost 3 million euros [2]."

    answer = answered(tmp_path, f"{PRICE[:-1]} [2]. ", again)

    assert numbers(answer) == [2, 2]
    assert [citation.number for citation in answer.citations] == [1, 2]


def test_an_answer_grows_into_the_finished_one(tmp_path: Path) -> None:
    found, *growth, last = events(tmp_path, f"{RENEWED[:-1]} [1]. ", f"{PRICE[:-1]} [2].")
    assert isinstance(found, Found)

    answer = found.answer
    for event in growth:
        assert isinstance(event, Started | Citation | Statement)
        answer = grown(answer, event)

    assert answer == last


@pytest.mark.parametrize(
    ("model", "notice"),
    [
        (FakeChatModel("The town renewed its street lighting in 1999 [1]."), "notice.unproved"),
        (FakeChatModel(is_failing=True), "notice.quoted_instead"),
    ],
)
def test_where_nothing_is_proved_the_excerpts_stand_as_without_a_model(
    tmp_path: Path, model: ChatModel, notice: str
) -> None:
    found, answer = writing(model, tmp_path).ask(ASKED)

    assert found == Found(quoted(tmp_path))
    assert isinstance(answer, Answer)
    assert answer.notice == wording("en")(notice, count=1)
    assert replace(answer, notice="", withheld=0) == quoted(tmp_path)


def test_a_model_that_breaks_off_leaves_what_it_proved_above_the_excerpts(tmp_path: Path) -> None:
    answer = writing(FakeChatModel(f"{RENEWED[:-1]} [1]. It", is_failing=True), tmp_path).answer(
        ASKED
    )

    assert [statement.text for statement in answer.statements] == [RENEWED]
    assert answer.citations == quoted(tmp_path).citations
    assert answer.notice == wording("en")("notice.cut_short")


def test_as_text_the_prose_stands_above_the_excerpts_each_closed_by_its_number(
    tmp_path: Path,
) -> None:
    answer = answered(tmp_path, f"{RENEWED[:-1]} [1]. ", f"{PRICE[:-1]} [2].")

    assert answer.text.splitlines() == [
        wording("en")("answer.written"),
        f"{RENEWED} [1]",
        f"{PRICE} [2]",
        "Lighting",
        f"{LAMPS} [1]",
        "Costs",
        f"{PRICE} [2]",
    ]


def test_as_json_the_sentences_stand_beside_the_text(tmp_path: Path) -> None:
    told = answer_json.answer(None, answered(tmp_path, f"{PRICE[:-1]} [2]."), 1.0)

    assert told["statements"] == [{"text": PRICE, "citation": 2}]
    assert [citation["number"] for citation in told["citations"]] == [1, 2]


def test_a_follow_up_leans_on_what_was_quoted_first(tmp_path: Path) -> None:
    answer = answered(tmp_path, f"{PRICE[:-1]} [2].")

    assert answer.turn.quotes == (*quoted(tmp_path).turn.quotes, PRICE)


def test_a_document_that_is_cited_further_down_is_not_offered_to_read_on_in(tmp_path: Path) -> None:
    answer = quoted(tmp_path)
    (cited,) = (
        each for each in events(tmp_path, f"{PRICE[:-1]} [2].") if isinstance(each, Citation)
    )
    offered = replace(answer, suggestions=(Suggestion(cited.source, cited.url),))

    assert grown(offered, cited).suggestions == ()
