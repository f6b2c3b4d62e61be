"""The assistant below a path of another site, behind nginx: every address keeps to it."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from assistant.records.accounts import Accounts
from assistant.records.database import Database
from tests.conftest import ROOT
from tests.end_to_end.chatting import LEADER, Visit
from tests.end_to_end.conftest import a_free_port, served_from, wait_for
from tests.end_to_end.nginx import nginx_file, nginx_or_skip

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

PASSWORD = "tangerine wombat ladder"  # noqa: S105 - only this test has it
SITE = """
    server {{
        listen 127.0.0.1:{port};
        location = / {{ return 200 "another site"; }}
        {location}
    }}
"""


def documented() -> str:
    """Return the lines that the operators' page gives for nginx."""
    text = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    return text.partition("```nginx\n")[2].partition("```")[0]


@pytest.fixture(scope="module")
def below(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the assistant, behind a real nginx."""
    nginx = nginx_or_skip()
    folder, port, inner = tmp_path_factory.mktemp("nginx"), a_free_port(), a_free_port()
    data = folder / "data"
    shutil.copytree(sample_data, data)
    Accounts(Database(data)).set_staff_password(PASSWORD)
    location = documented().replace("127.0.0.1:7860", f"127.0.0.1:{inner}")
    location = location.replace("Host $host", "Host $http_host")  # a port that is not the usual
    conf = folder / "nginx.conf"
    conf.write_text(nginx_file(folder, SITE.format(port=port, location=location)), encoding="utf-8")
    address = f"http://127.0.0.1:{port}/assistant"
    with (
        served_from(data, port=inner, FORUM_PUBLIC_URL=address, FORUM_PROXIES="127.0.0.1"),
        subprocess.Popen([nginx, "-c", str(conf), "-e", str(folder / "error.log")]) as proxy,
    ):
        wait_for(f"{address}/readyz", proxy)
        yield address
        proxy.terminate()


@pytest.fixture
def visit(browser: "Browser", below: str) -> Iterator[Visit]:
    context = browser.new_context(locale="en-GB")
    yield Visit.within(context, below)
    context.close()


def check_addresses(visit: Visit) -> None:
    paths = {urlsplit(address).path for address in visit.asked}
    assert [path for path in paths if not path.startswith("/assistant/")] == []
    assert visit.complaints == []


def test_a_member_asks_opens_sources_and_links_below_the_path(visit: Visit) -> None:
    visit.open("/?lang=en")
    turn = visit.ask(LEADER)
    source = str(turn.locator("a.title").first.get_attribute("href"))
    link = str(turn.locator("[data-action=link]").get_attribute("href"))
    turn.locator("[data-action=helpful]").click()
    turn.locator(".thanks").wait_for()

    assert source.startswith(f"{visit.site}/documents/")
    visit.page.goto(source)
    assert visit.page.locator("article h1").count() == 1
    visit.page.goto(f"{visit.site.removesuffix('/assistant')}{link}")
    assert LEADER in visit.page.inner_text("main")
    visit.page.click(".back")
    visit.check_questions([LEADER])
    check_addresses(visit)


def test_the_loader_finds_the_assistant_below_its_path(visit: Visit) -> None:
    visit.page.route(
        "**/around",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f'<!doctype html><title>x</title><script src="{visit.site}/widget.js"></script>',
        ),
    )
    visit.page.goto(f"{visit.site}/around")
    visit.page.click("forum-assistant button.open")
    frame = visit.page.frame_locator("forum-assistant iframe")
    frame.locator("#question").wait_for()
    check_addresses(visit)


def test_staff_log_in_and_look_around_below_the_path(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.site}/staff")
    assert page.url == f"{visit.site}/staff/login"
    page.fill("#password", PASSWORD)
    page.click("button:has-text('Log in')")
    page.wait_for_selector("h1:has-text('Overview')")
    for name in ("Documents", "Uploads", "Try a question", "Widget"):
        page.click(f"nav a:has-text('{name}')")
        page.wait_for_selector("h1")
        assert page.url.startswith(f"{visit.site}/staff/")
    page.click("button:has-text('Log out')")
    page.wait_for_selector("#password")
    check_addresses(visit)
