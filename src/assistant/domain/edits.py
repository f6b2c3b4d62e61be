"""What staff say of a document in place of its source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from assistant.domain.corpus import DocumentId

VALID_UNTIL = "valid_until"
"""The last day; it holds at once and is never published, so no source says anything of it."""
PUBLISHED = ("title", "published", "kind", "language", "url", "replaced_by")
"""The fields that are published with the document; each as text, a day in ISO 8601."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One field of a document as staff have it.

    Attributes:
        said: What the source said of it when it was last read.
        is_undone: Whether the source's word is to come back with the next run.
    """

    document: DocumentId
    field: str
    value: str
    said: str
    by: str
    when: datetime
    is_undone: bool = False

    @property
    def wanted(self) -> str:
        """What the next run is to publish."""
        return self.said if self.is_undone else self.value


def by_document(edits: Iterable[Edit]) -> dict[DocumentId, dict[str, Edit]]:
    """Return edits by document and field."""
    found: dict[DocumentId, dict[str, Edit]] = {}
    for edit in edits:
        found.setdefault(edit.document, {})[edit.field] = edit
    return found


def waiting(facts: Mapping[str, str], edits: Mapping[str, Edit]) -> list[str]:
    """Return the fields of a published document that are not yet as staff want them."""
    return [
        field for field, edit in edits.items() if field in facts and facts[field] != edit.wanted
    ]
