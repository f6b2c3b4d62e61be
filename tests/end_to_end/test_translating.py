"""A member who reads an excerpt in another language has it translated, below the original."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.language.wording import wording
from tests.chat_model_server import Behaviour, chat_model_server
from tests.end_to_end.accessibility import violations
from tests.end_to_end.chatting import QUESTION, Visit
from tests.end_to_end.conftest import served_from

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

pytestmark = pytest.mark.browser

WORDS = wording("nl")
ENGLISH = "costs the town 6.20 euros per passenger"
DUTCH = (
    "Late bussen zijn preventie. Castlebray heeft sinds mei 2019 op vrijdag en zaterdag een "
    "nachtbus. Tussen twee haltes mogen passagiers de chauffeur vragen om hen dichter bij hun "
    "deur te laten uitstappen. De lijn vervoert ongeveer 410 passagiers per nacht en kost de stad "
    "6,20 euro per passagier. Een op de vijf passagiers liep vroeger alleen naar huis.\n\n"
    "Waar een bus te duur is, helpt een taxistandplaats met toezicht. Een steward in een opvallend "
    "jasje, aanwezig van middernacht tot 4 uur, houdt de rij rustig en zorgt ervoor dat niemand in "
    "nood achterblijft."
)


@pytest.fixture(scope="module")
def model() -> Iterator[tuple[str, Behaviour]]:
    with chat_model_server() as its:
        yield its


@pytest.fixture(scope="module")
def writing(sample_data: Path, model: tuple[str, Behaviour]) -> Iterator[str]:
    settings = {
        "FORUM_CHAT_MODEL": "openai:small",
        "FORUM_CHAT_BASE_URL": model[0],
        "FORUM_CHAT_SECONDS": "60",
    }
    with served_from(
        sample_data, port=None, sample=None, are_names_asked=False, **settings
    ) as site:
        yield site


@pytest.fixture
def visit(browser: "Browser", writing: str) -> Iterator[Visit]:
    context = browser.new_context(locale="nl-BE")
    begun = Visit.within(context, writing)
    begun.open("/?lang=nl")
    yield begun
    context.close()


def asked(visit: Visit, behaviour: Behaviour) -> "Locator":
    """Ask what an English document answers; the model writes nothing, so it is quoted."""
    behaviour.pieces = ("NOT IN THE PASSAGES",)
    turn = visit.ask(QUESTION)
    assert ENGLISH in turn.locator(".excerpt").first.inner_text()
    return turn


def test_a_translation_stands_below_the_original_and_stays(
    visit: Visit, model: tuple[str, Behaviour]
) -> None:
    turn = asked(visit, model[1])
    model[1].pieces = (DUTCH,)

    button = turn.get_by_role("button", name=WORDS("action.translate"), exact=True)
    button.focus()
    visit.page.keyboard.press("Enter")
    shown = turn.locator(".translation")
    shown.wait_for()

    assert WORDS("translation.notice") in shown.inner_text()
    assert "6,20 euro per passagier" in shown.inner_text()
    assert ENGLISH in turn.locator(".excerpt").first.inner_text()  # the original stays
    assert shown.get_attribute("lang") == "nl"
    assert button.count() == 0
    assert visit.page.evaluate("document.activeElement.className") == "translation"
    assert WORDS("translation.notice") in visit.page.inner_text("#announcer")
    assert violations(visit.page) == []
    visit.page.reload()
    assert "6,20 euro per passagier" in visit.page.locator(".translation").inner_text()
    assert not visit.complaints


def test_what_cannot_be_held_is_not_shown_and_can_be_tried_again(
    visit: Visit, model: tuple[str, Behaviour]
) -> None:
    turn = asked(visit, model[1])
    model[1].pieces = (DUTCH.replace("410", "411"),)
    button = turn.get_by_role("button", name=WORDS("action.translate"), exact=True)

    button.click()
    turn.get_by_text(WORDS("translation.unsure")).wait_for()
    assert "411" not in visit.page.content()
    model[1].pieces = (DUTCH,)
    button.click()
    turn.locator(".translation").wait_for()

    assert not turn.get_by_text(WORDS("translation.unsure")).count()


def test_what_is_copied_holds_the_original_alone(
    visit: Visit, model: tuple[str, Behaviour]
) -> None:
    turn = asked(visit, model[1])
    before = copied(visit)
    model[1].pieces = (DUTCH,)
    turn.get_by_role("button", name=WORDS("action.translate"), exact=True).click()
    turn.locator(".translation").wait_for()

    assert ENGLISH in before
    assert WORDS("action.translate") not in before
    assert copied(visit) == before


def copied(visit: Visit) -> str:
    """Return what the button for it would copy of the last answer."""
    text = visit.page.evaluate(
        "ForumExport.asText(ForumExport.turn(document.querySelector('.turn')))"
    )
    return re.sub(r" +", " ", str(text))
