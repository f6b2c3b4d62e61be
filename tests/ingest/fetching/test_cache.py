"""What was fetched is not fetched again without need, and what is lost only costs a request."""

from pathlib import Path

import pytest

from ingest.fetching.cache import Memory
from tests.ingest.fetching.site import HOME, Page, Site, a_fetcher

A, B = HOME + "a", HOME + "b"


def a_memory(folder: Path) -> Memory:
    memory = Memory(folder)
    memory.begin()
    return memory


def crawl(site: Site, folder: Path, *urls: str, complete: bool = True) -> list[bytes]:
    memory = a_memory(folder)
    fetcher = a_fetcher(site, memory=memory)
    bodies = [fetcher.get(url).body for url in urls]
    memory.finish(complete=complete)
    return bodies


def changing(site: Site, path: str, **validators: str) -> None:
    """Serve a page that is asked for by its validators."""

    def answer(handler: object) -> Page:
        sent = handler.headers  # type: ignore[attr-defined] # the library's class
        same = sent.get("If-None-Match") == validators.get("ETag", "-")
        same = same or sent.get("If-Modified-Since") == validators.get("Last-Modified", "-")
        return Page(status=304) if same else Page("hello", headers=dict(validators))

    site.routes[path] = answer


@pytest.mark.parametrize(
    "validators", [{"ETag": '"1"'}, {"Last-Modified": "Wed, 21 Oct 2015 07:28:00 GMT"}]
)
def test_a_page_that_did_not_change_is_not_sent_again(
    site: Site, tmp_path: Path, validators: dict[str, str]
) -> None:
    changing(site, "/a", **validators)

    first = crawl(site, tmp_path, A)
    second = crawl(site, tmp_path, A)

    assert first == second == [b"hello"]
    assert site.pages_asked == ["/a", "/a"]


def test_a_page_without_validators_is_sent_again(site: Site, tmp_path: Path) -> None:
    bodies = iter([Page("old"), Page("new")])
    site.routes = {"/a": lambda _: next(bodies)}

    assert crawl(site, tmp_path, A) == [b"old"]
    assert crawl(site, tmp_path, A) == [b"new"]


def test_a_crawl_that_was_interrupted_goes_on_where_it_stopped(site: Site, tmp_path: Path) -> None:
    site.routes = {"/a": Page("a"), "/b": Page("b")}
    a_fetcher(site, memory=a_memory(tmp_path)).get(A)  # and here the power fails

    bodies = crawl(site, tmp_path, A, B)

    assert bodies == [b"a", b"b"]
    assert site.pages_asked == ["/a", "/b"]
    crawl(site, tmp_path, A)
    assert site.pages_asked == ["/a", "/b", "/a"]


def test_a_crawl_that_was_interrupted_long_ago_begins_anew(site: Site, tmp_path: Path) -> None:
    site.routes = {"/a": Page("a")}
    a_fetcher(site, memory=a_memory(tmp_path)).get(A)
    (tmp_path / "crawl.json").write_text('{"began": 1000.0, "name": "old"}', encoding="utf-8")

    crawl(site, tmp_path, A)

    assert site.pages_asked == ["/a", "/a"]


def test_a_complete_crawl_forgets_what_it_did_not_use(site: Site, tmp_path: Path) -> None:
    site.routes = {"/a": Page("a"), "/b": Page("b")}
    crawl(site, tmp_path, A, B)
    both = {path.name for path in tmp_path.iterdir()}

    crawl(site, tmp_path, A, complete=False)
    assert {path.name for path in tmp_path.iterdir()} == both

    crawl(site, tmp_path, A)
    left = {path.name for path in tmp_path.iterdir()}
    assert left < both
    assert sorted(Path(name).suffix for name in left) == [".body", ".json", ".json"]


def test_two_pages_of_one_body_share_it_and_lose_it_only_together(
    site: Site, tmp_path: Path
) -> None:
    site.routes = {"/a": Page("same"), "/b": Page("same")}
    crawl(site, tmp_path, A, B)

    crawl(site, tmp_path, A)

    memory = a_memory(tmp_path)
    kept = memory.kept(A)
    assert kept
    assert kept.fetched.body == b"same"
    assert memory.kept(B) is None


@pytest.mark.parametrize("damage", [b"", b"{}", b"[1]", b"\xff", b'{"digest": 1, "headers": 2}'])
def test_a_damaged_memory_costs_a_request_and_nothing_else(
    site: Site, tmp_path: Path, damage: bytes
) -> None:
    changing(site, "/a", ETag='"1"')
    crawl(site, tmp_path, A)
    for path in tmp_path.iterdir():
        path.write_bytes(damage)

    assert crawl(site, tmp_path, A) == [b"hello"]
    assert "if-none-match" not in site.headers[-1]


def test_a_body_that_is_not_what_was_kept_is_not_used(site: Site, tmp_path: Path) -> None:
    changing(site, "/a", ETag='"1"')
    crawl(site, tmp_path, A)
    for path in tmp_path.glob("*.body"):
        path.write_bytes(b"altered")

    assert crawl(site, tmp_path, A) == [b"hello"]


def test_a_memory_that_cannot_be_written_is_only_forgotten(site: Site, tmp_path: Path) -> None:
    site.routes = {"/a": Page("a")}
    blocked = tmp_path / "file"
    blocked.write_text("no folder", encoding="utf-8")

    assert crawl(site, blocked / "memory", A) == [b"a"]


def test_notes_come_back_and_damaged_ones_do_not(tmp_path: Path) -> None:
    memory = a_memory(tmp_path)
    memory.notes["a"] = ["1", "2"]
    memory.finish(complete=True)
    assert a_memory(tmp_path).notes == {"a": ["1", "2"]}

    (tmp_path / "notes.json").write_text('{"a": 1, "b": ["2"]}', encoding="utf-8")
    assert a_memory(tmp_path).notes == {"b": ["2"]}
