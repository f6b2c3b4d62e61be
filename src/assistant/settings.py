"""Everything that can be configured: the only reader of the environment.

Each setting is a `FORUM_*` environment variable, or a line of a `.env` file in the working
directory; the environment wins. docs/configuration.md has the table, and a test holds the two
together.
"""

import difflib
import os
import re
from collections.abc import Collection
from io import StringIO
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from assistant.alerts import fault_of, is_sender
from assistant.domain.errors import SettingsError
from assistant.domain.networks import Network, is_https_or_local, networks
from assistant.domain.roles import claim_roles
from assistant.domain.validation import in_words
from assistant.language.contacts import Contacts, contacts
from assistant.language.languages import LANGUAGES

PREFIX = "FORUM_"
ENV_FILE = ".env"
_SECRET = {
    "FORUM_ALERTS",
    "FORUM_CHAT_API_KEY",
    "FORUM_CHROMA_URL",
    "FORUM_DATABASE_URL",
    "FORUM_MAIL_SERVER",
    "FORUM_METRICS",
    "FORUM_OIDC_CLIENT_SECRET",
    "FORUM_OTLP_ENDPOINT",  # a wrong one may hold a password
}
_PASSWORD = re.compile(r"//[^/@\s]*:[^/\s]*@")
"""A name and a password in an address, where none belongs."""

WEB_SCHEMES, MAIL_SCHEMES = {"http", "https"}, {"smtp", "smtps"}
TOKEN = re.compile(r"[!-~]{16,}")
COLLECTOR = re.compile(r"https?://(?:[\w.-]+|\[[0-9a-fA-F:]+\]):[0-9]{1,5}", re.ASCII)
"""No path, as gRPC has its own; no name and password, as the log may name the address."""


