"""The staff pages speak the language of who reads them, and nothing in them is said in passing."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from jinja2 import Environment, nodes
from markupsafe import escape
from starlette.testclient import TestClient

from assistant.domain.corpus import DocumentId
from assistant.domain.edits import Edit
from assistant.domain.roles import Role
from assistant.language.languages import LANGUAGES, languages
from assistant.language.wording import staff_wording
from assistant.records import feedback
from assistant.records.history import COMMAND_LINE, NOBODY
from assistant.web import server
from assistant.web.staff import views
from assistant.web.staff.site import ADMINISTRATION, MENU
from ingest.differences import Change
from ingest.plan import Failure, IngestionPlan, Notice
from ingest.report import Report
from ingest.runs import Runs
from ingest.sources.uploads import Uploads
from tests.assistant.web.staff.staffing import (
    PASSWORD,
    Staffed,
    a_staffed_site,
    log_in,
    publish,
)
from tests.assistant.web.staff.test_access import READ
from tests.assistant.web.staff.test_accounts import OTHER
from tests.builders import a_document, an_assistant

STAFF = Path(views.__file__).parent
TEMPLATES = sorted((STAFF / "templates").glob("*.html"))
TAG = re.compile(r"<[^>]*>", re.DOTALL)
READ_ALOUD = re.compile(r"""\b(?:aria-label|title|placeholder|alt)="([^"]*)\"""")
NO_TEXT = re.compile(r"""&\w+;|[\w-]+="[^"]*\"""")
"""A sign by its name, and an attribute that a macro puts into a tag."""
WORDS = re.compile(r"[^\W\d_]{2,}[ ,]+[^\W\d_]{2,}|^[A-Z][a-z]+")
"""Two words one after the other, or one that begins as a label does."""


def constants(shown: nodes.Node) -> Iterator[str]:
    """Yield the texts in a template's expression that can reach the page as they are."""
    if isinstance(shown, nodes.TemplateData):
        yield shown.data
    elif isinstance(shown, nodes.Const):
        yield str(shown.value)
    elif isinstance(shown, nodes.CondExpr):
        yield from constants(shown.expr1)
        if shown.expr2:
            yield from constants(shown.expr2)
    elif isinstance(shown, nodes.Or | nodes.And | nodes.Add):
        yield from (*constants(shown.left), *constants(shown.right))
    elif isinstance(shown, nodes.Concat):
        for each in shown.nodes:
            yield from constants(each)
    elif isinstance(shown, nodes.Filter) and shown.node:
        yield from constants(shown.node)


def said_in(template: str) -> list[str]:
    """Return the words that a template says itself."""
    parsed = Environment(autoescape=True).parse(template)
    outputs = [each for output in parsed.find_all(nodes.Output) for each in output.nodes]
    page = "".join(text for each in outputs for text in constants(each))
    attributes = [value for tag in TAG.findall(page) for value in READ_ALOUD.findall(tag)]
    without_code = re.sub(r"<code>.*?</code>", "", page)
    texts = [*TAG.split(without_code), *attributes]
    said = [text.strip() for text in texts if re.search(r"[^\W\d_]", NO_TEXT.sub("", text))]
    names = [str(each.value) for each in parsed.find_all(nodes.Const)]
    return [*said, *(name for name in names if WORDS.search(name))]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_says_anything_in_a_language_of_its_own(path: Path) -> None:
    assert said_in(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "template",
    [
        "<p>Documents</p>",
        '<a href="{{ base }}"{% if here %} class="x"{% endif %}>More</a>',
        '<nav aria-label="Pages"></nav>',
        '<p>{{ reason or "taken" }}</p>',
        '<p>{{ "waits" if waiting else name }}</p>',
        '<p>{{ "now" | upper }}</p>',
        '{% for label in ["Kind"] %}<p>{{ label }}</p>{% endfor %}',
        '<p>{{ t("documents.none") }} of them</p>',
    ],
)
def test_a_template_that_does_is_found(template: str) -> None:
    assert said_in(template) != []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_what_a_template_asks_for_has_words(path: Path) -> None:
    parsed = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    asked = [
        str(call.args[0].value)
        for call in parsed.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in ("t", "filled")
        if call.args and isinstance(call.args[0], nodes.Const)
    ]
    counted = [
        f"{each.args[0].value}.{form}"
        for each in parsed.find_all(nodes.Filter)
        if each.name == "counted" and isinstance(each.args[0], nodes.Const)
        for form in ("one", "other")
    ]

    assert [key for key in (*asked, *counted) if key not in staff_wording("en")] == []


