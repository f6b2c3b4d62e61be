"""WordPress's own test content, with all that a theme may meet, is read and followed."""

import gzip
from pathlib import Path

from lxml import etree

from tests.wordpress import small_forum
from tests.wordpress.server import RealSite
from tests.wordpress.staff import Staff
from tests.wordpress.test_following import STEWARDS, STEWARDS_TEXT, as_versions
from tests.wordpress.test_other_ways import as_typed, exported

WENDY = "How old was Wendy when she played in the garden?"
WENDY_IN_FRENCH = "Quel âge avait Wendy quand elle jouait dans le jardin ?"
ABBOTT = "What are the nicknames of the St. Louis team?"
FLOATS = "What follows the thumbnail that is floated left?"
FEW = 12  # requests: robots.txt, types, categories, languages, two pages of posts, one of pages
STANDARD, CHAT, CLEARING_FLOATS = 358, 562, 501  # numbers of posts in the file
WITHOUT_TEXT = {"post-1158", "post-1170", "page-1813"}  # a video, no words at all, a title alone
COMPUTED = {"post-1736"}  # the block of a feed, which an export holds only the address of


def seen_by_visitors(path: Path) -> set[str]:
    """Return the ids of posts and pages that are published without a password."""
    items = etree.fromstring(gzip.decompress(path.read_bytes())).findall(".//item")
    facts = [{etree.QName(child).localname: child.text for child in item} for item in items]
    return {
        f"{fact['post_type']}-{fact['post_id']}"
        for fact in facts
        if fact["post_type"] in {"post", "page"}
        and fact["status"] == "publish"
        and not fact["post_password"]
    }


def test_all_that_visitors_see_is_read_and_nothing_else(
    reading: Staff, theme_content: Path, posts: dict[str, int]
) -> None:
    own = {f"post-{posts[name]}" for name in small_forum.POSTS if name != "about"}
    own.add(f"page-{posts['about']}")

    assert set(reading.documents()) == seen_by_visitors(theme_content) - WITHOUT_TEXT | own


def test_after_each_sync_the_answers_follow_and_nothing_unchanged_is_embedded(
    reading: Staff, site: RealSite
) -> None:
    kept = reading.sync()["unchanged"]
    assert reading.embedder.embedded == []
    assert len(site.asked) <= FEW
    assert "two years old" in reading.quotes(WENDY)

    story = reading.documents()[f"post-{STANDARD}"].text
    edited = story.replace("two years old", "seven years old").replace("\n\n", "</p><p>")
    site.update(STANDARD, post_content=f"<p>{edited}</p>")
    assert reading.sync()["unchanged"] == kept - 1
    assert "seven years old" in reading.quotes(WENDY)
    assert reading.embedded_besides(f"post-{STANDARD}") == []

    assert "names of the fellows" in reading.quotes(ABBOTT)
    site.do("trash", ID=CHAT)
    assert reading.sync()["documents"]["removed"] == [f"forum/post-{CHAT}"]
    assert "names of the fellows" not in reading.quotes(ABBOTT)
    assert reading.embedder.embedded == []

    [added] = site.insert({"post_title": "Stewards", "post_content": f"<p>{STEWARDS_TEXT}</p>"})
    assert reading.sync()["documents"]["new"] == [f"forum/post-{added}"]
    assert "three stewards" in reading.quotes(STEWARDS)
    assert reading.embedded_besides(f"post-{added}") == []

    french = "<p>Wendy avait sept ans quand elle jouait dans le jardin.</p>"
    [translated] = site.insert({"post_title": "Wendy et Peter", "post_content": french})
    as_versions(site, en=STANDARD, fr=translated)
    report = reading.sync()
    assert report["documents"]["new"] == [f"forum/post-{translated}"]
    assert report["documents"]["changed"] == [f"forum/post-{STANDARD}"]  # it names its version
    assert reading.ask(WENDY_IN_FRENCH)["citations"][0]["language"] == "fr"
    assert reading.ask(WENDY)["citations"][0]["language"] == "en"
    assert reading.embedded_besides(f"post-{translated}") == []

    assert "floated left" in reading.quotes(FLOATS)
    site.update(CLEARING_FLOATS, post_status="private")
    assert reading.sync()["documents"]["removed"] == [f"forum/page-{CLEARING_FLOATS}"]
    assert "The last item in this page" not in reading.quotes(FLOATS)
    assert reading.embedder.embedded == []


def test_an_export_of_it_gives_what_the_rest_interface_gives(
    reading: Staff, site: RealSite
) -> None:
    by_rest = reading.documents()

    documents = exported(reading, str(site.do("export")))

    differing = [
        name
        for name, each in by_rest.items()
        if name not in documents or as_typed(documents[name].text) != as_typed(each.text)
    ]
    assert set(differing) == COMPUTED
