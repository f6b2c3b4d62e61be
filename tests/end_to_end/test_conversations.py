"""Whole conversations in a real browser, two in each of six languages."""

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.conftest import ROOT
from tests.end_to_end.chatting import ask

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

CONVERSATIONS = yaml.safe_load(
    (ROOT / "examples" / "conversations.yaml").read_text(encoding="utf-8")
)
LOCALES = {"en": "en-GB", "fr": "fr-BE", "nl": "nl-BE", "de": "de-DE", "es": "es-ES", "it": "it-IT"}


@pytest.mark.parametrize(
    "conversation",
    CONVERSATIONS,
    ids=[
        f"{conversation['language']}-{conversation['turns'][1]['say'][:30]}"
        for conversation in CONVERSATIONS
    ],
)
def test_a_conversation_reads_as_it_should(
    browser: "Browser", site: str, conversation: dict[str, Any]
) -> None:
    context = browser.new_context(locale=LOCALES[conversation["language"]])
    page = context.new_page()
    page.goto(site)
    for turn in conversation["turns"]:
        answer = ask(page, turn["say"]).locator(".answer")
        assert turn["outcome"] in str(answer.get_attribute("class")), turn["say"]
        assert answer.get_attribute("lang") == conversation["language"], turn["say"]
        assert turn["holds"] in " ".join(answer.inner_text().split()), turn["say"]
    context.close()
