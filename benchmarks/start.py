"""Seconds from the start of the server to its first page and its first answer.

    .venv/bin/python benchmarks/start.py

It ingests the sample forum into a scratch directory first (that is not measured), then starts the
server three times, each time asking over HTTP as the page does.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from http import HTTPStatus
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent
PORT = 7899
RUNS = 3


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as data:
        app = [sys.executable, str(ROOT / "app.py")]
        sample = str(ROOT / "examples" / "sample-forum")
        subprocess.run(
            [*app, "ingest", sample, "--data", data], check=True, stdout=subprocess.DEVNULL
        )
        pages, answers = [], []
        for _ in range(RUNS):
            page, ready = start([*app, "serve", "--data", data, "--port", str(PORT)])
            pages.append(page)
            answers.append(ready)
    print(f"first page   {statistics.median(pages):6.1f} s (median of {RUNS} starts)")
    print(f"first answer {statistics.median(answers):6.1f} s")


def start(command: list[str]) -> tuple[float, float]:
    """Return the seconds until the page is served and until questions are answered at speed."""
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            page = until_ok("/", begun)
            ready = until_ok("/readyz", begun)
        finally:
            server.terminate()
    return page, ready


def until_ok(path: str, begun: float) -> float:
    """Return the seconds since `begun` at which a path answers with 200."""
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=5) as response:
                if response.status == HTTPStatus.OK:
                    return time.perf_counter() - begun
        except (URLError, OSError):
            time.sleep(0.05)


if __name__ == "__main__":
    main()
