"""The looks themselves: each asks the part of the assistant that knows, and says what it finds.

Nothing is asked outside of this machine unless `online` is wanted.
"""

import os
import platform
import smtplib
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from urllib.parse import urlsplit

import httpcore

from assistant import extras, wiring
from assistant.alerts import signed_in
from assistant.doctor import rules
from assistant.doctor.finding import Check, Finding, Level, error, ok, warning
from assistant.domain.errors import ChatModelError
from assistant.domain.roles import Role
from assistant.keeping.in_use import is_used
from assistant.settings import Settings

PRODUCT = "forum-assistant"
PATIENCE = 5.0  # seconds for a server to answer
TRIED = "Answer with the one word: yes."


def installed() -> list[Check]:
    """Return the looks that need no settings."""
    return [
        Check("python", lambda: rules.python(platform.python_version(), _wanted_python())),
        Check("packages", lambda: rules.packages(metadata.requires(PRODUCT) or (), _version)),
        Check("tesseract", _recognition),
    ]


@dataclass(frozen=True, slots=True)
class Looking:
    """Looks at one installation.

    Attributes:
        ask: Asks a question of what is published, and raises what it meets.
        online: Whether sources, the chat model and the public address are asked, too.
    """

    config: Settings
    ask: Callable[[], None]
    online: bool = False

    def checks(self) -> list[Check]:
        """Return the looks, in the order in which things build on each other."""
        return [
            Check("unused settings", lambda: rules.unused_settings(self.config)),
            Check("embedding model", self._embedding_model),
            Check("reader", self._reader),
            Check("data directory", self._data_directory),
            Check("disk", self._disk),
            Check("clock", self._clock),
            Check("content", self._content),
            Check("answers", self._answers),
            Check("records", self._records),
            Check("staff accounts", self._accounts),
            Check("sources", self._sources),
            Check("chat model", self._chat_model),
            Check("mail server", self._mail_server),
            Check("extras", self._extras),
            Check("public address", lambda: rules.address(self.config)),
            Check("embedding sites", self._embedding_sites),
            Check("look", self._look),
            Check("golden questions", self._golden_questions),
            Check("single sign-on", self._single_sign_on),
            Check("server", self._server),
        ]

    def _embedding_model(self) -> Finding:
        from vectorstore.embedding import builtin_model, prepared
        from vectorstore.errors import ModelUnavailableError

        name = "embedding model"
        if wanted := self.config.embedding_model:
            return ok(name, f"{wanted}; it is loaded when it is used")
        folder = self.config.model_dir or builtin_model.default_folder()
        if not builtin_model.is_prepared(folder):
            msg = f"it is not prepared in {folder}; run `python app.py prepare`"
            raise ModelUnavailableError(msg)
        prepared.check(folder, name)
        return ok(name, f"{builtin_model.NAME}, sound in {folder}")

    def _reader(self) -> Finding:
        from vectorstore.embedding import builtin_model, prepared
        from vectorstore.errors import ModelUnavailableError
        from vectorstore.reader import model

        if not self.config.reader:
            return ok("reader", "switched off by FORUM_READER")
        beside = self.config.model_dir or builtin_model.default_folder()
        folder = model.folder_beside(beside)
        if not model.is_prepared(folder):
            msg = f"it is not prepared in {folder}; run `python app.py prepare`"
            raise ModelUnavailableError(msg)
        prepared.check(folder, "reader")
        return ok("reader", f"sound in {folder}")

    def _data_directory(self) -> Finding:
        data = self.config.data_dir
        if not data.is_dir():
            remedy = "run `python app.py ingest FOLDER`, or name another place with --data"
            return error("data directory", f"there is none at {data}", remedy)
        found = data.stat()
        is_writable = os.access(data, os.W_OK)
        ours = os.getuid()
        return rules.rights(found.st_uid, found.st_mode, ours, is_writable=is_writable, data=data)

    def _disk(self) -> Finding:
        from vectorstore.publishing import disk
        from vectorstore.publishing.generations_folder import GENERATIONS
        from vectorstore.publishing.library import FREE_AT_LEAST

        data = self.config.data_dir
        there = next(each for each in (data, *data.absolute().parents) if each.exists())
        published = wiring.open_library(self.config).published()
        last = disk.size(data / GENERATIONS / published) if published else 0
        return rules.space(disk.free_space(there), max(FREE_AT_LEAST, 2 * last), data)

    def _clock(self) -> Finding:
        kept = wiring.open_library(self.config).kept()
        built = [datetime.fromisoformat(each.built) for each in kept if each.built]
        return rules.clock(datetime.now(UTC), max(built, default=None))

    def _content(self) -> Finding:
        from vectorstore.publishing import verification
        from vectorstore.publishing.generations_folder import GENERATIONS

        with closing(wiring.open_library(self.config)) as library:
            name = library.published()
            if name is None:
                remedy = "run `python app.py ingest FOLDER`, or `restore` a backup"
                return error("content", "nothing is published", remedy)
            server = self.config.chroma_url.get_secret_value()
            verification.in_child(library.data / GENERATIONS / name, server)
            library.check_embedder()
            with library.generation() as generation:
                documents = generation.manifest.documents
            if faults := library.faults():
                return warning("content", *_parted(faults[0]))
        return ok("content", f"generation {name} is sound, with {documents} documents")

    def _answers(self) -> Finding:
        self._embedding_model()  # asking would make ready what is not, for minutes
        self._reader()
        self.ask()
        return ok("answers", "a question of its own was answered")

    def _records(self) -> Finding:
        records = wiring.open_records(self.config)
        if not wiring.open_database(self.config).is_made():
            return ok("records", "none yet")
        entries = records.history.entries(count=1)
        records.erasures.all()
        return ok("records", f"they can be read; the history has {entries.total} entries")

    def _accounts(self) -> Finding:
        enabled = [
            each for each in wiring.open_records(self.config).accounts.all() if not each.disabled
        ]
        administrators = sum(each.role is Role.ADMINISTER for each in enabled)
        return rules.accounts(administrators, len(enabled) - administrators)

    def _sources(self) -> Finding:
        operations = wiring.make_operations(self.config)
        sources = operations.configured().sources
        if not sources:
            return ok("sources", f"{operations.file} lists none")
        told = f"{operations.file} lists {', '.join(source.name for source in sources)}"
        if not self.online:
            return ok("sources", f"{told}; --online tries them")
        trials = {source.name: operations.try_source(source.name) for source in sources}
        faults = [f"{name}: {trial.reason}" for name, trial in trials.items() if not trial.works]
        if faults:
            remedy = "look whether they can be reached from here, and correct their addresses"
            return error("sources", "; ".join(faults), remedy)
        return ok("sources", f"{told}; all can be read")

    def _chat_model(self) -> Finding:
        name, config = "chat model", self.config
        if not config.chat_model:
            return ok(name, "none: answers are quoted")
        from assistant.writing import chat_model
        from assistant.writing.prompting import Message

        key = config.chat_api_key.get_secret_value()
        model = chat_model.load(
            config.chat_model,
            base_url=config.chat_base_url,
            api_key=key,
            timeout=config.chat_seconds,
            api_version=config.chat_api_version,
        )
        if not self.online:
            return ok(name, f"{config.chat_model}; --online asks it something")
        try:
            pieces = list(model.stream([Message("user", TRIED)]))
        except ChatModelError as exc:
            remedy = (
                "look whether FORUM_CHAT_BASE_URL, or its provider, can be reached from here, and "
                "whether FORUM_CHAT_MODEL and FORUM_CHAT_API_KEY are right"
            )
            return error(name, f"{config.chat_model}: {exc}", remedy)
        if not any(isinstance(piece, str) and piece.strip() for piece in pieces):
            remedy = "look at its log, and whether FORUM_CHAT_MODEL names the right one"
            return error(name, f"{config.chat_model} writes nothing", remedy)
        return ok(name, f"{config.chat_model} answers")

    def _mail_server(self) -> Finding:
        name, server = "mail server", self.config.mail_server.get_secret_value()
        if not server:
            return ok(name, "none: no alert goes by mail")
        host = urlsplit(server).hostname
        if not self.online:
            return ok(name, f"{host}; --online signs in there")
        try:
            with signed_in(server) as connection:
                connection.noop()
        except (OSError, smtplib.SMTPException) as exc:
            remedy = "check host, port, user and password in FORUM_MAIL_SERVER"
            return error(name, f"{host}: {str(exc) or type(exc).__name__}", remedy)
        return ok(name, f"{host} takes mails")

    def _extras(self) -> Finding:
        settings = {
            "mcp": ("FORUM_MCP=1", self.config.mcp),
            "oidc": ("FORUM_OIDC_ISSUER", self.config.oidc_issuer),
            "postgresql": ("FORUM_DATABASE_URL", self.config.database_url.get_secret_value()),
            "telemetry": ("FORUM_OTLP_ENDPOINT", self.config.otlp_endpoint),
        }
        asked = {extra: setting for extra, (setting, value) in settings.items() if value}
        for extra, setting in asked.items():
            extras.require(extra, setting)
        return ok("extras", ", ".join(asked) or "none is asked for")

    def _embedding_sites(self) -> Finding:
        from assistant.web.embedding_sites import listed_origins

        listed = listed_origins(self.config.embed_origins)
        return ok("embedding sites", ", ".join(listed) or "none may show the assistant")

    def _look(self) -> Finding:
        from assistant.web.pages.branding import Theme, load_logo

        Theme(self.config.accent_color, self.config.accent_color_dark)
        if self.config.logo:
            load_logo(self.config.logo)
        return ok("look", f"colours can be read; the logo is {self.config.logo or 'none'}")

    def _golden_questions(self) -> Finding:
        from assistant.evaluation import golden_questions

        name, path = "golden questions", self.config.golden_questions
        if not path:
            return ok(name, "no file of them")
        asked = golden_questions.load(path)
        limit = self.config.question_limit
        faults = [golden_questions.fault_of(each.question, limit) for each in asked]
        if fault := next(filter(None, faults), ""):
            return warning(name, *_parted(f"{path}: {fault}"))
        return ok(name, f"{path} has {len(asked)}")

    def _single_sign_on(self) -> Finding:
        from assistant.web.assembly import single_sign_on

        name = "single sign-on"
        if single_sign_on(self.config) is None:
            return ok(name, "none: staff have passwords of their own")
        return ok(name, f"by {self.config.oidc_issuer}")

    def _server(self) -> Finding:
        here = self.config.model_copy(update={"public_url": ""}).site
        found, used = _asked(here), is_used(self.config.data_dir)
        finding = rules.server(*found, here, is_expected=self.online, is_used=used)
        public = self.config.public_url
        if self.online and public and finding.level is Level.OK:
            return rules.server(*_asked(public), public, is_expected=True, is_used=used)
        return finding


def _wanted_python() -> str:
    return metadata.metadata(PRODUCT)["Requires-Python"]


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _recognition() -> Finding:
    from ingest.readers.recognition import tesseract

    return rules.recognition(tesseract.installed(), tesseract.codes())


def _parted(message: str) -> Sequence[str]:
    what, _, remedy = message.partition("; ")
    return what, remedy or "look at `python app.py runs`"


def _asked(site: str) -> tuple[int | None, int | None]:
    """Return what a server answers of its life and its readiness, None where nobody does."""
    return _status(f"{site}/livez"), _status(f"{site}/readyz")


def _status(url: str) -> int | None:
    try:
        found = httpcore.request("GET", url, extensions={"timeout": _TIMEOUT})
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError):
        return None
    return found.status


_TIMEOUT = dict.fromkeys(("connect", "read", "write", "pool"), PATIENCE)
