"""The pages of the accounts and of the history, and what is written there."""

from typing import Any

import lxml.html
import pytest
from starlette.testclient import TestClient

from assistant.domain.roles import Role
from assistant.records.accounts import is_password
from assistant.records.history import NOBODY
from tests.assistant.web.staff.staffing import PASSWORD, Staffed, log_in

OTHER = "another wombat on a ladder"


def found(page: str, path: str) -> list[Any]:
    result: Any = lxml.html.fromstring(page).xpath(path)
    return list(result)


def done(staffed: Staffed) -> list[tuple[str, str, str, str]]:
    kept = staffed.site.history.entries().entries
    return [(each.who, each.what, each.about, each.details) for each in reversed(kept)]


@pytest.fixture
def boss(staffed: Staffed) -> TestClient:
    return staffed.client()


def test_an_account_is_added_and_comes_in_with_its_first_password(
    staffed: Staffed, boss: TestClient
) -> None:
    told = {"name": "Anna@Forum.test", "role": "edit", "password": OTHER}

    added = boss.post("/staff/accounts/add", data=told)

    assert (added.status_code, added.headers["location"]) == (
        303,
        "/staff/accounts?note=account-added",
    )
    page = boss.get("/staff/accounts").text
    assert found(page, "//tbody/tr/th/bdi/text()") == ["anna@forum.test", "staff"]
    assert log_in(staffed.client(logged_in=False), OTHER, "ANNA@forum.test ") == 303
    assert done(staffed) == [
        ("staff", "account.add", "anna@forum.test", "edit"),
        ("anna@forum.test", "login", "", "password"),
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "x"}, "name"),
        ({"name": "staff"}, "name"),
        ({"role": "boss"}, "role"),
        ({"password": "short"}, "password"),
    ],
)
def test_what_is_wrong_with_a_new_account_is_told_at_its_field(
    staffed: Staffed, boss: TestClient, change: dict[str, str], field: str
) -> None:
    told = {"name": "anna", "role": "edit", "password": OTHER, **change}

    page = boss.post("/staff/accounts/add", data=told)

    assert page.status_code == 422
    assert f'id="{field}-fault"' in page.text
    assert OTHER not in page.text
    assert done(staffed) == []


@pytest.mark.parametrize(
    ("path", "given", "what", "details"),
    [
        ("role", {"role": "publish"}, "account.role", "publish"),
        ("password", {"password": OTHER}, "account.password", ""),
        ("disable", {}, "account.disable", ""),
        ("remove", {"confirmed": "1"}, "account.remove", ""),
    ],
)
def test_a_change_of_an_account_logs_it_out_at_once_and_is_written_down(
    staffed: Staffed, path: str, given: dict[str, str], what: str, details: str
) -> None:
    boss = staffed.client()
    staffed.add("anna", Role.VIEW)
    anna = staffed.client(name="anna")
    assert anna.get("/staff").status_code == 200

    changed = boss.post(f"/staff/accounts/{path}", data={"name": "anna", **given})

    assert changed.status_code == 303
    assert anna.get("/staff").status_code == 303
    assert boss.get("/staff").status_code == 200
    assert done(staffed) == [("staff", what, "anna", details)]


def test_a_disabled_account_comes_in_again_once_it_is_enabled(
    staffed: Staffed, boss: TestClient
) -> None:
    staffed.add("anna", Role.VIEW)
    boss.post("/staff/accounts/disable", data={"name": "anna"})
    assert log_in(staffed.client(logged_in=False), name="anna") == 403
    assert "Enable the account" in boss.get("/staff/accounts/change?name=anna").text

    boss.post("/staff/accounts/enable", data={"name": "anna"})
    staffed.clock.now += 60

    assert log_in(staffed.client(logged_in=False), name="anna") == 303


@pytest.mark.parametrize(
    ("path", "given", "field"),
    [
        ("role", {"role": "publish"}, "role"),
        ("disable", {}, "disabled"),
        ("remove", {"confirmed": "1"}, "confirmed"),
    ],
)
def test_the_last_who_may_administer_stays_whatever_the_page_is_sent(
    boss: TestClient, path: str, given: dict[str, str], field: str
) -> None:
    page = boss.post(f"/staff/accounts/{path}", data={"name": "staff", **given})

    assert page.status_code == 422
    fault = found(page.text, f"//*[@id='{field}-fault']/text()")[0]
    assert "is the last account that is enabled and may administer" in fault
    assert boss.get("/staff").status_code == 200


def test_an_account_is_not_removed_unless_that_is_confirmed(
    staffed: Staffed, boss: TestClient
) -> None:
    staffed.add("anna", Role.VIEW)

    page = boss.post("/staff/accounts/remove", data={"name": "anna"})

    assert page.status_code == 422
    assert "Confirm that it shall be removed" in page.text
    assert staffed.site.accounts.find("anna")


