"""How a forum looks: its colours, checked for contrast, and its logo, checked as a file."""

import re
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.errors import SettingsError

LIGHT, DARK = "#ffffff", "#14181f"
"""The backgrounds that text stands on."""
DARK_INK = "#10151b"
LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3."""

KNEE = 0.04045
"""Where sRGB goes from a line to a curve (IEC 61966-2-1)."""

_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Theme:
    """The accent colours, as `#rrggbb`: links and the main button.

    Raises SettingsError, naming the setting, for a colour that could not be read.
    """

    accent: str = "#1a4f8b"
    accent_dark: str = "#8fbcf0"

    def __post_init__(self) -> None:
        for name, colour, ground in (
            ("FORUM_ACCENT_COLOR", self.accent, LIGHT),
            ("FORUM_ACCENT_COLOR_DARK", self.accent_dark, DARK),
        ):
            if not _COLOUR.fullmatch(colour):
                msg = f"{name}={colour}: give a colour such as #1a4f8b"
                raise SettingsError(msg)
            found = contrast(colour, ground)
            if found < LEAST_CONTRAST:
                other = "darker" if ground == LIGHT else "lighter"
                msg = (
                    f"{name}={colour}: has a contrast of {found:.1f} to 1 on {ground}, and texts "
                    f"need {LEAST_CONTRAST}; take a {other} one"
                )
                raise SettingsError(msg)

    def style_sheet(self) -> str:
        """Return the colours as variables of a style sheet."""
        light = f"--accent:{self.accent};--on-accent:{LIGHT}"
        dark = f"--accent:{self.accent_dark};--on-accent:{DARK_INK}"
        return (
            f":root{{{light}}}\n"
            "@media screen and (prefers-color-scheme:dark)"
            f'{{:root:not([data-theme="light"]){{{dark}}}}}\n'
            f'@media screen{{:root[data-theme="dark"]{{{dark}}}}}\n'
        )


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2.2), 0 to 1."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= KNEE else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


LARGEST_LOGO = 200_000  # bytes; every visitor loads it
BEGINNINGS = {
    ".svg": ("image/svg+xml", b"<"),
    ".png": ("image/png", b"\x89PNG\r\n"),
    ".webp": ("image/webp", b"RIFF"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
}
"""The media type of each suffix, and what such a file begins with."""


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture as it is sent; of an SVG in a picture's place, browsers run no script."""

    content: bytes
    media_type: str


def load_logo(path: Path) -> Logo:
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
    if len(content) > LARGEST_LOGO:
        msg = f"{refused}is larger than {LARGEST_LOGO // 1000} kB; every visitor would load it"
        raise SettingsError(msg)
    return Logo(content, media_type)
