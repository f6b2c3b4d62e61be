"""Staff bring a document in, see beforehand what changes, publish, hide, and take it back."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant import cli
from ingest.sources.uploads import Uploads
from tests.conftest import ROOT
from tests.end_to_end.chatting import ask
from tests.end_to_end.conftest import served_from

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PASSWORD = "tangerine wombat ladder"  # noqa: S105 - only this test has it
QUESTION = "What does the ferry to Kaltenmünde cost?"
FERRY = "# The ferry to Kaltenmünde\n\nThe ferry to Kaltenmünde costs {} euros per person.\n"


@pytest.fixture(scope="module")
def site(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over a copy of the sample forum, its staff page switched on."""
    folder = tmp_path_factory.mktemp("flow")
    shutil.copytree(sample_data, folder / "data")
    data = str(folder / "data")
    command = [sys.executable, "app.py", "staff-password", "--data", data]
    subprocess.run(command, cwd=ROOT, input=PASSWORD, text=True, check=True)
    Uploads(folder / "data").save("ferry.md", [FERRY.format(7).encode()])
    assert cli.main(["sync", "uploads", "--data", data]) == 0
    with served_from(folder / "data", FORUM_SOURCES=str(folder / "forum.toml")) as address:
        yield address


def upload_and_plan(page: "Page", site: str, price: int) -> None:
    page.goto(f"{site}/staff/uploads")
    text = FERRY.format(price).encode()
    page.set_input_files("#files", {"name": "ferry.md", "mimeType": "text/plain", "buffer": text})
    page.click("button:has-text('Upload')")
    page.wait_for_selector("#received li.good")
    page.click("button:has-text('Plan the uploads')")
    page.wait_for_selector("button:has-text('Publish these changes')")


def answer(chat: "Page", site: str) -> str:
    chat.goto(site)
    return ask(chat, QUESTION).locator(".answer").inner_text()


def test_from_a_file_to_an_answer_and_back(browser: "Browser", site: str) -> None:
    context = browser.new_context(locale="en-GB")
    page, chat = context.new_page(), context.new_page()
    page.goto(f"{site}/staff")
    page.fill("#password", PASSWORD)
    page.click("button:has-text('Log in')")
    page.wait_for_selector("h1:has-text('Overview')")

    assert "costs 7 euros" in answer(chat, site)
    upload_and_plan(page, site, 9)
    assert "costs 7 euros" in page.inner_text(".difference del")
    assert "costs 9 euros" in page.inner_text(".difference ins")
    assert "costs 7 euros" in answer(chat, site)
    page.click("button:has-text('Publish these changes')")
    page.wait_for_selector(".state.published")
    assert "costs 9 euros" in answer(chat, site)

    page.goto(f"{site}/staff/documents?words=ferry")
    page.click("table a")
    page.click("button:has-text('Hide it from answers')")
    page.click("button:has-text('Hide it now')")
    page.wait_for_selector("text=out of the answers now")
    assert "euros per person" not in answer(chat, site)
    page.click("button:has-text('Show it again')")
    page.wait_for_selector(".note")
    assert "costs 9 euros" in answer(chat, site)

    page.goto(f"{site}/staff/runs")
    page.click("button[aria-label='Publish generation 000002 again']")
    assert "costs 9 euros" in answer(chat, site)
    page.click("main button.main")
    page.wait_for_selector(".note")
    assert "costs 7 euros" in answer(chat, site)
    serves = page.inner_text("tr:has-text('serves now')")
    assert re.match(r"000002", serves)
    context.close()


def test_an_address_that_is_nowhere_gets_a_page(browser: "Browser", site: str) -> None:
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    response = page.goto(f"{site}/staff/nowhere")

    assert response is not None
    assert response.status == 404
    assert "Il n’y a pas de page à cette adresse" in page.inner_text("main")
    styles = page.evaluate("[...document.styleSheets].map((sheet) => sheet.cssRules.length)")
    assert styles
    assert all(styles)
    context.close()
