"""The assistant behind a proxy that speaks TLS, and pages that came another way than it does."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.records.accounts import Accounts
from assistant.records.database import Database
from tests.end_to_end.chatting import LEADER, ask
from tests.end_to_end.conftest import CHROMIUM, a_free_port, served_from, with_patience
from tests.end_to_end.test_widget import Handler, Host, Pages, Visit
from tests.end_to_end.tls import certificate, tls_before

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

pytestmark = pytest.mark.browser

PASSWORD = "tangerine wombat ladder"  # noqa: S105 - only this test has it


@dataclass(frozen=True)
class Sites:
    """An assistant and the sites around it, by http and by https."""

    assistant: str
    assistant_by_http: str
    listed: str
    listed_by_http: str
    unlisted_by_http: str
    pages: Pages

    def host(self, assistant: str = "") -> Host:
        return Host(assistant or self.assistant, 0, self.pages)


@pytest.fixture(scope="module")
def sites(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    folder = tmp_path_factory.mktemp("tls")
    shutil.copytree(sample_data, folder / "data")
    Accounts(Database(folder / "data")).set_staff_password(PASSWORD)
    pages = Pages({"/favicon.ico": ("none", "")})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, pages))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pem, port, host_port = certificate(folder), a_free_port(), server.server_address[1]
    with tls_before(port, pem) as secure, tls_before(host_port, pem) as host_secure:
        assistant = f"https://assistant.test:{secure}"
        listed, by_http = f"https://www.city.test:{host_secure}", f"http://localhost:{host_port}"
        with served_from(
            folder / "data",
            port=port,
            FORUM_PUBLIC_URL=assistant,
            FORUM_PROXIES="127.0.0.1",
            FORUM_EMBED_ORIGINS=f"{listed} {by_http}",
        ):
            plain, city = f"http://assistant.test:{port}", f"http://www.city.test:{host_port}"
            yield Sites(assistant, plain, listed, by_http, city, pages)
    server.shutdown()


@pytest.fixture(scope="module")
def trusting(browser: "Browser") -> "Iterator[Browser]":
    """Chromium that finds every name on this machine, and every certificate good."""
    launched = browser.browser_type.launch(
        executable_path=CHROMIUM,
        args=[
            *("--no-sandbox", "--disable-gpu", "--ignore-certificate-errors"),
            "--host-resolver-rules=MAP *.test 127.0.0.1",
        ],
    )
    yield launched
    launched.close()


@pytest.fixture
def context(trusting: "Browser") -> "Iterator[BrowserContext]":
    context = with_patience(trusting.new_context)(locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def visit(context: "BrowserContext") -> Visit:
    its = Visit(context.new_page())
    its.page.on("console", lambda message: its.complaints.append(message.text))
    its.page.on("pageerror", lambda error: its.complaints.append(str(error)))
    return its


def test_staff_log_in_and_out_with_a_cookie_that_nobody_else_can_set_or_read(
    context: "BrowserContext", sites: Sites
) -> None:
    page = context.new_page()
    page.goto(f"{sites.assistant}/staff")
    assert context.cookies() == []
    page.fill("#password", PASSWORD)
    page.click("button:has-text('Log in')")
    page.wait_for_selector("h1:has-text('Overview')")

    (cookie,) = context.cookies()
    assert cookie["name"] == "__Host-staff"
    assert cookie["secure"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"
    assert (cookie["path"], cookie["domain"], cookie["expires"]) == ("/", "assistant.test", -1)
    assert page.evaluate("document.cookie") == ""
    page.goto(f"{sites.assistant}/staff/uploads")
    page.set_input_files(
        "#files", {"name": "tls.md", "mimeType": "text/markdown", "buffer": b"# Over TLS"}
    )
    page.click("button:has-text('Upload')")
    page.wait_for_selector("#received li.good")
    page.click("button:has-text('Log out')")
    page.wait_for_selector("#password")
    assert context.cookies() == []
    page.goto(f"{sites.assistant}/staff/uploads")
    assert page.url == f"{sites.assistant}/staff/login"


def test_without_tls_nobody_is_logged_in_where_the_public_address_has_it(
    context: "BrowserContext", sites: Sites
) -> None:
    page = context.new_page()
    page.goto(f"{sites.assistant_by_http}/staff")
    page.fill("#password", PASSWORD)
    page.click("button:has-text('Log in')")
    page.wait_for_load_state()

    assert context.cookies() == []
    assert f"FORUM_PUBLIC_URL to it; it is {sites.assistant}" in page.inner_text("body")


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_page_by_https_or_of_this_machine_shows_an_assistant_that_has_tls(
    visit: Visit, sites: Sites, scheme: str
) -> None:
    site = sites.listed if scheme == "https" else sites.listed_by_http

    frame = visit.open(site + sites.host().page("/plain"))
    ask(frame, LEADER)

    link = str(frame.locator(".turn a.title").first.get_attribute("href"))
    assert link.startswith(f"{sites.assistant}/documents/")
    assert visit.complaints == []


def test_a_page_by_https_never_loads_an_assistant_without_tls(visit: Visit, sites: Sites) -> None:
    path = sites.host(sites.assistant_by_http).page("/mixed")
    visit.page.goto(sites.listed + path)
    visit.page.wait_for_load_state("networkidle")

    assert visit.page.locator("forum-assistant").count() == 0
    assert visit.page.inner_text("body") == "Street cameras\n\nWords of the city."
    assert ["Mixed Content" in complaint for complaint in visit.complaints] == [True]


def test_a_page_by_http_gets_no_button_and_its_operator_a_reason(
    visit: Visit, sites: Sites
) -> None:
    visit.page.goto(sites.unlisted_by_http + sites.host().page("/plain"))
    visit.page.wait_for_selector("forum-assistant[hidden]", state="attached")
    visit.page.evaluate("window.ForumAssistant.ask('Who leads the network?')")

    assert not visit.page.locator("forum-assistant button").first.is_visible()
    assert visit.page.locator("forum-assistant iframe").count() == 0
    (told,) = visit.complaints
    assert "this page came by http" in told
    assert f"FORUM_EMBED_ORIGINS={sites.unlisted_by_http.replace('http:', 'https:')}" in told


def framed(visit: Visit, sites: Sites, sandbox: str) -> str:
    """Put the page of a listed site into a sandboxed frame of another; return its address."""
    inner = sites.listed + sites.host().page("/plain")
    html = (
        "<!doctype html><title>Around it</title>"
        f'<iframe sandbox="{sandbox}" src="{inner}" style="width: 60rem; height: 45rem"></iframe>'
    )
    sites.pages.html["/around"] = (html, "")
    visit.page.goto(f"{sites.listed}/around")
    return inner


def test_a_page_in_a_sandbox_gets_no_button_and_its_operator_a_reason(
    visit: Visit, sites: Sites
) -> None:
    framed(visit, sites, "allow-scripts")
    page = visit.page.frame_locator("iframe").first
    page.locator("forum-assistant[hidden]").wait_for(state="attached")

    assert not page.locator("forum-assistant button").first.is_visible()
    assert page.locator("h1").inner_text() == "Street cameras"
    (told,) = visit.complaints
    assert "no origin of its own" in told


def test_a_page_in_a_sandbox_that_keeps_its_origin_shows_the_chat(
    visit: Visit, sites: Sites
) -> None:
    inner = framed(visit, sites, "allow-scripts allow-same-origin allow-forms")
    visit.page.frame_locator("iframe").first.locator("forum-assistant button.open").click()
    page = next(frame for frame in visit.page.frames if frame.url == inner)
    handle = page.wait_for_selector("forum-assistant iframe")
    assert handle is not None
    frame = handle.content_frame()
    assert frame is not None
    ask(frame, LEADER)

    assert frame.locator(".turn .card").count() > 0
