"""Questions are counted by site and day, and nothing that goes wrong there costs an answer."""

import json
import logging
import multiprocessing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.language.languages import LANGUAGES
from assistant.language.wording import wording
from assistant.web.embedding_sites import FILE, MOST_SITES, Sites, is_listed
from assistant.web.pages.chat import Asked, ChatPage, Reply
from tests.builders import a_chat_page, a_chunk, a_passage
from tests.fakes import FakeGeneration, FakeLibrary

ORIGINS = ("https://www.example.org", "https://*.example.net", "http://localhost:8080")
TODAY = date(2026, 11, 23)
SITE = "https://www.example.org"


def some_sites(data: Path, today: date = TODAY, **changes: Any) -> Sites:  # noqa: ANN401 - as given
    return Sites(data, ORIGINS, today=lambda: today, **changes)


def counts(data: Path) -> dict[str, dict[str, int]]:
    kept: dict[str, dict[str, int]] = json.loads((data / FILE).read_text(encoding="utf-8"))
    return kept


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        ("https://www.example.org", True),
        ("http://www.example.org", False),
        ("https://www.example.org:8443", False),
        ("https://example.org", False),
        ("https://a.example.net", True),
        ("https://a.b.example.net", True),
        ("https://example.net", False),
        ("https://evil.test/.example.net", False),
        ("https://evil.test?.example.net", False),
        ("https://.example.net", False),
        ("https://a.example.net.evil.test", False),
        ("http://localhost:8080", True),
        ("http://localhost:8081", False),
        ("", False),
    ],
)
def test_a_site_is_listed_as_a_browser_would_match_it(site: str, *, expected: bool) -> None:
    assert is_listed(site, ORIGINS) is expected


def test_questions_are_counted_by_site_and_day(tmp_path: Path) -> None:
    for site in (SITE, "https://a.example.net/", "HTTPS://WWW.EXAMPLE.ORG", "https://evil.test"):
        assert some_sites(tmp_path).take(site)
    assert some_sites(tmp_path, TODAY + timedelta(days=1)).take(SITE)

    assert counts(tmp_path) == {
        "2026-11-23": {SITE: 2, "https://a.example.net": 1, "other": 1},
        "2026-11-24": {SITE: 1},
    }


def test_our_own_page_is_neither_counted_nor_limited(tmp_path: Path) -> None:
    sites = some_sites(tmp_path, limit=1)

    assert [sites.take("") for _ in range(3)] == [True] * 3
    assert not (tmp_path / FILE).exists()


def test_a_site_has_its_limit_a_day_and_others_have_their_own(tmp_path: Path) -> None:
    sites = some_sites(tmp_path, limit=2)

    assert [sites.take(SITE) for _ in range(4)] == [True, True, False, False]
    assert sites.take("https://a.example.net")
    assert some_sites(tmp_path, TODAY + timedelta(days=1), limit=2).take(SITE)
    assert counts(tmp_path)["2026-11-23"][SITE] == 2


def test_the_limit_outlives_a_restart(tmp_path: Path) -> None:
    assert some_sites(tmp_path, limit=1).take(SITE)

    assert not some_sites(tmp_path, limit=1).take(SITE)


def test_claimed_subdomains_do_not_fill_the_file(tmp_path: Path) -> None:
    sites = some_sites(tmp_path)
    for at in range(MOST_SITES + 10):
        sites.take(f"https://s{at}.example.net")

    kept = counts(tmp_path)["2026-11-23"]
    assert len(kept) == MOST_SITES + 1
    assert kept["other"] == 10


def test_counts_are_kept_for_four_hundred_days(tmp_path: Path) -> None:
    some_sites(tmp_path).take(SITE)
    some_sites(tmp_path, TODAY + timedelta(days=399)).take(SITE)
    assert len(counts(tmp_path)) == 2

    some_sites(tmp_path, TODAY + timedelta(days=400)).take(SITE)

    assert "2026-11-23" not in counts(tmp_path)


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    some_sites(tmp_path).take(SITE)

    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "{", "[]", '{"2026-11-23": 3}', '{"2026-11-23": {"x": "y"}}'])
def test_a_damaged_file_is_begun_anew_and_kept_aside(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")

    assert some_sites(tmp_path, limit=5).take(SITE)

    assert counts(tmp_path) == {"2026-11-23": {SITE: 1}}
    assert (tmp_path / "site_counts.damaged").read_text(encoding="utf-8") == text


def test_a_disk_that_cannot_be_written_stops_no_question(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no directory", encoding="utf-8")

    with caplog.at_level(logging.WARNING):
        assert some_sites(tmp_path / "file", limit=1).take(SITE)

    assert "not counted" in caplog.text


def test_a_file_that_cannot_be_replaced_stops_no_question(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()

    assert some_sites(tmp_path).take(SITE)


def asked_by_a_process(data: Path) -> None:
    sites = some_sites(data)
    for _ in range(50):
        sites.take(SITE)


def test_two_processes_lose_no_question(tmp_path: Path) -> None:
    spawning = multiprocessing.get_context("spawn")
    both = [spawning.Process(target=asked_by_a_process, args=(tmp_path,)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join()

    assert counts(tmp_path) == {"2026-11-23": {SITE: 100}}


def last(page: ChatPage, text: str, language: str, site: str) -> Reply:
    *_, reply = page.respond(Asked(text, language, site=site))
    return reply


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_member_reads_that_the_site_has_had_its_questions(tmp_path: Path, language: str) -> None:
    library = FakeLibrary(FakeGeneration(a_passage(a_chunk("In 2019."))))
    page = a_chat_page(library, sites=some_sites(tmp_path, limit=1))

    last(page, "  ", language, SITE)  # an empty question takes nothing from the site
    first = last(page, "When were the lamps renewed?", language, SITE)
    second = last(page, "When were the lamps renewed?", language, SITE)
    elsewhere = last(page, "When were the lamps renewed?", language, "")

    assert first.result is not None
    assert second.trouble == wording(language)("error.site_limit")
    assert second.result is None
    assert elsewhere.result is not None
