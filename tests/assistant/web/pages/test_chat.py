import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from assistant.domain.corpus import Filters, Kind
from assistant.domain.dialogue import Question
from assistant.domain.errors import StoreError
from assistant.domain.ports import Library
from assistant.domain.publication import Announcement, OfferedQuestion
from assistant.domain.watching import AskedFrom
from assistant.language.contacts import Contacts
from assistant.language.languages import LANGUAGES
from assistant.language.wording import wording
from assistant.web.pages.chat import Asked, ChatPage, Reply, asked_by
from assistant.web.pages.conversation import Conversations
from assistant.web.pages.options import Chosen
from assistant.web.security.visitors import Visitors
from assistant.writing.budget import Budget
from assistant.writing.writer import Writer
from tests.builders import (
    a_chat_page,
    a_chunk,
    a_passage,
    a_source,
    an_assistant,
    an_offered_question,
)
from tests.fakes import (
    BrokenLibrary,
    FakeChatModel,
    FakeGeneration,
    FakeLibrary,
    detect,
)

ASKED = "When were the lamps renewed?"


def answering(*sentences: str) -> FakeLibrary:
    return FakeLibrary(FakeGeneration(*(a_passage(a_chunk(text)) for text in sentences)))


def replies(page: ChatPage, text: str = ASKED, **fields: Any) -> list[Reply]:  # noqa: ANN401 - of Asked
    return list(page.respond(Asked(text, **fields)))


def last(page: ChatPage, text: str = ASKED, **fields: Any) -> Reply:  # noqa: ANN401 - likewise
    return replies(page, text, **fields)[-1]


def first(page: ChatPage, language: str = "en", **query: str) -> dict[str, Any]:
    return page.first(query, language)


def test_a_question_gets_its_answer_as_markup_and_as_what_it_is() -> None:
    page = a_chat_page(answering("In 2019."))

    reply = last(page)

    answer = page.assistant.answer(Question(ASKED, interface_language="en"))
    assert reply.result == answer
    html = lxml.html.fragment_fromstring(reply.markup)
    assert html.findtext(".//h2") == ASKED
    assert "In 2019." in html.text_content()
    assert reply.fields(with_markup=False)["answer"]["citations"][0]["quote"] == "In 2019."


def test_what_an_endpoint_says_holds_markup_only_where_that_is_wanted() -> None:
    reply = last(a_chat_page(answering("In 2019.")))

    assert "markup" not in reply.fields(with_markup=False)
    assert reply.fields(with_markup=True)["markup"] == reply.markup


def writing(*pieces: str) -> ChatPage:
    """Return a page whose chat model writes these pieces of one passage."""
    library = answering("The lamps were renewed in 2019.")
    budget = Budget(Path("budget.json"), 0)
    writer = Writer(FakeChatModel(*pieces), detect, budget, 5)
    return a_chat_page(library, assistant=an_assistant(library, writer=writer))


def test_what_answers_is_sent_before_the_model_writes_and_stands_by_itself() -> None:
    page = writing("The lamps were renewed in 2019 [1].")

    first, second, third = replies(page)

    assert [each.fields(with_markup=True)["state"] for each in (first, second, third)] == [
        "growing",
        "growing",
        "done",
    ]
    assert first.result == replace(page.assistant, writer=None).answer(Question(ASKED))
    assert second.result == third.result
    shared = page.permalinks.read(first.path.rpartition("/")[2])
    assert shared is not None
    assert shared.answer.text == first.result.text


def test_a_follow_up_may_lean_on_an_answer_that_was_still_growing() -> None:
    page = writing("The lamps were renewed in 2019 [1].")

    first, *_, last = replies(page)

    read = page.conversations.read
    assert read(first.conversation).turns == read(last.conversation).turns


def test_the_excerpts_of_each_answer_have_names_of_their_own() -> None:
    page = writing("The lamps were renewed in 2019 [1].")

    names = [set(re.findall('id="(excerpt-[^"]+)"', each.markup)) for each in replies(page)]
    (others,) = {re.findall('id="(excerpt-[^"]+)"', last(page).markup)[0]}

    assert names[0] == names[1] == names[2]
    assert others not in names[0]


def test_an_answer_has_a_link_that_shows_it_again() -> None:
    page = a_chat_page(answering("In 2019."), base="/ask")

    path = last(page).path

    assert path.startswith("/ask/answer/")
    shared = page.permalinks.read(path.rpartition("/")[2])
    assert shared is not None
    assert shared.answer.question == ASKED
    assert (shared.given, shared.published) == (date(2021, 3, 1), date(2021, 2, 1))


