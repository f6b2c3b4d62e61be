"""What staff do with sources, uploads and runs.

A run is a process of its own (`app.py sync`, `app.py publish`): it goes on when the page is closed,
and its work does not slow the answers down. Its record tells how far it is. What stops the service
as a whole, such as systemd or the engine of a container, ends it too: it publishes nothing then.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from assistant.domain.corpus import DocumentId
from assistant.domain.runs import Run, RunState
from ingest import schedule
from ingest.errors import SourceError
from ingest.readers.reading import READERS
from ingest.reading_cache import Readings
from ingest.runs import Runs
from ingest.sources import configuration
from ingest.sources.configuration import placed
from ingest.sources.crawling import Access, Trial, test
from ingest.sources.tables import Configuration, FolderSource, Listed, WxrSource
from ingest.sources.uploads import NAME, Upload, Uploads

AGAIN = timedelta(minutes=5)
"""After that, what the schedule started and what left no record is started again: on a full disk,
each look would start a process else."""

Start = Callable[[Sequence[str]], None]
"""Starts `app.py` with these arguments, as a process of its own."""


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A source of documents, as staff know it.

    Attributes:
        type: `folder`, `wordpress`, `wxr`, `feed` or `sitemap`.
        where: Its address or path.
        schedule: When it is read, in words; empty where only on request.
        next: When it is read next by its schedule, None where it has none.
        origin: What its documents are published under.
        last: The last run that read it, None where none did.
    """

    name: str
    type: str
    where: str
    schedule: str
    origin: str
    last: Run | None
    next: datetime | None = None


