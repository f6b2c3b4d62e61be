"""Every staff page in a real browser: wicked words stay text, and every page is for everybody."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
import uvicorn

from assistant.domain.corpus import DocumentId
from assistant.domain.edits import Edit
from ingest.differences import Change
from ingest.plan import Failure, IngestionPlan, Notice
from ingest.report import Report
from ingest.runs import Runs
from ingest.sources.uploads import Uploads
from tests.assistant.records.test_questions import an_answer
from tests.assistant.web.staff.staffing import PASSWORD, Staffed, a_staffed_site, publish
from tests.builders import a_document, a_hand_answer
from tests.end_to_end.accessibility import violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, FilePayload, Page

pytestmark = pytest.mark.browser

EVIL = '"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>{{7**9}}'
BAD_LINK = "javascript:window.hacked=1"
WICKED = a_document(
    "wicked",
    f"{EVIL} was renewed in 2019.\n\n## {EVIL}\n\n- {EVIL}\n\n"
    f"| {EVIL} | b |\n| --- | --- |\n| c | {EVIL} |\n",
    title=EVIL,
    url=BAD_LINK,
    document_id=DocumentId(f"articles/{EVIL}.md"),
)
PLAN, WAITING, DONE, FAILED = (f"20261123-07050{at}-4f2a" for at in range(1, 5))
GOES_ON = "20261123-070509-4f2a"


def a_report(**flags: bool) -> Report:
    changes = (
        Change("new", DocumentId(EVIL), EVIL),
        Change("changed", WICKED.id, EVIL, (f"-{EVIL}", f"+{EVIL}", EVIL)),
        Change("removed", DocumentId(EVIL), EVIL),
    )
    failures = (Failure(EVIL, EVIL),)
    plan = IngestionPlan((), (), (), tuple(change.document for change in changes), failures)
    concerns = (EVIL,) if flags.get("is_held") else ()
    return Report(
        plan,
        changes,
        (EVIL,),
        "000001",
        notices=(Notice(DocumentId(EVIL), EVIL),),
        concerns=concerns,
        is_new=flags.get("is_new", False),
        dry_run=flags.get("dry_run", False),
        is_held=flags.get("is_held", False),
    )


def fill(staffed: Staffed) -> None:
    """Put wicked words wherever words come from outside."""
    runs = Runs(staffed.data)
    for run_id, report in (
        (PLAN, a_report(dry_run=True)),
        (WAITING, a_report(is_held=True)),
        (DONE, a_report(is_new=True)),
    ):
        with runs.start(EVIL, [f"{EVIL} {run_id}"], run_id=run_id) as run:
            run.finish(report)
    with runs.start(EVIL, [EVIL], run_id=FAILED) as run:
        run.fail(EVIL)
    staffed.library.hide(DocumentId(f"gone {EVIL}"))
    records = staffed.site.records
    for asked in (EVIL, f"{EVIL} ?"):
        records.questions.add(an_answer(asked))
        records.feedback.keep(an_answer(asked), "down", "wrong", EVIL)
    records.golden.add(EVIL, "en", EVIL, by=EVIL)
    records.hand_answers.add(a_hand_answer(questions=(EVIL,), texts={"en": EVIL}, by=EVIL))
    staffed.library.limit(WICKED.id, date(2021, 1, 1))
    now = datetime(2026, 11, 23, tzinfo=UTC)
    records.edits.keep(
        [
            Edit(WICKED.id, field, EVIL, EVIL, EVIL, now)
            for field in ("title", "language", "url", "replaced_by")
        ]
    )
    for name in ("night.md", "Rapport (été) 'x' .txt"):
        Uploads(staffed.data).save(name, [b"text"])
    (staffed.data.parent / "docs").mkdir()
    (staffed.data.parent / "forum.toml").write_text(
        '[[source]]\nname = "docs"\ntype = "folder"\npath = "docs"\nevery = "6h"\n'
    )


@dataclass
class Served:
    """A staff site with its address."""

    staffed: Staffed
    site: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served staff site full of wicked words, and one run that goes on."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    site = f"http://127.0.0.1:{listener.getsockname()[1]}"
    folder: Path = tmp_path_factory.mktemp("staff")
    staffed = a_staffed_site(folder, [WICKED, a_document()], site=site, keep_questions=30)
    publish(staffed.library, [a_document("lampes", "Les lampes.", title="Lampes", language="fr")])
    fill(staffed)
    server = uvicorn.Server(uvicorn.Config(staffed.application, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    with Runs(staffed.data).start("x", [EVIL], run_id=GOES_ON) as run:
        run._written = 0.0  # long ago, so that the next step is written
        run.progress(f"reading {EVIL}")(3, 9)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield Served(staffed, site)
        run.fail("the test is over")
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def inside(browser: "Browser", served: Served) -> "Iterator[BrowserContext]":
    """A browser that is logged in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{served.site}/staff")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Overview')")
    yield context
    context.close()


