"""How much of documents is read, what becomes of those that cannot be, and what reading costs.

    FORUM_EVAL_DATA=... .venv/bin/python benchmarks/reading.py [SUBJECT ...]

`pages`: segments of web pages, as trafilatura measures itself. `documents`: Office files and PDFs
beside Docling's reference texts, word by word, and what became of every file. `tables`: cells of
written tables in every format, and of Docling's, with their heads; beside pdfplumber, where that is
installed. `sites`: what is
known of the pages of sites. `process`: a process of its own for parsers, beside parsing here.
`embedding`: the built-in model beside sentence-transformers, each in a process of its own.
"""

import argparse
import gzip
import importlib.util
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from assistant.domain.light_markdown import clean
from benchmarks import figures, table_cells
from ingest.errors import ReadError
from ingest.readers.confined.worker import parsed
from ingest.readers.extract import Extract
from ingest.readers.reading import READERS, extracted
from ingest.sources.folder import list_files, read_document
from tests.ingest.readers.table_files import FORMATS, can_say, table_of
from tests.ingest.readers.written_tables import TABLES

SAMPLE_FORUM = ROOT / "examples" / "sample-forum"
PUBLISHED = {
    "trafilatura 2.2.0": (0.906, 0.943, 0.924),
    "magic-html 0.1.8": (0.887, 0.891, 0.889),
    "readability-lxml 0.8.4.1": (0.898, 0.764, 0.826),
    "Beautiful Soup, all text": (0.532, 0.980, 0.690),
}
"""Precision, recall and F of published_results.txt beside the pages (trafilatura, 2026-08-04)."""

TABLE_FORMATS = dict.fromkeys(("precision", "recall", "F1"), ".3f")
SMALL, ROUNDS = 500, 5  # files, and how often they are read
PASSAGES, QUERIES = 500, 50  # that are embedded


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
    """Read a document as a run does; anything but a text or a ReadError ends the measurement."""
    started = time.perf_counter()
    try:
        extract, reason = extracted(data, suffix, name=name), ""
    except ReadError as exc:
        extract, reason = None, exc.reason
    return Outcome(extract, reason, time.perf_counter() - started)


def measure_pages(_: argparse.Namespace) -> None:
    """Look which segments that belong to an article are in its text, and which that do not."""
    folder = figures.data_folder() / "html_extraction" / "trafilatura"
    listed = json.loads(gzip.decompress((folder / "evaldata.json.gz").read_bytes()))
    wanted = {fields["file"]: fields for fields in listed.values()}
    hits = misses = noise = refused = 0
    with tarfile.open(folder / "pages.tar.xz") as archive:
        for member in archive:
            fields = wanted.get(Path(member.name).name)
            file = archive.extractfile(member) if fields else None
            if fields is None or file is None:
                continue
            found = outcome(file.read(), ".html", member.name)
            refused += found.extract is None
            text = clean(found.text)
            inside = [clean(segment) in text for segment in fields["with"]]
            hits += sum(inside)
            misses += len(inside) - sum(inside)
            noise += sum(clean(segment) in text for segment in fields["without"])
    precision, recall = hits / (hits + noise), hits / (hits + misses)
    ours = (precision, recall, 2 * precision * recall / (precision + recall))
    print(f"{refused} of {len(wanted)} pages refused")
    names = ("precision", "recall", "F")
    rows = {
        name: dict(zip(names, told, strict=True))
        for name, told in {"this assistant": ours, **PUBLISHED}.items()
    }
    figures.record("web pages", rows, head="extraction", formats=dict.fromkeys(names, ".3f"))


def measure_documents(_: argparse.Namespace) -> None:
    """Compare word by word where there is a reference text, and tell what became of every file."""
    folder = figures.data_folder() / "documents"
    references = {
        path.stem.removeprefix("docling__"): path for path in folder.glob("gold_text/*.md")
    }
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
        if reference := references.get(path.name.partition("__")[2]):
            scores[suffix].append(word_f1(reference.read_text(encoding="utf-8"), found.text))
    print(f"the slowest took {slowest:.1f} s")
    compared = {
        suffix: {
            "files with a reference": len(some),
            "word F1, mean": mean(some),
            "worst": min(some),
        }
        for suffix, some in scores.items()
    }
    formats = {"word F1, mean": ".2f", "worst": ".2f"}
    figures.record("documents compared", compared, head="format", formats=formats)
    became = {
        group: {"what became of them": "; ".join(f"{n} {what}" for what, n in sorted(some.items()))}
        for group, some in fates.items()
    }
    figures.record("documents read", became, head="files")


