"""How often the language of a question is told right, with and without that of the page.

    .venv/bin/python benchmarks/question_languages.py FOLDER [--each]

FOLDER holds documents as JSON files, each with `questions` that have `language` and `question`,
typed as people type them, many of them fragments. Every other document was looked at when the words
were chosen; the rest are the figures that count. `--each` prints what is told wrong in the first
half.
"""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from assistant.domain.corpus import UNDETERMINED
from assistant.language.detection import LanguageDetection
from assistant.language.wording import LANGUAGES

SHORT = 4
"""The most words of a fragment."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question."""

    text: str
    language: str
    is_seen: bool

    @property
    def is_short(self) -> bool:
        """Whether it is a fragment."""
        return len(self.text.split()) <= SHORT


PAGES: dict[str, Callable[[str], str]] = {
    "its own": lambda language: language,
    "none": lambda _: UNDETERMINED,
    "another": lambda language: LANGUAGES[(LANGUAGES.index(language) + 1) % len(LANGUAGES)],
}


def main() -> None:
    """Print a table for each half."""
    asked = read(Path(sys.argv[1]))
    detect = LanguageDetection()
    for title, is_seen in (("looked at", True), ("not looked at", False)):
        half = [its for its in asked if its.is_seen is is_seen]
        print(f"\n{title}: {len(half)} questions, {sum(its.is_short for its in half)} short\n")
        print("| the page's | all | short | " + " | ".join(LANGUAGES) + " |\n" + "|---" * 10 + "|")
        for name, page in PAGES.items():
            groups = [half, [its for its in half if its.is_short]]
            groups += [[its for its in half if its.language == code] for code in LANGUAGES]
            shares = " | ".join(share(its, page, detect) for its in groups)
            print(f"| {name} | {shares} |")
    if "--each" in sys.argv:
        for its in (it for it in asked if it.is_seen):
            if (told := detect(its.text, fallback=UNDETERMINED)) != its.language:
                print(f"{its.language}, taken for {told}: {its.text}")


def read(folder: Path) -> list[Asked]:
    """Return the questions in our languages."""
    return [
        Asked(its["question"], its["language"], number % 2 == 0)
        for number, path in enumerate(sorted(folder.rglob("*.json")))
        for its in json.loads(path.read_text(encoding="utf-8"))["questions"]
        if its["language"] in LANGUAGES
    ]


def share(some: Sequence[Asked], page: Callable[[str], str], detect: LanguageDetection) -> str:
    """Return how many are told right, in per cent."""
    right = sum(detect(its.text, fallback=page(its.language)) == its.language for its in some)
    return f"{100 * right / len(some):.1f}" if some else "–"


if __name__ == "__main__":
    main()
