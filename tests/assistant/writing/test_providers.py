"""Each provider of the table in docs/operators.md is asked as its API wants it."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from assistant import settings, wiring
from assistant.domain.errors import ChatModelError, SettingsError
from assistant.domain.watching import Unwatched
from assistant.writing import asking
from assistant.writing.chat_model import EXTRAS, LONGEST, Usage
from assistant.writing.prompting import Message
from assistant.writing.writer import Writer
from tests.chat_model_providers import PROVIDERS, RECEIVED, SENT, Served, serving
from tests.conftest import ROOT
from tests.fakes import detect

KEY = "canary-key-7f3a"
ASKED = "When were the canary lamps renewed?"
RULES = "Answer from the passages."
PROMPT = [Message("system", RULES), Message("user", ASKED)]
PIECES = ("The lamps ", "were renewed ", "in 2019.")
ROW = re.compile(
    r"^\| ([^|]+) \| `(\w+)` \| `(FORUM_CHAT_MODEL=[^`]+)` \| ([^|]+) \|$", re.MULTILINE
)
ROWS = {
    found[1]: found for found in ROW.finditer((ROOT / "docs" / "operators.md").read_text("utf-8"))
}


class Counting(Unwatched):
    """Keeps what a model told of its tokens."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []

    def used(self, sent: int, received: int) -> None:
        self.told.append((sent, received))


def line_of(name: str) -> dict[str, str]:
    """Return the settings of a provider's line."""
    return dict(pair.split("=", 1) for pair in ROWS[name][3].split())


