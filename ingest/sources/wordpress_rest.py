"""Ask a WordPress site by its REST interface. What it answers is checked, never trusted."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from ingest.fetching.errors import BudgetError, BusyError, FetchError, WrongTypeError
from ingest.fetching.fetcher import Fetcher
from ingest.sources.links import plain

JSON_TYPES = frozenset(("application/json", "application/hal+json", "application/problem+json"))
MISSING = frozenset((401, 403, 404))  # what is not there, or not for the public
_CLOSED = frozenset((401, 403))
_PAGE = 100  # the most that WordPress gives at once
_MOST_ITEMS = 50_000  # of one post type; more is no forum
_PAST_THE_END = 400  # what WordPress answers where a list has no such page
_PRETTY, _PLAIN = "/wp-json", "/?rest_route="
# Post types that WordPress and its page builders keep their own parts in.
_NO_CONTENT = frozenset(
    (
        "attachment",
        "nav_menu_item",
        "e-landing-page",
        "elementor_library",
        "elementor_component",
        "et_pb_layout",
        "fl-builder-template",
        "oceanwp_library",
        "astra-advanced-hook",
        "gp_elements",
        "custom_css",
        "customize_changeset",
        "oembed_cache",
        "user_request",
        "feedback",
        "acf-field",
        "acf-field-group",
        "wpcf7_contact_form",
        "mailpoet_page",
        "jp_pay_order",
        "jp_pay_product",
    )
)


@dataclass(frozen=True, slots=True)
class PostType:
    """A post type: its name in the database, its name in addresses, and the one people see."""

    slug: str
    base: str
    name: str
    namespace: str = "wp/v2"

    @property
    def route(self) -> str:
        """Where its posts are listed."""
        return f"/{self.namespace}/{self.base}"


@dataclass(frozen=True, slots=True)
class Rest:
    """The REST interface of a site, or of one of its languages.

    Attributes:
        root: Before the route: `https://site/wp-json`, or `https://site/?rest_route=`.
        language: The language that this interface answers in, where it has one of its own.
        asks_language: Whether the language is asked for in every request.
    """

    fetcher: Fetcher
    root: str
    language: str | None = None
    asks_language: bool = False

    def get(self, route: str, **parameters: str | int) -> tuple[Any, Mapping[str, str]]:
        """Return what a route answers, and the headers; raises FetchError."""
        if self.asks_language and self.language:
            parameters["lang"] = self.language
        query = urlencode(parameters, safe=",")
        joint = "" if not query else "&" if "?" in self.root else "?"
        url = f"{self.root}{route}{joint}{query}"
        try:
            fetched = self.fetcher.get(url, accept=JSON_TYPES)
        except WrongTypeError as exc:
            raise WrongTypeError(exc.url, _no_json(exc), exc.content_type) from exc
        try:
            return json.loads(fetched.body.decode("utf-8-sig")), fetched.headers
        except (ValueError, RecursionError) as exc:
            reason = (
                "answers with damaged data; PHP may write its warnings into it: ask the site's"
                " administrator to switch the display of errors off"
            )
            raise FetchError(fetched.url, reason) from exc

    def types(self) -> Sequence[PostType]:
        """Return the post types that hold content and are listed in public."""
        answer, _ = self.get("/wp/v2/types")
        if not isinstance(answer, dict):
            raise FetchError(self.root, "does not list its post types as WordPress does")
        found = []
        for slug, each in answer.items():
            base = each.get("rest_base") if isinstance(each, dict) else None
            if isinstance(base, str) and "(" not in base and not is_inner(slug):
                namespace = str(each.get("rest_namespace") or "wp/v2")
                found.append(PostType(slug, base, plain(str(each.get("name", slug))), namespace))
        return found

    def titles(self, post_type: PostType, most: int) -> list[str]:
        """Return the titles of the newest posts of a type, at most so many; raises FetchError."""
        answer, _ = self.get(post_type.route, per_page=most, _fields="title")
        titles = [each.get("title") for each in _dicts(answer)]
        found = [plain(str(each.get("rendered", ""))) for each in titles if isinstance(each, dict)]
        return [title for title in found if title]

    def count(self, post_type: PostType) -> int:
        """Return how many posts of a type the site counts, without reading them."""
        answer, headers = self.get(post_type.route, per_page=1, _fields="id")
        total = _number(headers, "x-wp-total")
        return len(_dicts(answer)) if total is None else total

    def categories(self) -> Mapping[int, tuple[str, str]]:
        """Return slug and name of every category by its id; none where they are not public."""
        found: dict[int, tuple[str, str]] = {}
        try:
            for fields in self.items("/wp/v2/categories", fields="id,slug,name"):
                found[fields["id"]] = (
                    str(fields.get("slug", "")),
                    plain(str(fields.get("name", ""))),
                )
        except FetchError as exc:
            if exc.status not in MISSING:
                raise
        return found

    def authors(self) -> Mapping[int, str]:
        """Return the name of every author by id; none where the site does not tell.

        Sites hide their users in many ways. One that is too busy is another matter: names that come
        and go would change every document.
        """
        try:
            found = self.items("/wp/v2/users", fields="id,name")
            return {fields["id"]: plain(str(fields.get("name", ""))) for fields in found}
        except (BusyError, BudgetError):
            raise
        except FetchError:
            return {}

    def items(self, route: str, *, fields: str) -> Iterator[dict[str, Any]]:
        """Yield what a route lists, each id once, page by page.

        How many pages there are is believed only as long as each brings something new. Raises
        FetchError where a page fails, or fewer came than the site counts.
        """
        seen: set[int] = set()
        address = f"{self.root}{route}"
        for number in range(1, _MOST_ITEMS // _PAGE + 1):
            try:
                answer, headers = self.get(
                    route, per_page=_PAGE, page=number, orderby="id", order="asc", _fields=fields
                )
            except FetchError as exc:
                if number > 1 and exc.status == _PAST_THE_END:
                    return
                raise
            page = [each for each in _dicts(answer) if _id(each) not in seen]
            seen.update(_id(each) for each in page)
            yield from page
            pages, total = _number(headers, "x-wp-totalpages"), _number(headers, "x-wp-total")
            last = number >= pages if pages is not None else len(_dicts(answer)) < _PAGE
            if last or not page:
                if total is not None and len(seen) < total:
                    reason = f"lists {len(seen)} posts where it counts {total}"
                    raise FetchError(address, reason)
                return
        raise FetchError(address, f"lists more than {_MOST_ITEMS} posts")


def find_rest(fetcher: Fetcher, url: str) -> tuple[Rest, Sequence[PostType]]:
    """Return the REST interface of a site and its post types, at whichever address it has it.

    Raises FetchError where there is none.
    """
    site = url.rstrip("/")
    pretty = Rest(fetcher, f"{site}{_PRETTY}")
    try:
        return pretty, pretty.types()
    except FetchError as exc:
        if exc.status not in MISSING and not isinstance(exc, WrongTypeError):
            raise
        bare = Rest(fetcher, f"{site}{_PLAIN}")
        try:
            return bare, bare.types()
        except FetchError:
            if isinstance(exc, WrongTypeError):
                raise exc from None
            reason = _closed(exc) if exc.status in _CLOSED else _absent(exc)
            raise FetchError(exc.url, reason, status=exc.status) from exc


def _closed(exc: FetchError) -> str:
    return (
        f"does not let the assistant into its REST interface ({exc.reason}); give a user and an"
        " application password that the site takes (user, password_env), have the interface"
        " opened, or use the sitemap"
    )


def _absent(exc: FetchError) -> str:
    return (
        f"has no REST interface ({exc.reason}); check that it is the address of a WordPress site"
        " and that no plug-in closes the interface, or use its sitemap"
    )


def _no_json(exc: WrongTypeError) -> str:
    if "login" in urlsplit(exc.url).path.lower():
        return "leads to a login page; give an application password, or open the REST interface"
    return (
        "answers with a web page where WordPress would give data; a login, a firewall or a"
        " plug-in may stand before the REST interface"
    )


def is_inner(slug: str) -> bool:
    """Whether a post type holds parts of WordPress itself, or of a page builder."""
    return slug in _NO_CONTENT or slug.startswith(("wp_", "jet-", "elementor_", "acf-"))


def _dicts(answer: object) -> list[dict[str, Any]]:
    """Return the things of a list that have an id; an answer that is no list has none."""
    if not isinstance(answer, list):
        return []
    return [each for each in answer if isinstance(each, dict) and isinstance(each.get("id"), int)]


def _id(item: Mapping[str, Any]) -> int:
    return int(item["id"])


def _number(headers: Mapping[str, str], name: str) -> int | None:
    value = headers.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 12 else None  # noqa: PLR2004 - more is no count
