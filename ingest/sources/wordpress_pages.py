"""Tell by the markup of a page what WordPress shows there. Pure; any other page is an article."""

import re

_BODY = re.compile(rb"<body\b[^<>]{0,9000}?\bclass=[\"']([^\"'<>]{0,9000})", re.IGNORECASE)
_MADE_BY_WORDPRESS = (b"wp-content", b"wp-includes")
_LISTS = frozenset((b"archive", b"blog", b"search"))
_SHOWS_ONE = frozenset((b"single", b"singular", b"page"))
_OWN_NUMBER = re.compile(rb"(?:postid|page-id)-(\d+)")
# The form that stands in place of a protected text, whatever the theme; it names its post.
_PASSWORD_FORM = re.compile(rb"\bpost-password-form\b.{0,2000}?\bpwbox-(\d+)", re.DOTALL)
# Parts of sitemaps that list lists: of WordPress itself, and of the plug-ins that replace it.
_LISTS_OF_LISTS = re.compile(
    r"/(?:wp-sitemap-(?:taxonomies-[^/]+|users)-\d+|(?:category|post_tag|post_format|author)"
    r"-sitemap\d*)\.xml(?:\.gz)?$"
)


def lists_lists(url: str) -> bool:
    """Whether a part of a sitemap holds the lists by category, tag or author."""
    return _LISTS_OF_LISTS.search(url) is not None


def is_list(markup: bytes) -> bool:
    """Whether a page lists other pages: by category, tag, author, date, or the newest."""
    classes = _classes(markup)
    return (
        not _LISTS.isdisjoint(classes)
        and _SHOWS_ONE.isdisjoint(classes)
        and any(each in markup for each in _MADE_BY_WORDPRESS)
    )


def is_protected(markup: bytes) -> bool:
    """Whether a form that asks for a password stands in place of the page's own text."""
    own = [match[1] for name in _classes(markup) if (match := _OWN_NUMBER.fullmatch(name))]
    asked = _PASSWORD_FORM.findall(markup)
    return bool(asked) and (not own or own[0] in asked)


def _classes(markup: bytes) -> list[bytes]:
    body = _BODY.search(markup)
    return body[1].lower().split() if body else []
