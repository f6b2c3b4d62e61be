"""Passwords of staff: which will do, and their Argon2id hashes."""

import secrets
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from zxcvbn import zxcvbn

from assistant.domain.errors import InputError

SHORTEST, LONGEST = 8, 200  # characters
STRONG = 3  # of zxcvbn's scores 0 to 4: more than 10^8 guesses
JUDGED = 72  # characters; zxcvbn takes no more

# OWASP's cheat sheet on storing passwords: Argon2id with 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_checking = threading.Lock()  # a check takes some 20 MiB, so only one is made at a time


def hashed(password: str, name: str = "") -> str:
    """Return the hash of a new password of an account. Raises InputError if it will not do."""
    normal = _normal(password)
    _check(normal, name)
    return _HASHER.hash(normal)


def is_hash(text: str) -> bool:
    """Whether a text is a hash as they are kept here."""
    return text.startswith("$argon2id$")


def is_right(kept: str, password: str) -> bool:
    """Whether this is the password of a hash; an empty hash has none.

    It takes the same time whatever is wrong, so that nobody learns which accounts there are.
    """
    nobodys = _nobodys()
    if len(password) > LONGEST:
        return False
    try:
        with _checking:
            return _HASHER.verify(kept or nobodys, _normal(password)) and bool(kept)
    except (Argon2Error, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    """Return the hash of a password that nobody knows."""
    return _HASHER.hash(secrets.token_hex())


def _normal(password: str) -> str:
    """Return the password as any keyboard writes it (NIST SP 800-63B, section 5.1.1.2).

    Spaces around it do not count: they come along when a password is copied.
    """
    encodable = password.encode(errors="ignore").decode()
    return unicodedata.normalize("NFKC", encodable).strip()


def _check(password: str, name: str) -> None:
    if not SHORTEST <= len(password) <= LONGEST:
        msg = (
            f"the password has {len(password)} characters; give one of {SHORTEST} to {LONGEST}, "
            "best several words"
        )
        raise InputError(msg)
    told = [word for word in (name, name.partition("@")[0]) if word]
    known = ["staff", "forum", "assistant", "password", *told]
    judged = zxcvbn(password[:JUDGED], user_inputs=known)
    if judged["score"] < STRONG:
        feedback = judged["feedback"]
        said = [feedback["warning"], *feedback["suggestions"]]
        advice = " ".join(f"{each.rstrip('.')}." for each in said if each)
        msg = f"the password is too easy to guess. {advice or 'Use several uncommon words.'}"
        raise InputError(msg)
