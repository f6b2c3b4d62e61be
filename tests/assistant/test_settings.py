from pathlib import Path

import pytest

from assistant import settings
from assistant.domain.errors import SettingsError


def fault(**overrides: object) -> str:
    with pytest.raises(SettingsError) as caught:
        settings.load(**overrides)
    return str(caught.value)


def test_without_any_setting_the_defaults_hold() -> None:
    loaded = settings.load()

    assert loaded == settings.Settings()
    assert loaded.data_dir == Path("data")
    assert loaded.port == 7860


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("FORUM_POTR", "did you mean FORUM_PORT?"),
        ("FORUM_DATADIR", "did you mean FORUM_DATA_DIR?"),
        ("FORUM_LANGUAGE", "FORUM_DEFAULT_LANGUAGE?"),
        ("forum_port", "did you mean FORUM_PORT?"),
        ("FORUM_XYZZY", "docs/configuration.md"),
    ],
)
def test_an_unknown_name_is_told_with_a_hint(
    name: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "1")

    message = fault()

    assert name in message
    assert hint in message


def test_an_unknown_name_in_the_file_is_told_too() -> None:
    Path(".env").write_text("FORUM_POTR=1\n", encoding="utf-8")

    assert "FORUM_POTR" in fault()


@pytest.mark.parametrize("text", [b"FORUM_NAME=Caf\xe9\n", b"\xff\xfeF\x00"])
def test_a_file_that_is_no_text_is_named_with_what_would_do(text: bytes) -> None:
    Path(".env").write_bytes(text)

    assert fault() == "cannot read .env: it is no UTF-8 text; save it as UTF-8"


@pytest.mark.parametrize(
    "line", ['FORUM_CONTACT="a@forum.test', "FORUM_CONTACT a@forum.test", "export FORUM_CONTACT"]
)
def test_a_line_of_the_file_that_cannot_be_read_is_told_with_its_number(line: str) -> None:
    Path(".env").write_text(f"# ours\nFORUM_NAME=Towns\n{line}\n", encoding="utf-8")

    assert fault() == "cannot read .env, line 3: write NAME=value, with quotes in pairs"


def test_a_line_of_another_program_need_not_be_readable() -> None:
    Path(".env").write_text('OTHER="a\nMORE\nFORUM_NAME=Towns\n', encoding="utf-8")

    assert settings.load().name == "Towns"


def test_the_mark_that_some_editors_begin_a_file_with_hides_no_setting() -> None:
    Path(".env").write_text("FORUM_NAME=Towns\n", encoding="utf-8-sig")

    assert settings.load().name == "Towns"


def test_variables_of_other_programs_are_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORUMS_PORT", "1")
    monkeypatch.setenv("MY_FORUM_PORT", "1")
    Path(".env").write_text("OTHER=1\n", encoding="utf-8")

    assert settings.load() == settings.Settings()


