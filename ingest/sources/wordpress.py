"""Read a WordPress site: posts, pages and custom types, in all languages, with linked files.

The list of all ids is cheap and says what is still there; only what is new or changed is read
whole. So deletions are found, and an unchanged site costs a few requests.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from assistant.domain.corpus import Kind
from assistant.language.dates import date_of
from ingest.errors import ReadError
from ingest.fetching.errors import BudgetError, BusyError, FetchError, RefusedError
from ingest.fetching.fetcher import Fetcher
from ingest.readers.extract import authors_of, kind_of
from ingest.sources.attachments import Attachment, linked, noted, read_attachments
from ingest.sources.fragments import read_fragment
from ingest.sources.gathering import Gathering, canonical, completed
from ingest.sources.links import plain, usable
from ingest.sources.tables import WordPressSource
from ingest.sources.wordpress_languages import Post, Versions, find_versions
from ingest.sources.wordpress_rest import MISSING, PostType, Rest, find_rest

_LISTED = (
    "id,modified_gmt,link,status,categories,author,content.protected,lang,translations,"
    "wpml_current_locale,wpml_translations"
)
_WHOLE = "id,date,modified,title,content"
_BATCH = 50  # posts with their content in one answer; well below the size limit of an answer

_NOT_LISTED = MISSING | {400}  # a plug-in's own interface may refuse how WordPress lists


@dataclass(frozen=True, slots=True)
class _Names:
    """What the numbers in a post stand for: slug and name of categories, names of authors."""

    categories: Mapping[int, tuple[str, str]]
    authors: Mapping[int, str]


def gather(source: WordPressSource, fetcher: Fetcher, gathering: Gathering) -> None:
    """Read the site; raises FetchError where nothing of it can be read."""
    rest, types = find_rest(fetcher, source.url)
    chosen = chosen_types(source, types)
    names = _Names(rest.categories(), rest.authors())
    versions = find_versions(source.name, source.url, rest, gathering)
    for version in versions.rests:
        for post_type in chosen:
            _list(source, version, post_type, versions, gathering)
    _Reading(source, fetcher, gathering, versions, names).read()


def chosen_types(source: WordPressSource, types: Sequence[PostType]) -> Sequence[PostType]:
    """Return the types to read; raises FetchError where one is asked for that is not there."""
    if not source.types:
        return types
    by_name = {name: each for each in types for name in (each.slug, each.base)}
    if unknown := [name for name in source.types if name not in by_name]:
        known = ", ".join(each.base for each in types)
        reason = f"has no post type {', '.join(unknown)}; it has {known}"
        raise FetchError(source.url, reason)
    return list(dict.fromkeys(by_name[name] for name in source.types))


def _list(
    source: WordPressSource,
    rest: Rest,
    post_type: PostType,
    versions: Versions,
    gathering: Gathering,
) -> None:
    """Take down all posts of a type that the public may read."""
    prefix = f"{source.name}/{post_type.slug}-"
    try:
        for item in rest.items(post_type.route, fields=_LISTED):
            if _is_public(item):
                try:
                    url = usable(str(item.get("link") or ""), source.url, rest.fetcher.gate)
                    versions.take(Post(rest, post_type, url, item))
                except RefusedError as exc:
                    gathering.fail(f"{prefix}{item['id']}", exc.reason)
    except FetchError as exc:
        # A type that is closed to the public or lists nothing as WordPress does, and of which
        # nothing is published, is none of ours.
        if exc.status not in _NOT_LISTED or source.types or gathering.publishes_any(prefix):
            where = f" ({rest.language})" if rest.language else ""
            gathering.fail_listing(f"{source.name}: {post_type.base}{where}", exc.reason)


def _is_public(item: Mapping[str, Any]) -> bool:
    content = item.get("content")
    protected = isinstance(content, dict) and content.get("protected", False)
    return item.get("status", "publish") == "publish" and not protected


class _Reading:
    """The reading of all that was listed."""

    def __init__(
        self,
        source: WordPressSource,
        fetcher: Fetcher,
        gathering: Gathering,
        versions: Versions,
        names: _Names,
    ) -> None:
        self._source = source
        self._fetcher = fetcher
        self._gathering = gathering
        self._versions = versions
        self._names = names
        self._files: dict[str, Attachment] = {}
        self._before = dict(fetcher.memory.notes) if fetcher.memory else {}
        self._notes: dict[str, list[str]] = {}

    def read(self) -> None:
        """Read every post that is new or changed, then the files that posts link to."""
        posts = self._versions.posts
        progress = self._gathering.run.progress
        wanted = [post for post in posts if not self._is_known(post)]
        done = len(posts) - len(wanted)
        progress(done, len(posts))
        for batch in _batches(wanted):
            bodies = self._bodies(batch)
            for post in batch:
                self._take(post, bodies.get(post.id))
            done += len(batch)
            progress(done, len(posts))
        if self._fetcher.memory:
            self._fetcher.memory.notes.clear()
            self._fetcher.memory.notes.update(self._notes)
        read_attachments(
            self._source.name, self._fetcher, self._gathering, list(self._files.values())
        )

    def _is_known(self, post: Post) -> bool:
        """Whether a post gives what is published, and what files it links to is known."""
        document_id = self._versions.id_of(post)
        if self._source.attachments and document_id not in self._before:
            return False
        if not self._gathering.is_unchanged(document_id, self._state(post)):
            return False
        self._link_as_before(document_id)
        return True

    def _state(self, post: Post) -> bytes:
        """Return all that decides a document besides its content, which `modified` stands for."""
        versions = self._versions
        language, others = versions.language_of(post), versions.translations_of(post)
        pairs = [(other.language, other.url) for other in others]
        kind, authors = self._kind(post), self._authors(post)
        return canonical(post.fields, post.url, language, pairs, kind, authors)

    def _bodies(self, batch: Sequence[Post]) -> dict[int, Mapping[str, Any]]:
        """Return posts with their content by id; of a batch that fails, as many as can be had."""
        rest, post_type = batch[0].rest, batch[0].type
        include = ",".join(str(post.id) for post in batch)
        try:
            answer, _ = rest.get(
                post_type.route, include=include, per_page=len(batch), _fields=_WHOLE
            )
        except FetchError as exc:
            if len(batch) == 1 or isinstance(exc, BudgetError | BusyError):
                for post in batch:
                    self._gathering.fail(self._versions.id_of(post), exc.reason)
                return {}
            # One post that the site cannot show spoils its batch: find it by halving.
            half = len(batch) // 2
            return {**self._bodies(batch[:half]), **self._bodies(batch[half:])}
        found = answer if isinstance(answer, list) else []
        return {
            fields["id"]: fields
            for fields in found
            if isinstance(fields, dict) and isinstance(fields.get("id"), int)
        }

    def _take(self, post: Post, body: Mapping[str, Any] | None) -> None:
        document_id = self._versions.id_of(post)
        content = _rendered(body, "content")
        if body is None or content is None:
            if body is None or "content" in body:
                reason = "was listed, but the site did not give its content"
                self._gathering.fail(document_id, reason)
                self._link_as_before(document_id)
            return  # a type without content
        title = plain(_rendered(body, "title") or "")
        self._link(document_id, content, post)
        if not any(map(str.isalnum, plain(content))):
            self._gathering.skip([f"{document_id} (holds no text)"])
            return
        try:
            extract = read_fragment(content, title=title, name=document_id)
        except ReadError as exc:
            self._gathering.fail(document_id, exc.reason)
            return
        known = completed(
            extract,
            title=title,
            url=post.url,
            published=date_of(body.get("date")),
            language=self._versions.language_of(post),
            kind=self._kind(post),
            translations=self._versions.translations_of(post),
            authors=self._authors(post),
            changed=date_of(body.get("modified")),
        )
        self._gathering.add(document_id, known, self._state(post))

    def _authors(self, post: Post) -> tuple[str, ...]:
        number = post.fields.get("author")
        return authors_of([self._names.authors.get(number) if isinstance(number, int) else None])

    def _kind(self, post: Post) -> Kind:
        """Return the kind as configured, else by the post type, else by the categories."""
        listed = post.fields.get("categories")
        numbers = (
            [each for each in listed if isinstance(each, int)] if isinstance(listed, list) else []
        )
        known = self._names.categories
        categories = [known[number] for number in numbers if number in known]
        for name in (post.type.slug, post.type.base, *(slug for slug, _ in categories)):
            if name in self._source.kinds:
                return self._source.kinds[name]
        by_type = kind_of(post.type.slug) or kind_of(post.type.name)
        if by_type and by_type is not Kind.ARTICLE:
            return by_type
        names = (name for category in categories for name in category)
        return next((kind for name in names if (kind := kind_of(name))), Kind.ARTICLE)

    def _link(self, document_id: str, content: str, post: Post) -> None:
        """Note the files that a post links to."""
        if self._source.attachments:
            files = list(linked(content, post.url, self._fetcher.gate, self._gathering))
            self._notes[document_id] = [file.note() for file in files]
            for file in files:
                self._files.setdefault(file.url, file)

    def _link_as_before(self, document_id: str) -> None:
        """Note the files that a post linked to when it was read last."""
        if document_id in self._before:
            self._notes[document_id] = self._before[document_id]
            for file in map(noted, self._before[document_id]):
                self._files.setdefault(file.url, file)


def _rendered(body: Mapping[str, Any] | None, field: str) -> str | None:
    value = body.get(field) if body else None
    text = value.get("rendered") if isinstance(value, dict) else None
    return text if isinstance(text, str) else None


def _batches(posts: Sequence[Post]) -> Iterator[Sequence[Post]]:
    """Yield posts of one interface and one type together."""
    for _, group in groupby(
        posts, key=lambda post: (post.rest.root, post.rest.language, post.type)
    ):
        while batch := list(islice(group, _BATCH)):
            yield batch


def look(
    source: WordPressSource, fetcher: Fetcher, gathering: Gathering, most: int
) -> tuple[tuple[tuple[str, int], ...], tuple[str, ...], tuple[str, ...]]:
    """Return how many posts of each type there are, the home page's languages, and some titles."""
    rest, types = find_rest(fetcher, source.url)
    versions = find_versions(source.name, source.url, rest, gathering)
    found, titles = [], list[str]()
    for post_type in chosen_types(source, types):
        try:
            found.append((post_type.base, rest.count(post_type)))
            if len(titles) < most:
                titles += rest.titles(post_type, most - len(titles))
        except FetchError as exc:
            gathering.fail(f"{source.name}: {post_type.base}", exc.reason)
    languages = [versions.language, *(home.language for home in versions.homes)]
    told = tuple(dict.fromkeys(language for language in languages if language))
    return tuple(found), told, tuple(titles)
