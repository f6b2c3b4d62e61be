"""What is right and what is not: each fault is named with what to do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from assistant.doctor import rules
from assistant.doctor.finding import Check, Finding, Level, findings, ok
from assistant.domain.errors import RecordsError
from assistant.settings import Settings

DATA = Path("/srv/forum")
NOW = datetime(2026, 11, 29, tzinfo=UTC)
ALL_WELL = {
    "python": lambda: rules.python("3.12.1", ">=3.11"),
    "packages": lambda: rules.packages(
        ["numpy>=2.3", "mcp>=1; extra == 'mcp'"], {"numpy": "2.4"}.get
    ),
    "space": lambda: rules.space(900, 300, DATA),
    "rights": lambda: rules.rights(7, 0o40700, 7, is_writable=True, data=DATA),
    "clock": lambda: rules.clock(NOW, NOW - timedelta(days=1)),
    "no clock to compare with": lambda: rules.clock(NOW, None),
    "for this machine": lambda: rules.address(Settings()),
    "behind a proxy": lambda: rules.address(
        Settings(public_url="https://a.example.org", proxies="127.0.0.1")
    ),
    "accounts": lambda: rules.accounts(1, 0),
    "settings": lambda: rules.unused_settings(
        Settings(chat_model="openai:a", chat_api_key=SecretStr("k"), chat_seconds=9)
    ),
    "no tesseract": lambda: rules.recognition(None, ["eng"]),
    "some tesseract": lambda: rules.recognition(["eng"], ["eng", "fra"]),
    "all tesseract": lambda: rules.recognition(["eng"], ["eng"]),
    "server": lambda: rules.server(200, 200, "x", is_expected=True, is_used=True),
    "no server": lambda: rules.server(None, None, "x", is_expected=False, is_used=False),
}
WORTH_A_LOOK = {
    "free some space": lambda: rules.space(500, 300, DATA),
    "mount its disk": lambda: rules.rights(7, 0o40700, 7, is_writable=False, data=DATA),
    "put a proxy with TLS": lambda: rules.address(Settings(public_url="http://a.example.org")),
    "let only the proxy": lambda: rules.address(
        Settings(public_url="https://a.example.org", proxies="10.0.0.1", host="0.0.0.0")  # noqa: S104 - what is found
    ),
    "staff-password": lambda: rules.accounts(0, 2),
    "set FORUM_HOST and FORUM_PORT": lambda: rules.server(
        None, None, "x", is_expected=False, is_used=True
    ),
}
WRONG = {
    "with such a Python": lambda: rules.python("3.10.9", ">=3.11"),
    "make install": lambda: rules.packages(["numpy>=2.3", "torch"], {"numpy": "2.2"}.get),
    "free some space": lambda: rules.space(200, 300, DATA),
    "chown -R 7": lambda: rules.rights(0, 0o40700, 7, is_writable=True, data=DATA),
    "chmod 700": lambda: rules.rights(7, 0o40755, 7, is_writable=True, data=DATA),
    "by NTP": lambda: rules.clock(datetime(1970, 1, 1, tzinfo=UTC), None),
    "set the clock": lambda: rules.clock(NOW, NOW + timedelta(hours=1)),
    "set FORUM_PUBLIC_URL": lambda: rules.address(Settings(host="0.0.0.0")),  # noqa: S104 - likewise
    "set FORUM_PROXIES": lambda: rules.address(Settings(public_url="https://a.example.org")),
    "app.py serve": lambda: rules.server(None, None, "x", is_expected=True, is_used=False),
    "another program": lambda: rules.server(404, 404, "x", is_expected=False, is_used=False),
    "look at its log": lambda: rules.server(200, 503, "x", is_expected=False, is_used=True),
}


@pytest.mark.parametrize("what", ALL_WELL)
def test_what_is_well_needs_nothing(what: str) -> None:
    found = ALL_WELL[what]()

    assert (found.level, found.remedy) == (Level.OK, "")


@pytest.mark.parametrize("remedy", WORTH_A_LOOK)
def test_what_works_and_had_better_be_changed_is_told_with_how(remedy: str) -> None:
    found = WORTH_A_LOOK[remedy]()

    assert found.level is Level.WARNING
    assert remedy in found.remedy


@pytest.mark.parametrize("remedy", WRONG)
def test_what_is_wrong_is_told_with_what_to_do(remedy: str) -> None:
    found = WRONG[remedy]()

    assert found.level is Level.ERROR
    assert remedy in found.remedy


def test_every_package_at_fault_is_named() -> None:
    found = rules.packages(["numpy>=2.3", "torch", "idna"], {"numpy": "2.2", "idna": "3"}.get)

    assert found.message == "numpy is 2.2, but >=2.3 is wanted; torch is missing"


def test_a_look_that_fails_ends_no_other() -> None:
    def records() -> Finding:
        msg = "cannot read records.sqlite; check the disk"
        raise RecordsError(msg)

    def disk() -> Finding:
        raise PermissionError(13, "Permission denied", "/srv/forum")

    def anything() -> Finding:
        raise ZeroDivisionError

    looks = [
        *(Check("records", records), Check("disk", disk), Check("anything", anything)),
        Check("clock", lambda: ok("clock", "now")),
    ]

    found = {each.name: each for each in findings(looks)}

    assert (found["records"].message, found["records"].remedy) == (
        "cannot read records.sqlite",
        "check the disk",
    )
    assert found["disk"].message == "permission denied (/srv/forum)"
    assert "ZeroDivisionError" in found["anything"].message
    assert found["clock"].level is Level.OK


def test_every_setting_that_does_nothing_is_named_with_what_it_needs() -> None:
    found = rules.unused_settings(
        Settings(chat_daily_tokens=9, chat_api_key=SecretStr("k"), embed_daily_questions=5)
    )

    assert found.level is Level.WARNING
    assert "FORUM_CHAT_API_KEY does nothing without FORUM_CHAT_MODEL" in found.message
    assert "FORUM_CHAT_DAILY_TOKENS does nothing without FORUM_CHAT_MODEL" in found.message
    assert "FORUM_EMBED_DAILY_QUESTIONS does nothing without FORUM_EMBED_ORIGINS" in found.message
