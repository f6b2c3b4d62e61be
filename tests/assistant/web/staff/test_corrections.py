"""Staff correct what is known of a document, and say how long it is valid."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from starlette.testclient import TestClient

from assistant.domain.dialogue import Question
from assistant.domain.edits import Edit
from assistant.domain.errors import RecordsError
from assistant.records.edits import EditStore
from assistant.records.questions import QuestionLog
from tests.assistant.web.staff.staffing import Staffed, a_staffed_site, publish
from tests.builders import a_document
from vectorstore.publishing.library import Library

LIGHTING, DOGS = a_document(), a_document("dogs", "Dogs bark.", language="fr")
FORM = {
    "id": LIGHTING.id, "title": "Lighting", "published": "2021-02-01", "kind": "article",
    "language": "en", "url": "https://forum.test/lighting", "replaced_by": "", "valid_until": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    a_staffed_site(folder, [LIGHTING, DOGS]).library.close()
    return folder / "data"


@pytest.fixture
def full(tmp_path: Path, published: Path) -> Staffed:
    shutil.copytree(published, tmp_path / "data")
    return a_staffed_site(tmp_path, keep_questions=30)


@pytest.fixture
def client(full: Staffed) -> TestClient:
    return full.client()


def send(client: TestClient, **changes: str) -> lxml.html.HtmlElement:
    response = client.post("/staff/document/edit", data={**FORM, **changes})
    if response.status_code == 303:
        response = client.get(response.headers["location"])
    return lxml.html.fromstring(response.text)


def fault(page: lxml.html.HtmlElement, field: str) -> str:
    found = page.xpath(f"//*[@id='{field}-fault']")
    return str(found[0].text_content()) if found else ""


def value(page: lxml.html.HtmlElement, field: str) -> str:
    return str(
        page.xpath(f"//*[@id='{field}']/@value | //*[@id='{field}']//option[@selected]/@value")[0]
    )


def test_the_form_shows_what_is_known(client: TestClient) -> None:
    page = lxml.html.fromstring(client.get("/staff/document/edit", params={"id": LIGHTING.id}).text)

    assert {name: value(page, name) for name in FORM if name != "id"} == {
        name: text for name, text in FORM.items() if name != "id"
    }


def test_what_was_not_changed_is_no_correction(full: Staffed, client: TestClient) -> None:
    send(client)

    assert full.site.records.edits.all() == []


def test_a_correction_is_kept_with_who_made_it_and_waits_to_be_published(
    full: Staffed, client: TestClient
) -> None:
    page = send(client, title="Night  <b>lamps</b>", published="", kind="event").text_content()

    edits = full.site.records.edits.of(LIGHTING.id)
    assert {field: (edit.value, edit.said) for field, edit in edits.items()} == {
        "title": ("Night <b>lamps</b>", "Lighting"),
        "published": ("", "2021-02-01"),
        "kind": ("event", "article"),
    }
    assert {edit.by for edit in edits.values()} == {"staff"}
    for told in ("The corrections are kept", "Night <b>lamps</b>", "not published yet", "February"):
        assert told in page
    listed = client.get("/staff/documents").text
    assert "The corrections of 1 document are not published yet." in listed
    assert '<span class="state">corrected</span>' in listed


def test_corrections_are_published_at_once_by_a_run_that_reads_no_source(
    full: Staffed, client: TestClient
) -> None:
    response = client.post("/staff/documents/publish-edits", data={"all": "1"})

    run_id = response.headers["location"].rpartition("/")[2]
    assert full.started == [["apply-edits", "--by", "staff", "--run", run_id]]
    assert client.get(response.headers["location"]).status_code == 200


def test_what_is_published_as_wanted_waits_no_longer(full: Staffed, client: TestClient) -> None:
    send(client, title="Lamps")
    publish(full.library, [a_document(title="Lamps")])

    page = client.get("/staff/document", params={"id": LIGHTING.id}).text

    assert "not published yet" not in page
    assert "Corrected by staff" in page
    form = client.get("/staff/document/edit", params={"id": LIGHTING.id}).text
    assert "The source says: <bdi>Lighting</bdi>" in form


def test_what_is_again_as_the_source_says_is_undone(full: Staffed, client: TestClient) -> None:
    send(client, title="Lamps", kind="event")

    send(client, kind="event")

    edits = full.site.records.edits.of(LIGHTING.id)
    assert {field: edit.is_undone for field, edit in edits.items()} == {
        "title": True, "kind": False,
    }  # fmt: skip


def test_all_corrections_of_a_document_are_undone_by_one_button(
    full: Staffed, client: TestClient
) -> None:
    send(client, title="Lamps", valid_until="2020-01-01")

    response = client.post("/staff/document/undo", data={"id": LIGHTING.id})

    assert "The corrections are undone" in client.get(response.headers["location"]).text
    assert [edit.is_undone for edit in full.site.records.edits.all()] == [True]
    assert full.library.withheld() == set()
    form = lxml.html.fromstring(client.get("/staff/document/edit", params={"id": LIGHTING.id}).text)
    assert value(form, "title") == "Lighting"


def test_the_history_says_in_the_language_of_the_page_what_was_corrected(
    client: TestClient,
) -> None:
    send(client, title="Lamps", valid_until="2099-01-01")

    told = client.get("/staff/history?staff-language=fr").text

    assert "Titre, Valable jusqu" in told
    assert "valid_until" not in told


def opened(client: TestClient) -> dict[str, str]:
    """Return the fields of the form of a document as a browser would send them."""
    sent = client.get("/staff/document/edit", params={"id": LIGHTING.id})
    page: Any = lxml.html.document_fromstring(sent.text)
    (form,) = (each for each in page.forms if (each.get("action") or "").endswith("/edit"))
    return {name: str(text) for name, text in form.fields.items()}


def test_a_form_that_was_opened_before_leaves_what_a_colleague_changed(
    full: Staffed, client: TestClient
) -> None:
    form = opened(client)
    send(client, valid_until="2020-01-01", kind="event")

    client.post("/staff/document/edit", data={**form, "title": "Lamps"})

    assert full.library.last_days() == {LIGHTING.id: date(2020, 1, 1)}
    edits = full.site.records.edits.of(LIGHTING.id)
    assert {field: edit.value for field, edit in edits.items()} == {
        "title": "Lamps", "kind": "event", "valid_until": "2020-01-01",
    }  # fmt: skip


def test_what_two_change_at_once_is_asked_again_with_what_it_is_now(
    full: Staffed, client: TestClient
) -> None:
    form = opened(client)
    send(client, title="Lamps")

    page = send(client, **{**form, "title": "Night lamps", "kind": "event"})

    assert "is now: Lamps." in fault(page, "title")
    assert (value(page, "title"), value(page, "kind")) == ("Night lamps", "event")
    assert full.site.records.edits.of(LIGHTING.id)["title"].value == "Lamps"
    (again,) = (each for each in page.forms if (each.get("action") or "").endswith("/edit"))
    client.post("/staff/document/edit", data=dict(again.fields))
    assert full.site.records.edits.of(LIGHTING.id)["title"].value == "Night lamps"


class FullEdits(EditStore):
    """One whose disk is full."""

    def keep(self, edits: Sequence[Edit]) -> None:
        raise RecordsError(str(len(edits)))

    def undo(self, document: str, *, by: str) -> None:
        raise RecordsError(document + by)


def test_where_the_records_cannot_be_written_the_last_day_stays_as_it_was(
    full: Staffed, client: TestClient
) -> None:
    send(client, valid_until="2020-01-01")
    records = full.site.records
    site = replace(full.site, records=replace(records, edits=FullEdits(records.edits.database)))
    broken = Staffed(site, full.library, full.data, full.clock).client()

    answers = [
        broken.post("/staff/document/undo", data={"id": LIGHTING.id}),
        broken.post("/staff/document/edit", data=FORM),
    ]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert full.library.last_days() == {LIGHTING.id: date(2020, 1, 1)}


@pytest.mark.parametrize(
    ("field", "sent", "told"),
    [
        ("title", "", "Give a title."),
        ("title", "x" * 301, "301 characters; shorten it to 300"),
        ("published", "yesterday", "Give a date such as"),
        ("valid_until", "2026-13-01", "Give a date such as"),
        ("kind", "poem", "Choose one of the list."),
        ("language", "xx", "Choose one of the list."),
        ("url", "", "Give an address that begins with"),
        ("url", "ftp://forum.test/a", "Give an address that begins with"),
        ("url", "javascript:alert(1)", "Give an address that begins with"),
        ("url", "https://ask.test/staff", "Give an address that begins with"),
        ("url", "/staff", "Give an address that begins with"),
        ("url", "http://[::1", "Give an address that begins with"),
        ("url", "https://forum.test/dogs/", "“Dogs” has this address"),
        ("replaced_by", "nowhere.md", "There is no document “nowhere.md”"),
        ("replaced_by", LIGHTING.id, "A document cannot take its own place"),
    ],
)
def test_a_field_that_cannot_be_used_says_how_to_mend_it_and_what_was_typed_stays(
    full: Staffed, client: TestClient, field: str, sent: str, told: str
) -> None:
    page = send(client, **{"title": "Lamps", field: sent})

    assert told in fault(page, field)
    assert value(page, field) == sent
    assert field == "title" or value(page, "title") == "Lamps"
    assert page.get_element_by_id(field).get("aria-invalid") == "true"
    assert full.site.records.edits.all() == []
    assert full.library.last_days() == {}


def test_a_successor_is_named_by_its_id_or_its_address(full: Staffed, client: TestClient) -> None:
    for named in (DOGS.id, DOGS.source.url):
        send(client, replaced_by=named)

        assert full.site.records.edits.of(LIGHTING.id)["replaced_by"].value == named


def test_what_the_source_says_itself_is_not_held_against_staff(
    full: Staffed, client: TestClient
) -> None:
    publish(full.library, [replace(LIGHTING, replaced_by="https://elsewhere.test/unknown")])

    page = send(client, replaced_by="https://elsewhere.test/unknown", title="Lamps")

    assert fault(page, "replaced_by") == ""
    assert [*full.site.records.edits.of(LIGHTING.id)] == ["title"]


def asked(library: Library) -> list[str]:
    with library.generation() as generation:
        return [source.document_id for source in generation.documents()]


def test_a_document_past_its_last_day_is_out_of_the_answers_at_once_and_listed(
    full: Staffed, client: TestClient
) -> None:
    yesterday = (date.today() - timedelta(days=1)).isoformat()  # noqa: DTZ011 - the server's own day

    page = send(client, valid_until=yesterday).text_content()

    assert asked(full.library) == [DOGS.id]
    assert "no answer uses it" in page
    assert "As members see it" not in page
    assert "no longer valid" in client.get("/staff/documents").text
    assert full.library.hidden() == set()
    send(client, valid_until=date.today().isoformat())  # noqa: DTZ011 - likewise
    assert LIGHTING.id in asked(full.library)
    assert "Valid until" in client.get("/staff/documents").text
    send(client)
    assert full.library.last_days() == {}
    assert full.site.records.edits.all() == []


def listed(client: TestClient, **wanted: str) -> list[str]:
    page: Any = lxml.html.fromstring(client.get("/staff/documents", params=wanted).text)
    return [str(each) for each in page.xpath("//main//input[@name='id']/@value")]


def test_the_list_is_narrowed_to_what_was_corrected(full: Staffed, client: TestClient) -> None:
    send(client, title="Lamps")
    assert listed(client, only_edited="1") == [LIGHTING.id]

    client.post("/staff/document/undo", data={"id": LIGHTING.id})
    full.library.limit(DOGS.id, date(2099, 1, 1))  # a last day corrects nothing the source says

    assert listed(client, only_edited="1") == []


def test_the_list_is_narrowed_by_the_last_day(full: Staffed, client: TestClient) -> None:
    today = date.today()  # noqa: DTZ011 - the server's own day
    full.library.limit(LIGHTING.id, today - timedelta(days=1))
    full.library.limit(DOGS.id, today + timedelta(days=29))

    assert listed(client, last_day="past") == [LIGHTING.id]
    assert listed(client, last_day="soon") == [DOGS.id]
    page: Any = lxml.html.fromstring(client.get("/staff/documents?last_day=soon").text)
    assert value(page, "last_day") == "soon"
    assert "is within 30 days" in page.get_element_by_id("last_day").text_content()


def test_a_document_leads_to_the_page_that_members_see(client: TestClient) -> None:
    page = client.get("/staff/document", params={"id": LIGHTING.id}).text

    assert 'href="/documents/articles/lighting.md"' in page


def test_only_wordings_that_were_asked_twice_are_shown_of_what_it_answered(
    full: Staffed, client: TestClient
) -> None:
    log: QuestionLog = full.site.records.questions
    renewed = "When was the street lighting renewed in town?"
    for text in (renewed, renewed.lower(), "Did the town renew its street lighting in 2019?"):
        log.add(full.site.assistant.answer(Question(text)))

    page = client.get("/staff/document", params={"id": LIGHTING.id}).text

    assert "Questions it answered" in page
    assert "when was the street lighting renewed in town?</bdi></span> <span" in page
    assert "2 times" in page
    assert "Did the town renew" not in page


def test_where_questions_are_not_kept_none_is_shown(
    tmp_path: Path, full: Staffed, client: TestClient
) -> None:
    for _ in range(2):
        full.site.records.questions.add(
            full.site.assistant.answer(Question("When was the street lighting renewed?"))
        )
    assert "Questions it answered" in client.get(f"/staff/document?id={LIGHTING.id}").text

    unkept = a_staffed_site(tmp_path).client()

    assert "Questions it answered" not in unkept.get(f"/staff/document?id={LIGHTING.id}").text
