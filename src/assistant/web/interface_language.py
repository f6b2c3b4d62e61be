"""Which language the page speaks to a visitor. Pure."""

from assistant.wording import LANGUAGES


def choose(asked: str | None, accept_language: str | None, default: str) -> str:
    """Return the language of `?lang=`, else the browser's first that we have, else the default."""
    if asked and asked.lower()[:2] in LANGUAGES:
        return asked.lower()[:2]
    for tag in _by_preference(accept_language or ""):
        language = tag.replace("_", "-").partition("-")[0]
        if language in LANGUAGES:
            return language
    return default


def _by_preference(header: str) -> list[str]:
    """Return the tags of an Accept-Language header, the most wanted first."""
    weighted = []
    for part in header.lower().split(",")[:20]:
        tag, _, weight = part.strip().partition(";q=")
        try:
            weighted.append((-float(weight or 1), tag.strip()))
        except ValueError:
            continue
    return [tag for _, tag in sorted(weighted, key=lambda pair: pair[0])]
