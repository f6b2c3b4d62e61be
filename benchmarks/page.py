"""The chat page beside a bare `gr.ChatInterface`, in Chromium on a processor four times slower.

    .venv/bin/python benchmarks/page.py [--runs 5] [--turns 100]

Both are served on this machine; the bare one (`page_plain.py`) says the same to everything, in as
many pieces as our answers have, and searches nothing. Prints a Markdown table of medians.
"""

import argparse
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from playwright.sync_api import Browser, CDPSession, Page

from benchmarks.browsing import chromium, free_port, ingest_sample, metered, running, served

SLOWER = 4
QUESTIONS = (
    "Who leads the network now?",
    "Who pays for the cameras?",
    "Wat kost de nachtbus?",
    "What are the latest articles?",
)
REST = 5000  # ms for which a page is left alone
PACE = 700  # ms from one question to the next at least; nobody asks faster


@dataclass(frozen=True, slots=True)
class Subject:
    """A page to measure, and what to look for in it.

    Attributes:
        waiting: Tells that the question has arrived.
        words: Tells that the answer has begun.
        done: Tells that the answer to turn `n` is complete.
    """

    name: str
    address: str
    waiting: str
    words: str
    done: str


Measured = dict[str, float]


def ours(address: str) -> Subject:
    """Return our page."""
    turn = "document.querySelector(`#turns > .turn:nth-child(${n})"
    return Subject(
        "this page", address, f"{turn}`)", f"{turn} .answer`)", f"{turn}[data-state=done]`)"
    )


