"""Staff do something with several documents at once, and take the list along."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from starlette.testclient import TestClient

from assistant.domain.corpus import DocumentId
from assistant.domain.edits import Edit
from tests.assistant.web.staff.staffing import Staffed, a_staffed_site
from tests.builders import a_document

A, B = a_document("a", "Lamps."), a_document("b", "Dogs.", title="=1+1", published=None)
SOURCE = '[[source]]\nname = "docs"\ntype = "folder"\npath = "{path}"\n'


@pytest.fixture
def full(tmp_path: Path) -> Staffed:
    return a_staffed_site(tmp_path, [A, B])


@pytest.fixture
def client(full: Staffed) -> TestClient:
    return full.client()


def press(client: TestClient, page: str) -> str:
    """Send the form of a page as it stands; return the page that comes of it."""
    tree: Any = lxml.html.fromstring(page)
    (form,) = tree.xpath("//main//form")
    response = client.post(form.get("action"), data=dict(form.form_values()))
    return client.get(response.headers["location"]).text


def test_chosen_documents_are_hidden_once_that_is_confirmed(
    full: Staffed, client: TestClient
) -> None:
    asked = client.post(
        "/staff/documents/chosen", data={"deed": "hide", "id": [A.id], "words": "lamps"}
    )

    assert full.library.hidden() == set()
    assert "Hide 1 document?" in asked.text
    page = press(client, asked.text)
    assert full.library.hidden() == {A.id}
    assert "The documents are out of the answers now." in page
    assert 'value="lamps"' in page


def test_chosen_documents_are_shown_again(full: Staffed, client: TestClient) -> None:
    full.library.hide(A.id, B.id)

    client.post("/staff/documents/chosen", data={"deed": "show", "id": [A.id, B.id]})

    assert full.library.hidden() == set()


def test_all_that_are_found_are_meant_on_every_page_of_the_list(
    full: Staffed, client: TestClient
) -> None:
    sent = {"deed": "hide", "everything": "1", "words": "lamps"}

    asked = client.post("/staff/documents/chosen", data=sent).text
    press(client, asked)

    assert full.library.hidden() == {A.id}


def test_more_than_fifty_have_to_be_confirmed_whatever_is_done(tmp_path: Path) -> None:
    staffed = a_staffed_site(tmp_path, [a_document(f"d{at:02}", "Text.") for at in range(51)])
    staffed.library.hide(*(DocumentId(f"articles/d{at:02}.md") for at in range(51)))
    client = staffed.client()

    asked = client.post("/staff/documents/chosen", data={"deed": "show", "everything": "1"}).text

    assert "Show 51 documents again?" in asked
    assert "and 31 more" in asked
    assert len(staffed.library.hidden()) == 51
    press(client, asked)
    assert staffed.library.hidden() == set()


def test_a_whole_page_of_boxes_may_be_ticked(tmp_path: Path) -> None:
    documents = [a_document(f"d{at:02}", "Text.") for at in range(50)]
    staffed = a_staffed_site(tmp_path, documents)
    sent = {"deed": "hide", "confirmed": "50", "id": [each.id for each in documents]}

    staffed.client().post("/staff/documents/chosen", data=sent)

    assert len(staffed.library.hidden()) == 50


def test_where_others_are_found_than_were_confirmed_it_is_asked_anew(
    full: Staffed, client: TestClient
) -> None:
    sent = {"deed": "hide", "everything": "1", "confirmed": "3"}

    asked = client.post("/staff/documents/chosen", data=sent)

    assert "Other documents are found now than before" in asked.text
    assert full.library.hidden() == set()


@pytest.mark.parametrize(
    "sent", [{"deed": "hide"}, {"deed": "burn", "everything": "1"}, {"deed": ""}]
)
def test_where_nothing_is_meant_nothing_is_done(
    full: Staffed, client: TestClient, sent: dict[str, str]
) -> None:
    response = client.post("/staff/documents/chosen", data=sent)

    assert "No document was chosen" in client.get(response.headers["location"]).text
    assert full.library.hidden() == set()
    assert full.started == []


def test_the_sources_of_chosen_documents_are_read_again(full: Staffed, client: TestClient) -> None:
    folder = full.data.parent / "docs"
    folder.mkdir()
    (full.data.parent / "forum.toml").write_text(SOURCE.format(path="/forum"))

    response = client.post("/staff/documents/chosen", data={"deed": "plan", "id": [A.id, B.id]})

    run_id = response.headers["location"].rpartition("/")[2]
    assert full.started == [["sync", "docs", "--dry-run", "--by", "staff", "--run", run_id]]


def test_documents_of_no_listed_source_are_told_how_they_are_read(
    full: Staffed, client: TestClient
) -> None:
    response = client.post("/staff/documents/chosen", data={"deed": "plan", "id": [A.id]})

    assert "app.py ingest" in client.get(response.headers["location"]).text
    assert full.started == []


def test_every_document_of_the_list_has_a_box_with_its_name(client: TestClient) -> None:
    tree: Any = lxml.html.fromstring(client.get("/staff/documents").text)

    boxes = tree.xpath("//main//input[@name='id']/@aria-label")
    assert boxes == ["Choose A", "Choose =1+1"]
    assert "All that are found (2)" in tree.text_content()


def test_the_list_is_a_table_without_formulas(full: Staffed, client: TestClient) -> None:
    full.library.hide(B.id)
    full.library.limit(A.id, date(2020, 1, 31))
    client.post("/staff/document/edit", data={"id": A.id, "title": "Lamps", "kind": "article"})

    response = client.get("/staff/documents/export")

    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert response.headers["content-disposition"].endswith('.csv"')
    assert rows == [
        {
            "id": A.id, "title": "A", "address": "https://forum.test/a", "date": "2021-02-01",
            "changed": "", "kind": "article", "language": "en", "source": "/forum",
            "hidden": "no", "edited": "no", "valid_until": "2020-01-31", "passages": "1",
        },
        {
            "id": B.id, "title": "'=1+1", "address": "https://forum.test/b", "date": "",
            "changed": "", "kind": "article", "language": "en", "source": "/forum",
            "hidden": "yes", "edited": "no", "valid_until": "", "passages": "1",
        },
    ]  # fmt: skip


def test_the_table_holds_what_the_list_shows(client: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/staff/documents/export?words=dogs").text)))

    assert [row["id"] for row in rows] == [B.id]


def test_the_filters_of_staff_hold_on_every_page_in_the_table_and_for_all_that_are_found(
    tmp_path: Path,
) -> None:
    documents = [a_document(f"d{at:02}", "Text.") for at in range(60)]
    staffed = a_staffed_site(tmp_path, documents)
    client = staffed.client()
    now = datetime(2026, 11, 23, tzinfo=UTC)
    for document in documents[:55]:
        staffed.library.limit(document.id, date(2020, 1, 31))
        edit = Edit(document.id, "title", "Lamps", "D", "staff", now)
        staffed.site.records.edits.keep([edit])
    wanted = "only_edited=1&last_day=past"

    page: Any = lxml.html.fromstring(client.get(f"/staff/documents?{wanted}").text)
    (following,) = page.xpath("//a[@rel='next']/@href")
    (table,) = page.xpath("//a[@download]/@href")

    assert "55 documents" in page.text_content()
    second: Any = lxml.html.fromstring(client.get(following).text)
    assert len(second.xpath("//main//tbody/tr")) == 5
    assert len(client.get(table).text.splitlines()) == 56
    sent = dict(page.xpath("//main//form[@method='post']")[-1].form_values())
    asked = client.post("/staff/documents/chosen", data=sent | {"everything": "1", "deed": "hide"})
    press(client, asked.text)
    assert len(staffed.library.hidden()) == 55


def test_the_table_of_nothing_has_its_heads(tmp_path: Path) -> None:
    text = a_staffed_site(tmp_path).client().get("/staff/documents/export").text

    assert text.startswith("id,title,address,date,")
    assert len(text.splitlines()) == 1
