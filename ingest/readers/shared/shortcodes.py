"""Remove WordPress shortcodes that leaked into a text. No input or output happens here."""

import re

_SHORTCODE = re.compile(r"\[(/?)([A-Za-z][\w-]{1,40})(\s[^\[\]]{0,500})?/?\]")
_SHORTCODES = frozenset(
    ["gallery", "caption", "embed", "audio", "video", "playlist", "vc_row", "su_row"]
)


def without_shortcodes(text: str) -> str:
    """Return text without WordPress shortcodes that leaked; "[sic]" and "[1]" stay."""
    return _SHORTCODE.sub(lambda match: "" if _is_shortcode(match) else match[0], text)


def _is_shortcode(match: re.Match[str]) -> bool:
    name, attributes = match[2].lower(), match[3] or ""
    if match[1] or name in _SHORTCODES or "_" in name:
        return True
    return re.search(r"[\w-]+=\S", attributes) is not None