@pytest.fixture(params=PROVIDERS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def served(name: str) -> Iterator[Served]:
    with serving(PROVIDERS[name]) as its:
        its.pieces = PIECES
        yield its


@pytest.fixture
def watch() -> Counting:
    return Counting()


@pytest.fixture
def writer(
    name: str, served: Served, watch: Counting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Writer:
    """The writer that the provider's line makes, but that it asks the fake."""
    for provider in ("OPENAI", "AZURE_OPENAI", "MISTRAL", "ANTHROPIC", "OLLAMA"):
        monkeypatch.setenv(f"{provider}_API_KEY", "of-somebody-else")
    values = line_of(name)
    told = values.get("FORUM_CHAT_BASE_URL") or ROWS[name][4].strip("`")
    values["FORUM_CHAT_BASE_URL"] = served.url + urlsplit(told).path
    if "FORUM_CHAT_API_KEY" in values:
        values["FORUM_CHAT_API_KEY"] = KEY
    values["FORUM_CHAT_SECONDS"] = "7.5"
    values["FORUM_CHAT_DAILY_TOKENS"] = "9000"
    for setting, value in values.items():
        monkeypatch.setenv(setting, value)
    made = wiring._writer(settings.load(data_dir=tmp_path), detect, watch)
    assert made is not None
    return made


def spent(tmp_path: Path) -> int:
    return int(json.loads((tmp_path / "chat_budget.json").read_text("utf-8"))["tokens"])


def test_every_provider_has_a_line_and_every_line_a_provider() -> None:
    assert list(ROWS) == list(PROVIDERS)
    prefixes = {line_of(name)["FORUM_CHAT_MODEL"].partition(":")[0] for name in ROWS}
    assert prefixes == set(EXTRAS)
    for name, row in ROWS.items():
        assert EXTRAS[line_of(name)["FORUM_CHAT_MODEL"].partition(":")[0]] == row[2]


def test_what_it_writes_is_heard_piece_by_piece(writer: Writer, served: Served) -> None:
    heard = asking.pieces(writer, PROMPT, 30)

    first = next(piece for piece in heard if piece)
    assert first == PIECES[0]
    served.goes_on.set()
    assert "".join(heard) == "".join(PIECES[1:])


def test_it_is_asked_as_its_api_wants_it(name: str, writer: Writer, served: Served) -> None:
    provider, values = PROVIDERS[name], line_of(name)
    served.goes_on.set()
    list(asking.pieces(writer, PROMPT, 30))

    (path,), (headers,), (body,) = served.paths, served.headers, served.bodies
    told = values.get("FORUM_CHAT_BASE_URL") or ROWS[name][4].strip("`")
    assert path == urlsplit(told).path.rstrip("/") + provider.path
    header, before = provider.key
    if "FORUM_CHAT_API_KEY" in values:
        assert headers[header] == before + KEY
    assert "of-somebody-else" not in str(headers)
    assert body["model"] == values["FORUM_CHAT_MODEL"].partition(":")[2]
    assert body["stream"] is True
    assert provider.limits(body) == (LONGEST, 0)
    assert provider.system(body) == RULES
    assert [each["content"] for each in body["messages"] if each["role"] == "user"] == [ASKED]
    assert "tools" not in body or not body["tools"]


def test_a_server_of_ones_own_is_sent_the_key_that_is_set(
    name: str, writer: Writer, served: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FORUM_CHAT_API_KEY", KEY)
    made = wiring._writer(settings.load(data_dir=tmp_path), detect, writer.watch)
    assert made is not None
    served.goes_on.set()
    list(asking.pieces(made, PROMPT, 30))

    header, before = PROVIDERS[name].key
    assert served.headers[0][header] == before + KEY


def test_the_tokens_that_it_tells_are_counted(
    writer: Writer, served: Served, watch: Counting, tmp_path: Path
) -> None:
    served.goes_on.set()
    list(asking.pieces(writer, PROMPT, 30))

    assert watch.told == [(SENT, RECEIVED)]
    assert spent(tmp_path) == SENT + RECEIVED


@pytest.mark.parametrize("status", [401, 429, 500])
def test_a_refusal_tells_its_status_and_neither_the_key_nor_the_question(
    writer: Writer, served: Served, status: int
) -> None:
    served.status = status

    with pytest.raises(ChatModelError) as caught:
        list(writer.model.stream(PROMPT))

    assert f"HTTP {status}" in str(caught.value)
    assert "canary" not in str(caught.value)
    assert len(served.bodies) == 1  # it is not asked again: the member waits


def test_a_connection_that_breaks_off_is_told_and_what_it_cost_is_estimated(
    writer: Writer, served: Served, watch: Counting, tmp_path: Path
) -> None:
    served.cut = True
    served.goes_on.set()

    with pytest.raises(ChatModelError) as caught:
        list(writer.model.stream(PROMPT))
    with pytest.raises(asking.TroubleError) as told:
        list(asking.pieces(writer, PROMPT, 30))

    assert "canary" not in str(caught.value) + str(told.value)
    assert told.value.trouble is asking.Trouble.FAILED
    assert watch.told == []
    assert spent(tmp_path) > len(ASKED + RULES) // 3


def test_a_side_that_is_not_told_is_estimated(
    writer: Writer, tmp_path: Path, watch: Counting
) -> None:
    class Half:
        def stream(self, messages: Sequence[Message]) -> Iterator[str | Usage]:
            del messages
            yield "The lamps."
            yield Usage(0, RECEIVED)

    list(asking.pieces(replace(writer, model=Half()), PROMPT, 30))

    assert watch.told == [(0, RECEIVED)]
    assert spent(tmp_path) > len(ASKED + RULES) // 3 + RECEIVED


def test_what_it_used_comes_last(writer: Writer, served: Served) -> None:
    served.goes_on.set()

    *text, used = writer.model.stream(PROMPT)

    assert "".join(str(piece) for piece in text) == "".join(PIECES)
    assert used == Usage(SENT, RECEIVED)


@pytest.mark.parametrize(
    ("name", "setting", "remedy"),
    [
        ("Azure OpenAI", "FORUM_CHAT_BASE_URL", "https://NAME.openai.azure.com"),
        ("Azure OpenAI", "FORUM_CHAT_API_VERSION", "2024-10-21"),
        ("Azure OpenAI", "FORUM_CHAT_API_KEY", "needs a key"),
        ("OpenAI", "FORUM_CHAT_API_KEY", "needs a key"),
        ("Mistral", "FORUM_CHAT_API_KEY", "needs a key"),
        ("Anthropic", "FORUM_CHAT_API_KEY", "needs a key"),
    ],
)
def test_a_line_that_lacks_a_setting_is_told_which(
    name: str, setting: str, remedy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each, value in line_of(name).items():
        if each != setting:
            monkeypatch.setenv(each, value)

    with pytest.raises(SettingsError, match=remedy) as caught:
        wiring._writer(settings.load(data_dir=tmp_path), detect, Counting())

    assert f"set {setting}" in str(caught.value)
