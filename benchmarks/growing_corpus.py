"""Corpora of any size, made of the paragraphs of public sets, and a stand-in for embedding them.

Paragraphs in four languages come first as they are, then again and again in variations: sentences
in another order, one of another paragraph among them, other numbers.
"""

import gzip
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from zlib import crc32

import numpy as np

from assistant.evaluation import formats
from assistant.evaluation.sets import EvaluationSet
from assistant.language.sentences import sentence_spans
from vectorstore.embedding.embedder import Embedder, Vectors, as_unit_rows, no_progress

SECTIONS = 4
"""Paragraphs a document: each under a heading of its own, so each becomes one chunk."""

QUESTIONS = 60  # of each set, whose paragraph is in the smallest corpus
LONGEST = 6  # sentences that are taken of a paragraph
FOLDERS = ("articles", "articles", "publications", "events")
"""What the kind is read from; half of the documents are articles."""

POOL = 4000  # real vectors that the stand-in starts from
NOISE = 0.33
"""Length of the noise beside a vector of length 1: two of one origin have a cosine of 0.90."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A title and sentences, in one language."""

    title: str
    sentences: tuple[str, ...]


def paragraphs(data: Path) -> dict[str, list[Paragraph]]:
    """Return the paragraphs of each language, those that have questions first."""
    found: dict[str, list[Paragraph]] = {}
    for each in _sets(data):
        language = each.cases[0].language
        for document in each.documents:
            sentences = _sentences(document.text, language)
            title = document.source.title or " ".join(sentences[0].split()[:6])
            paragraph = Paragraph(title, tuple(sentences[:LONGEST]))
            found.setdefault(language, []).append(paragraph)
    with gzip.open(data / "belgian_parliament" / "dekamer_qa_2017_nl.jsonl.gz", "rt") as file:
        for entry in map(json.loads, file):
            sentences = _sentences(" ".join((entry["answer"] or "").split())[:3000], "nl")
            if len(sentences) >= LONGEST:
                paragraph = Paragraph(entry["title"], tuple(sentences[1:LONGEST]))
                found.setdefault("nl", []).append(paragraph)
    return dict(sorted(found.items()))


def questions(data: Path, size: int) -> list[str]:
    """Return questions in three languages whose paragraph is in a corpus of `size` chunks."""
    asked = []
    for each in _sets(data)[:3]:
        present = {document.id for document in each.documents[: size // 4]}
        cases = [case.question for case in each.cases if case.relevant & present]
        asked += cases[:: max(1, len(cases) // QUESTIONS)][:QUESTIONS]
    random.Random(1).shuffle(asked)
    return asked


def _sets(data: Path) -> list[EvaluationSet]:
    german, _ = formats.read(data / "xquad" / "beir", lambda _: "de")
    _, english = formats.read(data / "xquad" / "beir", lambda _: "en")
    (french,) = formats.read(data / "piaf_fr" / "beir", lambda _: "fr")
    squad = data / "squad2_half_dev" / "dev-v2.0.cs224n.json.gz"
    (more,) = formats.read(squad, lambda _: "en")
    return [german, english, french, more]


def _sentences(text: str, language: str) -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text, language)]


def write(folder: Path, size: int, data: Path) -> None:
    """Write a corpus of `size` chunks as Markdown files."""
    streams = {code: _endless(pool, code) for code, pool in paragraphs(data).items()}
    languages = list(streams)
    for name in set(FOLDERS):
        (folder / name).mkdir(parents=True)
    for number in range(size // SECTIONS):
        parts = list(islice(streams[languages[number % len(languages)]], SECTIONS))
        body = "\n\n".join(f"## {part.title}\n\n{' '.join(part.sentences)}" for part in parts)
        name = f"{FOLDERS[number // len(languages) % len(FOLDERS)]}/{number:06d}.md"
        (folder / name).write_text(f"# {parts[0].title} ({number})\n\n{body}\n", encoding="utf-8")


def change(folder: Path, *, share: float) -> None:
    """Write another sentence into that share of the files."""
    paths = sorted(folder.rglob("*.md"))
    for path in random.Random(2).sample(paths, max(1, round(share * len(paths)))):
        text = path.read_text(encoding="utf-8")
        path.write_text(f"{text.rstrip()} Revised in 2021 by {path.stem}.\n", encoding="utf-8")


def _endless(pool: Sequence[Paragraph], language: str) -> Iterator[Paragraph]:
    """Yield each paragraph as it is, then variations for ever."""
    chance = random.Random(language)
    yield from pool

    def another(found: re.Match[str]) -> str:
        return str(chance.randrange(10 ** (len(found[0]) - 1), 10 ** len(found[0])))

    for number in count():
        paragraph = pool[number % len(pool)]
        sentences = [*paragraph.sentences, chance.choice(chance.choice(pool).sentences)]
        chance.shuffle(sentences)
        varied = (re.sub(r"\d{1,6}", another, sentence) for sentence in sentences[:LONGEST])
        yield Paragraph(paragraph.title, tuple(varied))


class StandIn:
    """Questions by the real model; passages by a pool of its vectors with noise, in no time.

    The same passage gets the same vector.
    """

    def __init__(self, real: Embedder, pool: Path) -> None:
        self.name, self.dimension = f"stand-in for {real.name}", real.dimension
        self.token_limit = real.token_limit
        self.count_tokens = real.count_tokens
        self.embed_queries = real.embed_queries
        self.embed_texts = real.embed_texts
        self._pool = np.load(pool)

    @staticmethod
    def prepare(real: Embedder, data: Path, pool: Path) -> None:
        """Embed the pool and write it to a file that ends in `.npy`."""
        texts: dict[str, None] = {}
        for each in paragraphs(data).values():
            sentences = [sentence for paragraph in each for sentence in paragraph.sentences]
            texts |= dict.fromkeys(random.Random(3).sample(sentences, POOL // 4))
        np.save(pool, real.embed_passages(list(texts)))

    def embed_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] = no_progress
    ) -> Vectors:
        """Return the vectors of the pool, with the noise that each text is the seed of."""
        seeds = [crc32(text.encode()) for text in texts]
        noise = np.empty((len(texts), self.dimension), np.float32)
        for at, seed in enumerate(seeds):
            noise[at] = np.random.default_rng(seed).standard_normal(self.dimension, np.float32)
        progress(len(texts))
        rows = [seed % len(self._pool) for seed in seeds]
        return as_unit_rows(self._pool[rows] + NOISE / np.sqrt(self.dimension) * noise)
