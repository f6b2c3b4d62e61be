"""Read a WordPress export file (WXR). Nothing is fetched; comments are left out."""

import gzip
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from assistant.domain.corpus import DocumentId, Kind, Translation
from assistant.language.dates import date_of
from ingest.errors import ReadError, SourceError
from ingest.readers.extract import (
    authors_of,
    kind_of,
    language_of,
    translations_of,
    url_of,
)
from ingest.sources.fragments import read_fragment, with_paragraphs
from ingest.sources.gathering import Gathering, canonical, completed
from ingest.sources.links import plain
from ingest.sources.safe_xml import elements, local_name, text_of
from ingest.sources.tables import WxrSource
from ingest.sources.wordpress_rest import is_inner

_NO_EXPORT = (
    "is no WordPress export file; make one in WordPress under Tools, Export, with all content"
)
_WANTED = ("wxr_version", "author", "item")
_MOST_POSTS = 50_000
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
# Where WPML's own export says what belongs together.
_WPML_LANGUAGE = "_wpml_import_language_code"
_WPML_GROUP = "_wpml_import_translation_group"


@dataclass(frozen=True, slots=True)
class ExportedPost:
    """A post as it is exported.

    Attributes:
        categories: Slug and name of each category.
        group: What the versions of one work have in common, "" where nothing says it.
        file: Of an attachment, the address of the file.
        author: The account that wrote it; the export says what its owner is called.
    """

    id: str
    type: str
    title: str
    link: str
    published: str
    changed: str
    is_public: bool
    content: str
    categories: tuple[tuple[str, str], ...] = ()
    language: str | None = None
    group: str = ""
    file: str = ""
    author: str = ""


@dataclass
class Export:
    """What an export file holds."""

    posts: list[ExportedPost] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    groups: dict[str, list[ExportedPost]] = field(default_factory=lambda: defaultdict(list))


def gather(source: WxrSource, gathering: Gathering) -> None:
    """Read the file; raises SourceError or ReadError where it cannot be read as a whole."""
    export = read_export(source.path)
    gathering.skip(export.files)
    for done, post in enumerate(export.posts):
        gathering.run.progress(done, len(export.posts))
        _take(source, post, export, gathering)
    gathering.run.progress(len(export.posts), len(export.posts))


