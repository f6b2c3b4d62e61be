"""What members say of answers, kept for staff: never the question, and no sign of who it was."""

import json
import threading
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.domain.errors import AssistantError
from assistant.web.pages.permalinks import SharedAnswer

FILE = "feedback.jsonl"
LARGEST = 10_000_000  # bytes; some 40,000 ratings


@dataclass(frozen=True, slots=True)
class Rating:
    """What one member said of one answer."""

    day: str
    rating: str
    cause: str
    reason: str
    outcome: str
    language: str
    documents: tuple[str, ...]


class FeedbackFullError(AssistantError):
    """There is so much feedback that no more is kept."""


class Feedback:
    """Appends to a file of JSON lines. Safe to use from several threads."""

    def __init__(self, data: Path) -> None:
        self._path = data / FILE
        self._lock = threading.Lock()

    def keep(self, shared: SharedAnswer, rating: str, cause: str, reason: str, today: date) -> None:
        """Keep a rating. Raises OSError or FeedbackFullError where that cannot be done."""
        answer = shared.answer
        sources = [citation.source for citation in answer.citations]
        sources += [suggestion.source for suggestion in answer.suggestions]
        record = {
            "day": today.isoformat(),
            "rating": rating,
            "cause": cause,
            "reason": " ".join(reason.split()),
            "outcome": answer.outcome.value,
            "mode": answer.mode.value,
            "language": answer.language,
            "documents": list(dict.fromkeys(source.document_id for source in sources)),
            "generation": answer.generation,
        }
        text = json.dumps(record, ensure_ascii=False).encode("utf-8", "replace").decode()
        with self._lock:
            if self._path.exists() and self._path.stat().st_size > LARGEST:
                msg = f"{self._path} has {LARGEST // 10**6} MB; read it and remove it"
                raise FeedbackFullError(msg)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(text + "\n")
            self._path.chmod(0o600)

    def all(self) -> list[Rating]:
        """Return what was said, oldest first; a damaged line is left out."""
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            return []
        return [rating for line in lines if (rating := _rating(line)) is not None]


def _rating(line: str) -> Rating | None:
    try:
        fields = json.loads(line)
        return Rating(
            day=str(fields["day"]),
            rating=str(fields["rating"]),
            cause=str(fields.get("cause", "")),
            reason=str(fields["reason"]),
            outcome=str(fields["outcome"]),
            language=str(fields["language"]),
            documents=tuple(map(str, fields["documents"])),
        )
    except (ValueError, KeyError, TypeError):
        return None