class Settings(BaseModel):
    """The settings with their defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data_dir: Path = Field(
        default=Path("data"),
        description="Where everything lives: the published content and its lock.",
    )
    name: str = Field(
        default="Forum",
        max_length=80,
        description="The forum's name, as members read it.",
    )
    contact: str = Field(
        default="",
        max_length=1000,
        description=(
            "Where a member may turn after a refusal: an e-mail address or a web page; then, "
            "where readers of a language have another, `; fr: ...`."
        ),
    )
    default_language: str = Field(
        default="en",
        description="The language of the page where the browser asks for none that we have.",
    )
    host: str = Field(
        default="127.0.0.1",
        description="The address that the server listens on.",
    )
    port: int = Field(
        default=7860,
        ge=1,
        le=65535,
        description="The port that the server listens on.",
    )
    public_url: str = Field(
        default="",
        description=(
            "The address that members see, if it is not `http://HOST:PORT`; links to "
            "documents without a page of their own start with it. It may have a path."
        ),
    )
    logo: Path | None = Field(
        default=None,
        description="A picture beside the name: SVG, PNG, WebP or JPEG, of at most 200 kB.",
    )
    accent_color: str = Field(
        default="#1a4f8b",
        description="The colour of links and of the main button on light pages.",
    )
    accent_color_dark: str = Field(
        default="#8fbcf0",
        description="The same on dark pages.",
    )
    proxies: str = Field(
        default="",
        description=(
            "The addresses of proxies in front of the server, or networks such as `10.0.0.0/8`, "
            "parted by commas; only they are believed when they say for whom they ask."
        ),
    )
    embed_origins: str = Field(
        default="",
        description=(
            "The web sites that may show the assistant in a frame, parted by spaces, such as "
            "`https://www.example.org https://*.example.net`; none means only the assistant itself."
        ),
    )
    embed_daily_questions: int = Field(
        default=0,
        ge=0,
        description=(
            "How many questions a day each of those sites may have from its visitors; 0 means no "
            "limit."
        ),
    )
    questions_per_minute: int = Field(
        default=20,
        ge=1,
        le=10_000,
        description="How many questions a minute one visitor may ask.",
    )
    mcp: bool = Field(
        default=False,
        description=(
            "Whether models may ask too, by the Model Context Protocol (docs/api.md); it needs the "
            "extra `mcp`."
        ),
    )
    embedding_model: str = Field(
        default="",
        description=(
            "A sentence-transformers model, by folder or by name in the local cache; empty "
            "means the built-in one."
        ),
    )
    model_dir: Path | None = Field(
        default=None,
        description=(
            "Where the built-in model is prepared; by default inside the Python environment."
        ),
    )
    reader: bool = Field(
        default=True,
        description=(
            "Whether a model reads the passages that the search found, to tell which of them "
            "answers; without it answers come in a tenth of the time and are right less often."
        ),
    )
    minimum_support: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description=(
            "How probable it must be, 0 to 1, that the documents hold the answer; below it "
            "a question is refused, and up to 0.5 the answer says that it may be none."
        ),
    )
    chat_model: str = Field(
        default="",
        description=(
            "A chat model that writes answers, as `PROVIDER:MODEL` (openai, azure_openai, "
            "mistralai, anthropic, ollama; docs/operators.md has a line for each); empty means "
            "that answers are quoted."
        ),
    )
    chat_base_url: str = Field(
        default="",
        description="Where the chat model answers, if not at its provider's own address.",
    )
    chat_api_version: str = Field(
        default="",
        description=(
            "The version of the API of Azure OpenAI, such as `2024-10-21`; no other provider asks "
            "for one."
        ),
    )
    chat_api_key: SecretStr = Field(
        default=SecretStr(""),
        description="The key for the chat model; a server of one's own mostly needs none, and is "
        "sent no other.",
    )
    chat_seconds: float = Field(
        default=20,
        ge=1,
        le=120,
        description="The time a written answer may take; after that, it is quoted.",
    )
    chat_daily_tokens: int = Field(
        default=0,
        ge=0,
        description=(
            "How many tokens a day may be sent to and come from the chat model; after that, "
            "answers are quoted. 0 means no limit."
        ),
    )
    chroma_url: SecretStr = Field(
        default=SecretStr(""),
        description=(
            "A Chroma server for the index of vectors, such as `http://chroma.example.org:8000`; "
            "empty means that it is in the data directory."
        ),
    )
    database_url: SecretStr = Field(
        default=SecretStr(""),
        description=(
            "The PostgreSQL database for the records (accounts, feedback, counts, kept questions, "
            "what staff write and do): `postgresql://USER:PASSWORD@HOST:PORT/NAME`; it needs the "
            "extra `postgresql`. Empty means a file in the data directory."
        ),
    )
    keep_questions: int = Field(
        default=0,
        ge=0,
        le=365,
        description=(
            "For how many days members' questions are kept, without what looks like personal data, "
            "so that staff see what was asked in vain; members are told so. 0 means none is kept."
        ),
    )
    mail_server: SecretStr = Field(
        default=SecretStr(""),
        description="What sends the mails: `smtp://USER:PASSWORD@HOST:PORT`, or `smtps`.",
    )
    mail_sender: str = Field(
        default="",
        description="The address that the mails come from; by default the one they go to.",
    )
    alerts: str = Field(
        default="",
        description=(
            "Whom to tell when a source could not be read twice in a row, or a run by schedule "
            "waits for somebody: `mailto:NAME@HOST` or an https webhook, parted by spaces."
        ),
    )
    metrics: SecretStr = Field(
        default=SecretStr(""),
        description=(
            "The token that whoever gathers metrics at `/metrics` sends, of at least 16 "
            "characters; empty means that the address is not there."
        ),
    )
    log_format: Literal["text", "json"] = Field(
        default="text",
        description="How the server writes its log: `text`, or `json`, an object a line.",
    )
    otlp_endpoint: str = Field(
        default="",
        description=(
            "Where traces of questions are sent by OTLP over gRPC, such as "
            "`http://127.0.0.1:4317`; it needs the extra `telemetry`. Empty means nowhere."
        ),
    )
    question_limit: int = Field(
        default=2000,
        ge=20,
        le=20000,
        description="The longest question, in characters.",
    )
    sources: Path = Field(
        default=Path("forum.toml"),
        description=(
            "Where the sources of documents are listed, for `sync` and the staff page; it need "
            "not be there."
        ),
    )
    oidc_issuer: str = Field(
        default="",
        description=(
            "Who signs staff in besides, by OpenID Connect (docs/staff.md): the address that the "
            "provider calls itself; it needs the extra `oidc`."
        ),
    )
    oidc_client_id: str = Field(
        default="",
        description="What the provider calls this assistant.",
    )
    oidc_client_secret: SecretStr = Field(
        default=SecretStr(""),
        description="The secret that the provider has given for it; empty means that it has none.",
    )
    oidc_roles: str = Field(
        default="",
        description=(
            "Which role (view, edit, publish, administer) a value of a claim brings, such as "
            "`groups: forum-editors=edit, forum-admins=administer`; empty means that only those "
            "who have an account already may sign in."
        ),
    )
    golden_questions: Path | None = Field(
        default=None,
        description=(
            "A YAML file of questions that the documents answer or do not; the page offers "
            "some of them to begin with."
        ),
    )
    eval_data: Path | None = Field(
        default=None,
        description=(
            "Data sets for the measurements and for the tests that need them; not used in service."
        ),
    )

    @field_validator("data_dir", "logo", "model_dir", "sources", "golden_questions", "eval_data")
    @classmethod
    def _is_expanded(cls, value: Path | None) -> Path | None:
        try:
            return value and value.expanduser()  # no shell has done so in a file
        except RuntimeError as exc:
            msg = "~ stands for the home directory of nobody; give the whole path"
            raise ValueError(msg) from exc

    @field_validator("data_dir")
    @classmethod
    def _is_unicode(cls, value: Path) -> Path:
        try:
            str(value).encode()
        except UnicodeEncodeError as exc:
            msg = "is no name in UTF-8, which records could not hold; give the folder another name"
            raise ValueError(msg) from exc
        return value

    @field_validator("data_dir")
    @classmethod
    def _is_no_file(cls, value: Path) -> Path:
        if os.path.isfile(value):  # noqa: PTH113 - never raises, also where we may not look
            msg = "is a file; name a folder, such as data"
            raise ValueError(msg)
        return value

    @field_validator("default_language")
    @classmethod
    def _is_interface_language(cls, value: str) -> str:
        if value not in LANGUAGES:
            msg = f"must be one of {', '.join(LANGUAGES)}"
            raise ValueError(msg)
        return value

    @field_validator("contact")
    @classmethod
    def _can_be_told_apart(cls, value: str) -> str:
        contacts(value)
        return value

    @field_validator("mail_server")
    @classmethod
    def _is_a_mail_server(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not _is_server(value.get_secret_value(), MAIL_SCHEMES):
            msg = (
                "must be smtp://USER:PASSWORD@HOST:PORT (encrypted by STARTTLS) or smtps://..., "
                "with %40 for an @, %2F for a / and %23 for a # in user or password"
            )
            raise ValueError(msg)
        return value

    @field_validator("mail_sender")
    @classmethod
    def _can_send_mails(cls, value: str) -> str:
        if value and not is_sender(value):
            msg = "must be one mail address such as forum@example.org"
            raise ValueError(msg)
        return value

    @field_validator("alerts")
    @classmethod
    def _can_be_alerted(cls, value: str, info: ValidationInfo) -> str:
        # One that is at fault is not there, and is told by itself.
        server: SecretStr = info.data.get("mail_server", SecretStr("at fault"))
        faults = [fault_of(target, server.get_secret_value()) for target in value.split()]
        if told := "; ".join(fault for fault in faults if fault):
            raise ValueError(told)
        return value

    @field_validator("chat_base_url")
    @classmethod
    def _is_an_api(cls, value: str, info: ValidationInfo) -> str:
        provider = info.data.get("chat_model", "").partition(":")[0]
        # Ollama takes a host and a port as well; without a model, nothing is asked there.
        if value and provider not in {"", "ollama"} and not _is_web(value):
            msg = "must be a web address such as https://models.example.org/v1"
            raise ValueError(msg)
        return value

    @field_validator("chroma_url")
    @classmethod
    def _is_a_server(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not _is_server(value.get_secret_value(), WEB_SCHEMES):
            msg = "must be the address of a Chroma server such as http://chroma.example.org:8000"
            raise ValueError(msg)
        return value

    @field_validator("proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        networks(value)
        return value

    @field_validator("metrics")
    @classmethod
    def _is_token(cls, value: SecretStr) -> SecretStr:
        token = value.get_secret_value()
        if token and not TOKEN.fullmatch(token):
            msg = (
                "must be at least 16 letters, digits or signs without a space; "
                "`openssl rand -hex 32` makes one"
            )
            raise ValueError(msg)
        return value

    @field_validator("otlp_endpoint")
    @classmethod
    def _is_collector(cls, value: str) -> str:
        if value and not (COLLECTOR.fullmatch(value) and 0 < int(value.rpartition(":")[2]) < 2**16):
            msg = "must be a scheme, a host and a port such as http://127.0.0.1:4317, no more"
            raise ValueError(msg)
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _is_safe_address(cls, value: str) -> str:
        if value and not is_https_or_local(value):
            msg = "must be an address such as https://login.example.org, over https"
            raise ValueError(msg)
        return value

    @field_validator("oidc_roles")
    @classmethod
    def _are_roles(cls, value: str) -> str:
        claim_roles(value)
        return value

    @field_validator("public_url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        # Links begin with it, so that nothing may come after its path.
        if value and (not _is_web(value) or re.search(r"[?#\s]", value)):
            msg = "must be a web address such as https://assistant.example.org, no more"
            raise ValueError(msg)
        return value.rstrip("/")

    @property
    def contacts(self) -> Contacts:
        """Whom readers of each language may turn to."""
        return contacts(self.contact)

    @property
    def proxy_networks(self) -> tuple[Network, ...]:
        """The proxies that are believed."""
        return networks(self.proxies)

    @property
    def site(self) -> str:
        """The address that relative links belong to."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host  # noqa: S104
        bracketed = f"[{host}]" if ":" in host else host
        return self.public_url or f"http://{bracketed}:{self.port}"