def test_an_account_that_is_gone_is_named(boss: TestClient) -> None:
    page = boss.post("/staff/accounts/disable", data={"name": "nobody"})

    assert page.status_code == 409
    assert "no account" in page.text
    assert boss.get("/staff/accounts/change?name=nobody").headers["location"] == "/staff/accounts"


def test_somebody_changes_the_own_password_and_stays_logged_in_here_alone(
    staffed: Staffed,
) -> None:
    staffed.add("anna", Role.VIEW)
    here, there = staffed.client(name="anna"), staffed.client(name="anna")
    told = {"present": PASSWORD, "password": OTHER, "again": OTHER}

    changed = here.post("/staff/account/password", data=told)

    assert changed.status_code == 303
    assert here.get("/staff").status_code == 200
    assert there.get("/staff").status_code == 303
    assert is_password(staffed.site.accounts.get("anna"), OTHER)
    assert done(staffed) == [("anna", "account.password", "anna", "")]


@pytest.mark.parametrize(
    ("change", "field", "status"),
    [
        ({"present": "wrong"}, "present", 422),
        ({"again": "something else"}, "again", 422),
        ({"password": "short", "again": "short"}, "password", 422),
    ],
)
def test_what_is_wrong_with_a_new_password_is_told_at_its_field(
    staffed: Staffed, change: dict[str, str], field: str, status: int
) -> None:
    client = staffed.client()
    told = {"present": PASSWORD, "password": OTHER, "again": OTHER, **change}

    page = client.post("/staff/account/password", data=told)

    assert page.status_code == status
    assert found(page.text, f"//*[@id='{field}-fault']")
    assert is_password(staffed.site.accounts.get("staff"), PASSWORD)


def test_somebody_chooses_a_language_and_stays_logged_in_everywhere(staffed: Staffed) -> None:
    staffed.add("anna", Role.VIEW)
    here, there = staffed.client(name="anna"), staffed.client(name="anna")

    kept = here.post("/staff/account/language", data={"language": "nl"})

    assert kept.headers["location"] == "/staff/account?note=language-kept"
    assert staffed.site.accounts.get("anna").language == "nl"
    assert staffed.site.accounts.get("staff").language == ""
    assert there.get("/staff").status_code == 200
    assert done(staffed) == [("anna", "account.language", "anna", "nl")]


def test_a_language_that_is_none_is_told_at_its_field(staffed: Staffed) -> None:
    page = staffed.client().post("/staff/account/language", data={"language": "xx"})

    assert page.status_code == 422
    assert found(page.text, "//*[@id='language-fault']/text()") == ["Choose one of the list."]
    assert staffed.site.accounts.get("staff").language == ""
    assert done(staffed) == []


def test_a_stolen_session_cannot_try_out_passwords(staffed: Staffed) -> None:
    client = staffed.client()
    told = {"present": "wrong", "password": OTHER, "again": OTHER}

    answers = [client.post("/staff/account/password", data=told).status_code for _ in range(3)]

    assert answers == [422, 429, 429]


def test_somebody_logs_out_everywhere(staffed: Staffed) -> None:
    here, there = staffed.client(), staffed.client()

    out = here.post("/staff/account/logout", headers={"content-type": FORM})

    assert out.headers["location"] == "/staff/login"
    assert there.get("/staff").status_code == 303
    assert done(staffed) == [("staff", "account.logout", "staff", "")]


FORM = "application/x-www-form-urlencoded"


def test_a_login_asks_for_a_name_only_where_there_is_a_choice(staffed: Staffed) -> None:
    outside = staffed.client(logged_in=False)
    assert not found(outside.get("/staff/login").text, "//input[@name='name']")

    staffed.add("anna", Role.VIEW)

    assert found(outside.get("/staff/login").text, "//input[@name='name' and @required]")
    page = outside.post("/staff/login", data={"name": "anna", "password": "wrong"})
    assert "The name or the password is wrong." in page.text
    assert found(page.text, "//input[@name='name']/@value") == ["anna"]


@pytest.mark.parametrize("name", ["nobody", "tangerine wombat ladder", "x" * 60_000, "\ud800"])
def test_an_unknown_name_is_as_wrong_as_a_password_and_is_kept_nowhere(
    staffed: Staffed, name: str
) -> None:
    client = staffed.client(logged_in=False)
    sent = {"name": name.encode(errors="replace").decode(), "password": PASSWORD}

    page = client.post("/staff/login", data=sent)

    assert (page.status_code, done(staffed)) == (403, [(NOBODY, "login.failed", "", "")])