NOT_SHOWN = {
    "access.py": "the door answers before it is known who asks, in English as the whole server",
    "permissions.py": "nobody is told what a request needs but by the role",
    "single_sign_on.py": "what it raises is shown as the English that it is",
}
RECORDED = {
    "the staff page",
    "reading",
    "embedding",
    "single sign-on",
    "the password",  # as the reason begins why one will not do
    "it was done, but is missing in the history: ",  # shown as the English that it is
    " is open to everybody, so it is nobody's",  # a mistake of ours, never shown
}
"""What the machinery is told or says; the pages translate it or mark it as English."""


def texts_of(path: Path) -> Iterator[str]:
    """Yield the texts of a module that are no docstrings, no types and not for the log."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    unseen = {id(part) for node in ast.walk(tree) for part in unread(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in unseen:
            yield from [node.value] if isinstance(node.value, str) else []


def unread(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a program that nobody reads on a page."""
    if isinstance(node, ast.Expr):
        yield node.value
    if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("_log."):
        yield from ast.walk(node)
    for name in ("annotation", "returns"):
        if isinstance(kind := getattr(node, name, None), ast.AST):
            yield from ast.walk(kind)


@pytest.mark.parametrize("path", sorted(STAFF.glob("*.py")), ids=lambda path: path.name)
def test_no_module_says_anything_in_a_language_of_its_own(path: Path) -> None:
    if path.name in NOT_SHOWN:
        return
    said = [text for text in texts_of(path) if WORDS.search(TAG.sub("", text))]

    assert [text for text in said if text not in RECORDED and not text.startswith("<")] == []


def test_the_script_says_nothing_in_a_language_of_its_own() -> None:
    script = re.sub(r"//.*", "", (server.ASSETS / "staff.js").read_text(encoding="utf-8"))
    said = [text for _, text in re.findall(r"""(["`])((?:(?!\1).)*)\1""", script)]

    assert [text for text in said if WORDS.search(text)] == ["use strict"]


PLAN, WAITING, DONE, FAILED = (f"20261123-07050{at}-4f2a" for at in range(1, 5))


def a_report(**flags: bool) -> Report:
    document = DocumentId("articles/lighting.md")
    changes = (Change("changed", document, "Lampen", ("-800 Euro", "+950 Euro")),)
    plan = IngestionPlan((), (), (), (document,), (Failure("b", "is broken"),))
    return Report(
        plan,
        changes,
        ("c.zip",),
        "000001",
        notices=(Notice(document, "12 words were left out"),),
        concerns=("9 of 10 documents would go",) if flags.get("is_held") else (),
        is_new=flags.get("is_new", False),
        dry_run=flags.get("dry_run", False),
        is_held=flags.get("is_held", False),
    )


