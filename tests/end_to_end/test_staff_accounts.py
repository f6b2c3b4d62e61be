"""Accounts in a real browser: pages for everybody, and signing in by a provider elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.domain.roles import Role, claim_roles
from assistant.web.staff.single_sign_on import Provider, SingleSignOn
from tests.assistant.web.staff.staffing import PASSWORD, Staffed, a_staffed_site
from tests.builders import a_document
from tests.end_to_end.accessibility import violations
from tests.sign_in_provider import CLIENT, SECRET, SignInProvider, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

EVIL = '"><img/src=x/onerror="window.hacked=1">{{7**9}}'
NAME = "anna@forum.test"
PAGES = [
    "/staff/accounts",
    f"/staff/accounts/change?name={NAME}",
    "/staff/account",
    "/staff/history",
    "/staff/history?who=staff&what=login",
]


@dataclass
class Signing:
    """A staff site, and a provider that a browser takes for another site."""

    staffed: Staffed
    provider: SignInProvider
    site: str


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signing]:
    """Both, served."""
    folder: Path = tmp_path_factory.mktemp("signing")
    providers: list[SignInProvider] = []
    made: list[Staffed] = []

    def provide(address: str) -> Any:  # noqa: ANN401 - an application
        providers.append(SignInProvider(address))
        return providers[0].app

    def serve(address: str) -> Any:  # noqa: ANN401 - likewise
        mine = f"{address}/staff/sso/callback"
        roles = claim_roles("groups: editors=edit")
        sign_on = SingleSignOn(Provider(providers[0].issuer, CLIENT, SECRET, mine, roles))
        made.append(a_staffed_site(folder, [a_document()], site=address, sign_on=sign_on))
        return made[0].application

    # The name and the number of one machine are two sites to a browser: cookies tell them apart.
    with served(provide, "localhost"), served(serve) as site:
        made[0].add(NAME, Role.EDIT)
        made[0].add("zoe", Role.VIEW)
        made[0].site.accounts.set_disabled("zoe", disabled=True)
        for number in range(101):
            made[0].site.history.add("staff", "document.hide", f"{number} {EVIL}", EVIL)
        made[0].site.history.count_failure("staff")
        yield Signing(made[0], providers[0], site)


@pytest.fixture(scope="module")
def inside(browser: "Browser", signing: Signing) -> "Iterator[BrowserContext]":
    """A browser in which somebody is logged in who may administer."""
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{signing.site}/staff")
    page.fill("#name", "staff")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Overview')")
    yield context
    context.close()


def press(page: "Page", signing: Signing) -> None:
    """Begin to sign in, and be signed in by the provider."""
    page.goto(f"{signing.site}/staff")
    page.click("text=Sign in with localhost")
    page.click("button:has-text('I am Anna')")


@pytest.mark.parametrize("has_script", [True, False])
def test_somebody_signs_in_at_another_site_and_is_inside(
    browser: "Browser", signing: Signing, *, has_script: bool
) -> None:
    context = browser.new_context(java_script_enabled=has_script)
    page = context.new_page()
    press(page, signing)
    page.wait_for_selector("h1:has-text('Overview')")

    assert page.url == f"{signing.site}/staff"
    assert NAME in page.inner_text("header")
    cookies = {each["name"]: each for each in context.cookies()}
    assert cookies["staff"]["sameSite"] == "Strict"
    assert "staff-sso" not in cookies
    page.reload()
    page.wait_for_selector("h1:has-text('Overview')")
    assert page.locator("nav a:has-text('Accounts')").count() == 0
    page.click("button:has-text('Log out')")
    page.wait_for_selector("h1:has-text('Log in')")
    context.close()


def test_a_sign_in_that_fails_says_why_on_the_login_page(
    browser: "Browser", signing: Signing
) -> None:
    context = browser.new_context()
    page = context.new_page()
    signing.provider.alter = lambda claims: {**claims, "nonce": "x"}
    try:
        press(page, signing)
        page.wait_for_selector("[role=alert]")
    finally:
        signing.provider.alter = lambda claims: claims
        signing.staffed.clock.now += 3600  # whoever fails has to wait

    assert "belongs to another sign-in" in page.inner_text("[role=alert]")
    assert violations(page) == []
    page.goto(f"{signing.site}/staff")
    assert page.url.endswith("/staff/login")
    context.close()


def test_axe_finds_nothing_and_nothing_runs_off_a_phone(
    browser: "Browser", inside: "BrowserContext", signing: Signing
) -> None:
    narrow = browser.new_context(
        storage_state=inside.storage_state(), viewport={"width": 320, "height": 640}
    )
    outside = browser.new_context(viewport={"width": 320, "height": 640})
    too_wide = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    found: dict[str, Any] = {}
    for visitor, path in [*((narrow, each) for each in PAGES), (outside, "/staff/login")]:
        page = visitor.new_page()
        page.goto(signing.site + path)
        page.wait_for_load_state()
        seen: list[Any] = [*violations(page)]
        page.emulate_media(color_scheme="dark")
        seen += violations(page, "color-contrast")
        seen += ["too wide"] if page.evaluate(too_wide) > 0 else []
        seen += ["hacked"] if page.evaluate("window.hacked") else []
        seen += ["an image"] if page.locator("img").count() else []
        if seen:
            found[path] = seen
        page.close()
    narrow.close()
    outside.close()

    assert found == {}


def test_an_account_is_added_changed_and_removed_by_keyboard(
    inside: "BrowserContext", signing: Signing
) -> None:
    page = inside.new_page()
    page.goto(f"{signing.site}/staff/accounts")
    page.focus("#name")
    page.keyboard.type("bert")
    page.keyboard.press("Tab")
    page.keyboard.type("View")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".note:has-text('The account is added')")
    assert signing.staffed.site.accounts.get("bert").role is Role.VIEW

    page.click("[aria-label='Change bert']")
    page.focus("#confirmed")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector(".note:has-text('The account is removed')")

    assert signing.staffed.site.accounts.find("bert") is None
    page.close()


def test_what_one_may_not_do_is_said_in_plain_words(browser: "Browser", signing: Signing) -> None:
    context = browser.new_context()
    page = context.new_page()
    press(page, signing)
    page.wait_for_selector("h1:has-text('Overview')")
    page.goto(f"{signing.site}/staff/accounts")

    assert "Your account may not do that" in page.inner_text("h1")
    assert violations(page) == []
    context.close()
