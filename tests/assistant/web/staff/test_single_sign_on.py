"""Sign in by a provider: how it goes, and everything that is refused."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc.jwk import RSAKey
from starlette.testclient import TestClient

from assistant import settings
from assistant.domain.errors import SettingsError
from assistant.domain.roles import Role, claim_roles
from assistant.records.history import NOBODY
from assistant.settings import Settings
from assistant.web import assembly
from assistant.web.staff import single_sign_on
from assistant.web.staff.single_sign_on import Provider, SingleSignOn
from tests.assistant.web.staff.staffing import SITE, Clock, Staffed, a_staffed_site
from tests.sign_in_provider import CLIENT, SECRET, SignInProvider, parameters, served

ROLES = "groups: editors=edit, admins=administer"
NAME = "anna@forum.test"


@dataclass
class Signing:
    """A staff site, its provider, and a browser of sorts."""

    provider: SignInProvider
    staffed: Staffed
    client: TestClient

    def begin(self) -> str:
        """Press the button; return the address of the provider that it leads to."""
        response = self.client.get("/staff/sso")
        assert response.status_code == 303, response.text
        return response.headers["location"]

    def approve(self, address: str) -> str:
        """Be signed in by the provider; return the address that it leads back to."""
        asked = parameters(address)
        assert httpx2.get(address).status_code == 200
        back = httpx2.post(f"{self.provider.issuer}/authorize", data=asked)
        return back.headers["location"].removeprefix(SITE)

    def sign_in(self) -> httpx2.Response:
        """Do all of it."""
        return self.client.get(self.approve(self.begin()))

    def refused(self, status: int = 403) -> str:
        """Do all of it, in vain; return the page."""
        answer = self.sign_in()
        assert answer.status_code == status
        assert self.client.get("/staff").status_code == 303
        assert not any("__Host-staff=" in each for each in answer.headers.get_list("set-cookie"))
        return answer.text


@pytest.fixture(scope="module")
def running() -> Iterator[SignInProvider]:
    made: list[SignInProvider] = []

    def make(address: str) -> Any:  # noqa: ANN401 - an application
        made.append(SignInProvider(address))
        return made[0].app

    with served(make):
        yield made[0]


def a_signing(folder: Path, running: SignInProvider, roles: str = ROLES) -> Signing:
    fresh = SignInProvider(running.issuer, key=running.key)
    running.__dict__.update(fresh.__dict__)
    provider = Provider(
        running.issuer, CLIENT, SECRET, f"{SITE}/staff/sso/callback", claim_roles(roles)
    )
    staffed = a_staffed_site(folder, sign_on=SingleSignOn(provider))
    return Signing(running, staffed, staffed.client(logged_in=False))


@pytest.fixture
def signing(tmp_path: Path, running: SignInProvider) -> Signing:
    return a_signing(tmp_path, running)


def test_who_has_an_account_is_signed_in_and_linked(signing: Signing) -> None:
    signing.staffed.add(NAME, Role.PUBLISH)

    answer = signing.sign_in()

    assert answer.status_code == 200
    assert 'http-equiv="refresh" content="0;url=/staff"' in answer.text
    assert signing.client.get("/staff").status_code == 200
    account = signing.staffed.site.accounts.get(NAME)
    assert account.subject == f"{signing.provider.issuer} 17"
    assert account.role is Role.PUBLISH
    told = [(each.who, each.what) for each in signing.staffed.site.history.entries().entries]
    assert told == [(NAME, "login"), (NAME, "account.link")]


def test_who_is_signed_in_is_spoken_to_in_the_language_of_the_account(signing: Signing) -> None:
    signing.staffed.add(NAME, Role.VIEW)
    signing.staffed.site.accounts.set_language(NAME, "fr")
    assert '<html lang="de"' in signing.client.get("/staff/login?staff-language=de").text

    signing.sign_in()

    assert '<html lang="fr"' in signing.client.get("/staff").text


def test_who_is_linked_is_known_by_the_subject_whatever_the_address_says(signing: Signing) -> None:
    signing.staffed.add(NAME, Role.EDIT)
    signing.sign_in()

    signing.provider.person = {"sub": "17", "email": "other@forum.test", "email_verified": False}
    again = signing.staffed.client(logged_in=False)
    signing.client = again

    assert signing.sign_in().status_code == 200
    assert [each.name for each in signing.staffed.site.accounts.all()] == [NAME, "staff"]


def test_a_group_brings_an_account_and_its_role_follows_the_group(signing: Signing) -> None:
    signing.provider.person |= {"groups": ["others", "editors"]}
    assert signing.sign_in().status_code == 200
    made = signing.staffed.site.accounts.get(NAME)
    assert (made.role, made.hash) == (Role.EDIT, "")
    assert signing.client.get("/staff/accounts").status_code == 403

    signing.provider.person |= {"groups": ["admins"]}
    signing.client = signing.staffed.client(logged_in=False)
    assert signing.sign_in().status_code == 200
    assert signing.client.get("/staff/accounts").status_code == 200

    signing.provider.person |= {"groups": []}
    signing.client = signing.staffed.client(logged_in=False)
    assert "gives you no role here any more" in signing.refused()


def test_without_an_account_or_a_group_nobody_comes_in(tmp_path: Path, signing: Signing) -> None:
    assert "There is no account for Anna@Forum.test" in signing.refused()
    without = a_signing(tmp_path / "another", signing.provider, "")
    without.provider.person |= {"groups": ["admins"]}
    assert "There is no account for" in without.refused()
    failed = without.staffed.site.history.entries().entries[0]
    assert (failed.who, failed.what, failed.times) == (NOBODY, "login.failed", 1)


def test_a_disabled_account_stays_out(signing: Signing) -> None:
    signing.staffed.add(NAME, Role.EDIT)
    signing.staffed.site.accounts.set_disabled(NAME, disabled=True)

    assert "is disabled" in signing.refused()
    assert signing.staffed.site.accounts.get(NAME).subject == ""


def test_an_address_that_somebody_else_had_before_brings_no_account(signing: Signing) -> None:
    signing.staffed.add(NAME, Role.ADMINISTER)
    signing.sign_in()

    signing.provider.person = {"sub": "18", "email": NAME, "email_verified": True}
    signing.client = signing.staffed.client(logged_in=False)

    assert "belongs to somebody else" in signing.refused()


def without(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


WRONG = {
    "another nonce": (lambda claims: {**claims, "nonce": "x"}, "belongs to another sign-in"),
    "no nonce": (without("nonce"), "belongs to another sign-in"),
    "another audience": (lambda claims: {**claims, "aud": "others"}, "for another client"),
    "no audience": (without("aud"), "for another client"),
    "a party besides": (lambda claims: {**claims, "azp": "others"}, "for another client"),
    "another issuer": (lambda claims: {**claims, "iss": "https://evil.test"}, "another issuer"),
    "no issuer": (without("iss"), "another issuer"),
    "long ago": (lambda claims: {**claims, "exp": time.time() - 3600}, "it has expired"),
    "no end": (without("exp"), "it has expired"),
    "not yet": (lambda claims: {**claims, "iat": time.time() + 3600}, "from the future"),
    "nobody": (without("sub"), "is missing or wrong"),
    "unverified": (lambda claims: {**claims, "email_verified": False}, "address is verified"),
    "untold": (without("email_verified"), "address is verified"),
    "no address": (without("email"), "address is verified"),
    "a word for verified": (lambda claims: {**claims, "email_verified": "no"}, "is verified"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_token_that_says_something_wrong_is_refused_with_the_reason(
    signing: Signing, wrong: str
) -> None:
    signing.staffed.add(NAME, Role.ADMINISTER)
    signing.provider.alter, said = WRONG[wrong]

    assert said in signing.refused()


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_that_the_provider_did_not_sign_is_refused(
    signing: Signing, algorithm: str
) -> None:
    signing.staffed.add(NAME, Role.ADMINISTER)
    signing.provider.algorithm = algorithm

    assert "it is not signed as it must be" in signing.refused()


def test_a_token_of_another_key_is_refused(signing: Signing) -> None:
    signing.staffed.add(NAME, Role.ADMINISTER)
    signing.provider.published = RSAKey.generate_key(2048, {"kid": "one"})

    assert "its signature is wrong" in signing.refused()


def test_an_answer_counts_once(signing: Signing) -> None:
    signing.staffed.add(NAME, Role.EDIT)
    back = signing.approve(signing.begin())
    cookie = signing.client.cookies["staff-sso"]
    assert signing.client.get(back).status_code == 200

    fresh = signing.staffed.client(logged_in=False)
    fresh.cookies.set("staff-sso", cookie, domain="ask.test")

    assert "is done already" in fresh.get(back).text
    assert fresh.get("/staff").status_code == 303


def test_an_answer_counts_only_in_the_browser_that_asked(signing: Signing) -> None:
    """Else somebody could have others signed in as himself."""
    signing.staffed.add(NAME, Role.EDIT)
    back = signing.approve(signing.begin())

    for cookie in (None, "made.up.cookie", signing.client.cookies["staff-sso"][:-2] + "xx"):
        other = signing.staffed.client(logged_in=False, address=f"192.0.2.{len(cookie or '')}")
        if cookie:
            other.cookies.set("staff-sso", cookie, domain="ask.test")
        assert "was not begun in this browser" in other.get(back).text
    other = signing.staffed.client(logged_in=False, address="192.0.2.200")
    other.get("/staff/sso")  # a sign-in of its own, with another state
    assert "was not begun in this browser" in other.get(back).text


def test_an_answer_of_another_provider_is_refused(signing: Signing) -> None:
    signing.staffed.add(NAME, Role.EDIT)
    back = signing.approve(signing.begin())
    state, code = parameters(back)["state"], parameters(back)["code"]

    page = signing.client.get(
        "/staff/sso/callback", params={"state": state, "code": code, "iss": "https://evil.test"}
    )

    assert "another issuer" in page.text


@pytest.mark.parametrize(
    ("error", "said"),
    [("access_denied", "(access_denied)"), ("<b>x</b>", "(no reason)")],
)
def test_a_refusal_of_the_provider_is_told(signing: Signing, error: str, said: str) -> None:
    signing.provider.error = error

    assert f"did not sign you in {said}" in signing.refused()


def test_a_code_that_is_none_is_told(signing: Signing) -> None:
    back = signing.approve(signing.begin())
    signing.provider.codes.clear()

    page = signing.client.get(back)

    assert page.status_code == 403
    assert "does not take the sign-in back (invalid_grant)" in page.text


def test_whoever_fails_again_and_again_has_to_wait(signing: Signing) -> None:
    answers = [signing.client.get("/staff/sso/callback?state=x").status_code for _ in range(3)]

    assert answers == [403, 429, 429]


@pytest.mark.parametrize(
    ("described", "said"),
    [
        ({"issuer": "https://evil.test"}, "calls itself"),
        ({"token_endpoint": "http://evil.test/token"}, "token_endpoint"),
        ({"jwks_uri": "file:///etc/passwd"}, "jwks_uri"),
        ({"authorization_endpoint": None}, "authorization_endpoint"),
        ({"padding": "x" * single_sign_on.LARGEST}, "too large or too slow"),
    ],
)
def test_a_description_that_cannot_be_trusted_is_refused_before_anybody_is_sent_there(
    signing: Signing, described: dict[str, Any], said: str
) -> None:
    signing.provider.described = described

    page = signing.client.get("/staff/sso")

    assert page.status_code == 502
    assert said in page.text
    assert "location" not in page.headers


def test_a_provider_that_is_away_is_told_and_the_password_still_works(tmp_path: Path) -> None:
    provider = Provider("http://127.0.0.1:9", CLIENT, SECRET, f"{SITE}/x", claim_roles(""))
    staffed = a_staffed_site(tmp_path, sign_on=SingleSignOn(provider))
    client = staffed.client(logged_in=False)

    page = client.get("/staff/sso")

    assert page.status_code == 502
    assert "cannot be asked just now" in page.text
    assert 'id="password"' in page.text


@dataclass
class Away(httpx2.BaseTransport):
    """A provider that cannot be reached, and counts who tries."""

    asked: int = 0

    def handle_request(self, _: httpx2.Request) -> httpx2.Response:
        self.asked += 1
        reason = "nobody listens"
        raise httpx2.ConnectError(reason)


def test_strangers_who_press_the_button_do_not_have_a_provider_asked_that_is_away(
    tmp_path: Path,
) -> None:
    away, clock = Away(), Clock()
    provider = Provider("https://id.test", CLIENT, SECRET, f"{SITE}/x", claim_roles(""))
    sign_on = SingleSignOn(provider, clock=clock, transport=away)
    client = a_staffed_site(tmp_path, sign_on=sign_on).client(logged_in=False)

    pages = [client.get("/staff/sso") for _ in range(9)]

    assert {page.status_code for page in pages} == {502}
    assert all("nobody listens" in page.text for page in pages)
    assert away.asked == 1
    clock.now += single_sign_on.REST
    client.get("/staff/sso")
    assert away.asked == 2


def test_while_the_provider_is_asked_nobody_else_waits_for_it(tmp_path: Path) -> None:
    provider = Provider("https://id.test", CLIENT, SECRET, f"{SITE}/x", claim_roles(""))
    sign_on = SingleSignOn(provider, transport=Away())
    client = a_staffed_site(tmp_path, sign_on=sign_on).client(logged_in=False)

    with sign_on._asking:
        page = client.get("/staff/sso")

    assert "is asked just now" in page.text


def test_the_login_is_there_without_any_account_and_has_the_button_alone(
    tmp_path: Path, running: SignInProvider
) -> None:
    provider = Provider(running.issuer, CLIENT, "", f"{SITE}/x", claim_roles(""))
    staffed = a_staffed_site(tmp_path, password="", sign_on=SingleSignOn(provider))

    page = staffed.client(logged_in=False).get("/staff/login")

    assert "Sign in with 127.0.0.1" in page.text
    assert 'id="password"' not in page.text


def test_the_secret_is_shown_nowhere(signing: Signing) -> None:
    provider = Provider("https://id.test", CLIENT, SECRET, SITE, claim_roles(""))

    assert SECRET not in repr(provider)
    assert SECRET not in signing.begin()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"oidc_issuer": "https://id.test"}, "FORUM_OIDC_CLIENT_ID"),
        ({"oidc_client_id": "forum"}, "FORUM_OIDC_CLIENT_ID is of no use without"),
        ({"oidc_roles": "groups: a=edit"}, "FORUM_OIDC_ROLES is of no use without"),
    ],
)
def test_half_a_configuration_is_refused_with_what_is_missing(
    given: dict[str, Any], said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        assembly.single_sign_on(Settings(**given))


def test_the_provider_leads_back_to_the_address_that_staff_type_in(
    running: SignInProvider,
) -> None:
    config = Settings(
        oidc_issuer=running.issuer,
        oidc_client_id=CLIENT,
        public_url="https://www.example.org/assistant",
    )

    sign_on = assembly.single_sign_on(config)

    assert sign_on is not None
    back = parameters(sign_on.begin().address)["redirect_uri"]
    assert back == "https://www.example.org/assistant/staff/sso/callback"
    assert assembly.single_sign_on(Settings()) is None


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("OIDC_ISSUER", "http://login.example.org", "over https"),
        ("OIDC_ISSUER", "login.example.org", "over https"),
        ("OIDC_ROLES", "groups: a=boss", "the roles are view"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"FORUM_{name}", value)

    with pytest.raises(SettingsError, match=said):
        settings.load()


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", lambda _: "0.9")
    config = Settings(oidc_issuer="https://id.test", oidc_client_id="forum")

    with pytest.raises(SettingsError, match="FORUM_OIDC_ISSUER needs an extra"):
        assembly.single_sign_on(config)
