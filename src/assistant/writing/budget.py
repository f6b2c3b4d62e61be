"""How much may be asked of a chat model in a day, kept over restarts."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

from filelock import FileLock

from assistant.files import write_whole

CHARACTERS = 3
"""Characters a token, on the low side for European languages, so that the estimate is high."""


def tokens(text: str) -> int:
    """Return an estimate of the tokens in a text; asking the provider would cost a request."""
    return len(text) // CHARACTERS + 1


class Budget:
    """Counts tokens by day in a small file that several processes may share."""

    def __init__(self, path: Path, limit: int, today: Callable[[], date] = date.today) -> None:
        self._path = path
        self._limit = limit
        self._today = today
        self._lock = FileLock(f"{path}.lock")

    def spend(self, count: int) -> bool:
        """Take so many tokens of today's; False, and nothing taken, where they are not there.

        A limit of 0 is no limit. A file that cannot be read counts as spent: better to quote than
        to run up a bill.
        """
        if not self._limit:
            return True
        try:
            with self._lock.acquire(timeout=5):
                spent = self._spent()
                if spent + count > self._limit:
                    return False
                self._write(spent + count)
        except (OSError, ValueError, TimeoutError):
            return False
        return True

    def settle(self, expected: int, used: int) -> None:
        """Count what was used in place of what was taken for it, also beyond the limit."""
        if not self._limit:
            return
        # A file that cannot be read or written counts as spent already.
        with suppress(OSError, ValueError, TimeoutError), self._lock.acquire(timeout=5):
            self._write(max(0, self._spent() + used - expected))

    def _spent(self) -> int:
        if not self._path.exists():
            return 0
        kept = json.loads(self._path.read_text(encoding="utf-8"))
        if not isinstance(kept, dict) or not isinstance(kept.get("tokens"), int):
            msg = f"{self._path} does not say what was spent"
            raise ValueError(msg)  # noqa: TRY004 - what the file holds is at fault, no type of ours
        return int(kept["tokens"]) if kept.get("day") == self._today().isoformat() else 0

    def _write(self, spent: int) -> None:
        kept = {"day": self._today().isoformat(), "tokens": spent}
        write_whole(self._path, json.dumps(kept))
