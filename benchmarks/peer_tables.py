"""The tables of `peers.py`, in Markdown. Pure, but for reading the published figures."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

OURS = "this assistant"
VIEWS = {"passages": ", passages read", "quotes": ", sentences shown"}
TIMED = "SQuAD 2 articles"

PUBLISHED = "mteb_results/xquad_retrieval.csv"
SHOWN = {
    "openai/text-embedding-3-large": "default of Kotaemon",
    "openai/text-embedding-3-small": "default of chat-langchain",
    "sentence-transformers/all-mpnet-base-v2": "default of DocsGPT",
    "nomic-ai/nomic-embed-text-v1": "default of Onyx",
    "nomic-ai/nomic-embed-text-v1.5": "default of PrivateGPT 0.6",
    "sentence-transformers/all-MiniLM-L6-v2": "default of Open WebUI, AnythingLLM, Verba",
    "intfloat/multilingual-e5-large": "",
    "intfloat/multilingual-e5-base": "",
    "intfloat/multilingual-e5-small": "the weights used here",
    "BAAI/bge-m3": "",
    "mteb/baseline-bm25s": "words alone",
}
"""Models whose published figures are shown, where there are any, and who comes with them."""

Figures = Mapping[str, Any]
Results = Mapping[str, Mapping[str, Figures]]
"""By assistant, then by task."""


def lines(results: Results, data: Path) -> Iterator[str]:
    """Yield all tables."""
    yield from documents_found(results)
    yield from answers_handed_over(results)
    yield from refusals(results)
    yield from speed(results)
    yield from published(results[OURS], data / PUBLISHED)


def documents_found(results: Results) -> Iterator[str]:
    """Yield how well documents are found."""
    names = [name for name, each in results[OURS].items() if "nDCG@10" in each]
    yield "\nParagraphs as documents: nDCG@10, recall@1, recall@5\n"
    counted = (f"{name} ({results[OURS][name]['questions']})" for name in names)
    yield from header("retrieval", *counted)
    measures = ("nDCG@10", "recall@1", "recall@5")
    for who, tasks in results.items():
        yield row(
            who,
            *(" ".join(f"{tasks[name][measure]:.3f}" for measure in measures) for name in names),
        )


def answers_handed_over(results: Results) -> Iterator[str]:
    """Yield how often the answer comes to the reader."""
    names = [name for name in results[OURS] if "articles" in name]
    yield "\nArticles as documents: the answer in all that is handed over, in its first 1,000"
    yield "characters, and how many characters that is\n"
    counts = [
        (results[OURS][name]["documents"], results[OURS][name]["questions"]) for name in names
    ]
    yield from header(
        "retrieval", *(f"{name} {count}" for name, count in zip(names, counts, strict=True))
    )
    for who, tasks, view in by_view(results):
        cells = [tasks[name][view] for name in names]
        texts = (
            f"{cell['held']:.3f} {cell['held early']:.3f} ({cell['characters']:,.0f})"
            for cell in cells
        )
        yield row(who, *texts)


def refusals(results: Results) -> Iterator[str]:
    """Yield what comes of questions with and without an answer."""
    asked = [name for name, each in results[OURS].items() if "strange" in each.get("passages", ())]
    yield "\nShare of questions that get something: of the set's own, of another set's\n"
    counts = [results[OURS][name]["passages"] for name in asked]
    yield from header(
        "retrieval",
        *(
            f"{name} ({count['asked']}, {count['strange asked']})"
            for name, count in zip(asked, counts, strict=True)
        ),
    )
    for who, tasks, view in by_view(results):
        cells = [tasks[name][view] for name in asked]
        yield row(who, *(f"{1 - cell['nothing']:.1%}, {cell['strange']:.1%}" for cell in cells))


def speed(results: Results) -> Iterator[str]:
    """Yield times, and how many times ours they are."""
    ours = results[OURS][TIMED]
    yield f"\nSpeed over {TIMED} ({ours['documents']}), nothing remembered\n"
    yield from header(
        "retrieval",
        "ingest, s (CPU)",
        "words/s",
        "x ours (CPU)",
        "question p50, p95, ms (CPU)",
        "x ours (CPU)",
    )
    for who, tasks, view in by_view(results):
        its, times = tasks[TIMED], tasks[TIMED][view]
        first = ours["passages"]
        yield row(
            who,
            f"{its['ingest s']:.1f} ({its['ingest CPU s']:.1f})",
            f"{its['words/s']:,.0f}",
            f"{its['ingest s'] / ours['ingest s']:.1f} "
            f"({its['ingest CPU s'] / ours['ingest CPU s']:.1f})",
            f"{times['p50']:.1f}, {times['p95']:.1f} ({times['CPU ms']:.1f})",
            f"{times['p50'] / first['p50']:.1f} ({times['CPU ms'] / first['CPU ms']:.1f})",
        )


def published(ours: Mapping[str, Figures], path: Path) -> Iterator[str]:
    """Yield published figures of models on XQuAD beside those measured here."""
    if not path.is_file():
        yield f"\n{path} is not there: no published figures to set beside"
        return
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {(each["model"], each["subset"]): float(each["ndcg_at_10"]) for each in rows}
    models = {each["model"] for each in rows}
    yield f"\nPublished nDCG@10 on XQuAD, of {len(models)} models, vectors alone\n"
    yield from header("model", "en", "de", "")
    codes = ("en", "de")
    best = [max((value, each) for (each, code), value in found.items() if code == c) for c in codes]
    yield row("best published", *(f"{value:.3f} ({each})" for value, each in best), "")
    yield row(OURS, *(f"{ours[f'XQuAD {code}']['nDCG@10']:.3f}" for code in codes), "measured here")
    for model in (each for each in SHOWN if each in models):
        values = (found.get((model, code)) for code in codes)
        yield row(
            model, *("-" if value is None else f"{value:.3f}" for value in values), SHOWN[model]
        )
    if absent := [each for each in SHOWN if each not in models]:
        yield f"\nNot published on it: {', '.join(absent)}"


def by_view(results: Results) -> Iterator[tuple[str, Mapping[str, Figures], str]]:
    """Yield each assistant under a name for each thing that it hands over."""
    for who, tasks in results.items():
        views = [view for view in VIEWS if view in tasks[TIMED]]
        for view in views:
            yield who + (VIEWS[view] if len(views) > 1 else ""), tasks, view


def header(*cells: str) -> Iterator[str]:
    """Yield the head of a table."""
    yield row(*cells)
    yield row(*("---" for _ in cells))


def row(*cells: str) -> str:
    """Return one row of a table."""
    return f"| {' | '.join(cells)} |"
