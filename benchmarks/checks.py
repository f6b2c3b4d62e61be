"""How well the checks of written sentences tell faithful ones from altered ones.

    .venv/bin/python benchmarks/checks.py [--each]

The sentences are `tests/data/written_sentences.jsonl`: written by hand about the sample forum, true
ones and ones with a small change, before anybody saw what the checks say of them. The checks were
improved on one half; the other half was looked at as totals only. `--each` prints the sentences of
the tuned half that are judged wrongly.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from assistant.writing.checking import Evidence, Fault
from tests.written_sentences import FAITHFUL, Written, likenesses, read, verdicts
from vectorstore.embedding import builtin_model
from vectorstore.embedding.embedder import Embedder

Judged = tuple[Written, Evidence | Fault]


def main() -> None:
    """Print a table for each half."""
    embedder = builtin_model.load(builtin_model.default_folder())
    written = read()
    judged = list(zip(written, verdicts(written, embedder), strict=True))
    for name, is_held_out in (("tuned on", False), ("held out", True)):
        half = [each for each in judged if each[0].is_held_out is is_held_out]
        print(f"\n{name}: {len(half)} sentences\n")
        _table(half, faults=not is_held_out)
    if "--each" in sys.argv:
        _each([each for each in judged if not each[0].is_held_out])
    _likeness([each for each in written if not each.is_held_out], embedder)


def _table(half: Sequence[Judged], *, faults: bool) -> None:
    labels = sorted({each.label for each, _ in half} - {FAITHFUL})
    languages = sorted({each.language for each, _ in half})
    ways = ["all", *languages, "another language"]
    print("| | " + " | ".join(ways) + (" | faults |" if faults else " |"))
    print("|---" * (len(ways) + 1 + faults) + "|")
    for name, chosen in (
        ("faithful, withheld", {FAITHFUL}),
        ("altered, stopped", set(labels)),
        *((f"- {label}", {label}) for label in labels),
    ):
        rows = [each for each in half if each[0].label in chosen]
        cells = [_share([said for row, said in rows if _is_in(row, way)]) for way in ways]
        given = Counter(said.name for _, said in rows if isinstance(said, Fault))
        told = ", ".join(f"{fault} {many}" for fault, many in given.most_common())
        print(f"| {name} | " + " | ".join(cells) + (f" | {told} |" if faults else " |"))


def _is_in(written: Written, way: str) -> bool:
    return way in ("all", written.language) or (way == "another language" and written.is_foreign)


def _share(said: Sequence[Evidence | Fault]) -> str:
    stopped = sum(isinstance(each, Fault) for each in said)
    return f"{stopped}/{len(said)} ({stopped / len(said):.1%})" if said else ""


def _each(half: Sequence[Judged]) -> None:
    for judged, said in half:
        if isinstance(said, Fault) is (judged.label == FAITHFUL):
            place = judged.chunk.text.replace("\n", " ")[:150]
            print(f"\n{judged.label} {judged.language}: {judged.sentence}")
            print(f"    {said!r}\n    {place}")


def _likeness(written: Sequence[Written], embedder: Embedder) -> None:
    """Print how likeness parts true sentences from those of other passages, between languages."""
    foreign = [each for each in written if each.is_foreign]
    true = [each for each in foreign if each.label == FAITHFUL]
    chunks = [passage.chunk for passage in written]
    strangers = [
        Written(passage.sentence, passage.language, other, "elsewhere", is_held_out=False)
        for passage in true
        for other in {chunk.id: chunk for chunk in chunks}.values()
        if other.source.document_id == passage.chunk.source.document_id
        and other != passage.chunk
        and other.source.language != passage.language
    ]
    print(
        "\n| claim embedded as | faithful: least, 5th of 100, mean "
        "| other chunks: mean, 95th, most |\n|---|---|---|"
    )
    for as_queries in (True, False):
        near = np.array(likenesses(true, embedder, as_queries=as_queries))
        far = np.array(likenesses(strangers, embedder, as_queries=as_queries))
        print(
            f"| {'query' if as_queries else 'passage'} "
            f"| {near.min():.2f}, {np.percentile(near, 5):.2f}, {near.mean():.2f} "
            f"| {far.mean():.2f}, {np.percentile(far, 95):.2f}, {far.max():.2f} |"
        )


if __name__ == "__main__":
    main()
