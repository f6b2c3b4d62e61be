"""`kill -9` at every point of a run: what was published serves, and the next run works."""

import contextlib
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.domain.errors import AssistantError
from assistant.domain.runs import RunState
from ingest.pipeline import Options
from ingest.runs import Runs
from tests.conftest import ROOT
from tests.ingest.readers.crashing import an_ingestion
from vectorstore.publishing.generations_folder import GENERATIONS
from vectorstore.publishing.library import Library

OLD = {
    f"street-{number}.md": f"# Street {number}\n\nStreet {number} has lamps.\n"
    for number in range(6)
}
NEW = {
    **{name: text for name, text in OLD.items() if name > "street-0.md"},
    "street-2.md": "# Street 2\n\nStreet 2 has trees now.\n",
    **{f"park-{n}.md": f"# Park {n}\n\nPark {n} was opened in 2019.\n" for n in range(6)},
}

POINTS = {
    "run recorded": ("ingest.runs:ActiveRun._write:after", 1),
    "first document read": ("ingest.sources.folder:_read:after", 1),
    "some documents read": ("ingest.sources.folder:_read:before", 4),
    "memory of readings saved": ("ingest.reading_cache:Readings.save:after", 1),
    "lock taken": ("vectorstore.publishing.writer_lock:_note:before", 1),
    "note of the lock written": ("vectorstore.publishing.writer_lock:_note:after", 1),
    "plan made": ("ingest.pipeline:make_plan:after", 1),
    "differences told": ("ingest.pipeline:changes:after", 1),
    "leftovers swept": (
        "vectorstore.publishing.generations_folder:GenerationsFolder.sweep:after",
        1,
    ),
    "room checked": ("vectorstore.publishing.disk:check_space:after", 1),
    "draft begun": ("vectorstore.building:_write_documents:before", 1),
    "documents written": ("vectorstore.building:_write_documents:after", 1),
    "vectors copied": ("vectorstore.building:_Vectors.carry_over:after", 1),
    "passages embedded": ("vectorstore.building:_Vectors.put:after", 2),
    "vectors saved": ("vectorstore.building:_Vectors.save:after", 1),
    "Chroma opened": ("vectorstore.search.chroma:ChromaVectorIndex.__init__:after", 1),
    "Chroma written": ("vectorstore.search.chroma:ChromaVectorIndex.add:after", 1),
    "Chroma closed": ("vectorstore.building:_write_index:after", 1),
    "words indexed": ("vectorstore.building:_write_lexical:after", 1),
    "files digested": ("vectorstore.integrity:digests:after", 1),
    "manifest written": ("vectorstore.manifest:Manifest.write:after", 1),
    "draft sealed": ("vectorstore.publishing.library:Library._look_at:before", 1),
    "draft verified and examined": ("vectorstore.publishing.library:Library._look_at:after", 1),
    "draft on the disk": ("vectorstore.publishing.disk:sync_tree:after", 1),
    "draft renamed": ("vectorstore.publishing.generations_folder:GenerationsFolder.keep:after", 1),
    "pointer about to move": (
        "vectorstore.publishing.generations_folder:GenerationsFolder.point_at:before",
        1,
    ),
    "pointer moved": (
        "vectorstore.publishing.generations_folder:GenerationsFolder.point_at:after",
        1,
    ),
    "old generations swept": (
        "vectorstore.publishing.generations_folder:GenerationsFolder.sweep:after",
        2,
    ),
    "outcome about to be recorded": ("ingest.runs:ActiveRun.finish:before", 1),
    "outcome recorded": ("ingest.runs:ActiveRun.finish:after", 1),
}


class Forge:
    """Starts runs that are killed."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.ingest.readers.crashing"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, **order: object) -> int:
        """Return how the run ended: -9 where it was killed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(order), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def forge() -> Iterator[Forge]:
    made = Forge()
    yield made
    made.close()


