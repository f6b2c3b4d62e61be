"""What it costs to read documents in a process of its own, beside parsing them here.

    .venv/bin/python benchmarks/reading.py

The sample forum, and 500 small web pages and Markdown files made of it; both ways in turns, five
times, after a first time that loads the parsers; the quickest counts. Absolute times depend on the
machine; read the ratio.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
SMALL = 500
ROUNDS = 5
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from ingest.readers.extract import Extract
from ingest.readers.reading import extracted
from ingest.readers.reading_worker import parsed

File = tuple[str, bytes, str]
Read = Callable[[bytes, str, str], Extract]


def sample() -> list[File]:
    """Return the files of the sample forum."""
    from ingest.sources.folder import list_files

    listed = list_files(ROOT / "examples" / "sample-forum").files
    return [(each.id, each.path.read_bytes(), each.path.suffix) for each in listed]


def small_files(files: list[File]) -> list[File]:
    """Return 500 pages and Markdown files of five paragraphs each."""
    texts = [parsed(data, suffix, name=name).text for name, data, suffix in files]
    paragraphs = [part for text in texts for part in text.split("\n\n")]
    made: list[File] = []
    for number in range(SMALL):
        at = 5 * number % (len(paragraphs) - 5)
        parts = paragraphs[at : at + 5]
        if number % 2:
            made.append((f"{number}.md", "\n\n".join(parts).encode(), ".md"))
        else:
            body = "".join(f"<p>{part}</p>" for part in parts)
            page = f"<html><body><nav>Menu</nav><article>{body}</article></body></html>"
            made.append((f"{number}.html", page.encode(), ".html"))
    return made


def seconds(files: list[File], read: Read) -> float:
    """Return how long it takes to read all files."""
    started = time.perf_counter()
    for name, data, suffix in files:
        read(data, suffix, name)
    return time.perf_counter() - started


def main() -> None:
    """Print the table."""
    ways: dict[str, Read] = {
        "here": lambda data, suffix, name: parsed(data, suffix, name=name),
        "apart": lambda data, suffix, name: extracted(data, suffix, name=name),
    }
    sets = {"sample forum": sample()}
    started = time.perf_counter()
    seconds(sets["sample forum"][:1], ways["apart"])
    print(f"start of the process and its first document: {time.perf_counter() - started:.2f} s\n")
    sets[f"{SMALL} small files"] = small_files(sets["sample forum"])
    print("| files | ms a file, parsed here | in the process | ratio |\n|---|---|---|---|")
    for name, files in sets.items():
        rounds = [
            {way: seconds(files, read) for way, read in ways.items()} for _ in range(1 + ROUNDS)
        ]
        each = {way: 1000 * min(each[way] for each in rounds[1:]) / len(files) for way in ways}
        ratio = each["apart"] / each["here"]
        print(f"| {name} ({len(files)}) | {each['here']:.2f} | {each['apart']:.2f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
