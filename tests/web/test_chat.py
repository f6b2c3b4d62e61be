import logging
from collections.abc import Callable
from datetime import date
from typing import Any

import gradio as gr
import pytest
from starlette.requests import Request

from assistant import rendering
from assistant.dialogue import Question
from assistant.errors import StoreError
from assistant.golden_questions import GoldenQuestion
from assistant.ports import Library
from assistant.web.chat import REMEMBERED, SAMPLES, ChatPage, Conversation, Publication
from assistant.wording import LANGUAGES, wording
from tests.builders import a_chat_page, a_chunk, a_passage
from tests.fakes import BrokenLibrary, FakeGeneration, FakeLibrary

ASKED = "When were the lamps renewed?"
MESSAGES = [
    {"role": "user", "content": "<p>earlier question</p>"},
    {"role": "assistant", "content": "<p>earlier answer</p>"},
]
EARLIER = Conversation(tuple(MESSAGES))


def answering(*sentences: str) -> FakeLibrary:
    return FakeLibrary(FakeGeneration(*(a_passage(a_chunk(text)) for text in sentences)))


def shown(page: ChatPage, text: str, language: str = "en") -> list[list[dict[str, str]]]:
    """Return what the chat shows, step by step."""
    return [update[0] for update in page._respond(text, EARLIER, language)]


def last_words(page: ChatPage, text: str = ASKED, language: str = "en") -> str:
    return shown(page, text, language)[-1][-1]["content"]


def test_the_transcript_grows_by_the_question_and_its_answer() -> None:
    page = a_chat_page(answering("In 2019."))

    *_, (chat, conversation, box, *_) = page._respond(ASKED, EARLIER, "en")

    answer = page.assistant.answer(Question(ASKED, interface_language="en"))
    assert chat == [
        *MESSAGES,
        {"role": "user", "content": rendering.question(ASKED)},
        {"role": "assistant", "content": rendering.answer(answer, wording("en"), page.contact)},
    ]
    assert chat == list(conversation.messages)
    assert conversation.turns == (answer.turn,)
    assert box == ""


def test_every_step_keeps_what_was_said_before() -> None:
    steps = shown(a_chat_page(answering("In 2019.")), ASKED)

    for step in steps:
        assert step[:2] == MESSAGES
        assert step[2] == {"role": "user", "content": rendering.question(ASKED)}
        assert len(step) == 4


def test_the_earlier_transcript_is_left_as_it_was() -> None:
    before = [dict(message) for message in MESSAGES]

    shown(a_chat_page(answering("In 2019.")), ASKED)

    assert before == MESSAGES


def test_an_answer_is_announced_then_grows_then_has_its_sources() -> None:
    searching, opened, stated, finished = (
        step[-1]["content"] for step in shown(a_chat_page(answering("In 2019.")), ASKED)
    )

    assert searching == rendering.status(wording("en")("status.searching"))
    assert "In 2019." not in opened
    assert "In 2019." in stated
    assert "sources" not in stated
    assert 'class="sources"' in finished


def test_the_samples_are_hidden_once_a_question_is_asked() -> None:
    for update in a_chat_page(answering("In 2019."))._respond(ASKED, Conversation(), "en"):
        assert update[3:] == (gr.update(visible=False),) * SAMPLES


def test_a_refusal_names_the_contact() -> None:
    page = a_chat_page(FakeLibrary(FakeGeneration()))

    assert "help@forum.test" in last_words(page)


def test_the_answer_speaks_the_language_of_the_question() -> None:
    assert 'lang="fr"' in last_words(a_chat_page(answering("In 2019.")), "Où a-t-on renové ?")


def test_the_page_decides_the_language_of_an_unclear_question() -> None:
    assert 'lang="pt"' in last_words(a_chat_page(answering("In 2019.")), "CLSPD", "pt")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_question_is_told_and_not_kept(text: str, language: str) -> None:
    ((chat, transcript, box, *samples),) = a_chat_page(answering("In 2019."))._respond(
        text, EARLIER, language
    )

    note = rendering.status(wording(language)("error.empty"))
    assert chat == [*MESSAGES, {"role": "assistant", "content": note}]
    assert transcript == EARLIER
    assert box == ""
    assert samples == [gr.update()] * SAMPLES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "key"), [("?!", "error.empty"), ("lamps " * 50, "error.too_long")]
)
def test_a_question_that_cannot_be_taken_is_told_why(text: str, key: str, language: str) -> None:
    page = a_chat_page(answering("In 2019."))

    words = wording(language)
    expected = words(key, length=len(text.strip()), limit=100)
    assert last_words(page, text, language) == rendering.status(expected)