def load(**overrides: object) -> Settings:
    """Read the settings; `overrides` that are not None win over them.

    Raises SettingsError naming every variable at fault, the unknown ones included.
    """
    found = {**_of_the_file(), **os.environ}
    ours = {name: value for name, value in found.items() if name.upper().startswith(PREFIX)}
    fields = {f"{PREFIX}{name.upper()}": name for name in Settings.model_fields}
    faults = [_unknown(name, list(fields)) for name in sorted(ours) if name not in fields]
    values: dict[str, Any] = {
        fields[name]: value
        for name, value in ours.items()
        if name in fields and value and value.strip()
    }
    values.update({name: value for name, value in overrides.items() if value is not None})
    try:
        settings = Settings(**values)
    except ValidationError as exc:
        for error in exc.errors():
            name = f"{PREFIX}{str(error['loc'][0]).upper()}"
            shown = "" if name in _SECRET else f"={_PASSWORD.sub('//…@', str(error['input']))}"
            faults.append(f"{name}{shown}: {in_words(error)}")
        raise SettingsError("; ".join(faults)) from exc
    if faults:
        raise SettingsError("; ".join(faults))
    return settings


def _is_server(url: str, schemes: Collection[str]) -> bool:
    """Whether an address is one of a server as a whole, with a port that there can be."""
    try:
        parts = urlsplit(url)
        has_port = parts.port != 0
    except ValueError:
        return False
    is_whole = not (parts.path.strip("/") or parts.query or parts.fragment)
    return parts.scheme in schemes and bool(parts.hostname) and has_port and is_whole


