"""What `scale.py` measured, as a Markdown table and as a picture."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Figures = dict[str, Any]
BASE = 10_000  # chunks; what the largest corpus is compared with
NOTHING = "–"


def markdown(results: Sequence[Figures]) -> str:
    """Return the table, a column for each size."""
    heads = [
        f"{result['size']:,}" + ("" if result["is real"] else ", stand-in") for result in results
    ]
    lines = ["| chunks | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    base = next((result for result in results if result["size"] == BASE), None)
    for name, cell in _rows(base).items():
        cells = []
        for result in results:
            try:
                cells.append(cell(result))
            except (KeyError, TypeError):  # this size was spared that step
                cells.append(NOTHING)
        if set(cells) != {NOTHING}:
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _rows(base: Figures | None) -> dict[str, Callable[[Figures], str]]:
    rows: dict[str, Callable[[Figures], str]] = {
        "documents": lambda fields: f"{fields['ingest']['documents']:,}",
        "sentences": lambda fields: f"{fields['ingest']['sentences']:,}",
        "ingest, s": lambda fields: f"{fields['ingest']['seconds']:,.0f}",
        "the same without the embedder, ms a chunk": lambda each: _number(_own(each)),
        "rate of ingest by that of the bare embedder": lambda fields: (
            f"{fields['ingest']['bare'] / fields['ingest']['seconds']:.2f}"
        ),
        "share of the embedder in the time of ingest": lambda fields: (
            f"{fields['ingest']['embedder'] / fields['ingest']['seconds']:.2f}"
            if fields["is real"]
            else NOTHING
        ),
        "again with nothing changed, ms a document": lambda fields: _number(
            1000 * fields["again"]["seconds"] / fields["ingest"]["documents"]
        ),
        "again with 1 % changed, s": lambda fields: _number(fields["changed"]["seconds"]),
        "the same without the embedder, s": lambda fields: _number(fields["changed"]["own"]),
        "search, ms": lambda fields: _pair(fields["serve"]["search"]),
        "search in one language, ms": lambda fields: _pair(fields["serve"]["language"]),
        "search in one kind, ms": lambda fields: _pair(fields["serve"]["kind"]),
        "search in one language and kind, ms": lambda fields: _pair(fields["serve"]["both"]),
        "question to quoted answer, ms": lambda fields: _pair(fields["serve"]["answer"]),
        "in turns: plain search, ms": lambda fields: _pair(fields["plain"]["plain"]),
        "in turns: our search, ms": lambda fields: _pair(fields["plain"]["ours"]),
        "in turns: our answer, ms": lambda fields: _pair(fields["plain"]["answer"]),
        "our search by plain search": lambda fields: _ratio(
            fields["plain"]["ours"], fields["plain"]["plain"]
        ),
        "our answer by plain search": lambda fields: _ratio(
            fields["plain"]["answer"], fields["plain"]["plain"]
        ),
    }
    if base is not None:
        rows[f"search by that at {BASE:,}"] = lambda fields: _ratio(
            fields["serve"]["search"], base["serve"]["search"]
        )
        rows[f"answer by that at {BASE:,}"] = lambda fields: _ratio(
            fields["serve"]["answer"], base["serve"]["answer"]
        )
    return rows | {
        "recall@10 of Chroma": lambda fields: f"{fields['recall']['recall']:.3f}",
        "memory of a server, MB": lambda fields: f"{fields['serve']['rss MB']:,.0f}",
        "at most, MB": lambda fields: f"{fields['serve']['peak MB']:,.0f}",
        "memory of ingest at most, MB": lambda fields: f"{fields['ingest']['peak MB']:,.0f}",
        "a generation on disk, MB": lambda fields: f"{fields['ingest']['disk MB']:,.0f}",
        "opening, s": lambda fields: _number(fields["serve"]["open s"]),
        "from there to the first answer, s": lambda fields: _number(
            fields["serve"]["first answer s"] - fields["serve"]["open s"]
        ),
    }


def _own(figures: Figures) -> float:
    return float(1000 * figures["ingest"]["own"] / figures["ingest"]["chunks"])


def _pair(times: dict[str, float]) -> str:
    return f"{_number(times['p50'])} / {_number(times['p95'])}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"  # noqa: PLR2004 - two digits are enough


def _ratio(left: Figures, right: Figures) -> str:
    return f"{left['p50'] / right['p50']:.2f}"


def draw(results: Sequence[Figures], path: Path) -> None:
    """Draw times, and memory and disk, against the number of chunks."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "growth", "font.size": 9})
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    times: dict[str, Callable[[Figures], float]] = {
        "search": lambda fields: fields["serve"]["search"]["p50"],
        "search in one language": lambda fields: fields["serve"]["language"]["p50"],
        "question to quoted answer": lambda fields: fields["serve"]["answer"]["p50"],
        "plain search": lambda fields: fields["plain"]["plain"]["p50"],
    }
    sizes: dict[str, Callable[[Figures], float]] = {
        "memory of a server": lambda fields: fields["serve"]["rss MB"],
        "a generation on disk": lambda fields: fields["ingest"]["disk MB"],
    }
    for axes, lines, unit in ((left, times, "ms (median)"), (right, sizes, "MB")):
        for name, value in lines.items():
            has = [result for result in results if name != "plain search" or "plain" in result]
            axes.plot(
                [fields["size"] for fields in has], [value(each) for each in has], "o-", label=name
            )
        axes.set(xscale="log", xlabel="chunks", ylabel=unit)
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
        axes.legend(frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format="svg", metadata={"Date": None})
