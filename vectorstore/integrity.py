"""Whether the files of a generation are still those that were published.

The manifest lists the digest of every file and is sealed itself, so that a file that is lost, cut
or altered is found before anything opens it: Chroma answers from a damaged index without a word,
or ends the process.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from vectorstore import manifest
from vectorstore.errors import StoreDamagedError


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file of a generation but the manifest, by its path in there."""
    return {
        path.relative_to(folder).as_posix(): digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / manifest.FILE
    }


def check(folder: Path, published: Mapping[str, str]) -> None:
    """Raise StoreDamagedError unless the files are those whose digests were `published`.

    A file that nobody listed is no damage: nothing would read it.
    """
    for name, expected in published.items():
        path = folder / name
        try:
            found = digest(path)
        except FileNotFoundError:
            raise StoreDamagedError(folder, f"{name} is missing") from None
        except OSError as exc:
            raise StoreDamagedError(folder, f"{name} cannot be read: {exc.strerror}") from exc
        if found != expected:
            raise StoreDamagedError(folder, f"{name} is not what was published")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
