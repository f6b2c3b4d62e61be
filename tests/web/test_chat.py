import logging
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import gradio as gr
import lxml.html
import pytest
from starlette.requests import Request

from assistant import rendering
from assistant.contacts import Contacts
from assistant.corpus import Filters, Kind
from assistant.dialogue import Question
from assistant.errors import StoreError
from assistant.holdings import Announcement, OfferedQuestion
from assistant.markup import escaped
from assistant.ports import Library
from assistant.web.chat import ChatPage
from assistant.web.conversation import REMEMBERED, Conversation
from assistant.web.permalinks import Permalinks
from assistant.web.visitors import Visitors
from assistant.wording import LANGUAGES, wording
from tests.builders import a_chat_page, a_chunk, a_passage, a_source, an_offered_question
from tests.fakes import BrokenLibrary, FakeGeneration, FakeLibrary

ASKED = "When were the lamps renewed?"
EARLIER = Conversation(3)


def answering(*sentences: str) -> FakeLibrary:
    return FakeLibrary(FakeGeneration(*(a_passage(a_chunk(text)) for text in sentences)))


def steps_of(
    page: ChatPage, text: str, conversation: Conversation = EARLIER, language: str = "en"
) -> list[tuple[Any, ...]]:
    """Return the page's outputs, step by step."""
    return list(page._respond(text, conversation, language, [], [], "any", visit()))


def shown(page: ChatPage, text: str, language: str = "en") -> list[str]:
    """Return the turn that is going on, step by step."""
    return [update[0] for update in steps_of(page, text, language=language)]


def offered_in(suggested: str) -> list[str]:
    """Return the questions that a click asks."""
    if not suggested:
        return []
    return [its.text for its in lxml.html.fragment_fromstring(suggested, "div").iter("button")]


def last_words(page: ChatPage, text: str = ASKED, language: str = "en") -> str:
    return shown(page, text, language)[-1]


def state(turn: str) -> str:
    return str(lxml.html.fromstring(turn).get("data-state"))


def test_a_turn_is_the_question_and_its_answer() -> None:
    page = a_chat_page(answering("In 2019."))

    *_, (turn, conversation, _) = steps_of(page, ASKED)

    answer = page.assistant.answer(Question(ASKED, interface_language="en"))
    assert rendering.question(ASKED) in turn
    assert escaped(answer.lead_in) in turn
    assert 'data-turn="4"' in turn
    assert conversation == Conversation(4, (answer.turn,), (ASKED,))


def test_a_question_is_searched_for_then_has_its_answer_with_its_sources() -> None:
    searching, finished = shown(a_chat_page(answering("In 2019.")), ASKED)

    assert rendering.status(wording("en")("status.searching")) in searching
    assert "In 2019." in finished
    assert 'class="sources"' in finished
    assert [state(its) for its in (searching, finished)] == ["searching", "done"]


def test_only_the_turn_that_goes_on_is_sent_however_long_the_conversation() -> None:
    page, conversation = a_chat_page(answering("In 2019.")), Conversation()
    sizes = []
    for _ in range(12):
        *_, (turn, conversation, *_) = steps_of(page, ASKED, conversation)
        sizes.append(len(turn))

    assert max(sizes[1:]) - min(sizes[1:]) < 10


def test_an_answer_has_a_link_that_shows_it_again() -> None:
    page = a_chat_page(answering("In 2019."))

    found = re.search(r'href="/answer/([^"]+)"', last_words(page))
    assert found is not None

    shared = page.permalinks.read(found[1])
    assert shared is not None
    assert shared.answer.question == ASKED
    assert (shared.given, shared.published) == (date(2021, 3, 1), date(2021, 2, 1))


def test_questions_that_may_follow_are_about_what_was_answered() -> None:
    known = [
        an_offered_question("Who pays?", documents=("elsewhere.md",)),
        an_offered_question("Where are the lamps?", documents=("articles/lighting.md",)),
        an_offered_question(ASKED, documents=("articles/lighting.md",)),
        an_offered_question("Wo?", "de", documents=("articles/lighting.md",)),
    ]
    page = a_chat_page(answering("In 2019."), offered=lambda: known)

    suggested = steps_of(page, ASKED)[-1][-1]

    assert wording("en")("samples.next") in suggested
    assert offered_in(suggested) == ["Where are the lamps?", "Summarise “Lighting”"]


def test_a_visitor_who_asks_too_much_is_told_how_long_to_wait() -> None:
    page = a_chat_page(answering("In 2019."), visitors=Visitors(questions=2, requests=9))
    for _ in range(2):
        assert "In 2019." in last_words(page)

    turn = last_words(page)

    assert "In 2019." not in turn
    assert re.search(r"Please wait \d+ seconds", turn)


