"""How much of documents is read, and what becomes of those that cannot be.

    FORUM_EVAL_DATA=... .venv/bin/python benchmarks/extraction.py [pages] [documents] [sites]

Everything goes through `ingest.readers.reading`, as in a run. Pages are measured as trafilatura
measures itself: which segments that belong to an article are in its text, and which that do not.
Documents are compared with Docling's reference texts, word by word. Prints tables in Markdown.
"""

import gzip
import json
import os
import re
import sys
import tarfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from assistant.domain.errors import IngestError
from assistant.domain.light_markdown import clean
from ingest.errors import ReadError
from ingest.readers.extract import Extract
from ingest.readers.reading import READERS, extracted

# From published_results.txt beside the pages (trafilatura, 2026-08-04): precision, recall, F.
PUBLISHED = {
    "trafilatura 2.2.0": (0.906, 0.943, 0.924),
    "magic-html 0.1.8": (0.887, 0.891, 0.889),
    "readability-lxml 0.8.4.1": (0.898, 0.764, 0.826),
    "Beautiful Soup, all text": (0.532, 0.980, 0.690),
}
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: what it holds, or why it was refused."""

    extract: Extract | None
    reason: str
    seconds: float

    @property
    def text(self) -> str:
        """What was read, empty if nothing was."""
        return f"{self.extract.title}\n{self.extract.text}" if self.extract else ""


def outcome(data: bytes, suffix: str, name: str) -> Outcome:
    """Read a document; anything but a text or a ReadError ends the measurement."""
    started = time.perf_counter()
    try:
        extract, reason = extracted(data, suffix, name=name), ""
    except ReadError as exc:
        extract, reason = None, exc.reason
    return Outcome(extract, reason, time.perf_counter() - started)


def pages(folder: Path) -> None:
    """Print precision, recall and F of the segments of 990 web pages, beside published figures."""
    listed = json.loads(gzip.decompress((folder / "evaldata.json.gz").read_bytes()))
    wanted = {fields["file"]: fields for fields in listed.values()}
    hits, misses, noise, refused, seconds = 0, 0, 0, 0, 0.0
    with tarfile.open(folder / "pages.tar.xz") as archive:
        for member in archive:
            its = wanted.get(Path(member.name).name)
            file = archive.extractfile(member) if its else None
            if its is None or file is None:
                continue
            found = outcome(file.read(), ".html", member.name)
            seconds += found.seconds
            refused += found.extract is None
            text = clean(found.text)
            inside = [clean(segment) in text for segment in its["with"]]
            hits += sum(inside)
            misses += len(inside) - sum(inside)
            noise += sum(clean(segment) in text for segment in its["without"])
    precision, recall = hits / (hits + noise), hits / (hits + misses)
    f_score = 2 * precision * recall / (precision + recall)
    rows = {"this assistant": (precision, recall, f_score), **PUBLISHED}
    table(
        ("extraction", "precision", "recall", "F"),
        ([name, *(f"{figure:.3f}" for figure in each)] for name, each in rows.items()),
    )
    print(
        f"{len(wanted)} pages, {refused} refused, {1000 * seconds / len(wanted):.0f} ms a page.\n"
    )


def documents(folder: Path) -> None:
    """Print word-level F1 for each format, and what became of every other file."""
    golds = {path.stem.removeprefix("docling__"): path for path in folder.glob("gold_text/*.md")}
    scores: dict[str, list[float]] = defaultdict(list)
    fates: dict[str, Counter[str]] = defaultdict(Counter)
    slowest = 0.0
    for path in sorted(folder.glob("*/*")):
        suffix = path.suffix.lower()
        if suffix not in READERS or path.parent.name == "gold_text":
            continue
        found = outcome(path.read_bytes(), suffix, path.name)
        slowest = max(slowest, found.seconds)
        fates[f"{path.parent.name} {suffix}"][fate(found)] += 1
        if gold := golds.get(path.name.partition("__")[2]):
            score = word_f1(gold.read_text(encoding="utf-8"), found.text)
            scores[suffix].append(score)
            print(f"{score:.2f} {path.name}", file=sys.stderr)
    table(
        ("format", "files with a reference", "word F1, mean", "worst"),
        (
            [suffix, str(len(f1)), f"{mean(f1):.2f}", f"{min(f1):.2f}"]
            for suffix, f1 in scores.items()
        ),
    )
    table(
        ("files", "what became of them"),
        (
            [group, "; ".join(f"{many} {what}" for what, many in sorted(counts.items()))]
            for group, counts in fates.items()
        ),
    )
    print(f"The slowest took {slowest:.1f} s.\n")


def fate(found: Outcome) -> str:
    """Return what became of a file, in short."""
    if found.extract:
        return "read" if clean(found.extract.text) else "EMPTY"
    short = re.split(r"[;:,(]", found.reason)[0]
    return f"refused: {short[:LONGEST].strip()}"


def sites(folder: Path) -> None:
    """Print how much is known of the pages of sites in two languages, by language."""
    rows = []
    for site in sorted(path for path in folder.iterdir() if path.is_dir()):
        by_language: dict[str, list[Outcome]] = defaultdict(list)
        for path in sorted(site.rglob("*.html.gz")):
            parts = path.relative_to(site).parts
            language = parts[0] if len(parts) > 1 and re.fullmatch("[a-z]{2}", parts[0]) else "–"
            name = path.relative_to(site).as_posix()
            data = gzip.decompress(path.read_bytes())
            by_language[language].append(outcome(data, ".html", name))
        for language, found in by_language.items():
            rows.append([site.name, language, str(len(found)), *shares(found)])
    table(("site", "folder", "pages", "read", "title", "language", "date", "translations"), rows)


def shares(found: Sequence[Outcome]) -> Iterator[str]:
    """Yield the share of pages that were read, and of those the shares that tell each thing."""
    read = [each.extract for each in found if each.extract]
    yield f"{len(read) / len(found):.0%}"
    languages = Counter(each.language or "none" for each in read)
    yield f"{sum(each.title != '' for each in read) / max(len(read), 1):.0%}"
    yield ", ".join(f"{language} {many}" for language, many in languages.most_common())
    yield f"{sum(each.published is not None for each in read) / max(len(read), 1):.0%}"
    yield f"{sum(each.translations != () for each in read) / max(len(read), 1):.0%}"


def word_f1(expected: str, actual: str) -> float:
    """Return how far two texts have the same words, in any order."""
    left, right = words(expected), words(actual)
    common = (left & right).total()
    return 2 * common / max(left.total() + right.total(), 1)


def words(text: str) -> Counter[str]:
    """Return the words of a text; marks, HTML comments and rules of tables are none."""
    return Counter(re.findall(r"\w+", re.sub(r"<!--.*?-->|<[^>]{1,80}>", " ", text).casefold()))


def table(head: Iterable[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table in Markdown."""
    titles = list(head)
    for row in (titles, ["---"] * len(titles), *rows):
        print(f"| {' | '.join(row)} |")
    print()


def main(chosen: Sequence[str]) -> None:
    """Print the tables that were asked for, all without arguments."""
    where = os.environ.get("FORUM_EVAL_DATA")
    if where is None:
        sys.exit("set FORUM_EVAL_DATA to the folder with the data sets")
    data = Path(where)
    steps = {
        "pages": lambda: pages(data / "html_extraction" / "trafilatura"),
        "documents": lambda: documents(data / "documents"),
        "sites": lambda: sites(data / "wordpress" / "sites"),
    }
    try:
        for name in chosen or steps:
            steps[name]()
    except IngestError as exc:
        sys.exit(f"error: {exc}")


if __name__ == "__main__":
    main(sys.argv[1:])