def test_a_visitor_who_asks_too_much_is_told_how_long_to_wait() -> None:
    page = a_chat_page(answering("In 2019."), visitors=Visitors(questions=2, requests=9))
    for _ in range(2):
        assert last(page).result is not None

    reply = last(page)

    assert reply.result is None
    assert re.search(r"Please wait \d+ seconds", reply.trouble)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["error.wait", "page.questions_kept", "page.kept_short"])
def test_one_second_and_one_day_are_said_in_the_singular(key: str, language: str) -> None:
    one, many = (wording(language).counted(key, count) for count in (1, 30))

    assert one != many.replace("30", "1")
    assert re.sub("1", "30", one)[:20] == many[:20]


def test_the_search_keeps_to_the_filters_of_the_page() -> None:
    library = FakeLibrary(FakeGeneration(a_passage(a_chunk("In 2019.", language="fr"))))

    last(a_chat_page(library), chosen=Chosen(("event", "x"), ("fr",), "years"))

    with library.generation() as generation:
        assert isinstance(generation, FakeGeneration)
        ((_, filters, _),) = generation.searches
    assert filters == Filters(frozenset({"fr"}), frozenset({Kind.EVENT}), date(2016, 3, 1))


def test_a_refusal_below_filters_names_them() -> None:
    page = a_chat_page(FakeLibrary(FakeGeneration()))

    reply = last(page, chosen=Chosen(("recommendation",), ("fr",)))

    assert "Only this was searched: Recommendations, French." in reply.markup


def test_a_refusal_names_the_contact_for_readers_of_its_language() -> None:
    own = Contacts("help@forum.test", {"fr": "aide@forum.test"})
    page = a_chat_page(FakeLibrary(FakeGeneration()), contacts=own)

    assert "help@forum.test" in last(page).markup
    french = last(page, "Qui paie les caméras de la ville ?", language="fr")
    assert "aide@forum.test" in french.markup


def test_the_page_decides_the_language_of_an_unclear_question() -> None:
    reply = last(a_chat_page(answering("In 2019.")), "CLSPD", language="pt")

    assert reply.result is not None
    assert reply.result.language == "pt"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_question_is_told(text: str, language: str) -> None:
    (reply,) = replies(a_chat_page(answering("In 2019.")), text, language=language)

    assert reply.trouble == wording(language)("error.empty")
    assert reply.fields(with_markup=True) == {"state": "trouble", "text": reply.trouble}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "key"), [("?!", "error.empty"), ("lamps " * 50, "error.too_long")]
)
def test_a_question_that_cannot_be_taken_is_told_why(text: str, key: str, language: str) -> None:
    reply = last(a_chat_page(answering("In 2019.")), text, language=language)

    assert reply.trouble == wording(language)(key, length=len(text.strip()), limit=100)


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

    assert last(page, language=language) == Reply(trouble=wording(language)(key))


def test_a_failing_store_is_logged_without_a_trace_or_the_question(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG, logger="assistant"):
        last(a_chat_page(BrokenLibrary()))

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

    reply = last(a_chat_page(library), language=language)

    assert reply == Reply(trouble=wording(language)("error.unavailable"))
    assert [record.exc_info is not None for record in caplog.records] == [True]


def test_markup_in_a_question_stays_text() -> None:
    reply = last(a_chat_page(answering("In 2019.")), "<img src=x onerror=alert(1)> lamps?")

    assert "<img" not in reply.markup


def test_a_follow_up_leans_on_what_the_page_sends_back() -> None:
    page = a_chat_page(answering("In 2019."))
    mine = last(page, "When were the lamps renewed?").conversation
    theirs = last(page, "Who keeps the recordings?").conversation

    reply = last(page, "What did they cost?", conversation=mine)
    other = last(page, "How long are they kept?", conversation=theirs)

    assert "What did they cost? (lamps renewed)" in reply.markup
    assert "How long are they kept? (keeps recordings)" in other.markup


def test_a_conversation_that_we_did_not_sign_is_none() -> None:
    page = a_chat_page(answering("In 2019."))
    strange = a_chat_page(answering("In 2019."), conversations=Conversations(b"another"))
    token = last(strange, "When were the lamps renewed?").conversation

    for wrong in (token, "x", token[:-3]):
        reply = last(page, "What did they cost?", conversation=wrong)
        assert reply.result is not None
        assert reply.result.understood == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_in_every_language(language: str) -> None:
    words = wording(language)

    told = first(a_chat_page(answering()), language)

    assert told["words"].language == language
    assert told["corpus"] == words("page.quoted", documents=12)
    assert told["filters"].kinds[0] == ("article", words("kinds.article"))
    assert [code for code, _ in told["filters"].languages] == ["en", "fr"]


