"""Puts the web site together from the settings and what is handed in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata

from assistant.answering.assistant import Assistant
from assistant.domain.errors import SettingsError
from assistant.domain.ports import Library
from assistant.domain.publication import Announcement, OfferedQuestion
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
from assistant.web.staff.access import StaffAccess
from assistant.web.staff.passwords import StaffPassword
from assistant.web.staff.site import StaffSite
from ingest.operations import Operations
from vectorstore.publishing.contents import Contents

REQUESTS_A_QUESTION = 12
"""That a visitor may send for each allowed; a page sends about three, files not counted."""
NO_MCP = 'FORUM_MCP=1 needs an extra: run `pip install ".[mcp]"`, or unset it'


@dataclass(frozen=True, slots=True)
class Parts:
    """What the site shows.

    Attributes:
        offered: Returns the questions that a member may be offered.
        announcement: What readers of a language are told of what is published.
        is_warm: Whether the models are loaded.
        is_ready: Whether questions can be answered.
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


def site(config: Settings, parts: Parts) -> Site:
    """Return the site. Raises SettingsError for a colour, an origin or MCP that cannot be used."""
    origins = listed_origins(config.embed_origins)
    picture = load_logo(config.logo) if config.logo else None
    theme = Theme(config.accent_color, config.accent_color_dark)
    own = OwnAddress.of(config.public_url)
    allowed = config.questions_per_minute
    visitors = Visitors(questions=allowed, requests=allowed * REQUESTS_A_QUESTION)
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
    )


def _chat(
    config: Settings, parts: Parts, visitors: Visitors, origins: tuple[str, ...], own: OwnAddress
) -> ChatPage:
    key = key_of(config.data_dir)
    return ChatPage(
        assistant=parts.assistant,
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
    )


def _staff(config: Settings, parts: Parts, origins: tuple[str, ...], own: OwnAddress) -> StaffSite:
    return StaffSite(
        access=StaffAccess(StaffPassword(config.data_dir), config.site),
        operations=parts.operations,
        contents=parts.contents,
        assistant=parts.assistant,
        name=config.name,
        contacts=config.contacts,
        base=own.path,
        records=parts.records,
        observer=parts.observer,
        embed_origins=origins,
    )


def has_mcp() -> bool:
    """Whether models can be answered. Raises SettingsError where the extra is missing."""
    try:
        is_known = metadata.version("mcp").startswith("1.")  # the one that Gradio is written for
    except metadata.PackageNotFoundError:
        is_known = False
    if not is_known:
        raise SettingsError(NO_MCP)
    return True
