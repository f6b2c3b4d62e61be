"""The questions that a generation answers, kept in its folder and gone with it.

They are no part of what is sealed: they may be found anew at any time, and are where the file is
lost or damaged, or was made when other questions were to be asked.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from assistant.domain.corpus import DocumentId
from assistant.domain.publication import OfferedQuestion, QuestionForm
from assistant.files import write_whole
from vectorstore.errors import StoreUnavailableError

FILE = "offered.json"


class InFolder(Protocol):
    """A generation, as far as it matters where it lies."""

    @property
    def folder(self) -> Path:
        """Where its files are."""
        ...


@dataclass(frozen=True, slots=True)
class KeptQuestions:
    """Reads and writes the file.

    Attributes:
        basis: A digest of all that decides beside the content what is asked and answered.
    """

    basis: str

    def read(self, generation: InFolder) -> tuple[OfferedQuestion, ...] | None:
        """Return what is kept, None where nothing is that was found on the same basis."""
        try:
            kept = json.loads((generation.folder / FILE).read_text(encoding="utf-8"))
            rows = kept["questions"]
            if kept["basis"] != self.basis or kept["seal"] != _seal(rows):
                return None
            return tuple(map(_question, rows))
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def write(self, generation: InFolder, questions: tuple[OfferedQuestion, ...]) -> None:
        """Keep the questions, all at once. Raises StoreUnavailableError where that cannot be."""
        rows = [asdict(question) for question in questions]
        kept = {"basis": self.basis, "questions": rows, "seal": _seal(rows)}
        path = generation.folder / FILE
        try:
            write_whole(path, json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
        except OSError as exc:
            msg = (
                f"cannot keep the questions to offer in {path}: {exc.strerror}; "
                "each start of the server finds them anew"
            )
            raise StoreUnavailableError(msg) from exc


def _question(row: dict[str, Any]) -> OfferedQuestion:
    return OfferedQuestion(
        row["text"],
        row["language"],
        QuestionForm(row["form"]),
        tuple(map(DocumentId, row["documents"])),
        tuple(map(DocumentId, row["near"])),
    )


def _seal(rows: object) -> str:
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