def read_export(path: Path) -> Export:
    """Return the public posts of an export; raises SourceError or ReadError."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            with gzip.open(raw) if packed else raw as file:
                return _export(file, path.name)  # type: ignore[arg-type] # a gzip file reads as any
    except (EOFError, zlib.error, gzip.BadGzipFile) as exc:
        raise ReadError(path.name, "is a damaged .gz file; export it again") from exc
    except OSError as exc:
        msg = f"cannot read {path}: {exc.strerror or exc}; check the path and its permissions"
        raise SourceError(msg) from exc


def _export(file: BinaryIO, name: str) -> Export:
    export, version = Export(), ""
    for element in elements(file, _WANTED, name=name):
        match local_name(element):
            case "wxr_version":
                version = version or text_of(element)
            case "author":
                parts = _parts(element)
                export.names[parts.get("author_login", "")] = parts.get("author_display_name", "")
            case "item":
                if not version:
                    raise ReadError(name, _NO_EXPORT)
                _note(_post(element), export)
            case "rss":
                continue
            case _:
                raise ReadError(name, _NO_EXPORT)
        if len(export.posts) > _MOST_POSTS:
            raise ReadError(name, f"holds more than {_MOST_POSTS} posts; export it in parts")
    if not version:
        raise ReadError(name, _NO_EXPORT)
    return export


def _note(post: ExportedPost, export: Export) -> None:
    if post.type == "attachment":
        if post.file:
            export.files.append(post.file)
    elif post.is_public and not is_inner(post.type):
        export.posts.append(post)
        if post.group:
            export.groups[post.group].append(post)


def _post(item: etree._Element) -> ExportedPost:
    parts = _parts(item)
    terms = list(_terms(item))
    meta = dict(_meta(item))
    domains = {domain: slug for domain, slug, _ in terms}
    language = language_of(domains.get("language")) or language_of(meta.get(_WPML_LANGUAGE))
    return ExportedPost(
        id=parts.get("post_id", ""),
        type=parts.get("post_type", "post"),
        title=plain(parts.get("title", "")),
        link=parts.get("link", ""),
        published=parts.get("post_date", ""),
        changed=parts.get("post_modified", ""),
        is_public=parts.get("status", "publish") == "publish" and not parts.get("post_password"),
        content=_content(item),
        categories=tuple((slug, name) for domain, slug, name in terms if domain == "category"),
        language=language,
        group=domains.get("post_translations", "") or meta.get(_WPML_GROUP, ""),
        file=parts.get("attachment_url", ""),
        author=parts.get("creator", ""),
    )


def _parts(item: etree._Element) -> Mapping[str, str]:
    """Return the simple parts of an item by local name; `encoded` is read apart."""
    parts: dict[str, str] = {}
    for child in item:
        parts.setdefault(local_name(child), text_of(child))
    return parts


def _content(item: etree._Element) -> str:
    found = item.find(f"{{{_CONTENT}}}encoded")
    return (found.text or "") if found is not None else ""


def _terms(item: etree._Element) -> Iterator[tuple[str, str, str]]:
    """Yield domain, slug and name of every term: categories, languages, translations."""
    for child in item:
        if local_name(child) == "category":
            domain, slug = child.get("domain") or "", child.get("nicename") or ""
            yield domain, slug, text_of(child)


def _meta(item: etree._Element) -> Iterator[tuple[str, str]]:
    for child in item:
        if local_name(child) == "postmeta":
            pair = {local_name(each): text_of(each) for each in child}
            yield pair.get("meta_key", ""), pair.get("meta_value", "")


def _take(source: WxrSource, post: ExportedPost, export: Export, gathering: Gathering) -> None:
    if not post.id:
        gathering.fail(f"{source.name}: {post.title or post.link}", "has no number in the export")
        return
    document_id = DocumentId(f"{source.name}/{post.type}-{post.id}")
    if not any(map(str.isalnum, plain(post.content))):
        gathering.skip([f"{document_id} (holds no text)"])
        return
    url = url_of(post.link)
    if url is None:
        gathering.fail(document_id, f"has no address that can be shown ({post.link[:100]!r})")
        return
    kind, others = _kind(source, post), _translations(post, export)
    authors = authors_of([export.names.get(post.author)])
    state = canonical(
        *(post.title, url, post.published, post.changed, post.content, post.language),
        *(kind, authors),
        list(map(str, others)),
    )
    if gathering.is_unchanged(document_id, state):
        return
    try:
        content = with_paragraphs(post.content)
        extract = read_fragment(content, title=post.title, name=document_id)
    except ReadError as exc:
        gathering.fail(document_id, exc.reason)
        return
    known = completed(
        extract,
        title=post.title,
        url=url,
        published=date_of(post.published),
        language=post.language,
        kind=kind,
        translations=others,
        authors=authors,
        changed=date_of(post.changed),
    )
    gathering.add(document_id, known, state)


def _translations(post: ExportedPost, export: Export) -> tuple[Translation, ...]:
    others: Sequence[ExportedPost] = export.groups[post.group] if post.group else ()
    return translations_of(
        [
            (other.language, url_of(other.link))
            for other in others
            if other.language != post.language
        ]
    )


def _kind(source: WxrSource, post: ExportedPost) -> Kind:
    """Return the kind as configured, else by the post type, else by the categories."""
    for name in (post.type, *(slug for slug, _ in post.categories)):
        if name in source.kinds:
            return source.kinds[name]
    by_type = kind_of(post.type)
    if by_type and by_type is not Kind.ARTICLE:
        return by_type
    names = (name for category in post.categories for name in category)
    return next((kind for name in names if (kind := kind_of(name))), Kind.ARTICLE)
