"""The page of one document: its published text, so that any citation can be opened and checked."""

from html import escape

from assistant.corpus import Document
from assistant.document_rendering import document
from assistant.markup import escaped, href, in_language
from assistant.source_cards import authors, dated, replacement
from assistant.wording import Wording


def page(found: Document, words: Wording) -> str:
    """Return the page as HTML; the original's address is linked where there is one."""
    source = found.source
    appeared = words.day(source.published) if source.published and source.changed else ""
    dates = (appeared, dated(source, words))
    told = (words(f"kind.{source.kind}"), *dates, authors(source, words))
    facts = " · ".join(escaped(fact) for fact in told if fact)
    replaced = ""
    if source.successor:
        note = replacement(source.successor, words)
        replaced = f'<p class="facts" lang="{words.language}">{note}</p>'
    original = ""
    if link := href(source.url):
        original = f"<p><a{link}>{escaped(words('reader.original'))}</a></p>"
    return frame(
        source.title,
        source.language,
        f"<article{in_language(source.language)}><h1>{escaped(source.title)}</h1>"
        f'<p class="facts" lang="{words.language}">{facts}</p>{replaced}'
        f"{document(found)}{original}</article>",
        words,
    )


def missing(words: Wording) -> str:
    """Return the page for a document that is not published."""
    text = escaped(words("reader.missing"))
    return frame(text, words.language, f"<h1>{text}</h1>", words)


def frame(title: str, language: str, body: str, words: Wording, *, head: str = "") -> str:
    """Return a page of our own: `body` and `head` are markup already, `title` is text."""
    back = escaped(words("reader.back"))
    return (
        f'<!doctype html><html lang="{escape(language, quote=True)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escaped(title)}</title>{head}"
        '<link rel="stylesheet" href="/site/reader.css"></head>'
        f'<body><header><a href="/" lang="{words.language}">{back}</a></header>'
        f"<main>{body}</main></body></html>"
    )
