"""Which web sites may show the assistant in a frame of theirs. Pure."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from assistant.domain.errors import SettingsError

PAGE = "/widget"
LOCAL = {"localhost", "127.0.0.1"}

_HOST = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?")
"""A name with a dot in it; `*.` in front stands for its subdomains."""
_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")


def origins(text: str) -> tuple[str, ...]:
    """Return the sites that `FORUM_EMBED_ORIGINS` lists, parted by spaces or commas.

    Raises SettingsError for what is no origin, or would let everybody in.
    """
    return tuple(_origin(word) for word in re.split(r"[\s,]+", text.strip()) if word)


def frame_ancestors(sites: Sequence[str]) -> str:
    """Return who may frame the compact chat, as a policy says it; ourselves always."""
    return " ".join(("'self'", *sites))


def is_listed(site: str, sites: Sequence[str]) -> bool:
    """Whether an origin is one of the listed, as a browser matches `*.` in a policy."""
    return any(site == each or _is_below(site, each) for each in sites)


def _is_below(site: str, pattern: str) -> bool:
    scheme, star, domain = pattern.partition("*.")
    name = site.removeprefix(scheme).removesuffix(f".{domain}")
    return bool(star) and site == f"{scheme}{name}.{domain}" and bool(_NAME.fullmatch(name))


def _origin(text: str) -> str:
    refused = f"FORUM_EMBED_ORIGINS: {text} "
    if text == "*" or "*" in text.removeprefix("https://*."):
        msg = refused + "would let every site in; list each, such as https://www.example.org"
        raise SettingsError(msg)
    try:
        parts = urlsplit(text.lower())
        port = parts.port
    except ValueError as exc:
        msg = refused + "is no address of a site, such as https://www.example.org"
        raise SettingsError(msg) from exc
    host = parts.hostname or ""
    is_local = host in LOCAL
    if parts.scheme not in ({"http", "https"} if is_local else {"https"}):
        msg = refused + "must begin with https://"
        raise SettingsError(msg)
    rest = parts.path.rstrip("/") or parts.query or parts.fragment or parts.username
    if rest or not (is_local or _HOST.fullmatch(host)):
        msg = refused + "is no address of a site alone, such as https://www.example.org"
        raise SettingsError(msg)
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")
