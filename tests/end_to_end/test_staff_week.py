"""A week of staff: they see what members asked in vain, act on it, and read the report."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.end_to_end.chatting import ask
from tests.end_to_end.conftest import served_from

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PASSWORD = "tangerine wombat ladder"  # noqa: S105 - only this test has it
EDITOR = "glacier violin marmot"
PIE, TART = "How do I bake an apple pie?", "Comment faire une tarte aux pommes ?"
IN_VAIN = (PIE, "apple pie recipe please", TART, "recette de la tarte aux pommes")
RATED = "What does a town of 50,000 inhabitants pay?"
ASKED = (
    *("How do we become a member?", "Who leads the network now?", "Was kostet die Mitgliedschaft?"),
    *("Comment devenir membre ?", "Hoe worden wij lid?", "hello", "Which events are there?"),
    *("How long does Harrowmere keep the recordings of its street cameras?", RATED, RATED),
    *("Did the cameras in Harrowmere reduce violence in the street?", "thank you", "cameras"),
    *("How many people should take part in a safety walk?", "What can you do?", "Lid worden?"),
)
ANSWER = "We publish no recipes. Ask the bakery at the market."
CALL = "How much money can one project get from the tourism call?"
SAID, CORRECTED = "2 February 2026", "5 March 2026"


@pytest.fixture(scope="module")
def data(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample forum with two accounts: one may publish, one may only edit."""
    folder = tmp_path_factory.mktemp("week") / "data"
    shutil.copytree(sample_data, folder)
    for command, password in (
        (["staff-password"], PASSWORD),
        (["staff-account", "add", "editor", "--role", "edit"], EDITOR),
    ):
        run = [sys.executable, "app.py", *command, "--data", str(folder)]
        subprocess.run(run, cwd=ROOT, input=f"{password}\n", text=True, check=True)
    return folder


@pytest.fixture(scope="module")
def site(data: Path) -> Iterator[str]:
    sources = str(data.parent / "forum.toml")
    with served_from(data, FORUM_KEEP_QUESTIONS="30", FORUM_SOURCES=sources) as address:
        yield address


def log_in(browser: "Browser", site: str, name: str, password: str) -> "Page":
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(f"{site}/staff")
    page.fill("#name", name)
    page.fill("#password", password)
    page.press("#password", "Enter")
    page.wait_for_selector("h1:has-text('Overview')")
    return page


def members_ask(chat: "Page", site: str) -> None:
    chat.goto(site)
    assert "kept for 30 days" in chat.inner_text("body")
    for question in (*IN_VAIN, *ASKED):
        turn = ask(chat, question)
        if question == RATED:
            turn.locator("[data-action=unhelpful]").click()
            turn.locator("form.why input[value=wrong]").check()
            turn.locator("form.why button").click()
            turn.locator("form.why").wait_for(state="detached")


def make_golden(page: "Page", site: str) -> None:
    page.goto(f"{site}/staff/try")
    page.fill("#question", "What is the capital of Australia?")
    page.click("main button.main")
    page.click("button:has-text('it must be refused')")
    page.wait_for_selector(".note")
    assert page.locator("section[aria-labelledby=golden] li").count() == 1


def hide_and_show_again(page: "Page", site: str) -> None:
    page.goto(f"{site}/staff/document?id=en/pages/become-a-member.html")
    page.click("button:has-text('Hide it from answers')")
    page.click("button:has-text('Hide it now')")
    page.wait_for_selector("text=out of the answers now")
    page.click("button:has-text('Show it again')")
    page.wait_for_selector(".note")


def answer_on_the_call(chat: "Page", site: str) -> str:
    chat.goto(site)
    return ask(chat, CALL).locator(".answer").inner_text()


def correct_a_date_and_publish_it(page: "Page", chat: "Page", site: str) -> None:
    assert SAID in answer_on_the_call(chat, site)
    page.goto(f"{site}/staff/documents?words=Visitors+and+Neighbours")
    page.click("table a:has-text('Project call')")
    page.click("a:has-text('Correct it')")
    page.fill("#published", "2026-03-05")
    page.click("button:has-text('Keep the corrections')")
    page.wait_for_selector("text=not published yet")
    assert SAID in answer_on_the_call(chat, site)
    page.click("button:has-text('Publish all corrections now')")
    page.wait_for_selector(".state.published")
    assert CORRECTED in answer_on_the_call(chat, site)
    page.goto(f"{site}/staff/documents?only_edited=1")
    assert page.locator("main tbody tr").count() == 1
    assert page.locator("#waiting").count() == 0


