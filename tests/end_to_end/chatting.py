"""A member's visit to the chat page, or to the compact chat in a frame."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Union
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Frame, Locator, Page

QUESTION = "Wat kost de nachtbus van Castlebray per reiziger?"
LEADER = "Who leads the network now?"
REFUSED = "What is the capital of Australia?"


ASKED: set[str] = set()
"""What was asked on any page: of that, no server may keep a word unless it is to."""


def ask(page: Union["Page", "Frame"], text: str) -> "Locator":
    """Ask, and return the turn with the whole answer."""
    ASKED.add(text)
    count = page.locator("#turns > .turn").count()
    page.fill("#question", text)
    page.press("#question", "Enter")
    turn = page.locator(f"#turns > .turn:nth-child({count + 1})[data-state=done]")
    turn.wait_for()
    return turn


@dataclass
class Visit:
    """An open page with everything it asked for and complained about."""

    page: "Page"
    site: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def within(cls, context: "BrowserContext", site: str) -> "Visit":
        """Begin a visit in a page of its own, watched."""
        visit = cls(context.new_page(), site)
        visit.page.on("request", lambda request: visit.asked.append(request.url))
        visit.page.on("console", lambda told: visit._hear(told.type, told.text))
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        return visit

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(text)

    @property
    def hosts(self) -> set[str]:
        """The hosts that were asked for anything."""
        return {urlsplit(address).netloc for address in self.asked} - {""}

    def open(self, path: str = "/?lang=en") -> None:
        """Open a page and wait until its script has run."""
        self.page.goto(self.site + path)

    def ask(self, text: str) -> "Locator":
        """Ask, and return the turn with the whole answer."""
        return ask(self.page, text)

    @property
    def questions(self) -> list[str]:
        """What was asked, in its order, as the page shows it."""
        return self.page.locator("#turns .question").all_inner_texts()

    def check_box(self, text: str) -> None:
        """The box for the question comes to hold this."""
        from playwright.sync_api import expect  # noqa: PLC0415 - only where it is used

        expect(self.page.locator("#question")).to_have_value(text)

    def check_questions(self, texts: list[str]) -> None:
        """The page comes to show these questions."""
        from playwright.sync_api import expect  # noqa: PLC0415 - likewise

        expect(self.page.locator("#turns .question")).to_have_text(texts)
