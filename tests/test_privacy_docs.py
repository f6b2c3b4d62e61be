"""What the document on privacy says is what the code does."""

import re
from datetime import timedelta

import pytest

from assistant.records import erasures, feedback, history, questions, records
from assistant.records.database import METADATA
from assistant.settings import PREFIX, Settings
from assistant.web import embedding_sites
from assistant.web.staff import sessions, speech
from tests.conftest import ROOT

PRIVACY = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
WEB = ROOT / "src" / "assistant" / "web"
TOLD_OF = {
    "accounts": "accounts of staff",
    "asked_counts": "counts of questions",
    "cited_counts": "citations of documents",
    "document_edits": "corrections",
    "golden_questions": "golden questions",
    "hand_answers": "answers by hand",
    "history": "what staff did",
    "kept_questions": "questions, where they are kept",
    "ratings": "ratings",
}
"""The row of the document that tells of each table of the records."""
OUTWARD = re.compile(r"_(?:URL|MODEL|ISSUER|ENDPOINT|SERVER)$|^FORUM_(?:ALERTS|METRICS)$")
STAYS = {
    "FORUM_PUBLIC_URL": "our own address",
    "FORUM_CHAT_BASE_URL": "where the chat model is",
    "FORUM_EMBEDDING_MODEL": "a folder of this machine",
}


def row(beginning: str) -> str:
    found = [line for line in PRIVACY.splitlines() if line.startswith(f"| {beginning}")]
    assert len(found) == 1, beginning
    return found[0]


def test_every_table_of_the_records_is_told_of() -> None:
    assert records.__name__.endswith("records")  # with it, every table is declared
    tables = set(METADATA.tables) - {"alembic_version"}

    assert tables == set(TOLD_OF)
    for words in TOLD_OF.values():
        assert words in PRIVACY


@pytest.mark.parametrize(
    ("beginning", "kept"),
    [
        ("counts of questions", questions.COUNTS_KEPT),
        ("ratings", feedback.KEPT),
        ("what staff did", history.KEPT),
        ("the numbers of erased", erasures.KEPT),
        ("questions a day from each site", embedding_sites.KEPT),
    ],
)
def test_how_long_it_is_kept_is_what_the_code_says(beginning: str, kept: timedelta) -> None:
    assert f"{kept.days} days" in row(beginning)


def test_every_setting_that_sends_anything_out_is_told_of() -> None:
    names = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    outward = {name for name in names if OUTWARD.search(name)} - set(STAYS)

    assert len(outward) > 7
    assert [name for name in sorted(outward) if f"`{name}`" not in PRIVACY] == []
    assert set(re.findall(r"FORUM_[A-Z_]+", PRIVACY)) <= names


def test_every_cookie_that_code_sets_is_told_of() -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in WEB.rglob("*.py")}

    setting = sorted(name for name, text in files.items() if "set_cookie(" in text)
    assert setting == ["login.py", "speech.py"]
    for name in ("__Host-staff", "__Host-staff-sso", speech.CHOICE):
        assert f"`{name}`" in PRIVACY
    assert timedelta(seconds=speech.KEPT).days == 365
    assert f"{sessions.LONGEST_SESSION // 3600:g} hours" in row("staff |")


def test_scripts_use_the_stores_that_are_told_of_and_no_other() -> None:
    used = {
        path.name: set(re.findall(r"\b\w*[sS]torage\b|indexedDB|document\.cookie|caches\b", text))
        for path in (WEB / "assets").glob("*.js")
        if (text := path.read_text(encoding="utf-8"))
    }

    assert used["page.js"] >= {"sessionStorage", "localStorage"}
    found = {name for each in used.values() for name in each} - {"storage"}
    assert found == {"sessionStorage", "localStorage"}
    assert all(f"`{name}`" in PRIVACY for name in found)