PAGES = [
    "/staff",
    "/staff/documents",
    "/staff/documents?only_hidden=1&words=" + quote(EVIL),
    "/staff/documents?since=never",
    "/staff/document?id=" + quote(WICKED.id),
    "/staff/document?id=" + quote(WICKED.id) + "#hide",
    "/staff/document?id=" + quote(EVIL),
    "/staff/documents?words=" + quote("renewed onerror"),
    "/staff/document/edit?id=" + quote(WICKED.id),
    "/staff/sources",
    "/staff/sources/add",
    "/staff/sources/add?type=wordpress",
    "/staff/sources/add?type=" + quote(EVIL),
    "/staff/sources/remove?name=docs",
    "/staff/uploads",
    "/staff/runs",
    *(f"/staff/runs/{each}" for each in (PLAN, WAITING, DONE, FAILED, GOES_ON)),
    "/staff/try",
    "/staff/questions",
    "/staff/answers",
    "/staff/answers/write?from=1.2",
    "/staff/answers/write?number=1",
    "/staff/feedback",
]
ALLOWED = {"img": 0, "script": 1, "iframe": 0, "style": 0, "object": 0}


def opened(context: "BrowserContext", served: Served, path: str) -> "Page":
    """Return a page; the one for trying with a question asked, and forms with a fault in them.

    With `#hide`, it is the page that asks whether a document is to be hidden.
    """
    page = context.new_page()
    page.goto(served.site + path)
    if path == "/staff/try":
        page.fill("#question", f"When was {EVIL} renewed?")
        page.click("main button.main")
        page.wait_for_selector("#why")
    if path.endswith("#hide"):
        page.click("form[action$='/document/hide'] button")
        page.wait_for_selector("input[name=confirmed]", state="attached")
    if path.endswith("type=wordpress"):
        page.fill("#name", EVIL)
        page.fill("#url", BAD_LINK)
        page.click("main button.main")
        page.wait_for_selector(".fault")
    page.wait_for_load_state()  # before that, the style sheet may be missing
    return page


@pytest.mark.parametrize("path", PAGES)
def test_what_comes_from_outside_is_text_on_every_page(
    inside: "BrowserContext", served: Served, path: str
) -> None:
    page = opened(inside, served, path)

    assert page.evaluate("window.hacked") is None
    assert str(7**9) not in page.inner_text("body")
    counts = {tag: page.locator(tag).count() for tag in ALLOWED}
    assert counts == ALLOWED
    handlers = "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes])"
    names = page.evaluate(f"{handlers}.map(a => a.name).filter(n => /^on|^style$/.test(n))")
    assert names == []
    hrefs = page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.protocol)")
    assert set(hrefs) <= {"http:", "https:"}
    page.close()


def test_a_wicked_title_stands_there_to_the_letter(
    inside: "BrowserContext", served: Served
) -> None:
    page = opened(inside, served, "/staff/document?id=" + quote(WICKED.id))

    assert page.inner_text("h1") == EVIL
    assert page.locator(".document h2").inner_text() == EVIL
    page.close()


@pytest.mark.parametrize("has_script", [True, False])
def test_the_name_of_a_file_is_text(
    browser: "Browser", inside: "BrowserContext", served: Served, *, has_script: bool
) -> None:
    context = browser.new_context(
        storage_state=inside.storage_state(), java_script_enabled=has_script
    )
    page = context.new_page()
    page.goto(f"{served.site}/staff/uploads")
    name = "<img src=x onerror=window.hacked=1>.exe"
    page.set_input_files("#files", {"name": name, "mimeType": "text/plain", "buffer": b"MZ"})
    page.click("button:has-text('Upload')")
    page.wait_for_selector("#received li.bad")

    assert name in page.inner_text("#received")
    assert page.locator("img").count() == 0
    context.close()


