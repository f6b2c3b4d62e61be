"""The builder of the widget's line, and what members say of answers."""

import json
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from starlette.testclient import TestClient

from assistant.records import feedback
from assistant.web.staff.widget import line
from tests.assistant.records.test_questions import an_answer
from tests.assistant.web.staff.staffing import a_staffed_site
from tests.builders import a_document

EVIL = '"><script>alert(1)</script>'


def found(page: str, path: str) -> list[Any]:
    result: Any = lxml.html.fromstring(page).xpath(path)
    return list(result)


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    return a_staffed_site(tmp_path).client()


def test_the_line_says_what_was_chosen(client: TestClient) -> None:
    page = client.get("/staff/widget?lang=fr&theme=dark&topic=cameras&kinds=nonsense").text

    (script,) = found(page, "//textarea/text()")
    assert 'data-lang="fr"' in script
    assert 'data-topic="cameras"' in script
    assert "nonsense" not in script
    assert script.endswith(" async></script>")
    (preview,) = found(page, "//iframe/@src")
    assert preview == "/widget?lang=fr&topic=cameras&theme=dark"


def test_a_wish_cannot_leave_its_attribute() -> None:
    made = line("https://ask.test", {"greeting": EVIL})

    assert found(made, "//script/@data-greeting") == [EVIL]
    assert made.count("<script") == 1


def test_a_wish_is_text_on_the_page(client: TestClient) -> None:
    page = client.get("/staff/widget", params={"greeting": EVIL}).text

    assert "<script>alert" not in page


def test_staff_read_what_members_say(client: TestClient, tmp_path: Path) -> None:
    said = {
        "day": "2026-11-23",
        "rating": "down",
        "reason": EVIL,
        "outcome": "answered",
        "language": "en",
        "documents": ["articles/lighting.md"],
    }
    lines = [json.dumps(said), json.dumps({**said, "rating": "up", "reason": ""}), "damaged", "{}"]
    (tmp_path / "data" / feedback.FORMER_FILE).write_text("\n".join(lines), encoding="utf-8")

    page = client.get("/staff/feedback").text

    assert found(page, "//dl//dd/text()") == ["1", "1"]
    assert "23 November 2026" in found(page, "//tbody//td/text()")
    assert EVIL in found(page, "//tbody//bdi/text()")
    assert "<script>alert" not in page


def test_staff_read_what_members_say_of_one_document(tmp_path: Path) -> None:
    client = a_staffed_site(tmp_path, [a_document()]).client()
    said = {
        "day": "2026-11-23",
        "rating": "down",
        "reason": "of the lamps",
        "outcome": "answered",
        "language": "en",
        "documents": ["articles/lighting.md"],
    }
    other = {**said, "reason": "of the dogs", "documents": ["articles/dogs.md"]}
    lines = "\n".join(json.dumps(each) for each in (said, other))
    (tmp_path / "data" / feedback.FORMER_FILE).write_text(lines, encoding="utf-8")

    document = client.get("/staff/document", params={"id": "articles/lighting.md"}).text
    page = client.get("/staff/feedback", params={"document": "articles/lighting.md"}).text
    evil = client.get("/staff/feedback", params={"document": EVIL}).text

    assert found(document, "//dl//a[contains(@href, '/staff/feedback')]/text()") == ["1"]
    assert "of the lamps" in page
    assert "of the dogs" not in page
    assert "<script>alert" not in evil


def test_with_the_question_where_questions_are_kept_staff_read_what_was_answered(
    tmp_path: Path,
) -> None:
    keeping = a_staffed_site(tmp_path, [a_document()], keep_questions=30)
    asked = an_answer(f"who pays? {EVIL}", lead_in="It says: nobody.")
    keeping.site.records.feedback.keep(asked, "down", "wrong", "")

    page = keeping.client().get("/staff/feedback").text

    assert f"who pays? {EVIL}" in found(page, "//tbody//bdi/text()")
    assert "It says: nobody." in page
    assert "<script>alert" not in page


def test_where_nobody_said_anything_the_page_says_so(client: TestClient) -> None:
    assert "Nobody has said" in client.get("/staff/feedback").text
