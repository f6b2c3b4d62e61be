"""The forum's logo beside its name: a small picture, checked when the server starts."""

from dataclasses import dataclass
from pathlib import Path

from assistant.domain.errors import SettingsError

LARGEST = 200_000  # bytes; every visitor loads it
BEGINNINGS = {
    ".svg": ("image/svg+xml", b"<"),
    ".png": ("image/png", b"\x89PNG\r\n"),
    ".webp": ("image/webp", b"RIFF"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
}
"""The media type of each suffix, and what such a file begins with."""


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture as it is sent; of an SVG in a picture's place, browsers run no script."""

    content: bytes
    media_type: str


def load(path: Path) -> Logo:
    """Read a logo. Raises SettingsError, naming the setting, where it cannot be shown."""
    refused = f"FORUM_LOGO={path}: "
    try:
        content = path.read_bytes()
    except OSError as exc:
        msg = f"{refused}cannot be opened: {(exc.strerror or str(exc)).lower()}"
        raise SettingsError(msg) from exc
    media_type, beginning = BEGINNINGS.get(path.suffix.lower(), ("", b""))
    if not media_type or not content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(beginning):
        msg = f"{refused}is no picture of the kinds {', '.join(BEGINNINGS)}"
        raise SettingsError(msg)
    if len(content) > LARGEST:
        msg = f"{refused}is larger than {LARGEST // 1000} kB; every visitor would load it"
        raise SettingsError(msg)
    return Logo(content, media_type)
