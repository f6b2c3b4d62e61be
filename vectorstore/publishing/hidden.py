"""The documents that staff have taken out of the answers, at once and for good.

A file of its own beside the generations: what is hidden stays so whichever generation serves, and
the next run removes it from the generation itself.
"""

import json
import threading
from pathlib import Path

from assistant.domain.corpus import DocumentId
from assistant.files import write_whole
from vectorstore.errors import StoreUnavailableError

FILE = "hidden.json"


class HiddenDocuments:
    """Reads the file when it has changed. Safe to use from several threads."""

    def __init__(self, data: Path) -> None:
        self._path = data / FILE
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._ids: frozenset[DocumentId] = frozenset()

    def ids(self) -> frozenset[DocumentId]:
        """Return what is hidden. Raises StoreUnavailableError where the file cannot be read.

        To take nothing for hidden then would show what must not be shown.
        """
        with self._lock:
            try:
                found = self._path.stat()
            except FileNotFoundError:
                self._stamp, self._ids = None, frozenset()
                return self._ids
            stamp = (found.st_mtime_ns, found.st_ino)
            if stamp != self._stamp:
                self._ids, self._stamp = self._read(), stamp
            return self._ids

    def save(self, ids: frozenset[DocumentId]) -> None:
        """Write the whole list, all at once."""
        try:
            write_whole(self._path, json.dumps(sorted(ids), ensure_ascii=False))
        except OSError as exc:
            msg = f"cannot write {self._path}: {exc.strerror}"
            raise StoreUnavailableError(msg) from exc

    def _read(self) -> frozenset[DocumentId]:
        try:
            return frozenset(map(DocumentId, json.loads(self._path.read_text(encoding="utf-8"))))
        except (OSError, ValueError, TypeError) as exc:
            msg = f"cannot read which documents are hidden in {self._path} ({exc}); mend the list"
            raise StoreUnavailableError(msg) from exc
