"""A real WordPress, once for all tests here; each finds it as the first did."""

import dataclasses
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant import wiring
from assistant.settings import Settings
from ingest.sources.crawling import Access
from tests.wordpress import server, small_forum
from tests.wordpress.server import RealSite
from tests.wordpress.staff import CountingEmbedder, Staff
from vectorstore.embedding.onnx_embedder import OnnxEmbedder


@dataclass(frozen=True)
class Running:
    """The site with its small forum, and the numbers of the posts."""

    site: RealSite
    numbers: dict[str, int]


@pytest.fixture(scope="session")
def _running() -> Iterator[Running]:
    """WordPress, where it is installed; where it is promised, its absence is a failure."""
    if missing := server.missing():
        reason = f"WordPress cannot be run: {', '.join(missing)} not installed"
        if os.environ.get("REQUIRE_WORDPRESS"):
            pytest.fail(reason)
        pytest.skip(reason)
    # Not below pytest's own folder: the path of a socket has 107 characters at the most.
    with (
        tempfile.TemporaryDirectory(prefix="wordpress-") as folder,
        server.running(Path(folder)) as site,
    ):
        numbers = small_forum.fill(site)
        site.keep()
        yield Running(site, numbers)


@pytest.fixture
def site(_running: Running) -> RealSite:
    """The site with the small forum, as it was in the beginning."""
    _running.site.go_back()
    return _running.site


@pytest.fixture
def posts(_running: Running) -> dict[str, int]:
    """The numbers of the small forum's posts."""
    return _running.numbers


@pytest.fixture
def staff(
    site: RealSite, tmp_path: Path, builtin_embedder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch
) -> Staff:
    """Staff who have listed the site, and read nothing yet.

    The commands run as they are but for two things: the name of the site leads to this machine,
    which no setting allows, and the embedding model counts.
    """
    access: Callable[[Settings], Access] = wiring.make_access
    network, embedder = site.network, CountingEmbedder(builtin_embedder)
    monkeypatch.setattr(
        wiring, "make_access", lambda config: dataclasses.replace(access(config), network=network)
    )
    monkeypatch.setattr(wiring, "load_embedder", lambda _: embedder)
    staff = Staff(tmp_path, site, embedder)
    staff.list_source()
    return staff


@pytest.fixture(scope="session")
def _kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first syncs are kept: the same content gives the same data each time."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def published(staff: Staff, _kept: Path) -> Staff:
    """Staff who have published the small forum."""
    staff.sync_first(_kept / "small_forum")
    return staff


@pytest.fixture
def theme_content(site: RealSite, eval_data: Path) -> Path:
    """The file of WordPress's own test content, once the site has it, and names languages."""
    path = eval_data / "wordpress" / "wxr" / "themeunittestdata.wordpress.xml.gz"
    site.do("import", path=str(path))
    site.plug_in("bilingual")
    site.do("option", name="forum_rest_fields", value=True)
    return path


@pytest.fixture
def reading(staff: Staff, theme_content: Path, _kept: Path) -> Staff:
    """Staff who have published the test content."""
    staff.sync_first(_kept / theme_content.name)
    return staff
