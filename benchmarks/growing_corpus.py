"""Corpora of any size, made of the paragraphs of public sets, and a stand-in for embedding them.

Paragraphs in four languages come first as they are, then again and again in variations: sentences
in another order, one of another paragraph among them, other numbers, names exchanged.
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

from assistant.domain.corpus import Document
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
"""Length of the noise beside a vector of length 1: a variation has a cosine of 0.95 with what it
was made from, two of them 0.90."""


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
        found.setdefault(language, []).extend(map(_paragraph, each.documents))
    found["nl"] = list(_dutch(data / "belgian_parliament" / "dekamer_qa_2017_nl.jsonl.gz"))
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
    def german_or(language: str) -> Callable[[str], str]:
        return lambda _: language

    german, _ = formats.read(data / "xquad" / "beir", german_or("de"))
    _, english = formats.read(data / "xquad" / "beir", german_or("en"))
    (french,) = formats.read(data / "piaf_fr" / "beir", german_or("fr"))
    squad = data / "squad2_half_dev" / "dev-v2.0.cs224n.json.gz"
    (more,) = formats.read(squad, german_or("en"))
    return [german, english, french, more]


def _paragraph(document: Document) -> Paragraph:
    text, language = document.text, document.source.language
    sentences = [text[span.start : span.end] for span in sentence_spans(text, language)]
    title = document.source.title or " ".join(sentences[0].split()[:6])
    return Paragraph(title, tuple(sentences[:LONGEST]))


def _dutch(path: Path) -> Iterator[Paragraph]:
    """Yield the answers of the federal parliament's questions, a few sentences each."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            entry = json.loads(line)
            text = " ".join((entry["answer"] or "").split())[:3000]
            sentences = [text[span.start : span.end] for span in sentence_spans(text, "nl")]
            if len(sentences) >= LONGEST:
                yield Paragraph(entry["title"], tuple(sentences[1:LONGEST]))


def write(folder: Path, size: int, data: Path, progress: Callable[[int, int], None]) -> None:
    """Write a corpus of `size` chunks as Markdown files."""
    pools = paragraphs(data)
    streams = {language: _endless(each, language) for language, each in pools.items()}
    languages = list(pools)
    documents = size // SECTIONS
    for name in set(FOLDERS):
        (folder / name).mkdir(parents=True)
    for number in range(documents):
        progress(number, documents)
        stream = streams[languages[number % len(languages)]]
        parts = list(islice(stream, SECTIONS))
        body = "\n\n".join(f"## {part.title}\n\n{' '.join(part.sentences)}" for part in parts)
        name = f"{FOLDERS[number // len(languages) % len(FOLDERS)]}/{number:06d}.md"
        (folder / name).write_text(f"# {parts[0].title} ({number})\n\n{body}\n", encoding="utf-8")
    progress(documents, documents)


def change(folder: Path, *, share: float) -> int:
    """Write another sentence into that share of the files; return how many they are."""
    paths = sorted(folder.rglob("*.md"))
    some = random.Random(2).sample(paths, max(1, round(share * len(paths))))
    for path in some:
        text = path.read_text(encoding="utf-8")
        path.write_text(f"{text.rstrip()} Revised in 2021 by {path.stem}.\n", encoding="utf-8")
    return len(some)


def _endless(pool: Sequence[Paragraph], language: str) -> Iterator[Paragraph]:
    """Yield each paragraph as it is, then variations for ever."""
    rng = random.Random(language)
    yield from pool
    names = [
        name
        for chunk in pool
        for sentence in chunk.sentences
        for name in re.findall(r"(?<=[a-z,] )[A-Z][a-zà-ÿ]{3,}", sentence)
    ]
    for number in count():
        its = pool[number % len(pool)]
        sentences = [*its.sentences, rng.choice(rng.choice(pool).sentences)]
        rng.shuffle(sentences)
        yield Paragraph(its.title, tuple(_varied(it, names, rng) for it in sentences[:LONGEST]))


def _varied(sentence: str, names: Sequence[str], rng: random.Random) -> str:
    def another(found: re.Match[str]) -> str:
        return str(rng.randrange(10 ** (len(found[0]) - 1), 10 ** len(found[0])))

    sentence = re.sub(r"\d{1,6}", another, sentence)
    return re.sub(
        r"(?<=[a-z,] )[A-Z][a-zà-ÿ]{3,}",
        lambda found: rng.choice(names) if rng.random() < 0.5 else found[0],  # noqa: PLR2004 - a coin
        sentence,
    )


class StandIn:
    """Questions by the real model; passages by a pool of its vectors with noise, in no time.

    A passage gets the vector of the sentence of the pool that its last line begins like, or of any
    one; the same passage gets the same vector.
    """

    def __init__(self, real: Embedder, pool: Path) -> None:
        self._real = real
        self.name, self.dimension = f"stand-in for {real.name}", real.dimension
        self.token_limit = real.token_limit
        self.count_tokens = real.count_tokens
        self.embed_queries = real.embed_queries
        with np.load(pool) as stored:
            self._vectors = stored["vectors"]
            self._rows = {str(key): row for row, key in enumerate(stored["keys"])}

    @staticmethod
    def prepare(real: Embedder, data: Path, pool: Path) -> None:
        """Embed the pool and write it to a file that ends in `.npz`."""
        texts: dict[str, str] = {}
        its = paragraphs(data)
        for rank in range(max(map(len, its.values()))):
            for some in its.values():
                if rank < len(some) and len(texts) < POOL:
                    texts.update({_beginning(it): it for it in some[rank].sentences})
        vectors = real.embed_passages(list(texts.values()))
        np.savez(pool, keys=np.array(list(texts)), vectors=vectors)

    def embed_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] = no_progress
    ) -> Vectors:
        """Return the vectors of the pool, with the noise that each text is the seed of."""
        rows, noise = [], np.empty((len(texts), self.dimension), np.float32)
        for at, text in enumerate(texts):
            seed = crc32(text.encode())
            last = text.rpartition("\n")[2]
            rows.append(self._rows.get(_beginning(last), seed % len(self._vectors)))
            noise[at] = np.random.default_rng(seed).standard_normal(self.dimension, np.float32)
        progress(len(texts))
        scale = NOISE / np.sqrt(self.dimension)
        return as_unit_rows(self._vectors[rows] + scale * noise)


def _beginning(text: str) -> str:
    return re.sub(r"[\W\d]+", "", text[:60])[:24].lower()
