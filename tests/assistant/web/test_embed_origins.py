"""Which sites may show the assistant, and what they may wish."""

import pytest
from starlette.testclient import TestClient

from assistant.domain.errors import SettingsError
from assistant.language.wording import wording
from assistant.web import server
from assistant.web.embedding_sites import frame_ancestors, listed_origins
from assistant.web.pages import options
from tests.builders import a_site
from tests.fakes import FakeGeneration, FakeLibrary


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        ("", ()),
        ("https://www.example.org", ("https://www.example.org",)),
        ("https://WWW.Example.org/", ("https://www.example.org",)),
        ("https://a.example, https://*.b.example", ("https://a.example", "https://*.b.example")),
        ("https://a.example:8443", ("https://a.example:8443",)),
        ("http://localhost:8080 http://127.0.0.1", ("http://localhost:8080", "http://127.0.0.1")),
    ],
)
def test_sites_are_listed_one_by_one(text: str, sites: tuple[str, ...]) -> None:
    assert listed_origins(text) == sites


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "https://*",
        "https://*.org",
        "https://a.*.example",
        "http://www.example.org",
        "www.example.org",
        "https://www.example.org/path",
        "https://user@www.example.org",
        "https://www.example.org?x",
        "https://www.example.org:port",
        "javascript:alert(1)",
        "null",
        "https://'none'",
        "https://a.example;script-src",
        "https://-a.example",
    ],
)
def test_what_would_let_others_in_is_refused_at_the_start(text: str) -> None:
    with pytest.raises(SettingsError, match="FORUM_EMBED_ORIGINS: "):
        listed_origins(text)


def test_nobody_but_ourselves_may_frame_by_default() -> None:
    assert frame_ancestors(()) == "'self'"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    library = FakeLibrary(FakeGeneration())
    sites = ("https://www.example.org",)
    site = a_site(library, tmp_path_factory.mktemp("data"), embed_origins=sites)
    return TestClient(server.application(site), base_url="http://ask.test")


@pytest.mark.parametrize("path", ["/widget", "/widget/", "/widget?lang=fr&site=https://evil.test"])
def test_the_compact_chat_may_be_framed_by_listed_sites_only(client: TestClient, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 200
    policy = response.headers["content-security-policy"]
    assert "frame-ancestors 'self' https://www.example.org" in policy
    assert "evil" not in policy
    assert "x-frame-options" not in response.headers


@pytest.mark.parametrize("path", ["/", "/livez", "/accessibility", "/answer/x", "/staff", "/none"])
def test_nothing_else_may_be_framed(client: TestClient, path: str) -> None:
    response = client.get(path)

    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert response.headers["x-frame-options"] == "DENY"


def test_the_loader_may_be_used_by_any_page(client: TestClient) -> None:
    response = client.get("/widget.js")

    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "access-control-allow-origin" not in response.headers
    assert len(response.content) < 20_000


def test_the_chosen_of_a_site_are_bounded_text() -> None:
    query = {
        "topic": "cameras " * 50,
        "questions": "Who?|When?|  |Where?|Why?",
        "greeting": "Hello\n<b>you</b>\x00" + "x" * 999,
        "kinds": "recommendation,nonsense",
        "languages": "FR, nl",
    }

    chosen = options.host_options(query, wording("en"))

    assert chosen.questions[0].startswith("What have you published on cameras")
    assert chosen.questions[1:] == ("Who?", "When?", "Where?")
    assert len(chosen.questions[0]) < 130
    assert chosen.greeting.startswith("Hello <b>you</b> x")
    assert len(chosen.greeting) == 300
    assert chosen.kinds == ("recommendation",)
    assert chosen.languages == ("fr", "nl")


def test_without_chosen_nothing_changes() -> None:
    assert options.host_options({}, wording("en")) == options.HostOptions()
