"""Folders of a model that this machine made ready once: sealed by the digests of their files."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from vectorstore.errors import ModelUnavailableError

SEAL = "prepared.json"


@contextmanager
def making(folder: Path, files: Sequence[str], told: Mapping[str, str]) -> Iterator[Path]:
    """Give a place to make the folder in; it is sealed and appears by one rename.

    The seal holds what is `told`, and the digests of the `files`.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as scratch:
        made = Path(scratch) / "model"
        yield made
        seal = {**told, "sha256": {name: sha256(made / name) for name in files}}
        (made / SEAL).write_text(json.dumps(seal, indent=2), encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        made.replace(folder)


def check(folder: Path, what: str) -> None:
    """Raise ModelUnavailableError where a file of the folder is not what was made."""
    remedy = f"delete {folder} and run `make install`"
    try:
        seal = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        for name, expected in seal["sha256"].items():
            if sha256(folder / name) != expected:
                msg = f"the {what}'s file {name} is damaged; {remedy}"
                raise ModelUnavailableError(msg)
    except (OSError, ValueError, KeyError, AttributeError) as exc:
        msg = f"the {what} in {folder} cannot be read ({exc}); {remedy}"
        raise ModelUnavailableError(msg) from exc


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