DONE_ONCE = [
    *((key.removeprefix("history."), "") for key in languages()["en"].staff
      if re.fullmatch(r"history\.[a-z]+\.(?!one$|other$|failed$)[a-z]+", key)),
    ("login", "password"), ("login", "single sign-on"), ("source.add", "feed"),
    ("account.add", "single sign-on, edit"), ("account.role", "publish"),
    ("account.language", "fr"),
    ("run.publish", f"publishes {PLAN}"), ("run.plan", "docs, uploads"),
]  # fmt: skip
"""Everything that can stand in the history, and its details."""


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Staffed:
    """A site on whose pages something of everything is shown."""
    folder = tmp_path_factory.mktemp("languages")
    staffed = a_staffed_site(folder, [a_document(), a_document("lampen", language="de")])
    publish(staffed.library, [a_document("cats", "Cats purr.")])
    staffed.library.hide(DocumentId("gone.md"))
    staffed.library.limit(DocumentId("articles/cats.md"), date(2021, 1, 1))
    now = datetime(2026, 11, 23, tzinfo=UTC)
    edited = [("title", "Katzen", "Cats"), ("kind", "event", "article"), ("published", "", "2021")]
    staffed.site.records.edits.keep(
        [Edit(DocumentId("articles/cats.md"), *each, "the staff page", now) for each in edited]
    )
    runs = Runs(staffed.data)
    reports = {
        PLAN: a_report(dry_run=True), WAITING: a_report(is_held=True), DONE: a_report(is_new=True)
    }  # fmt: skip
    for run_id, report in reports.items():
        with runs.start("the staff page", [f"docs-{run_id}"], run_id=run_id) as run:
            run.finish(report)
    with runs.start("the schedule", ["docs"], run_id=FAILED) as run:
        run.fail("it was stopped")
    Uploads(staffed.data).save("notiz.md", [b"# Notiz"])
    (folder / "docs").mkdir()
    (folder / "docs" / "a.md").write_text("# A\n\nText.")
    (folder / "forum.toml").write_text(
        '[[source]]\nname = "docs"\ntype = "folder"\npath = "docs"\nevery = "6h"\n'
    )
    said = (
        '{"day": "2026-11-23", "rating": "down", "cause": "old", "reason": "1998", '
        '"outcome": "answered", "language": "en", "documents": ["articles/lighting.md"]}'
    )
    (staffed.data / feedback.FORMER_FILE).write_text(said, encoding="utf-8")
    staffed.add("anna", Role.EDIT)
    staffed.site.accounts.set_disabled("anna", disabled=True)
    for what, details in DONE_ONCE:
        staffed.site.history.add("anna", what, "1", details)
    staffed.site.history.add(COMMAND_LINE, "run.publish")
    for _ in range(2):
        staffed.site.history.count_failure(NOBODY)
    return staffed


PAGES = [
    *sorted(READ - {"/staff/login", "/staff/runs/{run_id}/progress", "/staff/runs/{run_id}/report",
                    "/staff/document", "/staff/document/edit", "/staff/documents/export",
                    "/staff/runs/{run_id}", "/staff/sources/remove",
                    "/staff/forbidden", "/staff/accounts/change", "/staff/questions/report"}),
    "/staff/document?id=articles/lighting.md", "/staff/document?id=nowhere",
    "/staff/document?id=articles/cats.md", "/staff/document/edit?id=articles/lighting.md",
    "/staff/document/edit?id=articles/cats.md",
    "/staff/documents?only_hidden=1", "/staff/documents?words=zzz&since=never",
    "/staff/documents?only_edited=1&last_day=past",
    *(f"/staff/runs/{run_id}" for run_id in (PLAN, WAITING, DONE, FAILED)),
    "/staff/sources/remove?name=docs",
    *(f"/staff/sources/add?type={name}" for name in views.TYPES),
    "/staff/accounts/change?name=staff", "/staff/accounts/change?name=anna",
    "/staff/history?who=anna&what=login", "/staff/history?who=nobody", "/staff/history?page=2",
    "/staff?note=hidden",
    *(f"/staff/account?note={note}"
      for note in ("account-added", "password-changed", "language-kept")),
]  # fmt: skip
POSTED = [
    ("/staff/try", {"question": "When was the street lighting renewed?", "language": "en"}),
    ("/staff/try", {"question": "Who repairs the moon?", "language": "en"}),
    ("/staff/try", {"question": "hello", "language": "en"}),
    ("/staff/try", {"question": "?", "language": "en"}),
    ("/staff/document/edit", {"id": "articles/cats.md", "title": "", "url": "x", "kind": "y"}),
    ("/staff/documents/chosen", {"deed": "hide", "id": "articles/cats.md"}),
    ("/staff/document/hide", {"id": "articles/cats.md"}),
    ("/staff/sources/try", {"name": "docs"}),
    ("/staff/sources/add", {"type": "feed", "name": "", "url": "ftp://x"}),
    ("/staff/sources/plan", {"name": "nowhere"}),
    (f"/staff/runs/{WAITING}/publish", {"confirmed": ""}),
    ("/staff/accounts/add", {"name": "x", "role": "edit", "password": OTHER}),
    ("/staff/accounts/add", {"name": "bert", "role": "edit", "password": "short"}),
    ("/staff/accounts/add", {"name": "bert", "role": "boss", "password": OTHER}),
    ("/staff/accounts/role", {"name": "staff", "role": "view"}),
    ("/staff/accounts/role", {"name": "anna", "role": "boss"}),
    ("/staff/accounts/remove", {"name": "anna"}),
    ("/staff/accounts/disable", {"name": "nobody"}),
    ("/staff/account/language", {"language": "xx"}),
    ("/staff/account/password", {"present": PASSWORD, "password": OTHER, "again": "other"}),
    ("/staff/account/password", {"present": "wrong", "password": OTHER, "again": OTHER}),
    ("/staff/account/password", {"present": PASSWORD, "password": OTHER, "again": OTHER}),
]