def write(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with a published forum that has changed since."""
    place = tmp_path_factory.mktemp("crashes") / "place"
    place.mkdir()
    write(place / "forum", OLD)
    ingest(place)
    shutil.rmtree(place / "forum")
    write(place / "forum", NEW)
    return place


@pytest.fixture
def place(published: Path) -> Iterator[Path]:
    """The same place, with the same paths, for each test anew."""
    kept = published.with_name("kept")
    shutil.copytree(published, kept)
    yield published
    shutil.rmtree(published)
    kept.rename(published)


def ingest(place: Path) -> str | None:
    ingestion = an_ingestion(place / "data")
    report = ingestion.ingest([str(place / "forum")], Options())
    assert isinstance(ingestion.index, Library)
    ingestion.index.close()
    return report.generation


def answers(place: Path) -> dict[str, str]:
    """Return the text of every document as a reader finds it by searching."""
    library = an_ingestion(place / "data").index
    assert isinstance(library, Library)
    library.verify_published()
    with library.generation() as generation:
        generation.check_counts()
        found = {
            str(passage.chunk.source.document_id): passage.chunk.text
            for passage in generation.search("street park lamps trees", limit=100)
        }
    assert library.faults() == []
    library.close()
    return found


def texts(files: dict[str, str]) -> dict[str, str]:
    return {name: text.splitlines()[-1] for name, text in files.items()}


def check_after_a_kill(place: Path) -> None:
    assert answers(place) in (texts(OLD), texts(NEW))

    ingest(place)

    assert answers(place) == texts(NEW)
    generations = [path.name for path in (place / "data" / GENERATIONS).iterdir()]
    assert all(name.isdecimal() for name in generations)


@pytest.mark.parametrize("name", POINTS)
def test_a_kill_at_any_point_leaves_one_whole_generation(
    forge: Forge, place: Path, name: str
) -> None:
    point, call = POINTS[name]

    ended = forge.run(data=str(place / "data"), forum=str(place / "forum"), point=point, call=call)

    assert ended == -9
    check_after_a_kill(place)
    if name not in ("outcome recorded", "run recorded"):
        states = [run.state for run in Runs(place / "data").all()]
        assert RunState.INTERRUPTED in states


@pytest.mark.parametrize("seed", range(25))
def test_a_kill_at_any_moment_leaves_one_whole_generation(
    forge: Forge, place: Path, seed: int
) -> None:
    after = random.Random(seed).uniform(0, 0.4)  # noqa: S311 - to be repeatable

    forge.run(data=str(place / "data"), forum=str(place / "forum"), after=after)

    check_after_a_kill(place)


@pytest.mark.parametrize("kilobytes", [0, 1, 4, 12, 24, 48, 96, 160, 200, 300, 500])
def test_a_disk_that_takes_no_more_leaves_one_whole_generation(
    forge: Forge, place: Path, kilobytes: int
) -> None:
    ended = forge.run(
        data=str(place / "data"), forum=str(place / "forum"), largest_file=1024 * kilobytes
    )

    assert ended in (0, 3)
    check_after_a_kill(place)


@pytest.fixture
def own_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, in memory."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = mount("-t", "tmpfs", "-o", "size=300m", "tmpfs", str(disk))
    if mounted:
        pytest.skip(f"no disk of its own can be mounted here: {mounted}")
    yield disk
    subprocess.run(["/usr/bin/umount", "--lazy", str(disk)], check=False)


def mount(*arguments: str) -> str:
    """Return why nothing was mounted, empty where it was."""
    program = shutil.which("mount")
    if program is None:
        return "there is no mount"
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    return done.stderr.strip() if done.returncode else ""


def test_a_read_only_disk_serves_and_says_why_nothing_can_be_published(
    own_disk: Path, place: Path
) -> None:
    shutil.copytree(place / "data", own_disk / "data")
    assert not mount("-o", "remount,ro", str(own_disk))
    ingestion = an_ingestion(own_disk / "data")

    with pytest.raises(AssistantError, match="cannot keep a record of the run"):
        ingestion.ingest([str(place / "forum")], Options())

    assert set(answers(own_disk)) == set(OLD)


def test_a_full_disk_serves_and_says_why_nothing_can_be_published(
    own_disk: Path, place: Path
) -> None:
    shutil.copytree(place / "data", own_disk / "data")
    ballast = own_disk / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb") as file:
        while True:
            file.write(b"\0" * 2**20)
    ingestion = an_ingestion(own_disk / "data")

    with pytest.raises(AssistantError):
        ingestion.ingest([str(place / "forum")], Options())
    assert set(answers(own_disk)) == set(OLD)

    ballast.unlink()
    ingestion.ingest([str(place / "forum")], Options())
    assert answers(own_disk) == texts(NEW)
