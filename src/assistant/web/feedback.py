"""What members say of answers, kept for staff: never the question, and no sign of who it was."""

import json
import threading
from datetime import date
from pathlib import Path

from assistant.web.permalinks import SharedAnswer

FILE = "feedback.jsonl"
LARGEST = 10_000_000  # bytes; some 40,000 ratings


class FeedbackFullError(Exception):
    """There is so much feedback that no more is kept."""


class Feedback:
    """Appends to a file of JSON lines. Safe to use from several threads."""

    def __init__(self, data: Path) -> None:
        self._path = data / FILE
        self._lock = threading.Lock()

    def keep(self, shared: SharedAnswer, rating: str, reason: str, today: date) -> None:
        """Keep a rating. Raises OSError or FeedbackFullError where that cannot be done."""
        answer = shared.answer
        sources = [its.source for its in answer.citations]
        sources += [its.source for its in answer.suggestions]
        record = {
            "day": today.isoformat(),
            "rating": rating,
            "reason": " ".join(reason.split()),
            "outcome": answer.outcome.value,
            "mode": answer.mode.value,
            "language": answer.language,
            "documents": list(dict.fromkeys(its.document_id for its in sources)),
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
