"""How often what a member wants is understood, by kind and language.

    .venv/bin/python benchmarks/wants.py [--each]

The phrasings are `tests/data/requests.yaml`, written before their author saw the patterns. The
patterns were improved on one half; the other was looked at as totals only. `--each` prints the
phrasings of the tuned half that are understood wrongly.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.asked_requests import Asked, read, told


def main() -> None:
    """Print a table for each half."""
    asked = read()
    wants = dict.fromkeys(its.want for its in asked)
    languages = sorted({its.language for its in asked})
    for name, is_held_out in (("tuned on", False), ("held out", True)):
        half = [its for its in asked if its.is_held_out is is_held_out]
        print(f"\n{name}: {len(half)} phrasings\n")
        print("| wanted | all | " + " | ".join(languages) + " |\n|---" + "|---" * 8 + "|")
        for want in (*wants, "all"):
            _row(want, [its for its in half if want in (its.want, "all")], languages)
    if "--each" in sys.argv:
        for its in asked:
            if not its.is_held_out and told(its) != its.want:
                print(f"{its.language} {its.want}, taken for {told(its)}: {its.text}")


def _row(want: str, rows: Sequence[Asked], languages: Sequence[str]) -> None:
    share: Callable[[Sequence[Asked]], str] = lambda some: (  # noqa: E731 - one line is enough
        f"{sum(told(its) == its.want for its in some)}/{len(some)}"
    )
    each = [share([its for its in rows if its.language == language]) for language in languages]
    right = sum(told(its) == its.want for its in rows) / len(rows)
    print(f"| {want} | {share(rows)} ({right:.1%}) | " + " | ".join(each) + " |")


if __name__ == "__main__":
    main()
