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
from assistant.language.languages import LANGUAGES

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
        half = [each for each in asked if each.is_seen is is_seen]
        print(f"\n{title}: {len(half)} questions, {sum(each.is_short for each in half)} short\n")
        print("| the page's | all | short | " + " | ".join(LANGUAGES) + " |\n" + "|---" * 10 + "|")
        for name, page in PAGES.items():
            groups = [half, [each for each in half if each.is_short]]
            groups += [[each for each in half if each.language == code] for code in LANGUAGES]
            shares = " | ".join(share(group, page, detect) for group in groups)
            print(f"| {name} | {shares} |")
    if "--each" in sys.argv:
        for each in (it for it in asked if it.is_seen):
            if (told := detect(each.text, fallback=UNDETERMINED)) != each.language:
                print(f"{each.language}, taken for {told}: {each.text}")


def read(folder: Path) -> list[Asked]:
    """Return the questions in our languages."""
    return [
        Asked(load["question"], load["language"], number % 2 == 0)
        for number, path in enumerate(sorted(folder.rglob("*.json")))
        for load in json.loads(path.read_text(encoding="utf-8"))["questions"]
        if load["language"] in LANGUAGES
    ]


def share(some: Sequence[Asked], page: Callable[[str], str], detect: LanguageDetection) -> str:
    """Return how many are told right, in per cent."""
    right = sum(detect(each.text, fallback=page(each.language)) == each.language for each in some)
    return f"{100 * right / len(some):.1f}" if some else "–"


if __name__ == "__main__":
    main()
