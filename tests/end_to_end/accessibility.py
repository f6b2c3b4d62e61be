"""What axe finds on a page."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def violations(page: "Page", *rules: str) -> list[str]:
    """Return what breaks these rules, or any of WCAG 2.2 AA and good practice, with elements."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - only with a browser

    wanted = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    found = Axe().run(page, options={"runOnly": wanted, "resultTypes": ["violations"]})
    return [
        f"{fields['id']}: {[node['html'][:200] for node in fields['nodes']]}"
        for fields in found.response["violations"]
    ]
