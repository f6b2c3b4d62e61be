"""The manifest of a generation: what it holds and what it was built with."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from vectorstore.embedding.embedder import PROBE, SAME_MODEL_COSINE, Embedder
from vectorstore.errors import ManifestMismatchError, StoreDamagedError

FORMAT = 7
"""The layout of a generation's files; change it when code of today cannot read yesterday's."""
FILE = "manifest.json"
REBUILD = "run `python app.py ingest --rebuild` to build it anew from the documents it holds"


@dataclass(frozen=True, slots=True)
class Embedding:
    """The embedding model, told by its behaviour and not only by its name.

    Attributes:
        probe: The vector of a fixed text; another model, prompt or pooling gives another.
    """

    model: str
    dimension: int
    probe: tuple[float, ...]

    @classmethod
    def of(cls, embedder: Embedder) -> "Embedding":
        """Take the fingerprint of an embedder."""
        (vector,) = embedder.embed_passages([PROBE])
        probe = tuple(round(float(value), 5) for value in vector)
        return cls(embedder.name, embedder.dimension, probe)

    def check(self, asked: "Embedding") -> None:
        """Raise ManifestMismatchError unless `asked` makes the same vectors."""
        same_size = self.dimension == asked.dimension == len(self.probe) == len(asked.probe)
        if same_size and float(np.dot(self.probe, asked.probe)) >= SAME_MODEL_COSINE:
            return
        raise ManifestMismatchError(
            what="the embedding model",
            built=f"{self.model} ({self.dimension} dimensions)",
            asked=f"{asked.model} ({asked.dimension} dimensions)",
            remedy=f"set FORUM_EMBEDDING_MODEL={self.model} again, or {REBUILD}",
        )


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds and what it was built with.

    Attributes:
        content: A hash over the fingerprints of all documents.
        chunking: The recipe of the chunks; chunks of another recipe are not carried over.
        built: When it was published, ISO 8601 in UTC.
        files: The SHA-256 of every other file, by its path in the folder (vectorstore.integrity).
    """

    generation: str
    built: str
    documents: int
    chunks: int
    sentences: int
    content: str
    chunking: str
    embedding: Embedding
    files: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write the manifest into the generation's folder, sealed with its own digest."""
        fields = asdict(self)
        text = json.dumps({**fields, "seal": _seal(fields)}, ensure_ascii=False, indent=1)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")


def read(folder: Path) -> Manifest:
    """Read the manifest of a generation. Raises StoreError with what to do."""
    try:
        fields: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if fields.get("format") != FORMAT:
            raise ManifestMismatchError(
                what="the layout of the store",
                built=f"format {fields.get('format')}",
                asked=f"format {FORMAT}",
                remedy=REBUILD,
            )
        if fields.pop("seal") != _seal(fields):
            raise StoreDamagedError(folder, f"{FILE} is not what was published")
        embedding = fields.pop("embedding")
        return Manifest(
            embedding=Embedding(
                embedding["model"], int(embedding["dimension"]), tuple(embedding["probe"])
            ),
            **fields,
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as exc:
        raise StoreDamagedError(folder, f"its manifest cannot be read ({exc})") from exc


def _seal(fields: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