def nothing_published() -> None:
    return None


def broken_publication() -> Publication:
    msg = "cannot open /secret/path/manifest.json"
    raise StoreError(msg)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("publication", "key"),
    [
        (lambda: Publication(1, date(2021, 2, 1)), "error.unavailable"),
        (nothing_published, "error.nothing_published"),
        (broken_publication, "error.unavailable"),
    ],
)
def test_a_failing_store_is_told_without_its_secrets(
    language: str, publication: Callable[[], Publication | None], key: str
) -> None:
    page = a_chat_page(BrokenLibrary(), publication=publication)

    steps = shown(page, ASKED, language)

    assert steps[-1][-1]["content"] == rendering.status(wording(language)(key))
    assert "secret" not in str(steps)
    assert "sqlite" not in str(steps)


def test_a_failing_store_is_logged_without_a_trace_or_the_question(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG, logger="assistant"):
        shown(a_chat_page(BrokenLibrary()), ASKED)

    (record,) = caplog.records
    assert "/secret/path" in record.getMessage()
    assert record.exc_info is None
    assert ASKED not in caplog.text


class FaultyLibrary:
    """Has a mistake in it that nobody foresaw."""

    def generation(self) -> Any:  # noqa: ANN401 - it never returns
        msg = "list index out of range in /secret/path/code.py"
        raise IndexError(msg)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mistake_of_ours_is_told_without_a_trace(
    language: str, caplog: pytest.LogCaptureFixture
) -> None:
    library: Library = FaultyLibrary()

    steps = shown(a_chat_page(library), ASKED, language)

    expected = rendering.status(wording(language)("error.unavailable"))
    assert steps[-1][-1]["content"] == expected
    assert "secret" not in str(steps)
    assert "Traceback" not in str(steps)
    assert [record.exc_info is not None for record in caplog.records] == [True]


def test_markup_in_a_question_stays_text_in_the_transcript() -> None:
    steps = shown(a_chat_page(answering("In 2019.")), "<img src=x onerror=alert(1)> lamps?")

    assert "<img" not in str(steps)


def test_a_new_chat_forgets_what_was_said() -> None:
    chat, conversation, box, *samples = a_chat_page(answering())._restart("en")

    assert (chat, conversation, box) == ([], Conversation(), "")
    assert len(samples) == SAMPLES


def test_a_follow_up_leans_on_what_was_asked_on_the_same_page_only() -> None:
    page = a_chat_page(answering("In 2019."))
    *_, (_, mine, *_) = page._respond("When were the lamps renewed?", Conversation(), "en")
    *_, (_, theirs, *_) = page._respond("Who keeps the recordings?", Conversation(), "en")

    *_, (chat, mine, *_) = page._respond("What did they cost?", mine, "en")
    *_, (other, theirs, *_) = page._respond("How long are they kept?", theirs, "en")

    assert "What did they cost? (lamps renewed)" in chat[-1]["content"]
    assert "How long are they kept? (keeps recordings)" in other[-1]["content"]


def test_only_so_many_turns_are_remembered() -> None:
    page, conversation = a_chat_page(answering("In 2019.")), Conversation()
    for _ in range(REMEMBERED + 2):
        *_, (_, conversation, *_) = page._respond(ASKED, conversation, "en")

    assert len(conversation.turns) == REMEMBERED
    assert len(conversation.messages) == 2 * (REMEMBERED + 2)


def questions(*pairs: tuple[str, str]) -> list[GoldenQuestion]:
    return [GoldenQuestion(text, language, "a.md", None) for language, text in pairs]