def bare(address: str) -> Subject:
    """Return the page of a bare chat interface."""
    said = "document.querySelectorAll('[data-testid=bot]')[n - 1]?.textContent.trim()"
    return Subject(
        "bare `gr.ChatInterface`",
        address,
        "document.querySelectorAll('[data-testid=user]').length >= n",
        f"{said}?.startsWith('The documents')",
        f"{said}?.endsWith('That is all.')",
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--turns", type=int, default=100)
    arguments = parser.parse_args()
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ingest_sample(data)
        port = free_port()
        plain = f"http://127.0.0.1:{port}"
        script = [str(ROOT / "benchmarks" / "page_plain.py"), str(port)]
        stack.enter_context(running(script, plain, {}))
        subjects = [ours(stack.enter_context(served(data))), bare(plain)]
        browser = stack.enter_context(chromium())
        found: list[list[Measured]] = [[], []]
        for _ in range(arguments.runs):  # in turns, so that other work on the machine meets both
            for subject, each in zip(subjects, found, strict=True):
                each.append(visit(browser, subject))
        table = [{key: median(run[key] for run in runs) for key in runs[0]} for runs in found]
        for subject, row in zip(subjects, table, strict=True):
            row.update(long_conversation(browser, subject, arguments.turns))
    show(subjects, table)


def visit(browser: Browser, subject: Subject) -> Measured:
    """Open the page, ask twice, open it again; return what was measured."""
    with metered(browser, SLOWER) as (page, session, traffic):
        found = {"usable input, s": opened(page, subject.address) / 1000}
        traffic.settle(page)
        found["requests"] = traffic.requests
        found["loaded, kB"] = traffic.size / 1000
        found["elements"] = count_elements(page)
        found["processor while nobody does anything, %"] = resting(page, session)
        found["layout shift while it opens"] = page.evaluate("window.seen.shifts")
        ask(page, subject, 1)
        page.wait_for_timeout(1000)
        page.evaluate("Object.assign(window.seen, { shifts: 0, unexpected: 0, live: 0 })")
        found |= ask(page, subject, 2)
        page.wait_for_timeout(1000)
        found["layout shift while it answers"] = page.evaluate("window.seen.unexpected")
        found["the same, at once after Enter included"] = page.evaluate("window.seen.shifts")
        found["changes of live regions an answer"] = page.evaluate("window.seen.live")
        before = traffic.size
        found["opened again: usable input, s"] = opened(page, subject.address) / 1000
        traffic.settle(page)
        found["opened again: loaded, kB"] = (traffic.size - before) / 1000
    return found


def resting(page: Page, session: CDPSession) -> float:
    """Leave the page alone; return the share of a processor that it takes, in per cent."""

    def spent() -> tuple[float, float]:
        metrics = session.send("Performance.getMetrics")["metrics"]
        values = {metric["name"]: metric["value"] for metric in metrics}
        return values["TaskDuration"], values["Timestamp"]

    session.send("Performance.enable")
    before = spent()
    page.wait_for_timeout(REST)
    busy, passed = (now - then for now, then in zip(spent(), before, strict=True))
    return 100 * busy / passed


def opened(page: Page, address: str) -> float:
    """Open a page; return the milliseconds until its input takes text."""
    page.goto(address, wait_until="commit")
    page.wait_for_function(
        """() => {
            const box = document.querySelector("textarea");
            if (!box?.checkVisibility({ visibilityProperty: true }) || box.disabled) return false;
            window.seen.moments.usable ??= performance.now();
            return true;
        }""",
        polling=20,
    )
    page.fill("textarea", "x")
    page.fill("textarea", "")
    return float(page.evaluate("window.seen.moments.usable"))


def ask(page: Page, subject: Subject, turn: int) -> Measured:
    """Ask; return the milliseconds from Enter to each step of the answer."""
    page.fill("textarea", QUESTIONS[turn % len(QUESTIONS)])
    moments = {"waiting": subject.waiting, "words": subject.words, "done": subject.done}
    looks = "".join(
        f"window.when('{name}', () => {{ const n = {turn}; return {test}; }});"
        for name, test in moments.items()
    )
    page.evaluate(
        "() => { window.seen.moments = {}; addEventListener('keydown', () => {"
        f"window.seen.moments.enter = performance.now(); {looks}"
        "}, { once: true, capture: true }); }"
    )
    page.keyboard.press("Enter")
    page.wait_for_function("() => 'done' in window.seen.moments", polling=50)
    seen = page.evaluate("window.seen.moments")
    return {
        "Enter to the question shown, with “searching” here, ms": seen["waiting"] - seen["enter"],
        "Enter to the first words of the answer, ms": seen["words"] - seen["enter"],
        "Enter to the whole answer, ms": seen["done"] - seen["enter"],
    }


def long_conversation(browser: Browser, subject: Subject, turns: int) -> Measured:
    """Ask so many times; return how the last answers compare with the first."""
    times = []
    with metered(browser, SLOWER) as (page, session, traffic):
        opened(page, subject.address)
        traffic.settle(page)
        for turn in range(1, turns + 1):
            times.append(ask(page, subject, turn)["Enter to the whole answer, ms"])
            page.wait_for_timeout(PACE)
        elements = count_elements(page)
        session.send("HeapProfiler.collectGarbage")
        heap = page.evaluate("performance.memory.usedJSHeapSize")
    few = max(1, turns // 10)
    early, late = median(times[1 : few + 1] or times), median(times[-few:])
    return {
        f"whole answer, turns 2 to {few + 1}, ms": early,
        f"whole answer, turns {turns - few + 1} to {turns}, ms": late,
        "the latter by the former": late / early,
        f"elements after {turns} turns": elements,
        f"memory of the page after {turns} turns, MB": heap / 1e6,
    }


def count_elements(page: Page) -> int:
    """Return how many elements the page has."""
    return int(page.evaluate("document.querySelectorAll('*').length"))


def show(subjects: list[Subject], table: list[Measured]) -> None:
    """Print the table with ratios."""
    mine, plain = table
    print("| | " + " | ".join(subject.name for subject in subjects) + " | ratio |")
    print("| --- | --- | --- | --- |")
    for key, value in mine.items():
        other = plain[key]
        ratio = f"{value / other:.2f}" if other else "–"
        print(f"| {key} | {as_text(value)} | {as_text(other)} | {ratio} |")


def as_text(value: float) -> str:
    """Return a figure with as many digits as it deserves."""
    if value == int(value) or value >= 100:  # noqa: PLR2004 - three digits say enough
        return f"{value:,.0f}"
    return f"{value:.3f}" if value < 1 else f"{value:.1f}"


if __name__ == "__main__":
    main()
