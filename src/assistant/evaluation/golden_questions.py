"""The forum's golden questions: what staff know the documents answer, and what they do not.

A YAML file: a list of mappings with `question`, `language`, and either `document` with an optional
`quote`, or `refuse: true`.
"""

import textwrap
from dataclasses import dataclass
from pathlib import Path

import yaml

from assistant.domain.errors import SettingsError
from assistant.files import why_unread

SHOWN = 80  # characters of a question that is named


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """One question with what is expected of the answer.

    Attributes:
        document: The id of the document that answers, None where none does.
        quote: Words of that document that the answer should hold, None where any will do.
    """

    question: str
    language: str
    document: str | None
    quote: str | None

    @property
    def is_answerable(self) -> bool:
        """Whether the documents hold the answer."""
        return self.document is not None


def fault_of(question: str, limit: int) -> str:
    """Return why a question can never be asked, in words for staff; empty where it can."""
    shown = f"“{textwrap.shorten(question, SHOWN, placeholder=' …')}” can never be asked"
    if not any(map(str.isalnum, question)):
        return f"{shown}: it holds no word; correct or remove it"
    if (length := len(" ".join(question.split()))) > limit:
        return (
            f"{shown}: it has {length} characters, and FORUM_QUESTION_LIMIT allows {limit}; "
            "shorten or remove it"
        )
    return ""


def load(path: Path) -> list[GoldenQuestion]:
    """Read the file. Raises SettingsError that names the faulty entry."""
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as exc:
        msg = f"cannot read the golden questions in {path}: {why_unread(exc)}"
        raise SettingsError(msg) from exc
    if not isinstance(entries, list):
        msg = f"{path} is not a list of questions"
        raise SettingsError(msg)
    return [_question(entry, f"{path}, entry {at}") for at, entry in enumerate(entries, start=1)]


def _question(entry: object, where: str) -> GoldenQuestion:
    if not isinstance(entry, dict) or not entry.get("question") or not entry.get("language"):
        msg = f"{where} needs a `question` and a `language`"
        raise SettingsError(msg)
    if bool(entry.get("document")) == bool(entry.get("refuse")):
        msg = f"{where} needs either a `document` or `refuse: true`"
        raise SettingsError(msg)
    quote = entry.get("quote")
    return GoldenQuestion(
        question=str(entry["question"]),
        language=str(entry["language"]),
        document=str(entry["document"]) if entry.get("document") else None,
        quote=str(quote) if quote else None,
    )