def test_the_page_tells_of_how_much_it_quotes_and_how_new_it_is() -> None:
    def announcement(_: str) -> Announcement:
        return Announcement(12, date(2021, 2, 1), latest=date(2021, 1, 3))

    told = first(a_chat_page(answering(), announcement=announcement))

    assert told["corpus"] == (
        "Answers are quoted from 12 documents. The newest is of 3 January 2021."
    )


@pytest.mark.parametrize(
    ("announcement", "key"),
    [(nothing_published, "page.empty"), (broken_announcement, "error.unavailable")],
)
def test_the_page_tells_where_there_is_nothing_to_ask(
    announcement: Callable[[str], Announcement | None], key: str
) -> None:
    told = first(a_chat_page(answering(), announcement=announcement))

    assert told["corpus"] == wording("en")(key)
    assert told["contact"] == "help@forum.test"
    assert told["starters"] == []


def questions(*pairs: tuple[str, str]) -> list[OfferedQuestion]:
    return [an_offered_question(text, language) for language, text in pairs]


def offered(known: list[OfferedQuestion], language: str, **changes: object) -> list[str]:
    page = a_chat_page(answering(), offered=lambda: known, **changes)
    return list(first(page, language)["starters"])


def test_starters_are_in_the_language_of_the_visitor_only() -> None:
    known = questions(("en", "Who?"), ("fr", "Qui ?"), ("en", "When?"), ("de", "Wer?"))

    assert offered(known, "en") == ["Who?", "When?"]
    assert offered(known, "fr") == ["Qui ?"]


def test_questions_that_may_follow_are_about_what_was_answered() -> None:
    known = [
        an_offered_question("Who pays?", documents=("elsewhere.md",)),
        an_offered_question("Where are the lamps?", documents=("articles/lighting.md",)),
        an_offered_question(ASKED, documents=("articles/lighting.md",)),
        an_offered_question("Wo?", "de", documents=("articles/lighting.md",)),
    ]

    reply = last(a_chat_page(answering("In 2019."), offered=lambda: known))

    assert reply.following == ("Where are the lamps?", "Summarise “Lighting”")
    assert lxml.html.fragment_fromstring(reply.markup).xpath(
        ".//div[@class='next']//button/@value"
    ) == list(reply.following)


def test_nothing_follows_a_refusal() -> None:
    known = [an_offered_question("Where are the lamps?", documents=("articles/lighting.md",))]

    reply = last(a_chat_page(FakeLibrary(FakeGeneration()), offered=lambda: known))

    assert reply.result is not None
    assert reply.following == ()


def test_without_questions_that_are_known_the_documents_are_offered() -> None:
    newest = (a_source(title="Lamps"), a_source(title="Long " * 30), a_source(title="Dogs"))

    def announcement(_: str) -> Announcement:
        return Announcement(3, date(2021, 2, 1), ("en",), newest=newest)

    assert offered([], "en", announcement=announcement) == [
        "What are the latest documents?",
        "Summarise “Lamps”",
        "Summarise “Dogs”",
    ]


def test_a_page_around_ours_may_wish_for_questions_and_filters() -> None:
    told = first(
        a_chat_page(answering()),
        questions="Who?|When?",
        greeting="Hello",
        kinds="event,x",
        theme="dark",
        site="https://town.example",
    )

    assert told["starters"][:2] == ["Who?", "When?"]
    assert (told["greeting"], told["theme"]) == ("Hello", "dark")
    assert told["chosen"] == Chosen(("event",))
    assert "theme=dark" in told["carried"]


def test_a_form_asks_what_is_offered_before_what_is_typed() -> None:
    fields = {
        "question": ["typed"],
        "offered": ["Who pays?"],
        "kinds": ["event"],
        "period": ["year"],
        "conversation": ["token"],
    }

    asked = asked_by(fields, "fr", "https://town.example", "192.0.2.1")

    assert asked == Asked(
        *("Who pays?", "fr", Chosen(("event",), (), "year"), "token"),
        *("https://town.example", "192.0.2.1", AskedFrom.WIDGET),
    )


def test_a_form_that_wants_everything_searched_leaves_its_filters_aside() -> None:
    asked = asked_by({"everything": ["Who pays?"], "kinds": ["event"]}, "en", "", "")

    assert (asked.text, asked.chosen) == ("Who pays?", Chosen())


def test_a_form_that_gets_no_answer_keeps_its_question() -> None:
    page = a_chat_page(BrokenLibrary())

    told = page.answered(Asked(ASKED))

    assert (told["question"], told["trouble"]) == (ASKED, wording("en")("error.unavailable"))
