"""A WordPress site of a test: it lists, pages and leaves fields out as WordPress does."""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.ingest.fetching.site import HOME, Page, Site

TYPES = {
    "post": {"name": "Posts", "slug": "post", "rest_base": "posts", "rest_namespace": "wp/v2"},
    "page": {"name": "Pages", "slug": "page", "rest_base": "pages", "rest_namespace": "wp/v2"},
    "attachment": {"name": "Media", "slug": "attachment", "rest_base": "media"},
    "wp_block": {"name": "Patterns", "slug": "wp_block", "rest_base": "blocks"},
    "wp_font_face": {"name": "Fonts", "rest_base": "font-families/(?P<id>[\\d]+)/font-faces"},
}
TEXT = "<p>The town renewed its street lighting in 2019.</p><p>Residents had asked for it.</p>"


def a_post(number: int, content: str = TEXT, **changes: object) -> dict[str, Any]:
    """Return a post as WordPress gives it, whole."""
    post = {
        "id": number,
        "date": "2021-02-01T09:00:00",
        "modified": "2021-02-01T09:00:00",
        "modified_gmt": "2021-02-01T08:00:00",
        "slug": f"post-{number}",
        "status": "publish",
        "type": "post",
        "link": f"{HOME}post-{number}/",
        "title": {"rendered": f"Post {number}"},
        "content": {"rendered": content, "protected": False},
        "categories": [],
    }
    return {**post, **changes}


def as_json(value: object, status: int = 200, **headers: str) -> Page:
    names = {name.replace("_", "-"): text for name, text in headers.items()}
    return Page(json.dumps(value), "application/json; charset=UTF-8", status, names)


def an_error(status: int, code: str = "rest_forbidden") -> Page:
    return as_json({"code": code, "message": "Sorry.", "data": {"status": status}}, status)


@dataclass
class WordPress:
    """Answers what its REST interface is asked; `broken` answers first, where it does."""

    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    types: dict[str, Any] = field(default_factory=lambda: dict(TYPES))
    categories: list[dict[str, Any]] = field(default_factory=list)
    users: list[dict[str, Any]] = field(default_factory=list)
    by_language: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    home: str = "<html><body><p>Welcome to the forum.</p></body></html>"
    plain_links: bool = False
    broken: Callable[[str, dict[str, str]], Page | None] = lambda _route, _query: None

    def at(self, site: Site) -> Site:
        """Make a site answer as this WordPress."""
        site.otherwise = self._answer
        site.routes.setdefault("/", lambda handler: self._root(handler.path))
        return site

    def _root(self, path: str) -> Page:
        query = dict(parse_qsl(urlsplit(path).query))
        route = query.pop("rest_route", None)
        return Page(self.home) if route is None else self._route(route, query)

    def _answer(self, handler: BaseHTTPRequestHandler) -> Page:
        parts = urlsplit(handler.path)
        query = dict(parse_qsl(parts.query))
        language, found, route = parts.path.partition("/wp-json")
        if not found or self.plain_links:
            return Page("<h1>Not found</h1>", status=404)
        if language.strip("/"):
            if language.strip("/") not in self.by_language:
                return an_error(404, "rest_no_route")
            query["lang"] = language.strip("/")
        return self._route(route, query)

    def _route(self, route: str, query: dict[str, str]) -> Page:
        if page := self.broken(route, query):
            return page
        if route == "/wp/v2/types":
            return as_json(self.types)
        base = route.rpartition("/")[2]
        lists = self.by_language.get(query.get("lang", ""), self.lists)
        if base == "categories":
            return _listed(self.categories, query)
        if base == "users":
            return _listed(self.users, query)
        return _listed(lists[base], query) if base in lists else an_error(404, "rest_no_route")


def _listed(things: Sequence[dict[str, Any]], query: dict[str, str]) -> Page:
    if "include" in query:
        wanted = set(map(int, query["include"].split(",")))
        things = [thing for thing in things if thing["id"] in wanted]
    size, number = int(query.get("per_page", "10")), int(query.get("page", "1"))
    pages = math.ceil(len(things) / size)
    if number > max(pages, 1):
        return an_error(400, "rest_post_invalid_page_number")
    fields = query.get("_fields", "").split(",")
    shown = [_only(thing, fields) for thing in things[(number - 1) * size : number * size]]
    return as_json(shown, X_WP_Total=str(len(things)), X_WP_TotalPages=str(pages))


def _only(thing: dict[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    shown = {name: each for name, each in thing.items() if name in fields or fields == [""]}
    if "content.protected" in fields and "content" in thing:
        shown["content"] = {"protected": thing["content"]["protected"]}
    return shown
