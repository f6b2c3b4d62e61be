"""The folder of the generations and the pointer to the published one. Knows nothing of content.

data/
  CURRENT              the name of the published generation
  generations/
    000001/            immutable once published, but for vectorstore.publishing.offered
    .000002/           being built; left by a crash, removed by the next run
"""

import logging
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.errors import StoreError
from assistant.files import sync, write_whole
from vectorstore.errors import StoreUnavailableError
from vectorstore.publishing import disk
from vectorstore.search.indexes import COLLECTION_FILE

_log = logging.getLogger(__name__)

KEPT = 3  # generations: the published one and two to go back to
CURRENT_FILE = "CURRENT"
GENERATIONS = "generations"


@dataclass(frozen=True, slots=True)
class GenerationsFolder:
    """The generations below a data directory, by name; a later one has a higher name."""

    data: Path

    def make(self) -> None:
        """Make the folder of the generations. Raises StoreUnavailableError where it cannot be."""
        try:
            (self.data / GENERATIONS).mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as exc:
            msg = f"cannot write to the data directory {self.data}: {exc.strerror}"
            raise StoreUnavailableError(msg) from exc

    def folder(self, name: str) -> Path:
        """Return where a generation is, or would be."""
        return self.data / GENERATIONS / name

    def draft(self, name: str) -> Path:
        """Return where a generation is built.

        Of one that lies there, as its server was away when it was to be removed, only the name of
        its collection is kept, aside, for a later sweep.
        """
        folder = self.folder(f".{name}")
        if folder.exists():
            left = folder.rename(self.folder(f"{folder.name}-left-{secrets.token_hex(4)}"))
            for path in left.iterdir():
                if path.is_dir():
                    shutil.rmtree(path)
                elif path.name != COLLECTION_FILE:
                    path.unlink()
        return folder

    def names(self) -> list[str]:
        """Return the names of the generations that are kept, oldest first."""
        folder = self.data / GENERATIONS
        if not folder.is_dir():
            return []
        return sorted(
            path.name for path in folder.iterdir() if path.name.isdecimal() and path.is_dir()
        )

    def next_name(self) -> str:
        """Return the name of the generation to come; nothing whatever has it yet."""
        taken = [path.name for path in (self.data / GENERATIONS).glob("*")]
        # What is lost had a name too, by which a server that has it open knows it.
        numbers = [int(name) for name in (*taken, self._pointer() or "") if name.isdecimal()]
        return f"{max(numbers, default=0) + 1:06d}"

    def pointed(self) -> str | None:
        """Return the name that the pointer holds, None where it names no generation."""
        name = self._pointer()
        return name if name in self.names() else None

    def candidates(self) -> list[str]:
        """Return the generations that may serve, in the order in which to try them.

        The published one, then those before it, newest first; what staff went back from comes
        last. Without a usable pointer, the newest first.
        """
        pointed = self._pointer()  # before the names: one that is published meanwhile is no fault
        names = self.names()
        if pointed not in names:
            return names[::-1]
        at = names.index(pointed)
        return [*names[at::-1], *names[:at:-1]]

    def _pointer(self) -> str | None:
        try:
            return (self.data / CURRENT_FILE).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            return None

    def stamp(self) -> tuple[int, int] | None:
        """Return what tells one writing of the pointer from the next, None where there is none."""
        try:
            found = (self.data / CURRENT_FILE).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino

    def point_at(self, name: str) -> None:
        """Publish a generation: one rename, written to the disk itself."""
        write_whole(self.data / CURRENT_FILE, name + "\n", durable=True)

    def keep(self, draft: Path, name: str) -> None:
        """Put a finished draft among the generations."""
        disk.sync_tree(draft)
        draft.rename(self.folder(name))
        sync(self.data / GENERATIONS)

    def sweep(self, before: Callable[[Path], None]) -> None:
        """Remove what crashed runs left, and generations beyond those that are kept.

        `before` removes what each has elsewhere.
        """
        for path in (self.data / GENERATIONS).glob(".*"):
            self.discard(path, before)
        current = self.pointed()
        older = [name for name in self.names() if current and name <= current]
        for name in older[:-KEPT]:
            self.discard(self.folder(name), before)

    @staticmethod
    def discard(folder: Path, before: Callable[[Path], None]) -> None:
        """Remove a generation; where `before` raises StoreError, the next sweep does it."""
        try:
            before(folder)
        except StoreError as exc:
            _log.warning("%s is not removed yet: %s", folder, exc)
        else:
            shutil.rmtree(folder, ignore_errors=True)
