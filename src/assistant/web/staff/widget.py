"""The line that puts the assistant on another site: chosen in a form, seen live, copied."""

from html import escape
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.domain.corpus import Kind
from assistant.language.languages import LANGUAGES
from assistant.web.embedding_sites import WIDGET
from assistant.web.staff import views
from assistant.web.staff.site import StaffSite, asked

TEXTS = {
    "label": "Words on the button; empty means those of the page's language",
    "greeting": "Greeting above the chat",
    "topic": "Topic that the page is about, such as cameras",
    "questions": "Questions to offer, parted by |",
    "accent": "Colour of the button and of links, such as #1a4f8b",
    "target": "Where in the page it stands, such as #assistant; empty means a button",
}
CHOICES = {
    "lang": (
        "Language",
        {"": "that of the page", **{language: views.language(language) for language in LANGUAGES}},
    ),
    "theme": ("Light or dark", {"": "as the visitor has it", "light": "light", "dark": "dark"}),
    "position": ("Corner", {"": "at the end of the line", "start": "at the start"}),
    "kinds": ("Kind of document", {"": "all", **{each.value: each.value for each in Kind}}),
    "languages": (
        "Language of the documents",
        {"": "all", **{language: views.language(language) for language in LANGUAGES}},
    ),
}
HEARD = ("lang", "kinds", "languages", "topic", "questions", "greeting", "accent")
"""What the chat itself is told; the rest is about the button."""
LONGEST = 600  # characters of one option


def routes(site: StaffSite) -> APIRouter:
    """Return the route of the page."""
    router = site.router()

    @router.get("/staff/widget")
    def build(request: Request) -> Response:
        options = _options(request)
        told = {name: options[name] for name in HEARD if name in options}
        if options.get("theme"):
            told["theme"] = options["theme"]
        return site.page(
            request,
            "widget.html",
            texts=TEXTS,
            choices=CHOICES,
            options=options,
            line=line(site.assistant.public_url, options),
            preview=f"{site.base}{WIDGET}?{urlencode(told)}",
            origins=site.embed_origins,
        )

    return router


def line(address: str, options: dict[str, str]) -> str:
    """Return the script tag; every option is an escaped attribute."""
    attributes = "".join(f' data-{name}="{escape(each)}"' for name, each in options.items())
    return f'<script src="{escape(address)}/widget.js"{attributes} async></script>'


def _options(request: Request) -> dict[str, str]:
    given = {name: asked(request, name)[:LONGEST] for name in (*TEXTS, *CHOICES)}
    known = {
        name: each for name, each in given.items() if name in TEXTS or each in CHOICES[name][1]
    }
    return {name: " ".join(text.split()) for name, text in known.items() if text}
