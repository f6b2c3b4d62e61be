"""The line that puts the assistant on another site: chosen in a form, seen live, copied."""

from html import escape
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from assistant.domain.corpus import Kind
from assistant.language.languages import LANGUAGES
from assistant.web.embedding_sites import WIDGET
from assistant.web.staff.site import StaffSite, asked
from assistant.web.staff.speech import Speech

TEXTS = ("label", "greeting", "topic", "questions", "accent", "target")
CHOICES = {
    "lang": LANGUAGES,
    "theme": ("light", "dark"),
    "position": ("start",),
    "kinds": tuple(each.value for each in Kind),
    "languages": LANGUAGES,
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
            choices={name: _labelled(name, site.speech(request)) for name in CHOICES},
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


def _labelled(name: str, spoken: Speech) -> dict[str, str]:
    """Return what may be chosen, each with what staff read for it; the first is no choice."""
    words, values = spoken.words, CHOICES[name]
    none = {
        "lang": words("widget.lang.page"),
        "theme": words("widget.theme.visitor"),
        "position": words("widget.position.end"),
    }
    if name in ("lang", "languages"):
        labels = [spoken.language(value) for value in values]
    elif name == "kinds":
        labels = [spoken.kind(value) for value in values]
    else:
        labels = [words(f"widget.{name}.{value}") for value in values]
    return {"": none.get(name, words("format.all")), **dict(zip(values, labels, strict=True))}


def _options(request: Request) -> dict[str, str]:
    given = {name: asked(request, name)[:LONGEST] for name in (*TEXTS, *CHOICES)}
    known = {name: each for name, each in given.items() if name in TEXTS or each in CHOICES[name]}
    return {name: " ".join(text.split()) for name, text in known.items() if text}