def fate(found: Outcome) -> str:
    """Return what became of a file, in short."""
    if found.extract:
        return "read" if clean(found.extract.text) else "EMPTY"
    return "refused: " + re.split(r"[;:,(]", found.reason)[0][:60].strip()


def word_f1(expected: str, actual: str) -> float:
    """Return how far two texts have the same words, in any order."""
    left, right = words(expected), words(actual)
    return 2 * (left & right).total() / max(left.total() + right.total(), 1)


def words(text: str) -> Counter[str]:
    """Return the words of a text; marks, HTML comments and rules of tables are none."""
    return Counter(re.findall(r"\w+", re.sub(r"<!--.*?-->|<[^>]{1,80}>", " ", text).casefold()))


def measure_tables(_: argparse.Namespace) -> None:
    """Count the values of tables that stand beside their own name and below their own head."""
    has_pdfplumber = importlib.util.find_spec("pdfplumber") is not None
    if not has_pdfplumber:
        print("pdfplumber is not installed, so nothing stands beside ours")
    rows: dict[str, dict[str, figures.Value]] = {}
    for name, (suffix, make) in FORMATS.items():
        written = [each for each in TABLES if can_say(name, each)]
        files = [make(each) for each in written]
        wanted = [table_cells.cells_of_text(each.text) for each in written]
        ways = {name: [outcome(each, suffix, f"x{suffix}").text for each in files]}
        if suffix == ".pdf" and has_pdfplumber:
            ways[f"{name}, by pdfplumber"] = [
                table_cells.by_pdfplumber(each) or "" for each in files
            ]
        for way, texts in ways.items():
            found = [table_cells.cells_of_text(table_of(text)) for text in texts]
            agreed = sum((a & b).total() for a, b in zip(wanted, found, strict=True))
            totals = (sum(each.total() for each in some) for some in (found, wanted))
            whole = sum(a == b for a, b in zip(wanted, found, strict=True))
            rows[way] = {
                "tables": len(written),
                "wholly right": whole,
                **table_cells.scores(agreed, *totals),
            }
    figures.record("written tables", rows, head="format", formats=TABLE_FORMATS)
    measure_reference_tables()


def measure_reference_tables() -> None:
    """Do the same beside the tables of Docling's reference texts."""
    folder = figures.data_folder() / "documents"
    rows: dict[str, dict[str, figures.Value]] = {}
    for reference in sorted(folder.glob("gold_text/*.md")):
        name = reference.stem.removeprefix("docling__")
        (path, *_) = [*folder.glob(f"*/docling-project__{name}"), None]
        tables = [*table_cells.tables_of(reference.read_text(encoding="utf-8"))]
        if not tables or path is None or path.suffix not in READERS:
            continue
        data = path.read_bytes()
        texts = {name: outcome(data, path.suffix, name).text}
        if path.suffix == ".pdf" and (theirs := table_cells.by_pdfplumber(data)) is not None:
            texts[f"{name}, by pdfplumber"] = theirs
        for way, text in texts.items():
            wanted = [table_cells.cells_of(each) for each in tables]
            found = [table_cells.cells_of(each) for each in table_cells.tables_of(text)]
            rows[way] = {
                "tables": len(tables),
                "of ours": len(found),
                **table_cells.scores(*table_cells.matched(wanted, found)),
            }
    figures.record("tables of Docling", rows, head="file", formats=TABLE_FORMATS)


def measure_sites(_: argparse.Namespace) -> None:
    """Tell how much is known of the pages of sites in two languages."""
    folder = figures.data_folder() / "wordpress" / "sites"
    rows: dict[str, dict[str, figures.Value]] = {}
    for site in sorted(path for path in folder.iterdir() if path.is_dir()):
        pages = [
            outcome(gzip.decompress(path.read_bytes()), ".html", str(path.relative_to(site)))
            for path in sorted(site.rglob("*.html.gz"))
        ]
        read = [page.extract for page in pages if page.extract]
        languages = Counter(extract.language or "none" for extract in read)
        rows[site.name] = {
            "read": [len(read), len(pages)],
            "with a title": sum(extract.title != "" for extract in read) / len(read),
            "a date": sum(extract.published is not None for extract in read) / len(read),
            "translations": sum(extract.translations != () for extract in read) / len(read),
            "languages": ", ".join(f"{many} {name}" for name, many in languages.most_common()),
        }
    shares = dict.fromkeys(("with a title", "a date", "translations"), ".0%")
    figures.record("sites", rows, head="site", formats=shares)


File = tuple[str, bytes, str]


