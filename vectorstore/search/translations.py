"""Which documents are one work in several languages. No input or output happens here."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from assistant.domain.corpus import DocumentId, Source


class Version(NamedTuple):
    """A document, and where it says that its translations are."""

    id: DocumentId
    url: str
    language: str
    translations: tuple[str, ...]


class Works:
    """The versions of each work; a document that names no translation is a work of its own."""

    def __init__(self, versions: Iterable[Version]) -> None:
        held = list(versions)
        by_url = {each.url: each for each in held}
        groups: dict[DocumentId, list[Version]] = {each.id: [each] for each in held}
        for each in held:
            for url in each.translations:
                other = by_url.get(url)
                if other is not None and groups[each.id] is not groups[other.id]:
                    merged = groups[each.id] + groups[other.id]
                    groups |= {one.id: merged for one in merged}
        self._groups = groups

    def __bool__(self) -> bool:
        return bool(self._groups)

    def of(self, document_id: DocumentId) -> DocumentId:
        """Return what names the work of a document: the id of one of its versions."""
        group = self._groups.get(document_id)
        return min(each.id for each in group) if group else document_id

    def version(self, document_id: DocumentId, language: str) -> DocumentId | None:
        """Return the version in a language, None where there is none or it is the document."""
        group = self._groups.get(document_id, [])
        found = next((each.id for each in group if each.language == language), document_id)
        return found if found != document_id else None

    def others(self, document_id: DocumentId) -> list[DocumentId]:
        """Return the other versions of the work of a document."""
        group = self._groups.get(document_id, [])
        return sorted(each.id for each in group if each.id != document_id)

    def in_one_version(self, found: Sequence[Source], language: str | None) -> list[Source]:
        """Return of each work one document: in the language if there is one, else the first."""
        preferred = {self.of(source.document_id): source.document_id for source in reversed(found)}
        for source in found:
            if source.language == language:
                preferred[self.of(source.document_id)] = source.document_id
        shown = set(preferred.values())
        return [source for source in found if source.document_id in shown]
