"""`forum.toml` says what it means, or every fault at once."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from assistant.domain.corpus import Kind
from ingest.errors import SourceError
from ingest.sources.configuration import add, load, remove
from ingest.sources.tables import FolderSource, SitemapSource, WordPressSource

WHOLE = """
[publishing]
removal_share = 0.5

# Our own site.
[[source]]
name = "befus"
type = "wordpress"
url = "https://www.befus.example"
every = "6h"
hosts = ["media.befus.example"]
types = ["posts", "pages"]
kinds = { posts = "article", recommandation = "recommendation" }
user = "bot"
password_env = "BEFUS_APP_PASSWORD"
delay = 2.5

[[source]]
name = "minutes"
type = "folder"
path = "files/minutes"      # scanned by the office
at = "03:30"

[[source]]
name = "old-site"
type = "wxr"
path = "/srv/export.xml.gz"

[[source]]
name = "efus"
type = "sitemap"
url = "https://efus.example/sitemap.xml"

[[source]]
name = "news"
type = "feed"
url = "https://efus.example/feed/"
every = "30m"
"""

KINDS = (
    "source 'a': kinds.posts: must be 'article', 'recommendation', 'publication', 'event' or 'page'"
)
TYPES = (
    "source 'A b': type: give one of folder, wordpress, wxr, feed, sitemap; did you mean 'sitemap'?"
)


def a_file(folder: Path, text: str) -> Path:
    path = folder / "forum.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> list[str]:
    path = a_file(folder, text)
    with pytest.raises(SourceError) as failure:
        load(path)
    return [line.removeprefix(f"{path}: ") for line in str(failure.value).splitlines()]


def test_all_that_can_be_said_is_understood(tmp_path: Path) -> None:
    configuration = load(a_file(tmp_path, WHOLE))

    assert configuration.publishing.removal_share == 0.5
    site, minutes, export, sitemap, news = configuration.sources
    assert isinstance(site, WordPressSource)
    assert (site.every, site.at) == (timedelta(hours=6), None)
    assert site.kinds == {"posts": Kind.ARTICLE, "recommandation": Kind.RECOMMENDATION}
    assert site.gate.hosts == {"www.befus.example", "media.befus.example"}
    assert (site.delay, site.attachments, site.private_network) == (2.5, True, False)
    assert isinstance(minutes, FolderSource)
    assert minutes.at == time(3, 30)
    assert minutes.path == tmp_path / "files" / "minutes"
    assert [each.origin for each in (site, minutes, export)] == [
        "source:befus", str(minutes.path), "source:old-site",
    ]  # fmt: skip
    assert isinstance(sitemap, SitemapSource)
    assert news.every == timedelta(minutes=30)


def test_an_empty_file_has_no_sources_and_the_usual_caution(tmp_path: Path) -> None:
    configuration = load(a_file(tmp_path, ""))

    assert configuration.sources == ()
    assert configuration.publishing.removal_share == 0.3


def test_every_fault_is_named_at_once_with_its_place(tmp_path: Path) -> None:
    text = """
    sources = 1
    [publishing]
    removal_share = 2
    [[source]]
    name = "a"
    type = "wordpress"
    url = "https://a.example"
    host = ["b.example"]
    delay = -1
    kinds = { posts = "artikle" }
    [[source]]
    name = "A b"
    type = "sitemep"
    url = "https://a.example"
    [[source]]
    type = "feed"
    """

    found = faults(tmp_path, text)

    assert found[0] == "sources: is not known; did you mean 'source'?"
    assert found[1].startswith("publishing: removal_share: ")
    assert found[2:] == [
        "source 'a': delay: must be at least 0",
        KINDS,
        "source 'a': host: is not known; did you mean 'hosts'?",
        TYPES,
        "source '3': name: is missing",
        "source '3': url: is missing",
    ]


def test_an_empty_path_is_not_the_folder_of_the_file(tmp_path: Path) -> None:
    text = '[[source]]\nname = "a"\ntype = "folder"\npath = ""\n'

    assert faults(tmp_path, text) == ["source 'a': path: must be the path of a folder or file"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('name = "Befus"', "name: give 1 to 40 small letters, digits or hyphens"),
        ('name = ""', "name: give 1 to 40"),
        ('url = "https://169.254.169.254/"', "is an IP address"),
        ('url = "https://localhost:99999/"', "has no usable port"),
        ('url = "file:///etc/passwd"', "does not begin with https://"),
        ('url = "https://anna:secret@a.example/"', "passwords go into the environment"),
        ('hosts = ["10.0.0.1"]', "list hosts by name"),
        ('every = "6 hours"', 'such as "30m", "6h" or "1d"'),
        ('every = "0m"', 'such as "30m"'),
        ('at = "25:00"', 'such as "03:30"'),
        ('every = "6h"\nat = "03:30"', "exclude each other"),
        ('user = "bot"', "go together"),
        ('password_env = "A"', "go together"),
        ('password = "secret"', "password: is not known; did you mean 'password_env'?"),
        ('user = "bot"\npassword_env = "A"\nurl = "http://a.example/"', "must not be sent"),
        ('path = "x"', "path: is not known"),
    ],
)
def test_a_fault_is_told_with_its_remedy(tmp_path: Path, line: str, words: str) -> None:
    given = {part.partition(" ")[0] for part in line.splitlines()}
    usual = {"name": '"a"', "type": '"wordpress"', "url": '"https://a.example/"'}
    lines = [f"{key} = {value}" for key, value in usual.items() if key not in given]

    assert words in " ".join(faults(tmp_path, "\n".join(["[[source]]", *lines, line])))


def test_two_sources_cannot_share_a_name(tmp_path: Path) -> None:
    one = '[[source]]\nname = "a"\ntype = "feed"\nurl = "https://a.example/feed"\n'

    assert faults(tmp_path, one + one) == [
        "source 'a': name: is taken by a source above; give it another"
    ]


@pytest.mark.parametrize("text", ["a = ", "[[source]\n", "source = 1", "source = [1]"])
def test_what_is_no_configuration_is_said_so(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, text)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"cannot read .*none\.toml: No such file"):
        load(tmp_path / "none.toml")
    (tmp_path / "forum.toml").write_bytes(b"\xff")
    with pytest.raises(SourceError, match="no UTF-8 text"):
        load(tmp_path / "forum.toml")


def test_a_source_is_added_and_removed_without_touching_the_others(tmp_path: Path) -> None:
    path = a_file(tmp_path, WHOLE)

    added = add(path, {"name": "more", "type": "feed", "url": "https://more.example/feed"})
    assert added.sources[-1].name == "more"
    text = path.read_text(encoding="utf-8")
    assert "# scanned by the office" in text
    assert text.startswith(WHOLE.rstrip())

    assert remove(path, "more") == load(a_file(tmp_path, WHOLE))


def test_a_source_that_cannot_be_used_is_not_added(tmp_path: Path) -> None:
    path = a_file(tmp_path, WHOLE)

    with pytest.raises(SourceError, match="url: is missing"):
        add(path, {"name": "more", "type": "feed"})

    assert path.read_text(encoding="utf-8") == WHOLE


def test_the_first_source_makes_the_file_and_the_last_leaves_it_empty(tmp_path: Path) -> None:
    path = tmp_path / "forum.toml"
    add(path, {"name": "more", "type": "feed", "url": "https://more.example/feed"})

    assert remove(path, "more").sources == ()
    assert load(path).sources == ()


def test_a_source_that_is_not_there_cannot_be_removed(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no source is named 'efu'; there are: befus,"):
        remove(a_file(tmp_path, WHOLE), "efu")