def test_what_became_of_files_is_told_in_the_language_of_the_page(
    browser: "Browser", inside: "BrowserContext", served: Served
) -> None:
    context = browser.new_context(storage_state=inside.storage_state(), locale="fr-FR")
    page = context.new_page()
    page.goto(f"{served.site}/staff/uploads")
    before = page.locator("#kept tbody tr").count()
    night: FilePayload = {"name": "nuit.md", "mimeType": "text/markdown", "buffer": b"# Nuit"}
    program: FilePayload = {"name": "nuit.exe", "mimeType": "text/plain", "buffer": b"MZ"}
    page.set_input_files("#files", [night, program])
    page.click("button:has-text('Déposer')")
    refused = page.wait_for_selector("#received li.bad")

    assert refused
    assert "nuit.exe" in refused.inner_text()
    assert "n’est pas lu" in refused.inner_text()
    assert page.inner_text("#received li.good") == "nuit.md\u00a0: accepté"
    assert page.locator("#kept tbody tr").count() == before + 1
    page.locator("#kept tr:has-text('nuit.md') button").click()
    page.wait_for_load_state()
    assert page.locator("#kept tbody tr").count() == before
    context.close()


def test_axe_finds_nothing_on_any_page_in_light_and_dark(
    browser: "Browser", inside: "BrowserContext", served: Served
) -> None:
    outside = browser.new_context()
    found = {}
    for visitor, path in [*((inside, page) for page in PAGES), (outside, "/staff/login")]:
        page = opened(visitor, served, path)
        seen = violations(page)
        page.emulate_media(color_scheme="dark")
        seen += violations(page, "color-contrast")  # nothing else can differ
        if seen:
            found[path] = seen
        page.close()
    outside.close()

    assert found == {}


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])  # German has the longest words
def test_nothing_runs_off_a_phone_and_everything_can_be_hit(
    browser: "Browser", inside: "BrowserContext", served: Served, locale: str
) -> None:
    context = browser.new_context(
        storage_state=inside.storage_state(),
        viewport={"width": 320, "height": 640},
        locale=locale,
    )
    too_wide = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    too_small = """[...document.querySelectorAll('button, .button, input:not([type=hidden])'
        + ', select, textarea, summary, nav a')].filter(its => its.offsetParent)
        .map(its => [its.outerHTML.slice(0, 90), its.getBoundingClientRect()])
        .filter(([_, box]) => box.width < 24 || box.height < 24).map(([its]) => its)"""
    for path in PAGES:
        page = opened(context, served, path)
        assert page.evaluate(too_wide) <= 0, path
        assert page.evaluate(too_small) == [], path
        page.close()
    context.close()


def test_a_run_is_followed_while_it_goes_on_and_then_shown(
    inside: "BrowserContext", served: Served
) -> None:
    run_id = "20261123-080000-4f2a"
    with Runs(served.staffed.data).start("x", ["docs"], run_id=run_id) as run:
        page = opened(inside, served, f"/staff/runs/{run_id}")
        assert page.inner_text("[data-stage]") == "Starting"
        run._written = 0.0  # long ago
        run.progress("embedding")(4, 8)
        page.wait_for_selector("text=Embedding: 4 of 8")
        assert page.get_attribute("progress", "value") == "4"
        assert page.locator("[role=status]").count() == 1
        run.finish(a_report(is_new=True))
    page.wait_for_selector("text=What changed")

    assert page.locator("[data-progress]").count() == 0
    page.close()


def test_login_and_upload_need_no_mouse(browser: "Browser", served: Served) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{served.site}/staff")
    page.wait_for_selector("#password:focus")  # a busy browser takes a moment
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Overview')")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Uploads":
            break
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert ring == "3px"
    page.keyboard.press("Enter")
    page.wait_for_selector("#files")
    with page.expect_file_chooser() as chooser:  # well before the key: said too late, none comes
        while page.evaluate("document.activeElement.id") != "files":
            page.keyboard.press("Tab")
        page.keyboard.press("Space")
    chooser.value.set_files({"name": "keyboard.md", "mimeType": "text/markdown", "buffer": b"# K"})
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#received li.good")

    assert page.evaluate("document.activeElement.id") == "received"
    assert (served.staffed.data / "uploads" / "keyboard.md").exists()
    page.context.close()


def test_without_script_files_are_taken_and_runs_can_be_followed(
    browser: "Browser", inside: "BrowserContext", served: Served
) -> None:
    context = browser.new_context(storage_state=inside.storage_state(), java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.site}/staff/uploads")
    page.set_input_files(
        "#files", {"name": "plain.md", "mimeType": "text/markdown", "buffer": b"# Plain"}
    )
    page.click("button:has-text('Upload')")

    assert "plain.md: taken" in page.inner_text("#received")
    page.goto(f"{served.site}/staff/runs/{GOES_ON}")
    assert page.locator("a:has-text('Look again')").count() == 1
    context.close()
