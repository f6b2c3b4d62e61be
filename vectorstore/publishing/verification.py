"""Look at a generation in a process of its own: a damaged index may end the one that opens it."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import numpy as np

from vectorstore import manifest
from vectorstore.errors import StoreDamagedError, StoreUnavailableError
from vectorstore.generation import Generation
from vectorstore.search.indexes import EmbeddedIndexes, VectorIndexes, indexes

CANARIES = 20
NEIGHBOURS = 10
SAME = 1e-4  # how far two products of the same vectors may lie apart
RECALL_AT_LEAST = 0.9
"""Of what an exact search finds. A sound index reaches 0.994 (docs/decisions.md), one that lost
its links finds next to nothing."""
AWAY = 3
"""The exit status where a server of indexes cannot be asked, which is no damage."""
LONGEST = 300.0  # seconds; 100,000 passages take less than ten


def in_child(folder: Path, chroma_url: str = "") -> None:
    """Verify a generation in a child process. Raises StoreDamagedError if it does not hold up.

    Raises ManifestMismatchError where it is of another layout, and StoreUnavailableError where the
    server that indexes it cannot be asked: neither is damage.
    """
    manifest.read(folder)
    command = [sys.executable, "-m", "vectorstore.publishing.verification", str(folder)]
    try:
        # Of a session of its own: Ctrl+C in a terminal is not to look like damage.
        done = subprocess.run(  # noqa: S603 - our own module
            command,
            input=chroma_url,  # it may hold a password, which no list of processes is to show
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired as exc:
        raise StoreDamagedError(folder, f"could not be verified in {LONGEST:.0f} s") from exc
    if done.returncode == 0:
        return
    try:
        reason = str(json.loads(done.stdout.splitlines()[-1])["reason"])
    except (ValueError, IndexError, KeyError, TypeError):
        ended = f"signal {-done.returncode}" if done.returncode < 0 else f"{done.returncode}"
        reason = f"the process that opened it ended with {ended}"
    if done.returncode == AWAY:
        msg = f"{reason}; check that the Chroma server runs: meanwhile members are answered without"
        raise StoreUnavailableError(msg)
    raise StoreDamagedError(folder, reason)


def examine(folder: Path, where: VectorIndexes | None = None) -> None:
    """Open a generation and search it. Raises StoreUnavailableError if it does not hold up."""
    with closing(Generation(folder, _no_embedder, where or EmbeddedIndexes())) as generation:
        generation.check_counts()
        many = generation.manifest.chunks
        if not many:
            return
        canaries = np.unique(np.linspace(0, many - 1, CANARIES).astype(np.int64))
        found = [generation.recall(int(at), NEIGHBOURS, SAME) for at in canaries]
    recall = float(np.mean(found))
    if recall < RECALL_AT_LEAST:
        raise StoreDamagedError(folder, f"its index finds {recall:.0%} of what it should")


def _no_embedder() -> NoReturn:
    msg = "verification searches by vectors that are there"
    raise AssertionError(msg)


def main() -> int:
    """Examine the folder of the command line; a fault is told as JSON."""
    chroma_url = sys.stdin.read()
    try:
        examine(Path(sys.argv[1]), indexes(chroma_url))
    except StoreDamagedError as exc:
        print(json.dumps({"reason": exc.reason}))  # noqa: T201 - to the parent
        return 1
    except (StoreUnavailableError, KeyError) as exc:
        print(json.dumps({"reason": str(exc)}))  # noqa: T201 - to the parent
        return AWAY if chroma_url else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
