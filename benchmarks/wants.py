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
    wants = dict.fromkeys(each.want for each in asked)
    languages = sorted({each.language for each in asked})
    for name, is_held_out in (("tuned on", False), ("held out", True)):
        half = [each for each in asked if each.is_held_out is is_held_out]
        print(f"\n{name}: {len(half)} phrasings\n")
        print("| wanted | all | " + " | ".join(languages) + " |\n|---" + "|---" * 8 + "|")
        for want in (*wants, "all"):
            _row(want, [each for each in half if want in (each.want, "all")], languages)
    if "--each" in sys.argv:
        for each in asked:
            if not each.is_held_out and told(each) != each.want:
                print(f"{each.language} {each.want}, taken for {told(each)}: {each.text}")


def _row(want: str, rows: Sequence[Asked], languages: Sequence[str]) -> None:
    share: Callable[[Sequence[Asked]], str] = lambda some: (  # noqa: E731 - one line is enough
        f"{sum(told(each) == each.want for each in some)}/{len(some)}"
    )
    each = [share([row for row in rows if row.language == language]) for language in languages]
    right = sum(told(row) == row.want for row in rows) / len(rows)
    print(f"| {want} | {share(rows)} ({right:.1%}) | " + " | ".join(each) + " |")


if __name__ == "__main__":
    main()
