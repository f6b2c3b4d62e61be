"""The staff password: set by a command, kept as an Argon2id hash, noticed by a running server."""

import logging
import threading
import unicodedata
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from zxcvbn import zxcvbn

from assistant.domain.errors import InputError
from assistant.files import write_whole

FILE = "staff_password"
UNLOCKED = "staff_unlocked"  # its date says when the machine's owner last let everybody try anew
SHORTEST, LONGEST = 8, 200  # characters
STRONG = 3  # of zxcvbn's scores 0 to 4: more than 10^8 guesses
JUDGED = 72  # characters; zxcvbn takes no more

# OWASP's cheat sheet on storing passwords: Argon2id with 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

_log = logging.getLogger(__name__)


class StaffPassword:
    """The file with the hash; without it the staff page is off. Safe to use from several threads.

    A check takes some 20 MiB, so only one is made at a time.
    """

    def __init__(self, data: Path) -> None:
        self._path = data / FILE
        self._unlocked = data / UNLOCKED
        self._lock = threading.Lock()
        self._checking = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._hash = ""

    @property
    def stamp(self) -> str:
        """What changes with the password; empty where none is set."""
        with self._lock:
            try:
                found = self._path.stat()
                seen = (found.st_mtime_ns, found.st_ino)
                if seen != self._seen:
                    self._hash, self._seen = self._read(), seen
            except FileNotFoundError:
                self._hash, self._seen = "", None
            except (OSError, ValueError) as exc:
                _log.warning("the staff page is off: cannot read %s (%s)", self._path, exc)
                self._hash, self._seen = "", None
            return self._hash

    @property
    def unlocked(self) -> int:
        """What changes when the waiting after wrong passwords is lifted."""
        try:
            return self._unlocked.stat().st_mtime_ns
        except OSError:
            return 0

    def is_right(self, password: str) -> bool:
        """Whether this is the password; it takes the same time whatever is wrong with it."""
        stamp = self.stamp
        if not stamp or len(password) > LONGEST:
            return False
        try:
            with self._checking:
                return _HASHER.verify(stamp, _normal(password))
        except (Argon2Error, InvalidHashError):
            return False

    def set(self, password: str) -> None:
        """Take a new password; all sessions end. Raises InputError saying why it will not do."""
        _check(_normal(password))
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self._path, _HASHER.hash(_normal(password)) + "\n")
        except OSError as exc:
            msg = f"cannot write {self._path}: {exc.strerror}; check its permissions"
            raise InputError(msg) from exc

    def remove(self) -> None:
        """Switch the staff page off; all sessions end."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as exc:
            msg = f"cannot remove {self._path}: {exc.strerror}; check its permissions"
            raise InputError(msg) from exc

    def unlock(self) -> None:
        """Lift the waiting after wrong passwords, in every process that serves this directory."""
        if not self.stamp:
            msg = "no staff password is set; set one with `python app.py staff-password`"
            raise InputError(msg)
        try:
            self._unlocked.touch(mode=0o600)
        except OSError as exc:
            msg = f"cannot write {self._unlocked}: {exc.strerror}; check its permissions"
            raise InputError(msg) from exc

    def _read(self) -> str:
        return self._path.read_text(encoding="ascii").strip()


def _normal(password: str) -> str:
    """Return the password as any keyboard writes it (NIST SP 800-63B, section 5.1.1.2).

    Spaces around it do not count: they come along when a password is copied.
    """
    encodable = password.encode(errors="ignore").decode()
    return unicodedata.normalize("NFKC", encodable).strip()


def _check(password: str) -> None:
    if not SHORTEST <= len(password) <= LONGEST:
        msg = (
            f"the password has {len(password)} characters; give one of {SHORTEST} to {LONGEST}, "
            "best several words"
        )
        raise InputError(msg)
    judged = zxcvbn(password[:JUDGED], user_inputs=["staff", "forum", "assistant", "password"])
    if judged["score"] < STRONG:
        feedback = judged["feedback"]
        said = [feedback["warning"], *feedback["suggestions"]]
        advice = " ".join(f"{each.rstrip('.')}." for each in said if each)
        msg = f"the password is too easy to guess. {advice or 'Use several uncommon words.'}"
        raise InputError(msg)
