"""Access: what comes in under /staff, and what does not."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

from assistant.domain.errors import RecordsError
from assistant.domain.roles import Role
from assistant.records.accounts import Accounts
from assistant.records.database import FILE, Database
from assistant.web.security.headers import STAFF_HEADERS
from assistant.web.security.protection import Protection, Scope
from assistant.web.staff import permissions
from assistant.web.staff.access import (
    ANSWER_LIMIT,
    FORM_LIMIT,
    UPLOAD_LIMIT,
    Login,
    StaffAccess,
    Unlocking,
)
from assistant.web.staff.permissions import ANSWERS, Needs
from assistant.web.staff.sessions import IDLE, LONGEST_SESSION
from tests.assistant.web.staff.staffing import OURS, PASSWORD, SITE, Staffed, a_staffed_site, log_in

NEEDS = {
    None: {("GET", "/staff/login"), ("POST", "/staff/login")},
    Role.VIEW: {
        ("GET", "/staff"),
        ("GET", "/staff/forbidden"),
        ("GET", "/staff/documents"),
        ("GET", "/staff/documents/export"),
        ("GET", "/staff/document"),
        ("GET", "/staff/sources"),
        ("GET", "/staff/uploads"),
        ("GET", "/staff/runs"),
        ("GET", "/staff/runs/{run_id}"),
        ("GET", "/staff/runs/{run_id}/progress"),
        ("GET", "/staff/runs/{run_id}/report"),
        ("GET", "/staff/try"),
        ("POST", "/staff/try"),
        ("GET", "/staff/feedback"),
        ("GET", "/staff/widget"),
        ("GET", "/staff/questions"),
        ("GET", "/staff/questions/report"),
        ("GET", "/staff/answers"),
        ("GET", "/staff/history"),
        ("GET", "/staff/account"),
        ("POST", "/staff/account/password"),
        ("POST", "/staff/account/language"),
        ("POST", "/staff/account/logout"),
        ("POST", "/staff/logout"),
    },
    Role.EDIT: {
        ("POST", "/staff/document/hide"),
        ("POST", "/staff/document/show"),
        ("GET", "/staff/document/edit"),
        ("POST", "/staff/document/edit"),
        ("POST", "/staff/document/undo"),
        ("POST", "/staff/documents/chosen"),
        ("POST", "/staff/sources/try"),
        ("POST", "/staff/sources/plan"),
        ("POST", "/staff/uploads"),
        ("POST", "/staff/uploads/remove"),
        ("POST", "/staff/questions/golden"),
        ("POST", "/staff/questions/golden/remove"),
        ("GET", "/staff/answers/write"),
        ("POST", "/staff/answers/write"),
        ("POST", "/staff/answers/withdraw"),
        ("POST", "/staff/runs/{run_id}/again"),
    },
    Role.PUBLISH: {
        ("GET", "/staff/sources/add"),
        ("GET", "/staff/sources/remove"),
        ("POST", "/staff/sources/add"),
        ("POST", "/staff/sources/remove"),
        ("POST", "/staff/runs/{run_id}/publish"),
        ("POST", "/staff/documents/publish-edits"),
        ("POST", "/staff/generations/publish"),
    },
    Role.ADMINISTER: {
        ("GET", "/staff/accounts"),
        ("GET", "/staff/accounts/change"),
        ("POST", "/staff/accounts/add"),
        ("POST", "/staff/accounts/role"),
        ("POST", "/staff/accounts/password"),
        ("POST", "/staff/accounts/disable"),
        ("POST", "/staff/accounts/enable"),
        ("POST", "/staff/accounts/remove"),
    },
}
"""Every staff route by what it needs. One that is not here, or not in the list of the permissions,
is a failure."""
TABLE = set().union(*NEEDS.values())
READ = {path for method, path in TABLE if method == "GET"}
WRITTEN = {path for method, path in TABLE if method == "POST"}

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
FORM, FILES = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"


def routes_of(staffed: Staffed) -> set[tuple[str, str]]:
    app = staffed.application
    assert isinstance(app, Protection)
    inner = app._app
    assert isinstance(inner, FastAPI)
    return {
        (method, str(context.path))
        for context in iter_route_contexts(inner.routes)
        for method in context.methods or {"WEBSOCKET"}
        if str(context.path).startswith("/staff")
    }


def at(path: str) -> str:
    return path.replace("{run_id}", "20261123-070501-4f2a")


def kind_of(path: str) -> str:
    return FILES if path == "/staff/uploads" else FORM


def test_the_routes_are_those_of_the_table(staffed: Staffed) -> None:
    assert routes_of(staffed) == TABLE


@pytest.mark.parametrize("role", list(Role))
def test_each_role_reaches_what_is_its_own_and_nothing_above(staffed: Staffed, role: Role) -> None:
    """Every route × every role, at the door itself."""
    staffed.add("anna", role)
    cookie = f"staff={staffed.client(name='anna').cookies['staff']}".encode()
    for needs, routes in NEEDS.items():
        for method, path in routes:
            headers = [(b"cookie", cookie), (b"sec-fetch-site", b"same-origin")]
            headers.append((b"content-type", kind_of(path).encode()))

            refused = staffed.site.access.refusal(
                {"type": "http", "method": method, "path": at(path), "headers": headers}
            )

            assert (refused is None) == (needs is None or role >= needs), (method, path)
            assert refused is None or refused.status == 403


def test_the_routes_of_the_permissions_are_those_of_the_table() -> None:
    listed = {
        (method, path): None if needs is Needs.NOTHING else needs
        for method in ("GET", "POST")
        for path, needs in permissions.TABLE[method].items()
        if not path.startswith("/staff/sso")
    }

    assert listed == {route: needs for needs, routes in NEEDS.items() for route in routes}


def test_a_role_that_is_too_low_is_told_in_plain_words_and_nothing_is_done(
    staffed: Staffed,
) -> None:
    staffed.add("anna", Role.EDIT)
    client = staffed.client(name="anna")

    page = client.post("/staff/generations/publish", data={"generation": "000001"})
    told = client.get("/staff/accounts", headers={"accept": "*/*"})
    upload = staffed.client(name=staffed.add("bert", Role.VIEW).name).post(
        "/staff/uploads", files={"files": ("a.md", b"x" * 10 * FORM_LIMIT)}
    )

    assert (page.status_code, told.status_code, upload.status_code) == (403, 403, 403)
    assert "It takes an account with the role “Publish”" in page.text
    assert 'href="/staff/accounts"' not in page.text
    assert told.text == "This needs an account that may administer."
    assert not (staffed.data / "uploads").exists()
    assert client.get("/staff/forbidden").headers["location"] == "/staff"


def test_where_the_records_cannot_be_read_nobody_comes_in_and_the_page_says_so(
    staffed: Staffed,
) -> None:
    client = staffed.client()
    (staffed.data / FILE).write_bytes(b"no database at all" * 100)

    for path in ("/staff", "/staff/login", "/staff/nowhere"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "records of staff cannot be read" in answer.text


class BrokenAccess(StaffAccess):
    """One whose records break while somebody logs in."""

    def log_in(self, name: str, password: str, address: str, before: str) -> Login:
        msg = f"cannot read /srv/secret-place for {(name, password, address, before)}"
        raise RecordsError(msg)


def test_a_login_that_the_records_fail_tells_a_stranger_no_details(staffed: Staffed) -> None:
    site = staffed.site
    broken = BrokenAccess(site.accounts, Unlocking(staffed.data), SITE)
    client = Staffed(
        replace(site, access=broken), staffed.library, staffed.data, staffed.clock
    ).client(logged_in=False)

    answer = client.post("/staff/login", data={"password": PASSWORD})

    assert answer.status_code == 503
    assert "secret-place" not in answer.text


def test_without_a_session_no_method_reaches_any_route(staffed: Staffed) -> None:
    client = staffed.client(logged_in=False)
    client.cookies.set("staff", "x" * 22)

    for path, method in itertools.product(sorted(READ | WRITTEN), METHODS):
        if path == "/staff/login" and method in ("GET", "HEAD", "POST"):
            continue
        headers = {"content-type": kind_of(path)}
        response = client.request(method, at(path), headers=headers)

        assert response.status_code in {303, 401, 404, 405}, (method, path)
        assert response.status_code != 303 or response.headers["location"] == "/staff/login"
        assert response.request.method != "HEAD" or not response.content
    assert staffed.started == []


def test_a_program_without_a_session_is_told_so_and_not_sent_about(staffed: Staffed) -> None:
    client = staffed.client(logged_in=False)

    for path in sorted((READ | WRITTEN) - {"/staff/login"}):
        method = "GET" if path in READ else "POST"
        headers = {"accept": "*/*", "content-type": kind_of(path)}
        response = client.request(method, at(path), headers=headers)

        assert response.status_code == 401, path


def test_without_a_password_nothing_is_there(tmp_path: Path) -> None:
    client = a_staffed_site(tmp_path, password="").client(logged_in=False)

    for path, method in itertools.product([*sorted(READ | WRITTEN), "/staff/nowhere"], METHODS):
        response = client.request(method, at(path), headers={"content-type": kind_of(path)})

        assert response.status_code == 404, (method, path)


@pytest.mark.parametrize(
    "path",
    [
        "/staff/",
        "/staff//login",
        "/staff/nowhere",
        "/staff/runs/%2e%2e%2fdata",
        "/staff/runs/a/b/c",
        "/staff/runs/" + "x" * 41,
        "/staff/uploads/night.md",
        "/staff/login/",
        "/staff/login%0a",
        "/STAFF",
        "/staff.css",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_not_listed_is_not_there_even_with_a_session(
    staffed: Staffed, method: str, path: str
) -> None:
    response = staffed.client().request(method, path, headers={"content-type": FORM})

    assert response.status_code == 404


SITES = (None, "same-origin", "same-site", "cross-site", "none")
ORIGINS = (None, SITE, "http://evil.test", "null")
KINDS = (FORM, FILES, "application/json", "text/plain", "")


def is_ours(fetched: str | None, origin: str | None) -> bool:
    return fetched == "same-origin" or (fetched is None and origin == SITE)


def a_request(path: str, **headers: str | None) -> Scope:
    """Return a POST with a session, whose headers are these."""
    given = {name.replace("_", "-"): value for name, value in headers.items() if value}
    sent = [(name.encode(), value.encode()) for name, value in given.items()]
    return {"type": "http", "method": "POST", "path": at(path), "headers": sent}


def test_only_a_form_of_our_own_page_changes_anything(staffed: Staffed) -> None:
    """Every route × what the browser says of the sender × the origin × the form of the body."""
    access = staffed.site.access
    cookie = f"staff={staffed.client().cookies['staff']}"
    for path, fetched, origin, kind in itertools.product(sorted(WRITTEN), SITES, ORIGINS, KINDS):
        request = a_request(
            path, cookie=cookie, sec_fetch_site=fetched, origin=origin, content_type=kind
        )

        refused = access.refusal(request)

        if not is_ours(fetched, origin):
            assert refused is not None
            assert refused.status == 403
        elif kind != kind_of(path):
            assert refused is not None
            assert refused.status == 415
        else:
            assert refused is None


def test_what_the_door_refuses_reaches_no_route(staffed: Staffed) -> None:
    client = staffed.client()
    for fetched, origin in itertools.product(SITES, ORIGINS):
        fresh = TestClient(staffed.application, base_url=SITE, follow_redirects=False)
        headers = {"sec-fetch-site": fetched, "origin": origin}
        given = {name: value for name, value in headers.items() if value}

        response = fresh.post(
            "/staff/sources/plan",
            data={"name": "uploads"},
            headers={**given, "cookie": f"staff={client.cookies['staff']}"},
        )

        assert response.status_code == (303 if is_ours(fetched, origin) else 403)
    assert len(staffed.started) == len(ORIGINS) + 1


@pytest.mark.parametrize("path", ["/staff/login", "/staff/logout"])
def test_nobody_is_logged_in_or_out_by_another_site(staffed: Staffed, path: str) -> None:
    client = staffed.client()

    for fetched, origin, kind in itertools.product(SITES, ORIGINS, (FORM, "text/plain")):
        if is_ours(fetched, origin) and kind == FORM:
            continue
        headers = {"sec-fetch-site": fetched, "origin": origin, "content-type": kind}
        fresh = TestClient(staffed.application, base_url=SITE, follow_redirects=False)
        given = {name: value for name, value in headers.items() if value}
        token = client.cookies["staff"]
        response = fresh.post(
            path,
            headers={**given, "cookie": f"staff={token}"},
            content=f"password={PASSWORD}".encode(),
        )

        assert response.status_code in {403, 415}
        assert "set-cookie" not in response.headers
    assert client.get("/staff").status_code == 200


def test_the_address_that_is_compared_is_the_configured_one_whatever_host_is_named(
    staffed: Staffed,
) -> None:
    client = TestClient(staffed.application, base_url="http://evil.test", follow_redirects=False)

    response = client.post(
        "/staff/login", data={"password": PASSWORD}, headers={"origin": "http://evil.test"}
    )

    assert response.status_code == 403
    assert "FORUM_PUBLIC_URL" in response.text


def test_reading_changes_nothing(staffed: Staffed) -> None:
    client = staffed.client()

    def state() -> list[tuple[str, int]]:
        return sorted((str(path), path.stat().st_mtime_ns) for path in staffed.data.rglob("*"))

    before = state()
    for path in sorted(READ):
        client.get(at(path), params={"id": "a", "name": "b", "note": "hidden", "type": "feed"})

    assert state() == before
    assert staffed.started == []


def test_a_login_lasts_until_the_logout(staffed: Staffed) -> None:
    client = staffed.client()
    token = client.cookies["staff"]
    assert client.get("/staff").status_code == 200

    out = client.post("/staff/logout", headers={"content-type": FORM})

    client.cookies.set("staff", token)
    assert (out.status_code, out.headers["location"]) == (303, "/staff/login")
    assert client.get("/staff").status_code == 303


def test_a_login_gives_a_token_of_its_own_and_ends_the_one_before(staffed: Staffed) -> None:
    client = staffed.client(logged_in=False)
    client.cookies.set("staff", "chosen-by-somebody-else", domain="ask.test")

    log_in(client)
    first = client.cookies["staff"]
    log_in(client)
    second = client.cookies["staff"]

    assert "chosen" not in first
    assert first != second
    for token, status in ((first, 303), (second, 200), ("chosen-by-somebody-else", 303)):
        fresh = TestClient(staffed.application, base_url=SITE, follow_redirects=False)
        answer = fresh.get("/staff", headers={**OURS, "cookie": f"staff={token}"})
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("seconds", "status"), [(IDLE - 1, 200), (IDLE, 303), (LONGEST_SESSION, 303)]
)
def test_an_idle_session_ends(staffed: Staffed, seconds: float, status: int) -> None:
    client = staffed.client()

    staffed.clock.now += seconds

    assert client.get("/staff").status_code == status


def test_another_password_ends_all_sessions_at_once(staffed: Staffed) -> None:
    client = staffed.client()

    Accounts(Database(staffed.data)).set_password("staff", "another wombat on a ladder")

    assert client.get("/staff").status_code == 303
    assert log_in(client) == 403
    staffed.clock.now += 10
    assert log_in(client, "another wombat on a ladder") == 303


def test_removing_the_password_switches_all_off(staffed: Staffed) -> None:
    client = staffed.client()

    Accounts(Database(staffed.data)).remove("staff", may_be_last=True)

    assert client.get("/staff").status_code == 404
    assert client.get("/staff/login").status_code == 404


def test_a_new_password_forgets_who_gave_wrong_ones(staffed: Staffed) -> None:
    client = staffed.client(logged_in=False)
    for _ in range(5):
        log_in(client, "wrong")
        staffed.clock.now += 20
    assert log_in(client) == 429

    Accounts(Database(staffed.data)).set_password("staff", "another wombat on a ladder")

    assert log_in(client, "another wombat on a ladder") == 303


def test_wrong_passwords_from_anywhere_keep_no_staff_out(staffed: Staffed) -> None:
    for last in range(60):
        log_in(staffed.client(logged_in=False, address=f"203.0.113.{last}"), "wrong")

    assert log_in(staffed.client(logged_in=False)) == 303


def test_whoever_has_the_machine_can_let_staff_in_again(staffed: Staffed) -> None:
    client = staffed.client(logged_in=False)
    for _ in range(5):
        log_in(client, "wrong")
        staffed.clock.now += 20
    assert log_in(client) == 429

    Unlocking(staffed.data).unlock()

    assert log_in(client) == 303


@pytest.mark.parametrize(
    ("site", "name", "is_secure"),
    [("http://ask.test", "staff", False), ("https://ask.test", "__Host-staff", True)],
)
def test_the_cookie_is_as_strict_as_the_address_allows(
    tmp_path: Path, site: str, name: str, *, is_secure: bool
) -> None:
    staffed = a_staffed_site(tmp_path, site=site)
    client = TestClient(staffed.application, base_url=site, follow_redirects=False)

    cookie = client.post(
        "/staff/login", data={"password": PASSWORD}, headers={"origin": site}
    ).headers["set-cookie"]

    found = re.fullmatch(rf"{name}=([\w-]{{22}}); (.*)", cookie)
    assert found
    attributes = set(found[2].split("; "))
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= attributes
    assert ("Secure" in attributes) is is_secure
    assert not any(attribute.startswith("Domain") for attribute in attributes)


def test_a_wrong_password_is_told_at_the_field_and_then_has_to_wait(staffed: Staffed) -> None:
    client = staffed.client(logged_in=False)

    wrong = client.post("/staff/login", data={"password": "wrong"})
    soon = client.post("/staff/login", data={"password": PASSWORD})
    staffed.clock.now += 1

    assert wrong.status_code == 403
    assert 'aria-describedby="password-fault"' in wrong.text
    assert (soon.status_code, soon.headers["retry-after"]) == (429, "1")
    assert "set-cookie" not in soon.headers
    assert log_in(client) == 303


def test_the_failures_of_one_address_do_not_hold_up_another(staffed: Staffed) -> None:
    elsewhere = staffed.client(logged_in=False, address="198.51.100.9")
    for _ in range(9):
        log_in(elsewhere, "wrong")

    assert log_in(elsewhere) == 429
    assert log_in(staffed.client(logged_in=False)) == 303


def test_every_staff_response_carries_the_strict_headers(staffed: Staffed) -> None:
    client = staffed.client()

    answers = [
        client.get("/staff"),
        client.get("/staff/nowhere"),
        client.get("/staff/document", params={"id": "nowhere"}),
        client.get("/staff/runs/x/progress"),
        client.post("/staff/logout", headers={"content-type": "text/plain"}),
        client.post("/staff/try", data={"question": "x" * FORM_LIMIT}),
        client.put("/staff"),
        staffed.client(logged_in=False).get("/staff"),
    ]

    assert [answer.status_code for answer in answers] == [200, 404, 404, 404, 415, 413, 405, 303]
    for answer in answers:
        for name, value in STAFF_HEADERS.items():
            assert answer.headers.get_list(name.decode()) == [value.decode()]


def test_the_policy_allows_no_inline_script_or_style_and_no_frame() -> None:
    policy = STAFF_HEADERS[b"content-security-policy"].decode()

    assert "unsafe" not in policy
    assert "sha256" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy


def parts(size: int) -> Iterator[bytes]:
    for _ in range(size // 65536 + 1):
        yield b"x" * 65536


@pytest.mark.parametrize("path", sorted(WRITTEN - {"/staff/uploads"}))
def test_no_form_but_an_upload_is_large(staffed: Staffed, path: str) -> None:
    client, limit = staffed.client(), ANSWER_LIMIT if path == ANSWERS else FORM_LIMIT

    told = client.post(at(path), content=b"x" * (limit + 1), headers={"content-type": FORM})
    untold = client.post(at(path), content=parts(limit), headers={"content-type": FORM})

    assert told.status_code == 413
    assert untold.status_code in {413, 303} if path == "/staff/logout" else {413}


def test_a_large_upload_needs_a_session(staffed: Staffed) -> None:
    client = staffed.client(logged_in=False)

    response = client.post(
        "/staff/uploads", content=parts(10 * FORM_LIMIT), headers={"content-type": FILES}
    )

    assert response.status_code == 303


@pytest.mark.parametrize("length", [str(UPLOAD_LIMIT + 1), "-1", "abc", "9" * 5000])
def test_an_upload_beyond_the_limit_is_refused_before_it_is_read(
    staffed: Staffed, length: str
) -> None:
    response = staffed.client().post(
        "/staff/uploads",
        content=parts(10),
        headers={"content-type": FILES, "content-length": length},
    )

    assert response.status_code == 413