def measure_process(_: argparse.Namespace) -> None:
    """Read the sample forum and small files in both ways by turns; the quickest counts."""
    listed = list_files(SAMPLE_FORUM).files
    sample: list[File] = [(each.id, each.path.read_bytes(), each.path.suffix) for each in listed]
    ways: dict[str, Callable[[File], Extract]] = {
        "parsed here": lambda file: parsed(file[1], file[2], name=file[0]),
        "in the process": lambda file: extracted(file[1], file[2], name=file[0]),
    }
    started = time.perf_counter()
    ways["in the process"](sample[0])
    print(f"start of the process and its first document: {time.perf_counter() - started:.2f} s")
    rows: dict[str, dict[str, figures.Value]] = {}
    for name, files in (("sample forum", sample), ("small files", small_files(sample))):
        rounds = [[seconds(files, read) for read in ways.values()] for _ in range(1 + ROUNDS)]
        here, apart = (1000 * min(way) / len(files) for way in zip(*rounds[1:], strict=True))
        rows[f"{name} ({len(files)})"] = {
            "ms a file, parsed here": here,
            "in the process": apart,
            "ratio": apart / here,
        }
    figures.record("parsing apart", rows, head="files")


def small_files(files: Sequence[File]) -> list[File]:
    """Return pages and Markdown files of five paragraphs each."""
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


def seconds(files: Sequence[File], read: Callable[[File], Extract]) -> float:
    """Return how long it takes to read all files."""
    started = time.perf_counter()
    for file in files:
        read(file)
    return time.perf_counter() - started


def measure_embedding(_: argparse.Namespace) -> None:
    """Embed the same with the built-in model and with sentence-transformers on torch."""
    from vectorstore.embedding import builtin_model, model_conversion

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "multilingual-e5-small"
        weights = builtin_model.pinned_weights().read_bytes()
        model_conversion.write_sentence_transformer(weights, folder)
        found = {}
        for name, arguments in (("torch", [str(folder)]), ("built in", [])):
            command = [sys.executable, __file__, APART, *arguments]
            ran = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
            found[name] = json.loads(ran.stdout)
    left, right = (np.array(told.pop("vectors")) for told in found.values())
    cosines = (left * right).sum(axis=1)
    rows: dict[str, dict[str, figures.Value]] = {
        name: {
            "torch": value,
            "built in": found["built in"][name],
            "ratio": value / found["built in"][name],
        }
        for name, value in found["torch"].items()
    }
    for name, cosine in (("on average", cosines.mean()), ("at worst", cosines.min())):
        rows[f"cosine of a passage in both, {name}"] = {"built in": float(cosine)}
    formats = {name: ".4f" for name in rows if "cosine" in name} | {"ratio": ".1f"}
    figures.record("embedding", rows, formats=formats)


def embedding_apart(folder: str = "") -> dict[str, Any]:
    """Load a runtime, embed, and return what it took; the built-in one without a folder."""
    files = list_files(SAMPLE_FORUM).files
    texts = [read_document(file, detect_language=lambda _: "en").text for file in files]
    said = " ".join(texts).split()
    passages = [" ".join(said[at % len(said) :][:100]) for at in range(0, 23 * PASSAGES, 23)]
    before, started = figures.peak_memory(), time.perf_counter()
    if folder:
        from vectorstore.embedding.sentence_transformer import SentenceTransformerEmbedder

        embedder: Any = SentenceTransformerEmbedder(folder)
    else:
        from vectorstore.embedding import builtin_model

        embedder = builtin_model.load(builtin_model.default_folder())
    embedder.embed_queries(["warm up"])
    loaded = time.perf_counter()
    single = []
    for passage in passages[:QUERIES]:
        begun = time.perf_counter()
        embedder.embed_queries([passage[:60]])
        single.append(time.perf_counter() - begun)
    begun = time.perf_counter()
    vectors = embedder.embed_passages(passages)
    return {
        "load, s": loaded - started,
        "one query, ms": 1000 * float(np.median(single)),
        f"{PASSAGES} passages of 100 words, s": time.perf_counter() - begun,
        "memory, MB": figures.peak_memory() - before,
        "vectors": vectors.tolist(),
    }


APART = "--embedding-apart"
SUBJECTS = {
    "pages": measure_pages,
    "documents": measure_documents,
    "tables": measure_tables,
    "sites": measure_sites,
    "process": measure_process,
    "embedding": measure_embedding,
}

if __name__ == "__main__":
    if sys.argv[1:2] == [APART]:
        print(json.dumps(embedding_apart(*sys.argv[2:])))
    else:
        figures.run(__doc__, SUBJECTS)
