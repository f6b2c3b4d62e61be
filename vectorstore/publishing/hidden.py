"""What staff have taken out of the answers: documents hidden for good, and those past their day.

Files of their own beside the generations: what is hidden stays so whichever generation serves, and
the next run removes it from the generation itself. What has a last day stays in the generation, so
that another day brings it back at once.
"""

import json
import threading
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

from filelock import FileLock

from assistant.domain.corpus import DocumentId
from assistant.files import write_whole
from vectorstore.errors import StoreUnavailableError

FILE = "hidden.json"
DAYS_FILE = "valid_until.json"
PATIENCE = 5.0  # seconds that one who changes a file waits for another; a change takes milliseconds

Content = TypeVar("Content")


class _Kept(Generic[Content]):
    """Reads a file when it has changed. Safe to use from several threads."""

    what = "which documents are hidden"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = FileLock(path.with_name(f".{path.name}.lock"))
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._content = self._parsed("[]")

    def change(self, change: Callable[[Content], Content]) -> None:
        """Write what `change` makes of the content; of several at once, each sees the one before.

        Raises StoreUnavailableError where the file cannot be read or written.
        """
        try:
            with self._writing.acquire(timeout=PATIENCE):
                # Not by its stamp: two writes may come within one tick of the file system's clock.
                before = self._read_anew() if self._path.exists() else self._parsed("[]")
                after = change(before)
                if after != before:
                    self.save(after)
        except TimeoutError as exc:
            msg = f"another process holds {self._path} for long; try again"
            raise StoreUnavailableError(msg) from exc
        except OSError as exc:
            msg = f"cannot write {self._path}: {exc.strerror or exc}"
            raise StoreUnavailableError(msg) from exc

    def save(self, content: Content) -> None:
        """Write the whole content, all at once."""
        raise NotImplementedError

    def _read(self) -> Content:
        """Return what the file says. Raises StoreUnavailableError where it cannot be read.

        To take nothing for hidden then would show what must not be shown.
        """
        with self._lock:
            try:
                found = self._path.stat()
            except FileNotFoundError:
                self._stamp, self._content = None, self._parsed("[]")
                return self._content
            stamp = (found.st_mtime_ns, found.st_ino)
            if stamp != self._stamp:
                self._content, self._stamp = self._read_anew(), stamp
            return self._content

    def _write(self, content: object) -> None:
        try:
            write_whole(self._path, json.dumps(content, ensure_ascii=False))
        except OSError as exc:
            msg = f"cannot write {self._path}: {exc.strerror}"
            raise StoreUnavailableError(msg) from exc

    def _read_anew(self) -> Content:
        try:
            return self._parsed(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, TypeError) as exc:
            msg = f"cannot read {self.what} in {self._path} ({exc}); mend the list"
            raise StoreUnavailableError(msg) from exc

    def _parsed(self, text: str) -> Content:
        raise NotImplementedError


class HiddenDocuments(_Kept[frozenset[DocumentId]]):
    """The documents that staff have hidden."""

    def __init__(self, data: Path) -> None:
        super().__init__(data / FILE)

    def ids(self) -> frozenset[DocumentId]:
        """Return what is hidden. Raises StoreUnavailableError where the file cannot be read."""
        return self._read()

    def save(self, content: frozenset[DocumentId]) -> None:
        """Write the whole list, all at once."""
        self._write(sorted(content))

    def _parsed(self, text: str) -> frozenset[DocumentId]:
        return frozenset(map(DocumentId, json.loads(text)))


class LastDays(_Kept[Mapping[DocumentId, date]]):
    """The last day on which each document may be used, where staff have set one."""

    what = "how long documents are valid"

    def __init__(self, data: Path) -> None:
        super().__init__(data / DAYS_FILE)

    def days(self) -> Mapping[DocumentId, date]:
        """Return them. Raises StoreUnavailableError where the file cannot be read."""
        return self._read()

    def past(self, today: date) -> frozenset[DocumentId]:
        """Return the documents whose last day is over. Raises StoreUnavailableError likewise."""
        return frozenset(each for each, day in self._read().items() if day < today)

    def ending(self, first: date, last: date) -> frozenset[DocumentId]:
        """Return the documents whose last day is one of these. Raises StoreUnavailableError."""
        return frozenset(each for each, day in self._read().items() if first <= day <= last)

    def save(self, content: Mapping[DocumentId, date]) -> None:
        """Write the whole list, all at once."""
        self._write(sorted((each, day.isoformat()) for each, day in content.items()))

    def _parsed(self, text: str) -> Mapping[DocumentId, date]:
        return {DocumentId(each): date.fromisoformat(day) for each, day in json.loads(text)}