def roll_back(page: "Page", chat: "Page", site: str) -> None:
    """Publish what was before the correction, which stays and waits to be published again."""
    page.goto(f"{site}/staff/runs")
    page.click("button[aria-label='Publish generation 000001 again']")
    assert CORRECTED in answer_on_the_call(chat, site)
    page.click("main button.main")
    page.wait_for_selector(".note")
    assert SAID in answer_on_the_call(chat, site)
    page.goto(f"{site}/staff/documents")
    assert "1 document are not published yet" in page.inner_text("#waiting")


def test_a_week_of_staff(browser: "Browser", site: str) -> None:
    chat = browser.new_context(locale="en-GB").new_page()
    members_ask(chat, site)
    page = log_in(browser, site, "staff", PASSWORD)

    page.goto(f"{site}/staff/questions")
    shown = page.locator("article h3").all_inner_texts()
    known = {question.removesuffix(" please") for question in IN_VAIN}
    assert sorted(shown) == sorted([*known.intersection(shown), RATED])
    assert len(shown) == 3
    assert page.locator("article", has_text="rated as not helpful").count() == 1

    english = page.locator("article", has=page.locator("h3[lang=en]", has_text="pie"))
    english.get_by_role("link", name="Answer by hand").click()
    page.fill("#text-en", ANSWER)
    page.fill("#valid_until", "2099-12-31")
    page.click("button:has-text('Give this answer')")
    page.wait_for_selector(".note")
    told = ask(chat, "how can I bake an apple pie").locator(".answer").inner_text()
    assert "Written by the secretariat" in told
    assert ANSWER in told
    copied = chat.evaluate(
        "ForumExport.turn([...document.querySelectorAll('.turn')].at(-1)).answer"
    )
    assert ANSWER in copied
    assert "Written by the secretariat" not in ask(chat, ASKED[0]).locator(".answer").inner_text()

    make_golden(page, site)
    hide_and_show_again(page, site)
    correct_a_date_and_publish_it(page, chat, site)
    roll_back(page, chat, site)

    with page.expect_download() as download:
        page.goto(f"{site}/staff/questions")
        page.click("a:has-text('Download as text')")
    report = Path(download.value.path()).read_text(encoding="utf-8")
    assert "apple pie" in report
    assert "tarte aux pommes" in report

    page.goto(f"{site}/staff/history")
    history = page.inner_text("main")
    done = ("answer", "golden", "hid a document", "corrected a document", "published a run")
    for what in (*done, "went back to a generation"):
        assert what in history, history
    page.context.close()
    chat.context.close()


def test_who_may_only_edit_publishes_nothing(browser: "Browser", site: str) -> None:
    page = log_in(browser, site, "editor", EDITOR)
    page.goto(f"{site}/staff/uploads")
    text = b"# The ferry\n\nIt is free."
    page.set_input_files("#files", {"name": "ferry.md", "mimeType": "text/plain", "buffer": text})
    page.click("button:has-text('Upload')")
    page.wait_for_selector("#received li.good")
    page.click("button:has-text('Plan the uploads')")
    page.wait_for_selector(".state.planned")
    assert page.locator("button:has-text('Publish these changes')").count() == 0
    run = page.url.rpartition("/")[2]
    page.goto(f"{site}/staff/accounts")
    assert "may not" in page.inner_text("h1")
    origin = {"sec-fetch-site": "same-origin", "accept": "text/html"}
    refused = page.request.post(f"{site}/staff/runs/{run}/publish", headers=origin, form={"a": "b"})
    assert refused.status == 403
    page.context.close()


def test_erased_questions_are_in_no_file(data: Path, site: str) -> None:
    del site  # it goes on serving meanwhile
    assert _holds(data, b"recette de la tarte")
    command = [sys.executable, "app.py", "erase-questions", "--all", "--data", str(data)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert not _holds(data, b"recette de la tarte")


def _holds(data: Path, words: bytes) -> bool:
    return any(words in path.read_bytes() for path in data.rglob("*") if path.is_file())
