"""What staff do, from the command line and from their page: read, look, publish, take back.

Each run is recorded (ingest.runs) while it goes on, so that any process can follow it.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.domain.edits import Edit
from assistant.domain.errors import RecordsError
from assistant.records.edits import EditStore
from ingest import edits, pipeline
from ingest.errors import SourceError
from ingest.pipeline import Examine, Index, Options, Progress
from ingest.plan import Crawl, KnownDocument
from ingest.reading_cache import Readings
from ingest.report import Report
from ingest.runs import ActiveRun, Runs
from ingest.sources import folder
from ingest.sources.tables import Listed

_log = logging.getLogger(__name__)

Crawler = Callable[[Listed, Sequence[KnownDocument], Readings, Progress], Crawl]
"""Reads a configured source, given what is published and what its files gave before."""
Watch = Callable[[str, str], AbstractContextManager[Progress]]
"""Shows a stage to whoever started the run, given what is done and the unit it is counted in."""


@dataclass(frozen=True, slots=True)
class Ingestion:
    """Runs over one data directory.

    Attributes:
        edited: What staff have corrected.
        detect_language: Tells the language of a text as its ISO 639-1 code.
        examine: Compares a draft with what is published; None where there is nothing to go by.
    """

    data: Path
    index: Index
    edited: EditStore
    detect_language: Callable[[str], str]
    crawl: Crawler
    examine: Examine | None
    watch: Watch

    @property
    def runs(self) -> Runs:
        """The records of the runs."""
        return Runs(self.data)

    def ingest(
        self, paths: Sequence[str], options: Options, *, sources: Sequence[Listed] = ()
    ) -> Report:
        """Read folders, files and sources and publish what changed; a dry run leaves no trace."""
        paths = _looked_at(paths)  # a mistyped path is no run, and must not leave a record
        if options.dry_run:
            crawls = self._read_paths(paths, options, None)
            return self._carry_out(crawls, options, None)
        with self.runs.start(options.by, [*paths, *(source.name for source in sources)]) as run:
            crawls = self._read_paths(paths, options, run)
            crawls += self._read_sources(sources, options, run)
            report = self._carry_out(crawls, options, run)
            run.finish(report)
            return report

    def sync(
        self, sources: Sequence[Listed], options: Options, *, run_id: str | None = None
    ) -> tuple[str, Report]:
        """Read configured sources and publish what changed; return the run and its report.

        What a dry run read is kept, and can be published as it is.
        """
        with self.runs.start(options.by, [source.name for source in sources], run_id=run_id) as run:
            crawls = self._read_sources(sources, options, run)
            run.keep(crawls)
            report = self._carry_out(crawls, options, run)
            run.finish(report)
            return run.run.id, report

    def publish(self, follows: str, options: Options, *, run_id: str | None = None) -> Report:
        """Publish what an earlier run read; what it was to remove counts as confirmed.

        So do the golden questions that it said would be lost. Where it was not yet asked for them,
        they are asked now, and what is lost waits to be published once more. Raises SourceError
        where it ended without a plan, and where a source was read since: what people confirmed is
        no longer what would change.
        """
        before = self.runs.publishable(follows)
        self.runs.check_not_overtaken(follows)  # before a record says that its sources failed
        crawls = self.runs.crawls(follows)
        is_told = bool(before.report.get("examined"))
        options = replace(options, accepted=is_told, removals_accepted=True, dry_run=False)
        with self.runs.start(options.by, before.sources, run_id=run_id, follows=follows) as run:
            run.keep(crawls)
            report = self._carry_out(
                crawls, options, run, lambda: self.runs.check_not_overtaken(follows)
            )
            run.finish(report)
            return report

    def apply_edits(self, options: Options, *, run_id: str | None = None) -> tuple[str, Report]:
        """Publish what staff have corrected, and what they have undone; no source is read."""
        with self.runs.start(options.by, [edits.NAME], run_id=run_id) as run:
            crawls = edits.of_published(self.index.stored(), self.edited.all())
            run.keep(crawls)
            report = self._carry_out(crawls, options, run)
            run.finish(report)
            return run.run.id, report

    def _read_paths(
        self, paths: Sequence[str], options: Options, run: ActiveRun | None
    ) -> list[Crawl]:
        stored = [] if options.rebuild else self.index.stored()
        known = Readings.load(self.data)
        crawls = []
        for path in paths:
            with self._stage("reading", "documents", run) as progress:
                crawl = folder.crawl(
                    Path(path),
                    detect_language=self.detect_language,
                    progress=progress,
                    stored=stored,
                    readings=known,
                )
                crawls.append(crawl)
        if not options.dry_run:
            known.save(self.data)
        return crawls

    def _read_sources(
        self, sources: Sequence[Listed], options: Options, run: ActiveRun
    ) -> list[Crawl]:
        stored = [] if options.rebuild else self.index.stored()
        known = Readings.load(self.data)
        crawls = []
        for source in sources:
            with self._stage(f"reading {source.name}", "documents", run) as progress:
                crawls.append(self.crawl(source, stored, known, progress))
        known.save(self.data)
        return crawls

    def _carry_out(
        self,
        crawls: Sequence[Crawl],
        options: Options,
        run: ActiveRun | None,
        check: Callable[[], None] = lambda: None,
    ) -> Report:
        corrected = self.edited.all()
        with self._stage("embedding", "passages", run) as progress:
            report = pipeline.run(
                crawls,
                self.index,
                options,
                origin_exists=lambda origin: Path(origin).exists(),
                progress=progress,
                examine=self.examine,
                edits=corrected,
                check=check,
            )
        if not (report.dry_run or report.is_held):
            self._remember(crawls, corrected)
        return report

    def _remember(self, crawls: Sequence[Crawl], corrected: Sequence[Edit]) -> None:
        """Note what sources say now, and that what was undone is."""
        try:
            self.edited.heard(edits.heard(crawls, corrected))
            self.edited.settle(edits.settled(crawls, corrected))
        except RecordsError as exc:  # it is published: the next run notes it
            _log.warning("%s", exc)

    @contextmanager
    def _stage(self, what: str, unit: str, run: ActiveRun | None) -> Iterator[Progress]:
        """Show how far a stage is, to whoever started the run and in its record."""
        with self.watch(what, unit) as show:
            record = run.progress(what) if run else None

            def hear(done: int, total: int) -> None:
                show(done, total)
                if record is not None:
                    record(done, total)

            yield hear


def _looked_at(paths: Sequence[str]) -> list[str]:
    """Return paths that can be read, each place once. Raises SourceError for any other."""
    places: dict[Path, str] = {}
    for path in paths:
        folder.list_files(Path(path))
        place = Path(path).expanduser().resolve()
        try:
            str(place).encode()
        except UnicodeEncodeError as exc:
            msg = f"cannot read {path}: its name is not in UTF-8; give it another name"
            raise SourceError(msg) from exc
        places.setdefault(place, path)
    return list(places.values())
