"""A staff site over a real library, without a chat beside it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response
from starlette.testclient import TestClient

from assistant.domain.corpus import Document
from assistant.domain.roles import Role
from assistant.insights.period import Observer
from assistant.language.contacts import Contacts
from assistant.records import accounts as accounts_module
from assistant.records.accounts import Account
from assistant.records.database import Database
from assistant.records.passwords import hashed
from assistant.records.records import Records
from assistant.web import server
from assistant.web.security.protection import App, Protection
from assistant.web.staff.access import StaffAccess, Unlocking
from assistant.web.staff.pages import router
from assistant.web.staff.site import StaffSite
from ingest.operations import Operations
from ingest.sources.crawling import Access
from tests.builders import an_assistant, an_entry, unheard
from tests.fakes import HashEmbedder
from vectorstore.publishing import verification
from vectorstore.publishing.contents import Contents
from vectorstore.publishing.library import Library

if TYPE_CHECKING:
    from assistant.web.staff.single_sign_on import SingleSignOn

PASSWORD = "tangerine wombat ladder"  # noqa: S105 - only the tests have it
SITE = "http://ask.test"
OURS = {"sec-fetch-site": "same-origin", "accept": "text/html"}


@dataclass
class Clock:
    """Time that passes when it is told to."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Staffed:
    """A staff site with all that tests look at."""

    site: StaffSite
    library: Library
    data: Path
    clock: Clock
    started: list[list[str]] = field(default_factory=list)

    def add(self, name: str, role: Role) -> Account:
        """Add an account with the usual password."""
        with quickly():
            return self.site.accounts.add(name, role, password=PASSWORD)

    @cached_property
    def application(self) -> App:
        """The staff pages and their files, protected."""
        app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        app.include_router(router(self.site))

        @app.get("/site/{name}")
        def asset(name: str) -> Response:
            if name not in ("staff.css", "staff.js"):
                return PlainTextResponse("Not found.", 404)
            text = (server.ASSETS / name).read_text(encoding="utf-8")
            return Response(text, media_type=server.FILES[name])

        return Protection(app, staff=self.site.access)

    def client(
        self, *, logged_in: bool = True, address: str = "192.0.2.7", name: str = "staff"
    ) -> TestClient:
        """Return a browser of sorts, which follows no redirect."""
        made = TestClient(
            self.application, base_url=SITE, follow_redirects=False, client=(address, 50000)
        )
        made.headers.update(OURS)
        if logged_in:  # the password itself takes its time, and has tests of its own
            access = self.site.access
            token = access.open(self.site.accounts.get(name))
            made.cookies.set(access.cookie, token, domain="ask.test")
        return made


def log_in(client: TestClient, password: str = PASSWORD, name: str = "") -> int:
    given = {"password": password, **({"name": name} if name else {})}
    return client.post("/staff/login", data=given).status_code


def a_staffed_site(  # noqa: PLR0913 - each is one thing that tests vary
    folder: Path,
    documents: Sequence[Document] = (),
    *,
    password: str = PASSWORD,
    site: str = SITE,
    keep_questions: int = 0,
    sign_on: "SingleSignOn | None" = None,
) -> Staffed:
    data, clock = folder / "data", Clock()
    embedder = HashEmbedder()
    library = Library(data, lambda: embedder, model=embedder.name, verify=verification.examine)
    if documents:
        publish(library, documents)
    records = Records.of(Database(data), keep_questions)
    accounts = records.accounts
    if password:
        with quickly():
            accounts.set_staff_password(password)
    started: list[list[str]] = []
    operations = Operations(
        data,
        folder / "forum.toml",
        Access(),
        lambda arguments: started.append(list(arguments)),
    )
    staff = StaffSite(
        access=StaffAccess(
            accounts, Unlocking(data), site, has_single_sign_on=sign_on is not None, clock=clock
        ),
        operations=operations,
        contents=Contents(library),
        assistant=an_assistant(library, by_hand=records.hand_answers),
        name="Safe towns",
        contacts=Contacts("help@forum.test"),
        records=records,
        observer=Observer(records, embedder.embed_texts, library.sources),
        single_sign_on=sign_on,
    )
    return Staffed(staff, library, data, clock, started)


@contextmanager
def quickly() -> Iterator[None]:
    """Hash each password once: hashing takes its time, and has tests of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts_module, "hashed", _hash_of)
        yield


@cache
def _hash_of(password: str, _name: str = "") -> str:
    return hashed(password)


def publish(library: Library, documents: Sequence[Document], origin: str = "/forum") -> str:
    with library.writing("a test"):
        return library.publish(
            [an_entry(document, origin) for document in documents],
            [],
            chunking="test",
            rebuild=False,
            progress=unheard,
        )
