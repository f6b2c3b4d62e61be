"""Puts the web site together from the settings and what is handed in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant import extras
from assistant.answering.assistant import Assistant
from assistant.domain.errors import SettingsError
from assistant.domain.ports import Library
from assistant.domain.publication import Announcement, OfferedQuestion
from assistant.domain.roles import claim_roles
from assistant.insights.period import Observer
from assistant.records.records import Records
from assistant.settings import Settings
from assistant.web.embedding_sites import Sites, listed_origins
from assistant.web.pages.branding import Theme, load_logo
from assistant.web.pages.chat import ChatPage
from assistant.web.pages.conversation import Conversations
from assistant.web.pages.member_posts import MemberPosts
from assistant.web.pages.permalinks import Permalinks, key_of
from assistant.web.pages.routes import MemberPages
from assistant.web.security.addresses import OwnAddress
from assistant.web.security.visitors import Visitors
from assistant.web.server import Site, version
from assistant.web.staff.access import StaffAccess, Unlocking
from assistant.web.staff.permissions import CALLBACK
from assistant.web.staff.site import StaffSite
from assistant.web.watching import NOBODY, Watching
from assistant.writing.translating import Translator
from ingest.operations import Operations
from vectorstore.publishing.contents import Contents

if TYPE_CHECKING:  # the extra that it needs need not be there
    from assistant.web.staff.single_sign_on import SingleSignOn

REQUESTS_A_QUESTION = 12
"""That a visitor may send for each allowed; a page sends about three, files not counted."""
NO_CLIENT = "FORUM_OIDC_ISSUER needs FORUM_OIDC_CLIENT_ID, as the provider names this assistant"
NO_ISSUER = "{name} is of no use without FORUM_OIDC_ISSUER; set that too, or unset it"


@dataclass(frozen=True, slots=True)
class Parts:
    """What the site shows.

    Attributes:
        offered: Returns the questions that a member may be offered.
        announcement: What readers of a language are told of what is published.
        is_warm: Whether the models are loaded.
        is_ready: Whether questions can be answered.
        watching: What watches the server.
    """

    library: Library
    assistant: Assistant
    offered: Callable[[], Sequence[OfferedQuestion]]
    announcement: Callable[[str], Announcement | None]
    contents: Contents
    operations: Operations
    records: Records
    observer: Observer
    is_warm: Callable[[], bool]
    is_ready: Callable[[], bool]
    watching: Watching = NOBODY


def site(config: Settings, parts: Parts) -> Site:
    """Return the site. Raises SettingsError for a colour, an origin or MCP that cannot be used."""
    origins = listed_origins(config.embed_origins)
    picture = load_logo(config.logo) if config.logo else None
    theme = Theme(config.accent_color, config.accent_color_dark)
    own = OwnAddress.of(config.public_url)
    allowed = config.questions_per_minute
    watching = parts.watching
    visitors = Visitors(
        questions=allowed,
        requests=allowed * REQUESTS_A_QUESTION,
        refused=watching.watch.refused,
    )
    if watching.metrics:
        watching.metrics.watch_contents(parts.contents.publication, parts.operations.runs)
    chat = _chat(config, parts, visitors, origins, own)
    return Site(
        pages=MemberPages(
            chat=chat,
            library=parts.library,
            permalinks=chat.permalinks,
            contacts=config.contacts,
            hidden=parts.contents.withheld,
            version=version(theme),
        ),
        posts=MemberPosts(chat.permalinks, parts.records, visitors),
        theme=theme,
        logo=picture,
        is_ready=parts.is_ready,
        embed_origins=origins,
        proxies=config.proxy_networks,
        own=own,
        staff=_staff(config, parts, origins, own),
        answers_models=config.mcp and has_mcp(),
        metrics=watching.metrics,
        refused=watching.watch.refused,
    )


def _chat(
    config: Settings, parts: Parts, visitors: Visitors, origins: tuple[str, ...], own: OwnAddress
) -> ChatPage:
    key, assistant = key_of(config.data_dir), parts.assistant
    writer = assistant.writer
    return ChatPage(
        assistant=assistant,
        name=config.name,
        contacts=config.contacts,
        chat_model=config.chat_model,
        default_language=config.default_language,
        offered=parts.offered,
        announcement=parts.announcement,
        is_warm=parts.is_warm,
        permalinks=Permalinks(key),
        conversations=Conversations(key),
        visitors=visitors,
        log=parts.records.questions,
        sites=Sites(config.data_dir, origins, limit=config.embed_daily_questions),
        base=own.path,
        has_logo=config.logo is not None,
        translator=Translator(writer, assistant.detect_language, writer.seconds)
        if writer
        else None,
        watch=parts.watching.watch,
    )


def _staff(config: Settings, parts: Parts, origins: tuple[str, ...], own: OwnAddress) -> StaffSite:
    accounts, sign_on = parts.records.accounts, single_sign_on(config)
    return StaffSite(
        access=StaffAccess(
            accounts,
            Unlocking(config.data_dir),
            config.site,
            has_single_sign_on=sign_on is not None,
        ),
        operations=parts.operations,
        contents=parts.contents,
        assistant=parts.assistant,
        name=config.name,
        contacts=config.contacts,
        base=own.path,
        records=parts.records,
        observer=parts.observer,
        single_sign_on=sign_on,
        embed_origins=origins,
    )


def single_sign_on(config: Settings) -> "SingleSignOn | None":
    """Return who signs staff in besides, None where nobody does. Raises SettingsError."""
    if not config.oidc_issuer:
        others = {
            "FORUM_OIDC_CLIENT_ID": config.oidc_client_id,
            "FORUM_OIDC_CLIENT_SECRET": config.oidc_client_secret.get_secret_value(),
            "FORUM_OIDC_ROLES": config.oidc_roles,
        }
        if name := next((name for name, value in others.items() if value), ""):
            raise SettingsError(NO_ISSUER.format(name=name))
        return None
    if not config.oidc_client_id:
        raise SettingsError(NO_CLIENT)
    extras.require("oidc", "FORUM_OIDC_ISSUER")
    from assistant.web.staff.single_sign_on import (  # noqa: PLC0415 - only where the extra is
        Provider,
        SingleSignOn,
    )

    provider = Provider(
        issuer=config.oidc_issuer,
        client_id=config.oidc_client_id,
        client_secret=config.oidc_client_secret.get_secret_value(),
        return_to=f"{config.site}{CALLBACK}",
        roles=claim_roles(config.oidc_roles),
    )
    return SingleSignOn(provider)


def has_mcp() -> bool:
    """Whether models can be answered. Raises SettingsError where the extra is missing."""
    extras.require("mcp", "FORUM_MCP=1")
    return True