def shown(page: str) -> lxml.html.HtmlElement:
    """Return a page without the texts that are not in its language, and say so."""
    tree: Any = lxml.html.fromstring(page)
    language = tree.get("lang")
    for element in tree.xpath("//textarea | //*[@lang and not(self::html)]"):
        if element.get("lang") != language:
            element.drop_tree()
    return tree


def english_words() -> dict[str, str]:
    """Return the English messages that are long enough to be known again, without their values."""
    english = languages()["en"].staff
    plain = {key: max(re.split(r"\{\w+\}", text), key=len).strip() for key, text in english.items()}
    return {key: text for key, text in plain.items() if len(text.split()) > 2}


def judge(page: str, language: str) -> None:
    """Check a page: its language, its menu, and that nothing English or unfilled is left."""
    tree = shown(page)
    text = tree.text_content() + " ".join(tree.xpath("//@aria-label | //@title"))
    words, english = staff_wording(language), staff_wording("en")
    menu = [link.text_content() for link in tree.xpath("//header//nav//a")]
    keys = [key for _, key in (*ADMINISTRATION, *MENU)]
    assert set(keys) == {key for key in languages()["en"].staff if key.startswith("menu.")}
    assert tree.get("lang") == language
    assert menu == [words(key) for key in keys]
    assert not set(text) & set("{}")
    if language == "en":
        return
    translated = [key for key in keys if words(key) != english(key)]
    assert not {english(key) for key in translated} & set(menu)
    assert [key for key, said in english_words().items() if said in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_the_language_that_staff_chose(staffed: Staffed, language: str) -> None:
    staffed.clock.now += 3600  # the wrong passwords of the language before are forgotten
    client = staffed.client()
    client.cookies.set("staff-language", language, domain="ask.test")

    for path in PAGES:
        response = client.get(path)

        assert response.status_code == (404 if path.endswith("nowhere") else 200), path
        judge(response.text, language)
    for path, sent in POSTED:
        response = client.post(path, data=sent)

        assert response.status_code in {200, 409, 422, 429}, path
        judge(response.text, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_not_logged_in_is_spoken_to_in_the_language_of_the_browser(
    tmp_path: Path, language: str
) -> None:
    client = a_staffed_site(tmp_path).client(logged_in=False)
    client.headers["accept-language"] = f"{language}-XX, en;q=0.5"
    words = staff_wording(language)

    asked = client.get("/staff/login").text
    wrong = client.post("/staff/login", data={"password": "wrong"}).text

    for page in (asked, wrong):
        assert f'<html lang="{language}"' in page
        assert words("login.password") in page
    tree: Any = lxml.html.fromstring(wrong)
    assert words("login.wrong") in tree.get_element_by_id("password-fault").text_content()


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_gives_a_name_is_spoken_to_in_the_language_of_the_browser(
    tmp_path: Path, language: str
) -> None:
    staffed = a_staffed_site(tmp_path)
    staffed.add("anna", Role.VIEW)
    client = staffed.client(logged_in=False)
    client.headers["accept-language"] = language

    wrong = client.post("/staff/login", data={"name": "anna", "password": "wrong"}).text

    words = staff_wording(language)
    assert words("label.name") in wrong
    assert escape(words("login.wrong_of_two")) in wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_an_account_may_not_do_is_said_in_the_language_of_the_browser(
    tmp_path: Path, language: str
) -> None:
    staffed = a_staffed_site(tmp_path)
    staffed.add("anna", Role.EDIT)
    client = staffed.client(name="anna")
    client.headers["accept-language"] = language

    page = client.get("/staff/accounts")

    words = staff_wording(language)
    tree = shown(page.text)
    assert page.status_code == 403
    assert tree.get("lang") == language
    assert words("forbidden.title") == tree.xpath("string(//h1)")
    assert words("role.administer") in tree.text_content()
    assert [words(f"may.{each}") for each in ("view", "edit")] == [
        item.text_content() for item in tree.xpath("//main//li")
    ]
    assert not set(tree.text_content()) & set("{}")


def spoken(client: TestClient, path: str) -> str:
    tree: Any = lxml.html.fromstring(client.get(path).text)
    return str(tree.get("lang"))


def test_a_choice_goes_before_the_browser_and_is_kept(staffed: Staffed) -> None:
    client = staffed.client()
    client.headers["accept-language"] = "nl, en;q=0.5"
    assert spoken(client, "/staff") == "nl"

    response = client.get("/staff/documents?words=lamp&staff-language=fr")

    cookie = response.headers["set-cookie"].lower()
    assert cookie.startswith("staff-language=fr;")
    for part in ("httponly", "samesite=strict", "path=/"):
        assert part in cookie
    assert spoken(client, "/staff") == "fr"
    assert spoken(client, "/staff?staff-language=de") == "de"
    assert spoken(client, "/staff/runs") == "de"


def test_the_language_of_an_account_counts_in_every_browser_that_signs_in_with_it(
    tmp_path: Path,
) -> None:
    staffed = a_staffed_site(tmp_path)
    staffed.add("anna", Role.VIEW)
    here = staffed.client(name="anna")
    here.headers["accept-language"] = "nl"

    kept = here.post("/staff/account/language", data={"language": "fr"})

    assert "La langue de votre compte" in here.get(kept.headers["location"]).text
    there = staffed.client(logged_in=False)
    there.headers["accept-language"] = "de"
    assert spoken(there, "/staff/login") == "de", "nobody knows yet who it is"
    log_in(there, name="anna")
    assert spoken(there, "/staff") == "fr"
    assert spoken(staffed.client(), "/staff") == "en", "another account has its own"
    tree: Any = lxml.html.fromstring(there.get("/staff/account").text)
    assert tree.xpath("//*[@id='language']/option[@selected]/@value") == ["fr"]


def test_a_choice_in_the_browser_goes_before_that_of_the_account_until_the_next_sign_in(
    tmp_path: Path,
) -> None:
    staffed = a_staffed_site(tmp_path)
    staffed.add("anna", Role.VIEW)
    staffed.site.accounts.set_language("anna", "fr")
    client = staffed.client(logged_in=False)
    assert spoken(client, "/staff/login?staff-language=de") == "de"

    log_in(client, name="anna")

    assert spoken(client, "/staff") == "fr", "what was chosen before may be somebody else's"
    assert spoken(client, "/staff?staff-language=it") == "it"
    assert spoken(client, "/staff/runs") == "it"
    client.post("/staff/account/language", data={"language": "es"})
    assert spoken(client, "/staff") == "es", "what was chosen last is seen at once"
    client.post("/staff/account/language", data={"language": ""})
    assert spoken(client, "/staff") == "en"


def test_who_signs_in_without_a_language_of_the_own_keeps_that_of_the_browser(
    tmp_path: Path,
) -> None:
    client = a_staffed_site(tmp_path).client(logged_in=False)
    client.get("/staff/login?staff-language=de")

    log_in(client)

    assert spoken(client, "/staff") == "de"


def test_where_the_browser_keeps_a_language_that_is_none_that_of_the_account_counts(
    tmp_path: Path,
) -> None:
    staffed = a_staffed_site(tmp_path)
    staffed.site.accounts.set_language("staff", "pt")
    client = staffed.client()
    client.cookies.set("staff-language", "sv", domain="ask.test")

    assert spoken(client, "/staff") == "pt"


def test_where_neither_says_anything_the_language_is_that_of_the_site(tmp_path: Path) -> None:
    staffed = a_staffed_site(tmp_path)
    assistant = an_assistant(staffed.library, default_language="nl")
    staffed.site = replace(staffed.site, assistant=assistant)
    client = staffed.client()

    assert spoken(client, "/staff") == "nl"
    client.headers["accept-language"] = "sv, *;q=0.5"
    assert spoken(client, "/staff") == "nl"


def test_over_tls_the_choice_is_sent_over_tls_only(tmp_path: Path) -> None:
    client = a_staffed_site(tmp_path, site="https://ask.test").client(logged_in=False)

    response = client.get("/staff/login?staff-language=fr")

    assert "; secure" in response.headers["set-cookie"].lower()


@pytest.mark.parametrize("unknown", ["sv", "", "../..", "\u202e", "en\r\nset-cookie: a=b", "x" * 9])
def test_a_language_that_is_none_is_not_kept(staffed: Staffed, unknown: str) -> None:
    client = staffed.client()

    response = client.get("/staff", params={"staff-language": unknown})

    assert "set-cookie" not in response.headers
    assert '<html lang="en"' in response.text


def test_another_language_is_offered_for_what_is_looked_at(staffed: Staffed) -> None:
    client = staffed.client()

    page: Any = lxml.html.fromstring(client.get("/staff/documents?words=a%26b&language=de").text)

    ways = page.xpath("//footer//a/@href")
    assert ways[1] == "/staff/documents?words=a%26b&language=de&staff-language=fr"
    assert [client.get(way).status_code for way in ways] == [200] * len(LANGUAGES)
    tried: Any = lxml.html.fromstring(client.post("/staff/sources/try", data={"name": "docs"}).text)
    assert [client.get(way).status_code for way in tried.xpath("//footer//a/@href")] == [200] * 7


def test_what_the_machinery_says_without_words_for_it_is_marked_as_english(
    staffed: Staffed,
) -> None:
    client = staffed.client()
    client.headers["accept-language"] = "de"

    page = client.get(f"/staff/runs/{FAILED}").text

    assert '<span lang="en">It was stopped.</span>' in page
    assert "den Zeitplan" in page


def test_the_history_tells_what_was_done_in_the_language_of_the_page(staffed: Staffed) -> None:
    client = staffed.client()
    client.headers["accept-language"] = "de"

    tree = shown(client.get("/staff/history").text)

    rows = {" | ".join(each.text_content() for each in row.xpath("td"))
            for row in tree.xpath("//tbody/tr")}  # fmt: skip
    assert {
        "unbekanntes Konto | Anmeldung fehlgeschlagen (2-mal) |  | ",
        "die Befehlszeile | Lauf veröffentlicht |  | ",
        "anna | angemeldet | 1 | Passwort",
        "anna | Konto hinzugefügt | 1 | zentrale Anmeldung, Bearbeiten",
        "anna | Quelle hinzugefügt | 1 | RSS- oder Atom-Feed",
        f"anna | Lauf veröffentlicht | 1 | veröffentlicht {PLAN}",
        "anna | Lauf vorbereitet | 1 | docs, uploads",
        "anna | Sprache gewählt | 1 | Französisch",
        "anna | Sprache gewählt | 1 | Die des Browsers",
    } <= rows
    assert "/staff/answers/write?number=1" in tree.xpath("//tbody//a/@href")


def test_what_is_wrong_with_an_account_is_said_in_the_language_of_the_page(
    staffed: Staffed,
) -> None:
    client = staffed.client()
    client.headers["accept-language"] = "de"

    page = client.post("/staff/accounts/role", data={"name": "staff", "role": "view"}).text

    (fault,) = shown(page).xpath("//*[@id='role-fault']")
    assert not fault.xpath(".//@lang")
    assert "ist das letzte aktive Konto, das verwalten darf" in fault.text_content()


def test_why_a_document_could_not_be_read_is_said_in_the_language_of_the_page(
    staffed: Staffed,
) -> None:
    client = staffed.client()
    client.headers["accept-language"] = "nl"
    with Runs(staffed.data).start("docs", ["docs"], run_id="20261123-070509-4f2a") as run:
        run.fail("minutes.pdf: is encrypted; save a copy that opens without a password")

    page = client.get("/staff/runs/20261123-070509-4f2a").text

    assert ">minutes.pdf: is versleuteld; bewaar een kopie die zonder wachtwoord opengaat." in page


def test_values_are_escaped_in_a_message_that_holds_markup(tmp_path: Path) -> None:
    evil = "<img src=x>{0}{name}"
    staffed = a_staffed_site(tmp_path)
    with Runs(staffed.data).start(evil, [evil], run_id=FAILED) as run:
        run.fail(evil)

    page = staffed.client().get("/staff").text

    assert "<img" not in page
    assert "&lt;img src=x&gt;{0}{name}" in page
