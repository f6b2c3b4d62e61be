"""What `scale.py` measured, as a Markdown table and as a picture."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Figures = dict[str, Any]
BASE = 10_000  # chunks; what the largest corpus is compared with
NOTHING = "–"


def markdown(results: Sequence[Figures]) -> str:
    """Return the table, a column for each size."""
    heads = [f"{its['size']:,}" + ("" if its["is real"] else ", stand-in") for its in results]
    lines = ["| chunks | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    base = next((its for its in results if its["size"] == BASE), None)
    for name, cell in _rows(base).items():
        cells = []
        for its in results:
            try:
                cells.append(cell(its))
            except (KeyError, TypeError):  # this size was spared that step
                cells.append(NOTHING)
        if set(cells) != {NOTHING}:
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _rows(base: Figures | None) -> dict[str, Callable[[Figures], str]]:
    rows: dict[str, Callable[[Figures], str]] = {
        "documents": lambda its: f"{its['ingest']['documents']:,}",
        "sentences": lambda its: f"{its['ingest']['sentences']:,}",
        "ingest, s": lambda its: f"{its['ingest']['seconds']:,.0f}",
        "the same without the embedder, ms a chunk": lambda its: _number(_own(its)),
        "rate of ingest by that of the bare embedder": lambda its: (
            f"{its['ingest']['bare'] / its['ingest']['seconds']:.2f}"
        ),
        "share of the embedder in the time of ingest": lambda its: (
            f"{its['ingest']['embedder'] / its['ingest']['seconds']:.2f}"
            if its["is real"]
            else NOTHING
        ),
        "again with nothing changed, ms a document": lambda its: _number(
            1000 * its["again"]["seconds"] / its["ingest"]["documents"]
        ),
        "again with 1 % changed, s": lambda its: _number(its["changed"]["seconds"]),
        "the same without the embedder, s": lambda its: _number(its["changed"]["own"]),
        "search, ms": lambda its: _pair(its["serve"]["search"]),
        "search in one language, ms": lambda its: _pair(its["serve"]["language"]),
        "search in one kind, ms": lambda its: _pair(its["serve"]["kind"]),
        "search in one language and kind, ms": lambda its: _pair(its["serve"]["both"]),
        "question to quoted answer, ms": lambda its: _pair(its["serve"]["answer"]),
        "in turns: plain search, ms": lambda its: _pair(its["plain"]["plain"]),
        "in turns: our search, ms": lambda its: _pair(its["plain"]["ours"]),
        "in turns: our answer, ms": lambda its: _pair(its["plain"]["answer"]),
        "our search by plain search": lambda its: _ratio(
            its["plain"]["ours"], its["plain"]["plain"]
        ),
        "our answer by plain search": lambda its: _ratio(
            its["plain"]["answer"], its["plain"]["plain"]
        ),
    }
    if base is not None:
        rows[f"search by that at {BASE:,}"] = lambda its: _ratio(
            its["serve"]["search"], base["serve"]["search"]
        )
        rows[f"answer by that at {BASE:,}"] = lambda its: _ratio(
            its["serve"]["answer"], base["serve"]["answer"]
        )
    return rows | {
        "recall@10 of Chroma": lambda its: f"{its['recall']['recall']:.3f}",
        "memory of a server, MB": lambda its: f"{its['serve']['rss MB']:,.0f}",
        "at most, MB": lambda its: f"{its['serve']['peak MB']:,.0f}",
        "memory of ingest at most, MB": lambda its: f"{its['ingest']['peak MB']:,.0f}",
        "a generation on disk, MB": lambda its: f"{its['ingest']['disk MB']:,.0f}",
        "opening, s": lambda its: _number(its["serve"]["open s"]),
        "from there to the first answer, s": lambda its: _number(
            its["serve"]["first answer s"] - its["serve"]["open s"]
        ),
    }


def _own(its: Figures) -> float:
    return float(1000 * its["ingest"]["own"] / its["ingest"]["chunks"])


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
        "search": lambda its: its["serve"]["search"]["p50"],
        "search in one language": lambda its: its["serve"]["language"]["p50"],
        "question to quoted answer": lambda its: its["serve"]["answer"]["p50"],
        "plain search": lambda its: its["plain"]["plain"]["p50"],
    }
    sizes: dict[str, Callable[[Figures], float]] = {
        "memory of a server": lambda its: its["serve"]["rss MB"],
        "a generation on disk": lambda its: its["ingest"]["disk MB"],
    }
    for axes, lines, unit in ((left, times, "ms (median)"), (right, sizes, "MB")):
        for name, value in lines.items():
            has = [its for its in results if name != "plain search" or "plain" in its]
            axes.plot([its["size"] for its in has], [value(its) for its in has], "o-", label=name)
        axes.set(xscale="log", xlabel="chunks", ylabel=unit)
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
        axes.legend(frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format="svg", metadata={"Date": None})
