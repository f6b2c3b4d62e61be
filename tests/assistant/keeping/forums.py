"""Data directories to keep, and what is compared of them."""

import hashlib
import zipfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from assistant.domain.roles import Role
from assistant.keeping import archive, backup
from assistant.keeping.backup import Made, Plan
from assistant.keeping.restoring import Restored, Restoring
from assistant.records.database import Database
from assistant.records.records import Records
from tests.assistant.records.test_questions import an_answer
from tests.builders import a_document
from tests.vectorstore.publishing.test_library import a_library, publish

PASSWORD = "tangerine wombat ladder"  # noqa: S105 - a test account's
QUESTIONS = ("who pays for the lamps?", "where is the capybara kept?")


def a_forum(data: Path, generations: int = 2) -> Path:
    """Make a directory with all that a forum leaves behind."""
    with closing(a_library(data)) as library:
        for number in range(generations):
            publish(library, a_document("lamps", f"There are {number}00 lamps in the town."))
    records = Records.of(Database(data), keep_questions=30)
    for question in QUESTIONS:
        records.questions.add(an_answer(question))
    records.feedback.keep(an_answer(QUESTIONS[1]), "bad", "", "the capybara moved")
    records.accounts.add("ada", Role.ADMINISTER, password=PASSWORD)
    (data / "uploads").mkdir()
    (data / "uploads" / "benches.md").write_text("# Benches\n\nThere are twelve.")
    (data / "hidden.json").write_text('["articles/old.md"]')
    (data / "link_key").write_bytes(b"k" * 32)
    (data / "site_counts.json").write_text("{}")
    for name in ("lock", "readings.json", "staff_unlocked", ".env", "fetched/page"):
        (data / name).parent.mkdir(exist_ok=True)
        (data / name).write_text("made again, or a secret")
    return data


def back_up(data: Path, target: Path, *, published_only: bool = False, force: bool = False) -> Made:
    plan = Plan(
        data, Database(data), data.parent / "forum.toml", published_only=published_only, force=force
    )
    return backup.make(plan, target, lambda _, __: None)


def restore(path: Path, data: Path, *, replaces: bool = False) -> Restored:
    return Restoring(soundness, lambda _, __: None, replaces=replaces).restore(path, data)


def soundness(data: Path) -> Sequence[str]:
    """Look at an unpacked directory as the command does, with another model."""
    with closing(a_library(data)) as library:
        library.verify_published()
        return library.faults()


def content(data: Path) -> dict[str, str]:
    """Return a digest of each file of a directory."""
    return {
        path.relative_to(data).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(data.rglob("*"))
        if path.is_file()
    }


def holds(folder: Path, words: str) -> bool:
    """Whether any file of a folder, or of an archive in it, holds some words."""
    for path in folder.rglob("*"):
        if path.is_file():
            found = [path.read_bytes()]
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as members:
                    found += [members.read(name) for name in members.namelist()]
            if any(words.encode() in text for text in found):
                return True
    return False


def written(path: Path, files: Sequence[tuple[str, bytes]], listed: bytes) -> Path:
    """Write an archive whose list of files says whatever it is given."""
    with zipfile.ZipFile(path, "w") as members:
        members.writestr(archive.MANIFEST, listed)
        for name, text in files:
            members.writestr(name, text)
    return path
