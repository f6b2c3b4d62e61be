"""What is translated is the published passage, and what comes says that it is a machine's."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from starlette.testclient import TestClient

from assistant.language.wording import wording
from assistant.web import lookups, server
from assistant.web.lookups import Untranslated
from assistant.web.pages.templating import seen_as
from assistant.web.security.visitors import Visitors
from assistant.writing.translating import Translator
from tests.assistant.web.test_engine import called
from tests.builders import a_chat_page, a_document, a_site, a_translator, translating
from tests.fakes import BrokenLibrary, FakeChatModel, FakeGeneration, FakeLibrary

ID = "articles/lighting.md"
TEXT = "Read this first.\n\nThe town renewed its street lighting in 2019. It cost 30 euros.\n"
PASSAGE = "The town renewed its street lighting in 2019. It cost 30 euros."
START = TEXT.index(PASSAGE)
END = START + len(PASSAGE)
FRENCH = "La ville a renouvelé son éclairage public en 2019. Il a coûté 30 euros."
WORDS = wording("fr")
LIBRARY = FakeLibrary(FakeGeneration(documents=[a_document(text=TEXT)]))


def told(folder: Path, said: str = FRENCH, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - of each field its own
    wanted = replace(Untranslated(ID, START, END, "fr"), **changes)
    chat = a_chat_page(LIBRARY)
    return lookups.translation_of(chat, a_translator(said, folder), wanted, with_markup=True)


def test_the_published_passage_is_sent_and_the_translation_says_what_it_is(tmp_path: Path) -> None:
    model = FakeChatModel(FRENCH)
    made = a_translator(FRENCH, tmp_path)
    asker = replace(made.asker, model=model)  # type: ignore[type-var] # a Writer
    translator = Translator(asker, made.detect_language, 5)
    wanted = Untranslated(ID, START, END, "fr")

    said = lookups.translation_of(a_chat_page(LIBRARY), translator, wanted, with_markup=True)

    ((_, user),) = model.asked
    assert PASSAGE in user.text
    assert "Read this first" not in user.text
    shown = lxml.html.fromstring(said.pop("markup"))
    assert shown.get("lang") == "fr"
    assert shown.get("data-ai-generated") == "true"
    said_there = [text for text in shown.itertext("p") if text.strip()]
    assert said_there == [WORDS("translation.notice"), FRENCH]
    assert said == {
        "state": "done",
        "text": FRENCH,
        "language": "fr",
        "original": PASSAGE,
        "notice": WORDS("translation.notice"),
    }


def test_nothing_that_a_model_writes_becomes_markup(tmp_path: Path) -> None:
    hostile = FRENCH.replace("ville", "ville & co. 'x' \"y\"")

    assert "&amp; co. &#x27;x&#x27; &quot;y&quot;" in told(tmp_path, hostile)["markup"]


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"said": FRENCH.replace("2019", "2018")}, "translation.unsure"),
        ({"said": PASSAGE}, "translation.unsure"),
        ({"document": "articles/none.md"}, "reader.missing"),
        ({"start": 5000, "end": 5100}, "reader.missing"),
        ({"start": END, "end": START}, "reader.missing"),
        ({"start": START - 2, "end": START}, "reader.missing"),
        ({"seen": seen_as("What stood there before.")}, "translation.changed"),
    ],
)
def test_what_cannot_be_had_is_told_in_words(
    changes: dict[str, Any], key: str, tmp_path: Path
) -> None:
    assert told(tmp_path, **changes) == {"state": "trouble", "text": WORDS(key)}


@pytest.mark.parametrize("language", ["en", "xx", ""])
def test_only_another_language_of_the_page_is_translated_into(
    language: str, tmp_path: Path
) -> None:
    said = told(tmp_path, language=language)

    assert said == {"state": "trouble", "text": wording("en")("translation.unsure")}


def test_a_passage_that_still_stands_as_the_page_shows_it_is_translated(tmp_path: Path) -> None:
    assert told(tmp_path, seen=seen_as(PASSAGE))["state"] == "done"


def test_a_model_that_fails_and_a_store_that_fails_are_told_in_words(tmp_path: Path) -> None:
    made = a_translator("", tmp_path)
    failing = replace(made.asker, model=FakeChatModel("", is_failing=True))  # type: ignore[type-var] # likewise
    wanted = Untranslated(ID, START, END, "fr")

    unavailable = lookups.translation_of(
        a_chat_page(LIBRARY), Translator(failing, made.detect_language, 5), wanted, with_markup=True
    )
    broken = lookups.translation_of(a_chat_page(BrokenLibrary()), made, wanted, with_markup=True)

    assert unavailable == {"state": "trouble", "text": WORDS("translation.unavailable")}
    assert broken == {"state": "trouble", "text": WORDS("error.unavailable")}


def test_a_translation_counts_as_a_question(tmp_path: Path) -> None:
    chat = a_chat_page(LIBRARY, visitors=Visitors(questions=1, requests=99))
    made, wanted = a_translator(FRENCH, tmp_path), Untranslated(ID, START, END, "fr", address="a")

    said = [lookups.translation_of(chat, made, wanted, with_markup=False) for _ in range(2)]

    assert [each["state"] for each in said] == ["done", "trouble"]
    assert "markup" not in said[0]


def test_members_call_it_where_a_chat_model_is_configured(tmp_path: Path) -> None:
    site = translating(a_site(LIBRARY, tmp_path), FRENCH, tmp_path)
    with TestClient(server.application(site)) as client:
        said = called(client, "translate", ID, START, END, "fr")
        words = {"data": [ID, START, END, "fr", "", True, "Translate this: I am free text"]}
        refused = client.post("/gradio_api/call/translate", json=words)

    assert (said["state"], said["text"]) == ("done", FRENCH)
    assert refused.status_code == 422


def test_without_a_chat_model_there_is_no_such_call(tmp_path: Path) -> None:
    with TestClient(server.application(a_site(LIBRARY, tmp_path))) as client:
        refused = client.post("/gradio_api/call/translate", json={"data": [ID, START, END, "fr"]})

    assert refused.status_code in {404, 422}
