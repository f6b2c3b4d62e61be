"""Which language the page speaks to a visitor. Pure."""

import re

from assistant.language.languages import LANGUAGES

_WEIGHTED = re.compile(r"(?P<tag>[\w*-]+)\s*(?:;\s*q=(?P<weight>[01](?:\.\d{0,3})?))?")
"""One language of an Accept-Language header (RFC 9110, section 12.5.4)."""


def choose(asked: str | None, accept_language: str | None, default: str) -> str:
    """Return the language of `?lang=`, else the browser's first that we have, else the default."""
    for tag in (asked or "", *_by_preference(accept_language or "")):
        language = tag.strip().lower().replace("_", "-").partition("-")[0]
        if language in LANGUAGES:
            return language
    return default


def _by_preference(header: str) -> list[str]:
    """Return the tags of an Accept-Language header, the most wanted first."""
    parts = [_WEIGHTED.fullmatch(part.strip()) for part in header.lower().split(",")[:20]]
    weighted = [(float(part["weight"] or 1), part["tag"]) for part in parts if part]
    wanted = [pair for pair in weighted if pair[0] > 0]  # a weight of 0 means "not this one"
    return [tag for _, tag in sorted(wanted, key=lambda pair: -pair[0])]
