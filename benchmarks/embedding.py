"""The built-in model beside sentence-transformers in fp32: speed, agreement, memory, load time.

    .venv/bin/python benchmarks/embedding.py

Each runtime is measured in a process of its own, one after the other, on the same sentences (those
of the sample forum). Absolute times depend on the machine; read the ratios.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parent.parent
PASSAGES = 500
QUERIES = 50
sys.path[:0] = [str(ROOT), str(ROOT / "src")]


def texts() -> list[str]:
    """Return 500 passages of about a hundred words, made of the sample forum's documents."""
    from ingest.sources.folder import list_files, read_document

    files = list_files(ROOT / "examples" / "sample-forum").files
    words: list[str] = []
    for file in files:
        words += read_document(file, detect_language=lambda _: "en").text.split()
    return [" ".join(words[at % len(words) :][:100]) for at in range(0, 23 * PASSAGES, 23)]


def peak_memory() -> float:
    """Return the most memory that this process has held, in MB (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def measure(runtime: str, folder: str) -> dict[str, Any]:
    """Load a runtime, embed, and return what it took."""
    passages = texts()
    before = peak_memory()
    started = time.perf_counter()
    if runtime == "torch":
        from vectorstore.embedding.sentence_transformer import SentenceTransformerEmbedder

        embedder: Any = SentenceTransformerEmbedder(folder)
    else:
        from vectorstore.embedding import builtin_model

        embedder = builtin_model.load(builtin_model.default_folder())
    embedder.embed_queries(["warm up"])
    load = time.perf_counter() - started
    single = []
    for query in passages[:QUERIES]:
        begun = time.perf_counter()
        embedder.embed_queries([query[:60]])
        single.append(time.perf_counter() - begun)
    begun = time.perf_counter()
    vectors = embedder.embed_passages(passages)
    return {
        "load s": load,
        "query ms": 1000 * float(np.median(single)),
        "500 passages s": time.perf_counter() - begun,
        "memory MB": peak_memory() - before,
        "vectors": vectors.tolist(),
    }


def main() -> None:
    """Print the table."""
    from vectorstore.embedding import builtin_model, model_conversion

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "multilingual-e5-small"
        weights = builtin_model.pinned_weights()
        model_conversion.write_sentence_transformer(weights.read_bytes(), folder)
        results = {
            runtime: json.loads(
                subprocess.run(
                    [sys.executable, __file__, runtime, str(folder)],
                    capture_output=True,
                    check=True,
                    text=True,
                ).stdout
            )
            for runtime in ("torch", "ours")
        }
    vectors = [np.array(results[runtime].pop("vectors")) for runtime in ("torch", "ours")]
    cosines = (vectors[0] * vectors[1]).sum(axis=1)
    print(f"{'':16}{'torch':>12}{'ours':>12}{'ratio':>8}")
    for name, value in results["torch"].items():
        ours = results["ours"][name]
        print(f"{name:16}{value:12.2f}{ours:12.2f}{value / ours:8.1f}")
    print(f"cosine of the same passage: mean {cosines.mean():.4f}, worst {cosines.min():.4f}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(*sys.argv[1:3])))
    else:
        main()
