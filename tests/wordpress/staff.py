"""What staff do with a real site: list it, sync, ask; what it cost is counted."""

import json
import shutil
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from assistant import cli, wiring
from assistant.domain.corpus import Document
from assistant.settings import load
from tests.wordpress.server import HOME, RealSite
from vectorstore.embedding.embedder import PROBE, Embedder, Vectors, no_progress


@dataclass(eq=False)  # one of its own, like any embedder
class CountingEmbedder:
    """The built-in model, which takes down the passages it embeds."""

    inner: Embedder
    embedded: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def dimension(self) -> int:
        return self.inner.dimension

    @property
    def token_limit(self) -> int:
        return self.inner.token_limit

    def count_tokens(self, text: str) -> int:
        return self.inner.count_tokens(text)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self.inner.embed_queries(texts)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        return self.inner.embed_texts(texts)

    def embed_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] = no_progress
    ) -> Vectors:
        self.embedded += [text for text in texts if text != PROBE]  # which tells models apart
        return self.inner.embed_passages(texts, progress=progress)


@dataclass
class Staff:
    """A data directory and its `forum.toml`, used by the commands of `app.py`."""

    folder: Path
    site: RealSite
    embedder: CountingEmbedder

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def list_source(self, **settings: object) -> None:
        """Write `forum.toml`: the site as a WordPress, unless the settings say otherwise."""
        lines = {"name": "forum", "type": "wordpress", "url": HOME, "delay": 0, **settings}
        if "path" in lines:
            del lines["url"], lines["delay"]
        text = "".join(f"{key} = {json.dumps(value)}\n" for key, value in lines.items())
        (self.folder / "forum.toml").write_text(f"[[source]]\n{text}", encoding="utf-8")

    def sync(self, *, is_read: bool = True) -> dict[str, Any]:
        """Run `app.py sync --json`; return its report. What it asks and embeds is counted anew.

        `is_read` says whether anything of the site can be read: if not, the command says so.
        """
        self.site.asked.clear()
        self.embedder.embedded.clear()
        return self._run("sync", "--json", ends_with=0 if is_read else 1)

    def sync_first(self, kept: Path) -> None:
        """Run the first sync of some content, or take over what it gave before."""
        if not kept.exists():
            report = self.sync()
            assert report["failures"] == []
            shutil.copytree(self.data, kept)
        else:
            shutil.copytree(kept, self.data)

    def ask(self, question: str) -> dict[str, Any]:
        """Run `app.py ask --json`."""
        return self._run("ask", question, "--json")

    def quotes(self, question: str) -> str:
        """Return what an answer quotes; "" for a refusal."""
        return " ".join(fields["quote"] for fields in self.ask(question)["citations"])

    def documents(self) -> dict[str, Document]:
        """Return all that is published, by id without the source's name."""
        return {document.id.partition("/")[2]: document for document in self.all_documents()}

    def all_documents(self) -> list[Document]:
        """Return all that is published, of every source."""
        library = wiring.open_library(load(data_dir=self.data))
        found = [document for _, document in library.documents()]
        library.close()
        return found

    def embedded_besides(self, *ids: str) -> list[str]:
        """Return what the last sync embedded that does not stand in or above these documents."""
        published = self.documents()
        texts = [published[each].text for each in ids]
        titles = tuple(published[each].source.title for each in ids)  # headings follow the title
        return [
            each
            for each in self.embedder.embedded
            if not each.startswith(titles) and not any(_ends(each, text) for text in texts)
        ]

    def _run(self, command: str, *arguments: str, ends_with: int = 0) -> dict[str, Any]:
        output = StringIO()
        with redirect_stdout(output):
            status = cli.main([command, *arguments, "--data", str(self.data)])
        assert status == ends_with, output.getvalue()
        result: dict[str, Any] = json.loads(output.getvalue())
        return result


def _ends(embedded: str, text: str) -> bool:
    """Whether a text has the end of what was embedded, which begins with titles."""
    lines = embedded.split("\n")
    return any("\n".join(lines[first:]) in text for first in range(len(lines)))