def _is_web(url: str) -> bool:
    """Whether an address is one of the web, with a port that there can be, for anybody."""
    parts = urlsplit(url)
    has_host = bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
    return parts.scheme in WEB_SCHEMES and has_host


def _of_the_file() -> dict[str, str | None]:
    path = Path(ENV_FILE)
    try:
        if path.is_dir() or not path.exists():  # a folder of that name may be an environment
            return {}
        text = path.read_text(encoding="utf-8-sig")  # some editors begin it with a mark
    except OSError as exc:
        msg = f"cannot read {ENV_FILE}: {(exc.strerror or str(exc)).lower()}; check its permissions"
        raise SettingsError(msg) from exc
    except UnicodeDecodeError as exc:
        msg = f"cannot read {ENV_FILE}: it is no UTF-8 text; save it as UTF-8"
        raise SettingsError(msg) from exc
    if unread := [each for each in parse_stream(StringIO(text)) if _is_lost(each)]:
        lines = ", ".join(str(each.original.line) for each in unread)
        msg = f"cannot read {ENV_FILE}, line {lines}: write NAME=value, with quotes in pairs"
        raise SettingsError(msg)
    return dotenv_values(stream=StringIO(text))


def _is_lost(line: Binding) -> bool:
    """Whether a line is meant to hold a setting, and none can be read from it."""
    is_ours = PREFIX in line.original.string.upper()
    return is_ours and (line.error or (line.key is not None and line.value is None))


def _unknown(name: str, known: list[str]) -> str:
    own = {one.removeprefix(PREFIX): one for one in known}  # what all begin with tells nothing
    close = difflib.get_close_matches(name.upper().removeprefix(PREFIX), own, n=1)
    hint = (
        f", did you mean {own[close[0]]}?"
        if close
        else "; docs/configuration.md lists those there are"
    )
    return f"{name}: there is no such setting{hint}"