def test_the_search_keeps_to_the_filters_of_the_page() -> None:
    library = answering("In 2019.")
    page = a_chat_page(library)

    list(page._respond(ASKED, Conversation(), "en", ["event"], ["fr"], "years", visit()))

    with library.generation() as generation:
        assert isinstance(generation, FakeGeneration)
        ((_, filters, _),) = generation.searches
    assert filters == Filters(frozenset({"fr"}), frozenset({Kind.EVENT}), date(2016, 3, 1))


def test_a_refusal_names_the_contact_for_readers_of_its_language() -> None:
    own = Contacts("help@forum.test", {"fr": "aide@forum.test"})
    page = a_chat_page(FakeLibrary(FakeGeneration()), contacts=own)

    assert "help@forum.test" in last_words(page)
    assert "aide@forum.test" in last_words(page, "Qui paie les caméras de la ville ?", "fr")


def test_the_answer_speaks_the_language_of_the_question() -> None:
    assert 'lang="fr"' in last_words(a_chat_page(answering("In 2019.")), "Où a-t-on renové ?")


def test_the_page_decides_the_language_of_an_unclear_question() -> None:
    assert 'lang="pt"' in last_words(a_chat_page(answering("In 2019.")), "CLSPD", "pt")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_question_is_told_and_not_kept(text: str, language: str) -> None:
    (step,) = steps_of(a_chat_page(answering("In 2019.")), text, language=language)

    turn, conversation, suggested = step
    assert rendering.status(wording(language)("error.empty")) in turn
    assert conversation.turns == ()
    assert suggested == gr.update()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "key"), [("?!", "error.empty"), ("lamps " * 50, "error.too_long")]
)
def test_a_question_that_cannot_be_taken_is_told_why(text: str, key: str, language: str) -> None:
    page = a_chat_page(answering("In 2019."))

    words = wording(language)
    expected = words(key, length=len(text.strip()), limit=100)
    assert rendering.status(expected) in last_words(page, text, language)


def nothing_published(_: str) -> None:
    return None


def broken_announcement(_: str) -> Announcement:
    msg = "cannot open /secret/path/manifest.json"
    raise StoreError(msg)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("announcement", "key"),
    [
        (lambda _: Announcement(1, date(2021, 2, 1)), "error.unavailable"),
        (nothing_published, "error.nothing_published"),
        (broken_announcement, "error.unavailable"),
    ],
)
def test_a_failing_store_is_told_without_its_secrets(
    language: str, announcement: Callable[[str], Announcement | None], key: str
) -> None:
    page = a_chat_page(BrokenLibrary(), announcement=announcement)

    steps = shown(page, ASKED, language)

    assert rendering.status(wording(language)(key)) in steps[-1]
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
    assert expected in steps[-1]
    assert "secret" not in str(steps)
    assert "Traceback" not in str(steps)
    assert [record.exc_info is not None for record in caplog.records] == [True]


def test_markup_in_a_question_stays_text_in_the_transcript() -> None:
    steps = shown(a_chat_page(answering("In 2019.")), "<img src=x onerror=alert(1)> lamps?")

    assert "<img" not in str(steps)


def test_a_new_chat_forgets_what_was_said() -> None:
    page = a_chat_page(answering(), announcement=lambda _: None)
    turn, conversation, suggested = page._restart("en")

    assert (state(turn), conversation, suggested) == ("new", Conversation(), "")


def link_in(turn: str) -> str:
    found = re.search(r'href="(/answer/[^"]+)"', turn)
    assert found
    return found[1]


def test_what_a_browser_kept_is_recalled_by_the_links_that_we_signed() -> None:
    page = a_chat_page(answering("In 2019."))
    *_, (turn, conversation, *_) = steps_of(page, ASKED, Conversation())
    strange = a_chat_page(answering("In 2020."), permalinks=Permalinks(b"another key"))
    *_, (foreign, *_) = steps_of(strange, ASKED, Conversation())

    links = "\n".join(["", link_in(foreign), "/answer/x", "no link", link_in(turn)])

    assert page._recall(links, Conversation()) == conversation


def test_what_was_asked_meanwhile_is_not_replaced_by_what_is_recalled() -> None:
    page = a_chat_page(answering("In 2019."))
    *_, (turn, *_) = steps_of(page, ASKED, Conversation())

    assert page._recall(link_in(turn), EARLIER) == EARLIER


def test_a_follow_up_leans_on_what_was_asked_on_the_same_page_only() -> None:
    page = a_chat_page(answering("In 2019."))
    *_, (_, mine, *_) = steps_of(page, "When were the lamps renewed?", Conversation())
    *_, (_, theirs, *_) = steps_of(page, "Who keeps the recordings?", Conversation())

    *_, (turn, mine, *_) = steps_of(page, "What did they cost?", mine)
    *_, (other, theirs, *_) = steps_of(page, "How long are they kept?", theirs)

    assert "What did they cost? (lamps renewed)" in turn
    assert "How long are they kept? (keeps recordings)" in other


def test_only_so_many_turns_are_remembered() -> None:
    page, conversation = a_chat_page(answering("In 2019.")), Conversation()
    for _ in range(REMEMBERED + 2):
        *_, (_, conversation, *_) = steps_of(page, ASKED, conversation)

    assert len(conversation.turns) == REMEMBERED
    assert conversation.number == REMEMBERED + 2


