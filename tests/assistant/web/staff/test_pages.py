"""What the staff pages show and do."""

import json
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient

from assistant.domain.corpus import DocumentId, Kind
from assistant.web.security.headers import Message
from ingest.differences import Change
from ingest.plan import Failure, IngestionPlan, Notice
from ingest.reading_cache import Readings, Seen
from ingest.report import Report
from ingest.runs import Runs, new_id
from ingest.sources.tables import WordPressSource
from ingest.sources.uploads import LARGEST
from tests.assistant.web.staff.staffing import OURS, Staffed, a_staffed_site, publish
from tests.builders import a_document

LIGHTING = a_document()
RUN = "20261123-070501-4f2a"
NOW = datetime(2026, 11, 23, 7, 5, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with two documents, to be copied."""
    folder = tmp_path_factory.mktemp("published")
    dogs = a_document("dogs", "Dogs bark.", language="fr")
    a_staffed_site(folder, [LIGHTING, dogs]).library.close()
    return folder / "data"


@pytest.fixture
def full(tmp_path: Path, published: Path) -> Staffed:
    shutil.copytree(published, tmp_path / "data")
    return a_staffed_site(tmp_path)


@pytest.fixture
def client(full: Staffed) -> TestClient:
    return full.client()


def a_report(*changes: Change, concerns: Sequence[str] = (), **flags: bool) -> Report:
    plan = IngestionPlan(
        (), (), (), tuple(change.document for change in changes), (Failure("b", "is broken"),)
    )
    return Report(
        plan,
        changes,
        ("c.xlsx",),
        "000001",
        notices=(Notice(LIGHTING.id, "12 words were left out"),),
        concerns=tuple(concerns),
        is_new=flags.get("is_new", False),
        dry_run=flags.get("dry_run", False),
        is_held=flags.get("is_held", False),
    )


def record(data: Path, report: Report, run_id: str = RUN, sources: Sequence[str] = ("a",)) -> None:
    with Runs(data).start("the staff page", sources, run_id=run_id) as run:
        run.keep([])
        run.finish(report)


CHANGED = Change(
    "changed", LIGHTING.id, "Lighting", ("-They cost 900 euros.", "+They cost 950 euros.", "…")
)


def test_the_overview_tells_what_is_published(client: TestClient) -> None:
    page = client.get("/staff").text

    for told in ("2 documents", "000001", "hash-64", "English", "French", "article", "/forum"):
        assert told in page


def test_the_overview_of_an_empty_site_says_so(staffed: Staffed) -> None:
    assert "Nothing is published yet" in staffed.client().get("/staff").text


def test_the_overview_warns_where_something_is_wrong(full: Staffed, client: TestClient) -> None:
    publish(full.library, [a_document("cats", "Cats purr.")])
    (full.data / "CURRENT").write_text("nonsense")

    assert "What is published is not as it should be" in client.get("/staff").text


def test_the_overview_shows_a_run_that_goes_on_and_finds_it_again(
    full: Staffed, client: TestClient
) -> None:
    with Runs(full.data).start("the schedule", ["befus"], run_id=RUN) as active:
        active._written = 0.0  # long ago, so that the next step is written
        active.progress("reading befus")(3, 9)
        page = client.get("/staff").text
        told = client.get(f"/staff/runs/{RUN}/progress").json()
        active.finish(a_report())

    assert f'data-progress="/staff/runs/{RUN}/progress"' in page
    assert told == {"goes_on": True, "text": "reading befus: 3 of 9", "done": 3, "total": 9}
    assert not client.get(f"/staff/runs/{RUN}/progress").json()["goes_on"]


def test_a_run_that_takes_long_says_how_long_it_goes_on(full: Staffed, client: TestClient) -> None:
    began = datetime.now(UTC)
    with Runs(full.data).start("the schedule", ["befus"], run_id=RUN) as active:
        active.progress("embedding")(1, 9)
        for ago, left in ((600, "about 20 minutes left"), (35, "about 1 minute left"),
                          (10, "less than a minute left")):  # fmt: skip
            active._run = replace(active.run, stage_began=began - timedelta(seconds=ago))
            active._written = 0.0
            active.progress("embedding")(3, 9)
            told = client.get(f"/staff/runs/{RUN}/progress").json()["text"]
            assert told == f"embedding: 3 of 9; {left}"
        active._written = 0.0
        active.progress("reading befus")(3, 9)  # another stage has a pace of its own
        assert client.get(f"/staff/runs/{RUN}/progress").json()["text"] == "reading befus: 3 of 9"
        active.finish(a_report())


def test_a_plan_says_what_was_taken_for_the_kind_the_language_and_the_day_of_a_new_document(
    full: Staffed, client: TestClient
) -> None:
    document = DocumentId("fresh.md")
    dated = Change("new", document, "Fresh", kind="event", language="nl", published="2026-03-12")
    undated = Change("new", document, "Fresh", kind="page", language="fr")
    record(full.data, a_report(dated, undated, dry_run=True))

    page = client.get(f"/staff/runs/{RUN}").text

    assert "event · Dutch · 12 March 2026" in page
    assert "page · French · undated" in page


def test_what_is_found_in_a_text_shows_where_and_is_escaped(
    client: TestClient, full: Staffed
) -> None:
    publish(full.library, [a_document("odd", "Never write <b>MÜLL</b> in a title.")])

    page = client.get("/staff/documents?words=mull").text

    assert "1 document<" in page
    assert "Never write &lt;b&gt;MÜLL&lt;/b&gt; in a title." in page


def test_documents_are_found_and_paged(client: TestClient, full: Staffed) -> None:
    publish(full.library, [a_document(f"d{at:03}", f"Text {at}.") for at in range(60)])

    first = client.get("/staff/documents").text
    second = client.get("/staff/documents?page=2").text

    assert first.count("<tr>") == 51
    assert "62 documents" in first
    assert "Page 2 of 2" in second
    assert second.count("<tr>") == 13
    assert "1 document<" in client.get("/staff/documents?words=d007").text


@pytest.mark.parametrize(
    "query",
    [
        "page=0", "page=-1", "page=x", "page=99999999999999999999", "page=²", "since=yesterday",
        "until=2021-02-31", "kind=x&kind=y", "words=%00%ff", "origin=%F0%9F%92%A5", "note=nonsense",
    ],
)  # fmt: skip
def test_a_senseless_list_is_no_trouble(client: TestClient, query: str) -> None:
    assert client.get(f"/staff/documents?{query}").status_code == 200


def test_a_date_that_is_none_is_told_at_its_field(client: TestClient) -> None:
    page = client.get("/staff/documents?since=yesterday").text

    assert 'aria-describedby="since-fault"' in page
    assert "2021-01-31" in page


def test_a_document_is_opened_with_its_text_and_passages(client: TestClient) -> None:
    page = client.get("/staff/document", params={"id": LIGHTING.id}).text

    for told in (
        "renewed its street lighting",
        "https://forum.test/lighting",
        "passages",
        "summary",
    ):
        assert told in page
    assert 'class="document" lang="en"' in page


def test_a_document_tells_how_well_it_was_read(tmp_path: Path) -> None:
    text = "## Lamps\n\nWarm light helps.\n\n| Town | Lamps |\n| --- | --- |\n| Ath | 90 |"
    document = a_document("lamps", text)
    staffed = a_staffed_site(tmp_path, [document])
    stored = next(iter(staffed.library.stored()))
    known = Readings()
    known.remember(
        stored.origin, {document.id: Seen("digest", "print", "pages were not read (2 <5>)")}
    )
    known.save(staffed.data)

    page = staffed.client().get("/staff/document", params={"id": document.id}).text

    assert "8 words, 1 heading, 0 items of lists, 1 table" in page
    assert "Worth a look: pages were not read (2 &lt;5&gt;)." in page


@pytest.mark.parametrize("unknown", ["", "nowhere", "../../../etc/passwd", "%2e%2e%2fdata", "\0a"])
def test_an_unknown_document_is_no_page(client: TestClient, unknown: str) -> None:
    response = client.get("/staff/document", params={"id": unknown})

    assert response.status_code == 404
    assert "root:" not in response.text


def test_hiding_a_document_is_asked_once_more_with_what_it_means_for_members(
    full: Staffed, client: TestClient
) -> None:
    page = client.post("/staff/document/hide", data={"id": LIGHTING.id})

    assert page.status_code == 200
    assert full.library.hidden() == set()
    assert full.site.history.entries().total == 0
    tree: Any = lxml.html.fromstring(page.text)
    assert tree.xpath("string(//h1)") == "Hide “Lighting”?"
    told = tree.xpath("string(//main//ul)")
    for meaning in ("no answer", "by hand", "Links to earlier answers", "show it again"):
        assert meaning in told
    (back,) = tree.xpath("//main//a[@class='button']/@href")
    assert client.get(back).status_code == 200
    (form,) = tree.xpath("//main//form")
    client.post(form.get("action"), data=dict(form.form_values()))
    assert full.library.hidden() == {LIGHTING.id}
    (entry,) = full.site.history.entries().entries
    assert (entry.what, entry.about) == ("document.hide", LIGHTING.id)


def test_the_title_of_what_is_to_be_hidden_is_text(tmp_path: Path) -> None:
    evil = "<img src=x>{0}{title}"
    document = a_document(title=evil)
    client = a_staffed_site(tmp_path, [document]).client()

    page = client.post("/staff/document/hide", data={"id": document.id}).text

    assert "<img" not in page
    tree: Any = lxml.html.fromstring(page)
    assert tree.xpath("string(//h1)") == f"Hide “{evil}”?"


def test_a_document_is_hidden_at_once_and_shown_again(full: Staffed, client: TestClient) -> None:
    hidden = client.post("/staff/document/hide", data={"id": LIGHTING.id, "confirmed": "1"})

    assert hidden.status_code == 303
    assert "out of the answers now" in client.get(hidden.headers["location"]).text
    assert full.library.hidden() == {LIGHTING.id}
    client.post("/staff/document/show", data={"id": LIGHTING.id})
    assert full.library.hidden() == set()


def test_what_is_hidden_and_gone_can_be_allowed_again(full: Staffed, client: TestClient) -> None:
    full.library.hide(DocumentId("gone.md"))

    page = client.get("/staff/documents?only_hidden=1").text
    client.post("/staff/document/show", data={"id": "gone.md"})

    assert "gone.md" in page
    assert full.library.hidden() == set()


@pytest.mark.parametrize("confirmed", ["", "1"])
def test_hiding_what_is_not_there_is_told(
    full: Staffed, client: TestClient, confirmed: str
) -> None:
    sent = {"id": "../hidden.json", "confirmed": confirmed}

    response = client.post("/staff/document/hide", data=sent)

    assert response.status_code == 409
    assert "There is no document" in response.text
    assert full.library.hidden() == set()


FEED = {"type": "feed", "name": "news", "url": "https://forum.test/feed", "schedule": "6h"}


def test_a_source_is_added_tried_planned_and_removed(full: Staffed, client: TestClient) -> None:
    (full.data.parent / "docs").mkdir()
    (full.data.parent / "docs" / "a.md").write_text("# A\n\nText.")
    folder = {"type": "folder", "name": "docs", "path": "docs", "schedule": "at", "at": "03:30"}

    assert client.post("/staff/sources/add", data=folder).status_code == 303
    listed = client.get("/staff/sources").text
    tried = client.post("/staff/sources/try", data={"name": "docs"}).text
    planned = client.post("/staff/sources/plan", data={"name": "docs"})
    asked = client.get("/staff/sources/remove?name=docs").text
    removed = client.post("/staff/sources/remove", data={"name": "docs"})

    assert "at 03:30" in listed
    assert "1 file," in tried
    assert planned.headers["location"].startswith("/staff/runs/")
    assert full.started[0][:3] == ["sync", "docs", "--dry-run"]
    assert "stay published" in asked
    assert removed.status_code == 303
    assert "docs" not in client.get("/staff/sources").text.replace("/documents", "")


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"name": ""}, "name", "Is missing"),
        ({"name": "Bad Name!"}, "name", "small letters"),
        ({"name": "uploads"}, "name", "Is taken"),
        ({"url": ""}, "url", "Is missing"),
        ({"url": "ftp://forum.test"}, "url", "ftp://forum.test"),
        ({"url": "http://127.0.0.1/"}, "url", "127.0.0.1"),
        ({"url": "javascript:alert(1)"}, "url", "javascript"),
        ({"schedule": "at", "at": "soon"}, "at", "03:30"),
        ({"delay": "fast"}, "delay", "number"),
        ({"delay": "99"}, "delay", "60"),
        ({"type": "wordpress", "kinds": "events"}, "kinds", "Write each as events=event"),
        ({"type": "wordpress", "kinds": "events=party"}, "kinds", "event"),
        ({"name": "", "try": "1"}, "name", "Is missing"),
    ],
)
def test_a_fault_of_a_new_source_is_told_at_its_field(
    full: Staffed, client: TestClient, changes: dict[str, str], field: str, said: str
) -> None:
    response = client.post("/staff/sources/add", data={**FEED, **changes})

    assert response.status_code == 422
    fault = response.text.partition(f'id="{field}-fault">')[2].partition("</p>")[0]
    assert said in fault
    assert not (full.data.parent / "forum.toml").exists()


@pytest.mark.parametrize("path", ["nowhere.xml", "~nobodyhere/export.xml", "x" * 5_000])
def test_a_path_that_is_not_there_is_told(client: TestClient, path: str) -> None:
    sent = {"type": "wxr", "name": "export", "path": path}

    assert 'id="path-fault"' in client.post("/staff/sources/add", data=sent).text


def test_all_that_a_form_can_say_reaches_the_file(full: Staffed, client: TestClient) -> None:
    site = {
        "type": "wordpress", "name": "site", "url": "https://forum.test", "types": "posts, pages",
        "hosts": "cdn.forum.test media.forum.test", "schedule": "1d", "delay": "0,5",
        "kinds": "events=event, news=article",
    }  # fmt: skip

    assert client.post("/staff/sources/add", data=site).status_code == 303

    (source,) = full.site.operations.configured().sources
    assert isinstance(source, WordPressSource)
    assert source.types == ("posts", "pages")
    assert source.hosts == ("cdn.forum.test", "media.forum.test")
    assert source.attachments is False
    assert source.every == timedelta(days=1)
    assert source.private_network is False
    assert source.delay == 0.5
    assert source.kinds == {"events": Kind.EVENT, "news": Kind.ARTICLE}
    assert "Read next" in client.get("/staff/sources").text


def test_a_source_is_tried_before_it_is_added(full: Staffed, client: TestClient) -> None:
    (full.data.parent / "docs").mkdir()
    (full.data.parent / "docs" / "night.md").write_text("# A\n\nText.")
    sent = {"type": "folder", "name": "docs", "path": "docs", "try": "1"}

    page = client.post("/staff/sources/add", data=sent)

    assert page.status_code == 200
    assert "It can be read." in page.text
    assert "night.md" in page.text
    assert 'value="docs"' in page.text
    assert not (full.data.parent / "forum.toml").exists()


@pytest.mark.parametrize("field", ["private_network", "user", "password_env"])
def test_what_the_form_does_not_offer_cannot_be_sent(
    full: Staffed, client: TestClient, field: str
) -> None:
    client.post("/staff/sources/add", data={**FEED, field: "1"})

    assert field not in (full.data.parent / "forum.toml").read_text()


def test_a_faulty_file_of_sources_is_told_and_breaks_no_other_page(
    full: Staffed, client: TestClient
) -> None:
    (full.data.parent / "forum.toml").write_text("[[source]]\nname = 1\n")

    response = client.get("/staff/sources")

    assert response.status_code == 409
    assert "forum.toml" in response.text
    assert client.get("/staff").status_code == 200


def test_documents_of_a_folder_that_is_listed_are_under_its_name(
    full: Staffed, client: TestClient
) -> None:
    listed = '[[source]]\nname = "minutes"\ntype = "folder"\npath = "/forum"\n'
    pages = ("/staff", "/staff/documents", f"/staff/document?id={LIGHTING.id}")
    before = [client.get(page).text for page in pages]

    (full.data.parent / "forum.toml").write_text(listed)

    assert all("<bdi>minutes</bdi>" in client.get(page).text for page in pages)
    assert all("<bdi>/forum</bdi>" in page for page in before)


def test_a_source_that_is_not_there_starts_nothing(full: Staffed, client: TestClient) -> None:
    for path in ("/staff/sources/plan", "/staff/sources/try", "/staff/sources/remove"):
        assert client.post(path, data={"name": "--yes"}).status_code == 409
    assert full.started == []


def test_all_sources_are_planned_at_once(full: Staffed, client: TestClient) -> None:
    client.post("/staff/sources/add", data=FEED)

    client.post(
        "/staff/sources/plan", headers={"content-type": "application/x-www-form-urlencoded"}
    )

    assert full.started[0][:4] == ["sync", "news", "uploads", "--dry-run"]


def test_files_are_taken_or_refused_one_by_one(full: Staffed, client: TestClient) -> None:
    files = [
        ("files", ("night.md", b"# Night", "text/markdown")),
        ("files", ("../../evil.exe", b"MZ", "text/plain")),
        ("files", ("../../../etc/passwd.txt", b"text", "text/plain")),
        ("files", ("empty.md", b"", "text/markdown")),
    ]

    response = client.post("/staff/uploads", files=files)

    assert response.status_code == 422
    kept = sorted(path.name for path in (full.data / "uploads").iterdir())
    assert kept == ["night.md", "passwd.txt"]
    for told in ("taken", "is of a form that is not read", "is empty"):
        assert told in response.text


def test_uploads_are_planned_only_where_there_is_something_to_change(
    full: Staffed, client: TestClient
) -> None:
    plan, page = ">Plan the uploads</button>", "/staff/uploads"
    assert plan not in client.get(page).text

    client.post(page, files=[("files", ("night.md", b"# Night"))])
    assert plan in client.get(page).text

    (full.data / "uploads" / "night.md").unlink()
    publish(full.library, [a_document("night", "Night.")], str(full.data / "uploads"))
    assert plan in client.get(page).text  # it is still in the answers


def test_the_page_of_uploads_removes_a_file(full: Staffed, client: TestClient) -> None:
    client.post("/staff/uploads", files=[("files", ("night.md", b"# Night"))])
    assert "night.md" in client.get("/staff/uploads").text

    client.post("/staff/uploads/remove", data={"name": "night.md"})

    assert list((full.data / "uploads").iterdir()) == []


@pytest.mark.parametrize("name", ["../CURRENT", "", ".", "a\0b", "night.md"])
def test_nothing_but_an_upload_is_removed(full: Staffed, client: TestClient, name: str) -> None:
    response = client.post("/staff/uploads/remove", data={"name": name})

    assert response.status_code == 409
    assert (full.data / "CURRENT").exists()


@pytest.mark.parametrize(
    "body",
    [b"", b"nonsense", b"--x\r\n", b"--x--\r\n", b"--x\r\nContent-Disposition: x\r\n\r\n\r\n--x--"],
)
def test_a_broken_upload_leaves_nothing(full: Staffed, client: TestClient, body: bytes) -> None:
    response = client.post(
        "/staff/uploads", content=body, headers={"content-type": "multipart/form-data; boundary=x"}
    )

    assert response.status_code in {200, 400}
    assert not (full.data / "uploads").exists()


def test_a_file_one_byte_too_large_leaves_nothing(full: Staffed, client: TestClient) -> None:
    response = client.post("/staff/uploads", files=[("files", ("a.txt", b"x" * (LARGEST + 1)))])

    assert response.status_code == 422
    assert "larger than 50 MB" in response.text
    assert list((full.data / "uploads").iterdir()) == []


async def test_an_upload_that_breaks_off_leaves_nothing(full: Staffed, client: TestClient) -> None:
    begun = b'--x\r\ncontent-disposition: form-data; name="files"; filename="a.txt"\r\n\r\nbegun'
    told: list[Message] = [
        {"type": "http.request", "body": begun, "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return told.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    headers = {
        **OURS,
        "cookie": f"staff={client.cookies['staff']}",
        "content-type": "multipart/form-data; boundary=x",
    }
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/staff/uploads",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    with suppress(ClientDisconnect):
        await full.application(scope, receive, send)

    assert not (full.data / "uploads").exists()
    assert not any(each.get("status") == 200 for each in sent)


def test_a_form_of_a_thousand_parts_is_refused(full: Staffed, client: TestClient) -> None:
    files = [("files", (f"{at}.md", b"# Text")) for at in range(1000)]

    assert client.post("/staff/uploads", files=files).status_code == 400
    assert not (full.data / "uploads").exists()


def test_a_form_of_ten_thousand_fields_is_refused(client: TestClient) -> None:
    response = client.post(
        "/staff/try",
        content=b"a=1&" * 10_000,
        headers={"content-type": "application/x-www-form-urlencoded"},
    )

    assert response.status_code == 400


def test_a_plan_shows_what_would_change_and_is_published(full: Staffed, client: TestClient) -> None:
    record(full.data, a_report(CHANGED, dry_run=True))

    page = client.get(f"/staff/runs/{RUN}").text
    published = client.post(
        f"/staff/runs/{RUN}/publish", headers={"content-type": "application/x-www-form-urlencoded"}
    )

    assert '<del><span class="hidden">removed: </span>They cost 900 euros.</del>' in page
    assert '<ins><span class="hidden">added: </span>They cost 950 euros.</ins>' in page
    for told in ("is broken", "c.xlsx", "12 words were left out", "Publish these changes"):
        assert told in page
    assert published.status_code == 303
    assert full.started[0][:2] == ["publish", RUN]


def test_a_run_that_waits_is_published_only_when_confirmed(
    full: Staffed, client: TestClient
) -> None:
    record(full.data, a_report(CHANGED, concerns=["9 of 10 documents would go"], is_held=True))

    refused = client.post(f"/staff/runs/{RUN}/publish", data={"confirmed": ""})
    started = list(full.started)
    client.post(f"/staff/runs/{RUN}/publish", data={"confirmed": "1"})

    assert refused.status_code == 422
    assert "9 of 10 documents would go" in refused.text
    assert started == []
    assert full.started[0][:2] == ["publish", RUN]


def test_a_run_is_planned_again_from_its_own_sources(full: Staffed, client: TestClient) -> None:
    client.post("/staff/sources/add", data=FEED)
    record(full.data, a_report(CHANGED, dry_run=True), sources=["news"])
    record(full.data, a_report(CHANGED, is_new=True), "20261123-070502-4f2a", ["/a/path"])

    client.post(
        f"/staff/runs/{RUN}/again", headers={"content-type": "application/x-www-form-urlencoded"}
    )

    assert full.started[0][:3] == ["sync", "news", "--dry-run"]
    assert "Plan again" in client.get(f"/staff/runs/{RUN}").text
    assert "Plan again" not in client.get("/staff/runs/20261123-070502-4f2a").text


def test_the_report_is_a_file_to_keep(full: Staffed, client: TestClient) -> None:
    record(full.data, a_report(CHANGED, dry_run=True))

    response = client.get(f"/staff/runs/{RUN}/report")

    assert response.headers["content-disposition"] == f'attachment; filename="run-{RUN}.json"'
    assert json.loads(response.text)["report"]["changes"][0]["title"] == "Lighting"


def test_a_run_that_was_just_started_is_starting_and_an_older_unknown_one_is_not_there(
    client: TestClient,
) -> None:
    fresh = new_id()

    assert client.get(f"/staff/runs/{fresh}/progress").json()["text"] == "starting"
    assert "Starting" in client.get(f"/staff/runs/{fresh}").text
    for old in (RUN, "nowhere", "20269999-999999-4f2a"):
        assert client.get(f"/staff/runs/{old}").status_code == 404


def test_a_run_that_could_not_read_a_source_is_not_listed_as_if_all_were_well(
    full: Staffed, client: TestClient
) -> None:
    record(full.data, replace(a_report(), is_partial=True))

    for page in ("/staff/runs", f"/staff/runs/{RUN}", "/staff"):
        assert "not everything was read" in client.get(page).text


def test_a_run_of_thousands_shows_the_first_of_them(full: Staffed, client: TestClient) -> None:
    many = [Change("removed", DocumentId(f"{at}.md"), f"T{at}") for at in range(3000)]
    record(full.data, a_report(*many, dry_run=True))

    page = client.get(f"/staff/runs/{RUN}").text

    assert "2,800 changes more" in page
    assert len(page) < 200_000


def test_an_older_generation_is_published_again(full: Staffed, client: TestClient) -> None:
    publish(full.library, [a_document("cats", "Cats purr.")])

    asked = client.post("/staff/generations/publish", data={"generation": "000001"})
    assert asked.status_code == 200
    assert "Publish generation 000001 again?" in asked.text
    assert full.library.published() == "000002"

    form = {"generation": "000001", "confirmed": "1"}
    done = client.post("/staff/generations/publish", data=form)

    assert done.status_code == 303
    assert full.library.published() == "000001"


@pytest.mark.parametrize("name", ["../../etc", "", "000009", "CURRENT"])
def test_a_generation_that_is_not_kept_is_not_published(
    full: Staffed, client: TestClient, name: str
) -> None:
    response = client.post("/staff/generations/publish", data={"generation": name})

    assert response.status_code == 409
    assert full.library.published() == "000001"


def test_a_damaged_generation_is_shown_as_such(full: Staffed, client: TestClient) -> None:
    publish(full.library, [a_document("cats", "Cats purr.")])
    (full.data / "generations" / "000001" / "manifest.json").write_text("{")

    page = client.get("/staff/runs").text

    assert "damaged" in page
    assert 'value="000001"' not in page


def test_a_question_is_answered_as_for_a_member_and_explained(client: TestClient) -> None:
    page = client.post(
        "/staff/try", data={"question": "When was the street lighting renewed?", "language": "en"}
    ).text

    for told in ("as a member sees it", "Support", "Similarity", "· marked", "Lighting"):
        assert told in page


@pytest.mark.parametrize("question", ["", "   ", "???", "x" * 101])
def test_a_question_that_cannot_be_taken_is_told_at_its_field(
    client: TestClient, question: str
) -> None:
    response = client.post("/staff/try", data={"question": question})

    assert response.status_code == 422
    assert 'aria-describedby="question-fault"' in response.text


def test_where_nothing_is_published_trying_says_so(staffed: Staffed) -> None:
    response = staffed.client().post("/staff/try", data={"question": "What do lamps cost?"})

    assert response.status_code == 409
    assert "Nothing is published" in response.text


TURNED = "\u202egpj.exe\u202c \u2066in\u2069"


def test_signs_that_turn_the_direction_of_writing_are_shown_by_name(tmp_path: Path) -> None:
    text = f"{LIGHTING.text}\n\nA line {TURNED} turned."
    staffed = a_staffed_site(tmp_path, [a_document("turned", text, title=f"The {TURNED}")])
    client = staffed.client()

    for path in ("/staff", "/staff/documents", "/staff/document?id=articles/turned.md"):
        page = client.get(path)

        assert page.status_code == 200
        assert not set(TURNED) & set(page.text) - set("gpj.exe in")
    assert "[U+202E]gpj.exe[U+202C]" in page.text