def test_every_fault_is_in_the_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORUM_POTR", "1")
    monkeypatch.setenv("FORUM_PORT", "seven")
    monkeypatch.setenv("FORUM_DEFAULT_LANGUAGE", "xx")
    monkeypatch.setenv("FORUM_MINIMUM_SUPPORT", "2")

    message = fault()

    for name in (
        "FORUM_POTR",
        "FORUM_PORT=seven",
        "FORUM_DEFAULT_LANGUAGE=xx",
        "FORUM_MINIMUM_SUPPORT=2",
    ):
        assert name in message


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("PORT", "seven", "must be a whole number"),
        ("PORT", "0", "must be at least 1"),
        ("PORT", "65536", "must be at most 65535"),
        ("READER", "perhaps", "must be true or false"),
        ("CHAT_SECONDS", "0", "must be at least 1"),
        ("MINIMUM_SUPPORT", "0,2", "must be a number such as 0.5"),
        ("PUBLIC_URL", "ask.example.org", "web address"),
        ("PUBLIC_URL", "ftp://ask.example.org", "web address"),
        ("PUBLIC_URL", "javascript:alert(1)", "web address"),
        ("PUBLIC_URL", "https://", "web address"),
        ("PUBLIC_URL", "https://ask.example.org/?a=1", "web address"),
        ("PUBLIC_URL", "https://ask.example.org/#top", "web address"),
        ("PUBLIC_URL", "https://me@ask.example.org", "web address"),
        ("PUBLIC_URL", "https://ask.example.org/a b", "web address"),
        ("PUBLIC_URL", "https://ask.example.org:0", "web address"),
        ("PUBLIC_URL", "http://[::1", "IPv6"),
        ("PROXIES", "proxy.example.org", "10.0.0.0/8"),
        ("PROXIES", "10.0.0.1, 10.0.0.300", "10.0.0.300 is no address"),
        ("PROXIES", "10.0.0.1/8", "10.0.0.1/8 is no address"),
        ("PROXIES", "10.0.0.0/33", "such as 10.0.0.1"),
        ("PROXIES", "*", "parted by commas"),
        ("PROXIES", "0.0.0.0/0", "is everybody"),
        ("PROXIES", "::/0", "is everybody"),
        ("DEFAULT_LANGUAGE", "sv", "en, fr, nl, de, es, it, pt"),
        ("DEFAULT_LANGUAGE", "EN", "en, fr"),
        ("MINIMUM_SUPPORT", "-0.1", "must be at least 0"),
        ("MINIMUM_SUPPORT", "nan", ""),
        ("QUESTION_LIMIT", "19", "must be at least 20"),
        ("QUESTION_LIMIT", "20001", "must be at most 20000"),
        ("NAME", "x" * 81, "must have at most 80 characters"),
        ("CONTACT", "x" * 1001, "1000"),
        ("CONTACT", "xx: a@forum.test", "none of the page"),
    ],
)
def test_an_unusable_value_is_named_with_what_would_do(
    name: str, value: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"FORUM_{name}", value)

    message = fault()

    assert message.startswith(f"FORUM_{name}={value}: ")
    assert reason in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "https://me:hush@ask.example.org"),
        ("CHAT_BASE_URL", "https://me:hu@sh@models.example.org/v1"),
        ("OIDC_ISSUER", "ftp://me:hush@login.example.org"),
    ],
)
def test_a_password_in_an_address_is_not_told(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORUM_CHAT_MODEL", "openai:gpt")
    monkeypatch.setenv(f"FORUM_{name}", value)

    message = fault()

    assert f"FORUM_{name}={value.partition(':')[0]}://…@" in message
    assert "me:" not in message
    assert "sh@" not in message


def test_a_home_directory_is_known_in_the_file_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    Path(".env").write_text("FORUM_DATA_DIR=~/forum\nFORUM_LOGO=~/logo.svg\n", encoding="utf-8")

    loaded = settings.load()

    assert (loaded.data_dir, loaded.logo) == (Path("/home/ada/forum"), Path("/home/ada/logo.svg"))
    assert "give the whole path" in fault(sources=Path("~nobody-of-this-name/forum.toml"))


def test_a_data_directory_whose_name_is_no_text_is_told() -> None:
    assert "give the folder another name" in fault(data_dir=Path("data\udcff"))


def test_the_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("FORUM_PORT=8001\nFORUM_NAME='Safe towns'\n", encoding="utf-8")
    monkeypatch.setenv("FORUM_PORT", "8002")

    loaded = settings.load()

    assert loaded.port == 8002
    assert loaded.name == "Safe towns"


def test_proxies_are_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORUM_PROXIES", "127.0.0.1, 10.0.0.0/8 fd00::/8,")

    assert [str(network) for network in settings.load().proxy_networks] == [
        "127.0.0.1/32",
        "10.0.0.0/8",
        "fd00::/8",
    ]


def test_an_empty_value_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("FORUM_DEFAULT_LANGUAGE=\nFORUM_NAME=Towns\n", encoding="utf-8")
    monkeypatch.setenv("FORUM_PORT", "  ")
    monkeypatch.setenv("FORUM_NAME", "")

    assert settings.load() == settings.Settings()


def test_what_is_given_wins_over_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORUM_PORT", "8002")

    assert settings.load(port="8003").port == 8003
    assert settings.load(port=None).port == 8002


def test_a_fault_in_what_is_given_is_named_like_the_variable() -> None:
    assert "FORUM_PORT=none: " in fault(port="none")


def test_what_is_given_replaces_even_an_unusable_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORUM_PORT", "seven")

    assert settings.load(port=8003).port == 8003


def test_the_folder_of_data_sets_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORUM_EVAL_DATA", "/somewhere/data")

    assert settings.load().eval_data == Path("/somewhere/data")


@pytest.mark.parametrize(
    ("given", "site"),
    [
        ({}, "http://127.0.0.1:7860"),
        ({"host": "0.0.0.0", "port": 80}, "http://127.0.0.1:80"),  # noqa: S104 - no socket here
        ({"host": "::"}, "http://127.0.0.1:7860"),
        ({"host": "ask.local"}, "http://ask.local:7860"),
        ({"host": "::1"}, "http://[::1]:7860"),
        ({"public_url": "https://ask.example.org"}, "https://ask.example.org"),
        ({"public_url": "https://example.org/ask/"}, "https://example.org/ask"),
    ],
)
def test_the_site_is_the_address_that_members_see(given: dict[str, object], site: str) -> None:
    assert settings.load(**given).site == site


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("FORUM_METRICS", "short", "FORUM_METRICS: must be at least 16 letters"),
        ("FORUM_METRICS", "with a space in between", "`openssl rand -hex 32` makes one"),
        ("FORUM_METRICS", "schlüsselschlüssel", "FORUM_METRICS: must be"),
        ("FORUM_LOG_FORMAT", "xml", "FORUM_LOG_FORMAT=xml: must be 'text' or 'json'"),
        ("FORUM_OTLP_ENDPOINT", "127.0.0.1:4317", "FORUM_OTLP_ENDPOINT: must be a scheme, a host"),
        ("FORUM_OTLP_ENDPOINT", "http://127.0.0.1", "such as http://127.0.0.1:4317"),
        ("FORUM_OTLP_ENDPOINT", "http://127.0.0.1:99999", "FORUM_OTLP_ENDPOINT: must be"),
        ("FORUM_OTLP_ENDPOINT", "http://me:secret@here:4317", "FORUM_OTLP_ENDPOINT: must be"),
        ("FORUM_OTLP_ENDPOINT", "http://127.0.0.1:4317/v1/traces", "FORUM_OTLP_ENDPOINT: must be"),
    ],
)
def test_what_operators_would_see_with_is_told_where_it_is_wrong(
    name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    message = fault()

    assert told in message
    assert "secret" not in message
    assert name != "FORUM_METRICS" or value not in message


@pytest.mark.parametrize(
    "server",
    [
        "smtp+tls://user:hush-hush@mail.example.org",
        "starttls://user:hush-hush@mail.example.org",
        "mail.example.org:587",
        "smtp://user:hush-hush@",
        "smtp://user:hush-hush@mail.example.org:abc",
        "smtp://user:hush-hush@mail.example.org:99999",
        "smtp://user:1#hush-hush@mail.example.org",
        "smtp://user:hush-hush/x@mail.example.org",
        "smtp://user:1?hush-hush@mail.example.org",
    ],
)
def test_a_mail_server_that_mails_could_not_safely_go_to_is_told_without_its_password(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORUM_MAIL_SERVER", server)
    monkeypatch.setenv("FORUM_ALERTS", "mailto:staff@forum.test")

    message = fault()

    assert message.startswith("FORUM_MAIL_SERVER: must be smtp://USER:PASSWORD@HOST:PORT")
    assert "hush" not in message
    assert "example.org" not in message
    assert "FORUM_ALERTS" not in message


@pytest.mark.parametrize(
    "server",
    [
        "smtp://mail.example.org",
        "smtp://user%40example.org:hush%2F@mail.example.org:587",
        "smtps://user:hush@[fd00::1]:465/",
    ],
)
def test_mails_may_go_by_starttls_or_tls_from_the_first_word(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORUM_MAIL_SERVER", server)

    assert settings.load().mail_server.get_secret_value() == server


@pytest.mark.parametrize(
    "address", ["localhost:11434", "api.example.org/v1", "https://", "ftp://api.example.org"]
)
def test_where_a_chat_model_cannot_be_is_told_at_once(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORUM_CHAT_MODEL", "openai:any")
    monkeypatch.setenv("FORUM_CHAT_BASE_URL", address)

    assert fault().startswith(f"FORUM_CHAT_BASE_URL={address}: must be a web address")


@pytest.mark.parametrize(
    ("model", "address"),
    [
        ("openai:any", "http://127.0.0.1:8080/v1"),
        ("ollama:any", "localhost:11434"),
        ("ollama:any", "http://ollama.example.org:11434"),
        ("", "localhost:11434"),
    ],
)
def test_a_chat_model_may_be_wherever_its_provider_can_ask(
    model: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORUM_CHAT_MODEL", model)
    monkeypatch.setenv("FORUM_CHAT_BASE_URL", address)

    assert settings.load().chat_base_url == address


@pytest.mark.parametrize(
    "endpoint", ["http://127.0.0.1:4317", "https://o.example.org:443", "http://[::1]:4317"]
)
def test_traces_may_go_to_any_host_and_port(endpoint: str) -> None:
    assert settings.load(otlp_endpoint=endpoint).otlp_endpoint == endpoint