def questions(*pairs: tuple[str, str]) -> list[OfferedQuestion]:
    return [an_offered_question(text, language) for language, text in pairs]


def offered(known: list[OfferedQuestion], language: str, **changes: object) -> list[str]:
    page = a_chat_page(answering(), offered=lambda: known, **changes)
    return offered_in(page._restart(language)[-1])


def test_samples_are_in_the_language_of_the_visitor_only() -> None:
    known = questions(("en", "Who?"), ("fr", "Qui ?"), ("en", "When?"), ("de", "Wer?"))

    assert offered(known, "en") == ["Who?", "When?"]
    assert offered(known, "fr") == ["Qui ?"]


def test_samples_are_taken_from_the_whole_list() -> None:
    known = questions(*(("en", f"Question {at}?") for at in range(13)))

    assert offered(known, "en") == ["Question 0?", "Question 1?", "Question 5?", "Question 9?"]


def test_without_questions_that_are_known_the_documents_are_offered() -> None:
    newest = (a_source(title="Lamps"), a_source(title="Long " * 30), a_source(title="Dogs"))

    def announcement(_: str) -> Announcement:
        return Announcement(3, date(2021, 2, 1), ("en",), newest)

    assert offered([], "en", announcement=announcement) == [
        "What are the latest documents?",
        "Summarise “Lamps”",
        "Summarise “Dogs”",
    ]


def test_without_documents_nothing_is_offered() -> None:
    assert offered([], "en", announcement=lambda _: None) == []


def visit(query: str = "", accept_language: str | None = None) -> gr.Request:
    headers = [(b"accept-language", accept_language.encode())] if accept_language else []
    scope = {"type": "http", "query_string": query.encode(), "headers": headers}
    return gr.Request(Request(scope))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_the_language_of_the_browser(language: str) -> None:
    page = a_chat_page(answering(), offered=lambda: questions((language, "?")))
    words = wording(language)

    (
        chosen,
        heading,
        transcript,
        box,
        ask,
        stop,
        new,
        fold,
        kinds,
        languages,
        period,
        tools,
        suggested,
    ) = page._localise(visit(accept_language=f"{language};q=0.9,sv"))

    assert chosen == language
    for html in (heading, transcript, tools, suggested):
        assert f'lang="{language}"' in html
    assert escaped(words("page.notice")) in heading
    assert escaped(words("chat.placeholder")) in transcript
    assert box["label"] == words("question.label")
    assert [ask, stop, new] == [words("button.ask"), words("button.stop"), words("button.new")]
    assert fold["label"] == words("filters.label")
    assert kinds["choices"][0] == (words("kind.article"), "article")
    assert len(languages["choices"]) == 2
    assert period["choices"][0] == (words("filters.any"), "any")
    assert offered_in(suggested) == ["?"]


def test_a_language_in_the_address_wins_over_the_browser() -> None:
    assert a_chat_page(answering())._localise(visit("lang=de", "fr"))[0] == "de"


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"announcement": nothing_published}, "page.empty"),
        ({"announcement": broken_announcement}, "error.unavailable"),
        ({"is_warm": lambda: False}, "page.warming"),
    ],
)
def test_the_heading_tells_in_what_state_the_assistant_is(
    changes: dict[str, object], key: str
) -> None:
    words = wording("en")

    def heading(**more: object) -> str:
        return a_chat_page(answering(), **more)._frame("en").heading()

    paragraph = f"<p>{escaped(words(key))}</p>"
    assert paragraph in heading(**changes)
    assert paragraph not in heading()


def test_the_heading_tells_what_is_published_and_since_when() -> None:
    heading = a_chat_page(answering())._frame("en").heading()

    assert "12 documents, published here on 1 February 2021." in heading


def test_the_name_of_the_forum_is_text() -> None:
    heading = a_chat_page(answering(), name="<script>alert(1)</script>")._frame("en").heading()

    assert "<script>" not in heading


@pytest.fixture(scope="module")
def config() -> dict[str, Any]:
    """What Gradio tells a browser of the page."""
    return dict(a_chat_page(answering("In 2019.")).build().get_config_file())


def test_the_transcript_is_never_taken_from_the_browser(config: dict[str, Any]) -> None:
    kinds = {its["id"]: its["type"] for its in config["components"]}
    read = [kinds[at] for its in config["dependencies"] for at in its["inputs"]]

    assert "state" in read
    assert set(read) <= {"state", "textbox", "button", "checkboxgroup", "radio"}


def test_no_function_of_the_page_is_offered_to_other_programs(config: dict[str, Any]) -> None:
    assert {its["api_visibility"] for its in config["dependencies"]} == {"private"}


def test_the_page_loads_nothing_from_elsewhere(config: dict[str, Any]) -> None:
    assert "analytics_enabled" not in config or config["analytics_enabled"] is False
