"""What members may write, with what they want, and what is understood."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from assistant.answering.requests import understood

DATA = Path(__file__).parent / "data" / "requests.yaml"
TODAY = date(2026, 3, 2)


@dataclass(frozen=True, slots=True)
class Asked:
    """One phrasing."""

    language: str
    want: str
    text: str
    is_held_out: bool


def read() -> list[Asked]:
    """Return all phrasings."""
    entries = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return [
        Asked(entry["language"], entry["want"], entry["text"], entry["held_out"])
        for entry in entries
    ]


def told(asked: Asked) -> str:
    """Return what is understood of a phrasing."""
    return understood(asked.text, asked.language, TODAY).want.value
