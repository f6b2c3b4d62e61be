"""Puts the web site together from the settings and what is handed in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answering import Assistant
from assistant.holdings import Announcement, OfferedQuestion
from assistant.ports import Library
from assistant.settings import Settings
from assistant.web import embedding, logo
from assistant.web.chat import ChatPage
from assistant.web.feedback import Feedback
from assistant.web.member_routes import MemberPages
from assistant.web.own_address import OwnAddress
from assistant.web.permalinks import Permalinks, key_of
from assistant.web.server import Site
from assistant.web.sites import Sites
from assistant.web.staff.door import Door
from assistant.web.staff.passwords import StaffPassword
from assistant.web.staff.ports import Contents, Desk
from assistant.web.staff.site import StaffSite
from assistant.web.theme import Theme
from assistant.web.visitors import Visitors

REQUESTS_A_QUESTION = 12
"""That a visitor may send for each allowed; a page sends about three, files not counted."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the site shows.

    Attributes:
        offered: Returns the questions that a member may be offered.
        announcement: What readers of a language are told of what is published.
        is_warm: Tells whether the models are loaded.
        is_ready: Tells whether questions can be answered.
    """

    library: Library
    assistant: Assistant
    offered: Callable[[], Sequence[OfferedQuestion]]
    announcement: Callable[[str], Announcement | None]
    contents: Contents
    desk: Desk
    is_warm: Callable[[], bool]
    is_ready: Callable[[], bool]


def site(config: Settings, parts: Parts) -> Site:
    """Return the site. Raises SettingsError for a colour or an origin that cannot be used."""
    origins = embedding.origins(config.embed_origins)
    picture = logo.load(config.logo) if config.logo else None
    theme = Theme(config.accent_color, config.accent_color_dark)
    feedback = Feedback(config.data_dir)
    pages = _pages(config, parts, feedback)
    sites = Sites(config.data_dir, origins, limit=config.embed_daily_questions)
    return Site(
        chat=_chat(config, parts, pages, sites),
        pages=pages,
        theme=theme,
        logo=picture,
        library=parts.library,
        is_ready=parts.is_ready,
        embed_origins=origins,
        proxies=config.proxy_networks,
        own=OwnAddress.of(config.public_url),
        staff=StaffSite(
            door=Door(StaffPassword(config.data_dir), config.site),
            desk=parts.desk,
            contents=parts.contents,
            assistant=parts.assistant,
            name=config.name,
            contacts=config.contacts,
            feedback=feedback,
            embed_origins=origins,
        ),
    )


def _pages(config: Settings, parts: Parts, feedback: Feedback) -> MemberPages:
    allowed = config.questions_per_minute
    return MemberPages(
        library=parts.library,
        permalinks=Permalinks(key_of(config.data_dir)),
        feedback=feedback,
        visitors=Visitors(questions=allowed, requests=allowed * REQUESTS_A_QUESTION),
        contacts=config.contacts,
        hidden=parts.contents.hidden,
    )


def _chat(config: Settings, parts: Parts, pages: MemberPages, sites: Sites) -> ChatPage:
    return ChatPage(
        assistant=parts.assistant,
        name=config.name,
        contacts=config.contacts,
        chat_model=config.chat_model,
        default_language=config.default_language,
        offered=parts.offered,
        announcement=parts.announcement,
        is_warm=parts.is_warm,
        permalinks=pages.permalinks,
        visitors=pages.visitors,
        sites=sites,
        has_logo=config.logo is not None,
    )
