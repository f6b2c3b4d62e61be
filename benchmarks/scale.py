"""What becomes of speed, memory and disk as the corpus grows.

    FORUM_EVAL_DATA=... .venv/bin/python benchmarks/scale.py [--sizes 1000,10000,100000]

Corpora of Markdown files (`growing_corpus.py`) go through ingestion, search and answering as the
commands do it, each step in a process of its own. From `--stand-in-from` chunks on (100,000 unless
told), a stand-in gives passages their vectors: embedding those takes hours. Prints a Markdown table
and draws docs/images/growth.svg.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from assistant import (
    cli,  # noqa: F401 - sets the environment that the steps inherit
    settings,
)
from assistant.terminal import progress_bar
from benchmarks import growth_table
from benchmarks.scale_steps import STAND_IN_POOL

PLAIN_UP_TO = 10_000  # chunks; filling plain Chroma with more, texts included, takes too long
PICTURE = ROOT / "docs" / "images" / "growth.svg"


def main() -> None:
    """Measure, print and draw."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sizes", default="1000,10000,100000", help="chunks, at least 1000 each")
    parser.add_argument("--stand-in-from", type=int, default=100_000, metavar="CHUNKS")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the stores there")
    parser.add_argument("--no-picture", action="store_true", help="leave the picture as it is")
    arguments = parser.parse_args()
    data = settings.load().eval_data
    if data is None:
        sys.exit("FORUM_EVAL_DATA is not set: it names the folder with the data sets")
    sizes = [int(size) for size in arguments.sizes.split(",")]
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for size in sizes:
            is_real = size < arguments.stand_in_from
            results.append(measured(folder, size, data, is_real=is_real))
    print(growth_table.markdown(results))
    if not arguments.no_picture:
        growth_table.draw(results, PICTURE)


def measured(folder: Path, size: int, data: Path, *, is_real: bool) -> dict[str, Any]:
    """Return all that was measured of a corpus of `size` chunks."""
    place = folder / str(size)
    if not is_real and not (folder / STAND_IN_POOL).exists():
        step("pool", folder, size, data)
    if not place.exists():
        from benchmarks import growing_corpus

        with progress_bar(f"{size:,} chunks, writing", "documents") as progress:
            growing_corpus.write(place / "documents", size, data, progress)
    embedder = "real" if is_real else "stand-in"
    steps = ["ingest", "again", "serve", "recall", "changed"]
    steps += ["plain"] if size <= PLAIN_UP_TO else []
    found: dict[str, Any] = {"size": size, "is real": is_real}
    for name in steps:
        found[name] = step(name, place, size, data, embedder)
    return found


def step(name: str, place: Path, size: int, data: Path, embedder: str = "real") -> dict[str, Any]:
    """Run one step in a process of its own."""
    arguments: Sequence[str] = (name, str(place), str(size), str(data), embedder)
    command = [sys.executable, str(ROOT / "benchmarks" / "scale_steps.py"), *arguments]
    ran = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()