def test_strangers_who_guess_at_an_account_do_not_keep_it_out(staffed: Staffed) -> None:
    staffed.add("anna", Role.VIEW)
    for last in range(60):
        log_in(staffed.client(logged_in=False, address=f"203.0.113.{last}"), "wrong", "anna")

    assert log_in(staffed.client(logged_in=False), name="anna") == 303
    counted = staffed.site.history.entries(what="login.failed").entries
    assert [(each.who, each.times) for each in counted] == [("anna", 60)]


def test_what_is_done_on_the_pages_is_written_down_by_name(staffed: Staffed) -> None:
    staffed.add("anna", Role.PUBLISH)
    client = staffed.client(name="anna")
    (staffed.data.parent / "docs").mkdir()

    client.post("/staff/uploads", files={"files": ("a.md", b"# A")})
    client.post("/staff/uploads/remove", data={"name": "a.md"})
    source = {"name": "docs", "type": "folder", "path": "docs"}
    client.post("/staff/sources/add", data=source)
    run = client.post("/staff/sources/plan", data={"name": "docs"}).headers["location"]
    client.post("/staff/sources/remove", data={"name": "docs"})

    assert done(staffed) == [
        ("anna", "upload.add", "a.md", ""),
        ("anna", "upload.remove", "a.md", ""),
        ("anna", "source.add", "docs", "folder"),
        ("anna", "run.plan", run.rpartition("/")[2], "docs"),
        ("anna", "source.remove", "docs", ""),
    ]
    assert staffed.started[0][-4:-1:2] == ["--by", "--run"]
    assert "anna" in staffed.started[0]


def test_where_the_history_cannot_be_written_the_page_says_that_it_was_done(
    staffed: Staffed,
) -> None:
    client = staffed.client()
    with staffed.site.accounts._database.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON history "
            "BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        )

    page = client.post("/staff/uploads", files={"files": ("a.md", b"# A")})

    assert page.status_code == 409
    assert "It was done, but is missing in the history" in page.text
    assert "Nothing that is published" not in page.text
    assert log_in(staffed.client(logged_in=False)) == 303, "a full disk keeps nobody out"


def test_the_history_is_filtered_and_paged(staffed: Staffed, boss: TestClient) -> None:
    for number in range(120):
        staffed.site.history.add("anna", "document.hide", f"<i>{number}</i>.md")
    staffed.site.history.add("bert", "something.new", "x")
    staffed.site.history.count_failure("anna")

    first = boss.get("/staff/history").text
    mine = boss.get("/staff/history?who=anna&what=document.hide&page=2").text

    assert "122 entries" in first
    assert len(found(first, "//tbody/tr")) == 100
    assert "something.new" in first
    assert "failed to log in 1 time" in first
    assert found(first, "//a[@rel='next']/@href") == ["/staff/history?page=2"]
    assert len(found(mine, "//tbody/tr")) == 20
    assert found(mine, "//a[@rel='prev']/@href") == [
        "/staff/history?who=anna&what=document.hide&page=1"
    ]
    assert found(mine, "//tbody//a/bdi/text()")[-1] == "<i>0</i>.md"
    assert found(mine, "//tbody//a/@href")[-1] == "/staff/document?id=%3Ci%3E0%3C/i%3E.md"


@pytest.mark.parametrize("role", list(Role))
def test_nobody_is_shown_what_the_own_account_may_not_do(staffed: Staffed, role: Role) -> None:
    """Every form and link of every page leads where the role may go."""
    client = staffed.client(name=staffed.add("anna", role).name)
    (staffed.data.parent / "docs").mkdir()
    (staffed.data.parent / "forum.toml").write_text(
        '[[source]]\nname = "docs"\ntype = "folder"\npath = "docs"\n'
    )
    staffed.site.operations.upload("a.md", [b"# A"])

    pages = ("", "/documents", "/sources", "/uploads", "/runs", "/try", "/history", "/account")
    for path in pages:
        page = client.get(f"/staff{path}").text
        sent = [("POST", each) for each in found(page, "//form[@method='post']/@action")]
        opened = [("GET", each) for each in found(page, "//main//a/@href | //nav//a/@href")]
        for method, address in [*sent, *opened]:
            if address.startswith("/staff"):
                headers = [(b"cookie", f"staff={client.cookies['staff']}".encode())]
                headers.append((b"sec-fetch-site", b"same-origin"))
                kind = b"multipart/form-data" if address == "/staff/uploads" else FORM.encode()
                headers.append((b"content-type", kind))
                clean = address.partition("?")[0].partition("#")[0]
                scope = {"type": "http", "method": method, "path": clean, "headers": headers}
                assert staffed.site.access.refusal(scope) is None, (path, method, address)