@dataclass(frozen=True, slots=True)
class Operations:
    """Sources, uploads and runs of one data directory. Safe to use from several threads.

    Where something cannot be done, the error says so in words for staff.
    """

    data: Path
    file: Path
    access: Access
    start_process: Start
    _tried: dict[str, datetime] = field(default_factory=dict, repr=False, compare=False)
    """When the schedule last started each source."""
    _ended: dict[str, tuple[int, Run]] = field(default_factory=dict, repr=False, compare=False)
    """What the schedule knows of runs that have ended."""

    def sources(self) -> list[SourceInfo]:
        """Return the configured sources and the uploads, with the last run of each."""
        runs = Runs(self.data).all()
        listed: list[Listed] = [*self.configured().sources, Uploads(self.data).source]
        begun = _last_begun(runs)
        return [_info(each, _last(each.name, runs), begun.get(each.name)) for each in listed]

    def configured(self) -> Configuration:
        """Return what `forum.toml` says; a file that is not there says nothing."""
        return configuration.load(self.file) if self.file.exists() else Configuration()

    def source(self, name: str) -> Listed:
        """Return a source by its name. Raises SourceError where there is none."""
        return Uploads(self.data).source if name == NAME else self.configured().source(name)

    def source_faults(self, fields: Mapping[str, object]) -> Mapping[str, str]:
        """Return what is wrong with a source that is to be added, by key; none is well."""
        faults = configuration.faults(fields)
        name, path = fields.get("name"), fields.get("path")
        if name == NAME or name in {source.name for source in self.configured().sources}:
            faults["name"] = "is taken; give the source another"
        if isinstance(path, str) and not _is_there(placed(path, self.file.parent)):
            faults["path"] = "is not there; give the path of a folder or file on the server"
        return faults

    def add_source(self, fields: Mapping[str, object]) -> None:
        """Write a source into `forum.toml`. Raises SourceError naming every fault."""
        if fields.get("name") == NAME:
            msg = f"the name {NAME} is taken; give the source another"
            raise SourceError(msg)
        configuration.add(self.file, fields)

    def remove_source(self, name: str) -> None:
        """Take a source out of `forum.toml`; its documents stay published."""
        configuration.remove(self.file, name)

    def try_source(self, name: str) -> Trial:
        """Connect to a source and say what it holds, or why it cannot be read."""
        return test(self.source(name), self.access)

    def try_fields(self, fields: Mapping[str, object]) -> Trial:
        """Do the same for a source that is not listed yet; its fields must be without fault."""
        return test(configuration.listed(fields, self.file.parent), self.access)

    def sync(self, names: Sequence[str], *, by: str, dry_run: bool) -> str:
        """Start reading sources; return the id of the run. Raises SourceError for a wrong name."""
        for name in names:
            self.source(name)
        run_id = Runs(self.data).new_id()
        flags = ["--dry-run"] if dry_run else []
        self.start_process(["sync", *names, *flags, "--by", by, "--run", run_id])
        return run_id

    def apply_edits(self, *, by: str) -> str:
        """Start publishing what staff have corrected; return the id of the run."""
        run_id = Runs(self.data).new_id()
        self.start_process(["apply-edits", "--by", by, "--run", run_id])
        return run_id

    def publish(self, run_id: str, *, by: str) -> str:
        """Start publishing what a run planned; return the id of the new run.

        Raises SourceError where it planned nothing, or one of its sources was read since.
        """
        Runs(self.data).publishable(run_id)
        Runs(self.data).check_not_overtaken(run_id)
        published = Runs(self.data).new_id()
        self.start_process(["publish", run_id, "--by", by, "--run", published])
        return published

    def runs(self) -> list[Run]:
        """Return the runs that are kept, the newest first."""
        return Runs(self.data).all()

    def run(self, run_id: str) -> Run:
        """Return a run. Raises SourceError where there is none."""
        return Runs(self.data).get(run_id)

    def notice(self, origin: str, document_id: DocumentId) -> str:
        """Return what somebody should know of how a document was read, "" for nothing."""
        return Readings.load(self.data).notice(origin, document_id)

    def uploads(self) -> list[Upload]:
        """Return the uploaded files."""
        return Uploads(self.data).all()

    def upload_forms(self) -> list[str]:
        """Return the endings of the files that can be read."""
        return list(READERS)

    def upload(self, name: str, pieces: Iterable[bytes]) -> Upload:
        """Keep a file; raises SourceError, naming it, where it cannot be taken."""
        return Uploads(self.data).save(name, pieces)

    def remove_upload(self, name: str) -> None:
        """Forget an uploaded file; the next run of the uploads takes it out of the answers."""
        Uploads(self.data).remove(name)

    def sync_what_is_due(
        self, now: datetime, is_ours: Callable[[], bool] = lambda: True
    ) -> list[str]:
        """Start the sources whose time has come, in one run; return their names.

        While another run goes on nothing is started: what is due is still due afterwards. `is_ours`
        says whether it is this server's business; it is asked only where something is due.
        """
        runs = Runs(self.data).heads(self._ended)
        if any(run.state is RunState.RUNNING for run in runs):
            return []
        last = _last_begun(runs)
        sources = schedule.due(self.configured().sources, last, now)
        names = [each.name for each in sources if not self._is_awaited(each.name, last, now)]
        if not names or not is_ours():
            return []
        self._tried.update(dict.fromkeys(names, now))
        self.sync(names, by="the schedule", dry_run=False)
        return names

    def _is_awaited(self, name: str, last: Mapping[str, datetime], now: datetime) -> bool:
        """Whether a source was started a moment ago, and its run is not recorded, or not yet."""
        tried, begun = self._tried.get(name), last.get(name)
        if tried is None or abs(now - tried) >= AGAIN:  # a clock may have been set back
            return False
        return begun is None or begun < tried.replace(microsecond=0)


def _last_begun(runs: Sequence[Run]) -> Mapping[str, datetime]:
    """Return when each source was last read to be published, else when it was first looked at.

    Whoever plans a source every day must not keep the schedule from ever reading it.
    """
    begun: dict[str, datetime] = {}
    for run in reversed(runs):
        for name in run.sources:
            if name not in begun or run.state is not RunState.PLANNED:
                begun[name] = run.started
    return begun


def _last(name: str, runs: Sequence[Run]) -> Run | None:
    return next((run for run in runs if name in run.sources), None)


def _info(source: Listed, last: Run | None, begun: datetime | None) -> SourceInfo:
    where = str(source.path) if isinstance(source, FolderSource | WxrSource) else source.url
    if source.every is not None:
        when = f"every {source.model_dump(mode='json')['every']}"
    else:
        when = f"at {source.at:%H:%M}" if source.at else ""
    following = schedule.following(source, begun, schedule.time_here())
    return SourceInfo(source.name, source.type, where, when, source.origin, last, following)


def _is_there(path: Path) -> bool:
    """Whether a path is one of a file or folder, however long or odd it is."""
    try:
        return path.exists()
    except OSError:  # such as that it is too long for any file
        return False