def offered(golden: list[GoldenQuestion], language: str) -> list[str]:
    page = a_chat_page(answering(), golden_questions=golden)
    updates = page._samples(language)
    assert len(updates) == SAMPLES
    for update in updates:
        assert update["visible"] is bool(update["value"])
    return [update["value"] for update in updates if update["visible"]]


def test_samples_are_in_the_language_of_the_visitor_only() -> None:
    golden = questions(("en", "Who?"), ("fr", "Qui ?"), ("en", "When?"), ("de", "Wer?"))

    assert offered(golden, "en") == ["Who?", "When?"]
    assert offered(golden, "fr") == ["Qui ?"]


def test_questions_that_the_documents_do_not_answer_are_no_samples() -> None:
    golden = [GoldenQuestion("Who won?", "en", None, None), *questions(("en", "Who pays?"))]

    assert offered(golden, "en") == ["Who pays?"]


def test_samples_are_taken_from_the_whole_list() -> None:
    golden = questions(*(("en", f"Question {at}?") for at in range(12)))

    assert offered(golden, "en") == ["Question 0?", "Question 3?", "Question 6?", "Question 9?"]


def test_without_golden_questions_there_are_no_samples() -> None:
    assert offered([], "en") == []


def visit(query: str = "", accept_language: str | None = None) -> gr.Request:
    headers = [(b"accept-language", accept_language.encode())] if accept_language else []
    scope = {"type": "http", "query_string": query.encode(), "headers": headers}
    return gr.Request(Request(scope))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_the_language_of_the_browser(language: str) -> None:
    page = a_chat_page(answering(), golden_questions=questions((language, "?")))
    words = wording(language)

    chosen, heading, chat, box, ask, stop, new, *samples = page._localise(
        visit(accept_language=f"{language};q=0.9,sv")
    )

    assert chosen == language
    assert f'<div lang="{language}">' in heading
    assert rendering.escaped(words("page.notice")) in heading
    assert chat["placeholder"] == words("chat.placeholder")
    assert box["label"] == words("question.label")
    assert [ask, stop, new] == [words("button.ask"), words("button.stop"), words("button.new")]
    assert samples[0]["value"] == "?"


def test_a_language_in_the_address_wins_over_the_browser() -> None:
    assert a_chat_page(answering())._localise(visit("lang=de", "fr"))[0] == "de"


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"publication": nothing_published}, "page.empty"),
        ({"publication": broken_publication}, "error.unavailable"),
        ({"is_warm": lambda: False}, "page.warming"),
    ],
)
def test_the_heading_tells_in_what_state_the_assistant_is(
    changes: dict[str, object], key: str
) -> None:
    words = wording("en")

    assert rendering.escaped(words(key)) in a_chat_page(answering(), **changes)._heading(words)
    assert rendering.escaped(words(key)) not in a_chat_page(answering())._heading(words)


def test_the_heading_tells_what_is_published_and_since_when() -> None:
    heading = a_chat_page(answering())._heading(wording("en"))

    assert "12 documents, published here on 1 February 2021." in heading


def test_the_name_of_the_forum_is_text() -> None:
    heading = a_chat_page(answering(), name="<script>alert(1)</script>")._heading(wording("en"))

    assert "<script>" not in heading


@pytest.fixture(scope="module")
def config() -> dict[str, Any]:
    """What Gradio tells a browser of the page."""
    return dict(a_chat_page(answering("In 2019.")).build().get_config_file())


def test_the_transcript_is_never_taken_from_the_browser(config: dict[str, Any]) -> None:
    kinds = {its["id"]: its["type"] for its in config["components"]}
    read = [kinds[at] for its in config["dependencies"] for at in its["inputs"]]

    assert "state" in read
    assert set(read) <= {"state", "textbox", "button"}


def test_no_function_of_the_page_is_offered_to_other_programs(config: dict[str, Any]) -> None:
    assert {its["api_visibility"] for its in config["dependencies"]} == {"private"}


def test_the_page_loads_nothing_from_elsewhere(config: dict[str, Any]) -> None:
    assert "analytics_enabled" not in config or config["analytics_enabled"] is False
    chat = next(its["props"] for its in config["components"] if its["type"] == "chatbot")
    assert chat["sanitize_html"] is True
    assert chat["latex_delimiters"] == []
