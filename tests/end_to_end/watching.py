"""Pages under watch: what they ask for, open, complain of, and hold beside our own markup."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Dialog, Page, Request

LANGUAGE = ["lang", "dir"]
LINK = ["aria-describedby", "href", "target", "rel"]
OURS: dict[str, list[str]] = {
    "a": [*LINK, "class", "data-action", "title", "lang"],
    "article": ["class", *LANGUAGE],
    "bdi": LANGUAGE,
    "blockquote": LANGUAGE,
    "button": ["class", "type", "data-action", "form", "name", "value"],
    "div": ["class", "data-ai-generated", "lang"],
    "h1": LANGUAGE,
    "header": ["class", "lang"],
    "li": ["class", "data-state", *LANGUAGE],
    "main": [],
    "mark": ["id"],
    "ol": ["class", "start"],
    "p": ["class", *LANGUAGE],
    "section": ["class", "id", *LANGUAGE],
    "span": ["class", "hidden", "id", "lang"],
    "sup": ["class"],
    "table": [],
    "tbody": [],
    "td": [],
    "th": [],
    "time": ["datetime"],
    "tr": ["class"],
    "ul": ["class"],
    **{f"h{level}": ["class", *LANGUAGE] for level in range(2, 7)},
}
"""Every element that answers, cards and documents are made of, with every attribute of it."""

FOREIGN = """([root, ours]) => {
    const strange = (its) => {
        if (its.namespaceURI !== "http://www.w3.org/1999/xhtml") return true;
        if (!(its.localName in ours)) return true;
        if (its.hasAttribute("href") && !["http:", "https:"].includes(its.protocol)) return true;
        return its.getAttributeNames().some((name) => !ours[its.localName].includes(name));
    };
    return [...document.querySelectorAll(root)]
        .flatMap((within) => [...within.querySelectorAll("*")])
        .filter(strange)
        .map((its) => its.cloneNode(false).outerHTML.slice(0, 200));
}"""


@dataclass
class Watch:
    """What happened in the pages of a browser context that should not have.

    Attributes:
        asked: Every address that a page asked for.
        alarms: Dialogs and windows that opened, scripts that broke.
    """

    asked: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)

    def over(self, context: "BrowserContext") -> "Watch":
        """Watch over a context from now on; return the watch."""
        context.on("request", self._request)
        context.on("dialog", self._dialog)
        context.on("page", self._page)
        context.on("weberror", lambda char: self.alarms.append(f"error: {char.error}"))
        return self

    @property
    def hosts(self) -> set[str]:
        """The hosts that were asked for anything; what a page holds itself has none."""
        return {urlsplit(each).netloc for each in self.asked} - {""}

    def _request(self, request: "Request") -> None:
        self.asked.append(request.url)

    def _dialog(self, dialog: "Dialog") -> None:
        self.alarms.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _page(self, page: "Page") -> None:
        page.on("popup", lambda char: self.alarms.append(f"window: {char.url}"))


def foreign(page: "Page", root: str) -> list[str]:
    """Return the elements below `root` that are none of ours, or have what ours do not have."""
    found: list[str] = page.evaluate(FOREIGN, [root, OURS])
    return found
