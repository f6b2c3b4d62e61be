"""A WordPress site is read as its visitors see it, and again at little cost."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from httpcore import NetworkStream

from assistant.domain.corpus import Kind, Translation
from ingest.fetching.connection import Network
from ingest.fetching.fetcher import Limits
from ingest.sources import crawling
from ingest.sources.crawling import Access
from ingest.sources.gathering import CrawlRun
from tests.ingest.fetching.site import HOME, Page, Site
from tests.ingest.sources.running import Forum, a_source, detect
from tests.ingest.sources.wordpress_site import TEXT, WordPress, a_post, an_error, as_json
from tests.pdfs import a_pdf

VARIABLE = "BOT_PASSWORD"


def a_forum(site: Site, wordpress: WordPress, folder: Path, **settings: object) -> Forum:
    return Forum(a_source(folder, **settings), wordpress.at(site), folder / "memory")


def test_a_post_becomes_a_document_with_all_that_the_site_says(site: Site, tmp_path: Path) -> None:
    post = a_post(7, title={"rendered": "Light &amp; <em>safety</em> &#8211; 2019"}, categories=[3])
    wordpress = WordPress(
        {"posts": [post], "pages": []},
        categories=[{"id": 3, "slug": "recommandations", "name": "Recommandations"}],
    )
    forum = a_forum(site, wordpress, tmp_path)

    crawl = forum.crawl()

    assert crawl.failures == ()
    assert crawl.complete
    assert crawl.origin == "source:forum"
    document = forum.document("forum/post-7")
    assert document.source.title == "Light & safety – 2019"
    assert document.source.url == f"{HOME}post-7/"
    assert document.source.published == date(2021, 2, 1)
    assert document.source.language == "en"
    assert document.source.kind is Kind.RECOMMENDATION
    assert document.text == (
        "The town renewed its street lighting in 2019.\n\nResidents had asked for it."
    )


def test_a_post_says_when_it_was_changed_after_it_appeared(site: Site, tmp_path: Path) -> None:
    changed = "2026-01-12T09:00:00"
    posts = [a_post(1), a_post(2, modified=changed, modified_gmt=changed)]
    forum = a_forum(site, WordPress({"posts": posts, "pages": []}), tmp_path)

    forum.crawl()

    found = [forum.document(f"forum/post-{each}").source for each in (1, 2)]
    assert [each.published for each in found] == [date(2021, 2, 1)] * 2
    assert [each.changed for each in found] == [None, date(2026, 1, 12)]


def test_a_post_names_its_author_where_the_site_does(site: Site, tmp_path: Path) -> None:
    posts = [a_post(1, author=3), a_post(2, author=4), a_post(3, author=9)]
    users = [{"id": 3, "name": "Ann &amp; Bo"}, {"id": 4, "name": "webmaster"}]
    forum = a_forum(site, WordPress({"posts": posts, "pages": []}, users=users), tmp_path)

    forum.crawl()

    found = [forum.document(f"forum/post-{each}").source.authors for each in (1, 2, 3)]
    assert found == [("Ann & Bo",), (), ()]


def test_a_link_in_a_post_names_what_takes_its_place(site: Site, tmp_path: Path) -> None:
    link = '<p>Read <a rel="successor-version" href="/post-2/">our new guide</a>.</p>'
    posts = [a_post(1, f"<p>The lamps of 2019.</p>{link}"), a_post(2)]
    forum = a_forum(site, WordPress({"posts": posts, "pages": []}), tmp_path)

    forum.crawl()

    assert forum.document("forum/post-1").replaced_by == f"{HOME}post-2/"
    assert forum.document("forum/post-2").replaced_by == ""


@pytest.mark.parametrize(
    "answer",
    [
        *(an_error(status) for status in (400, 401, 406, 410)),
        Page("<p>Welcome to our forum.</p>", "text/html"),
        Page("", status=302, headers={"Location": "/"}),
        Page("not JSON", "application/json"),
    ],
)
def test_a_site_that_does_not_name_its_users_is_read_all_the_same(
    site: Site, tmp_path: Path, answer: Page
) -> None:
    wordpress = WordPress({"posts": [a_post(1, author=3)], "pages": []})
    wordpress.broken = lambda route, _: answer if route.endswith("/users") else None
    forum = a_forum(site, wordpress, tmp_path)

    assert forum.crawl().failures == ()

    assert forum.document("forum/post-1").source.authors == ()


def test_content_is_read_whole_and_without_what_surrounds_it(site: Site, tmp_path: Path) -> None:
    content = (
        "[vc_row]<p>First.</p></div></div><div class='sharedaddy'>Share this</div>"
        "<article class='post'><div class='entry-content'><p>A part.</p></div></article>"
        "<h2>Why</h2><ul><li>One</li><li>Two</li></ul><div class='jp-relatedposts'>Related</div>"
        "<p>Last.</p></body></html><p>Beyond.</p>"
    )
    forum = a_forum(site, WordPress({"posts": [a_post(1, content)], "pages": []}), tmp_path)

    forum.crawl()

    assert forum.document("forum/post-1").text == (
        "First.\n\nA part.\n\n## Why\n\n- One\n- Two\n\nLast.\n\nBeyond."
    )


def test_an_unchanged_site_costs_a_few_requests_and_no_content(site: Site, tmp_path: Path) -> None:
    forum = a_forum(
        site, WordPress({"posts": list(map(a_post, range(1, 251))), "pages": []}), tmp_path
    )
    first = forum.crawl()
    assert len(first.documents) == 250
    assert sum("include=" in path for path in site.asked) == 5

    again = forum.crawl()

    assert len(again.unchanged) == 250
    assert again.documents == ()
    assert not any("include=" in path for path in site.asked)
    # robots, types, categories, users, home, posts, pages
    assert len(site.asked) == 1 + 1 + 1 + 1 + 1 + 3 + 1


def test_what_is_new_changed_or_gone_is_found(site: Site, tmp_path: Path) -> None:
    wordpress = WordPress({"posts": [a_post(1), a_post(2), a_post(3)], "pages": []})
    forum = a_forum(site, wordpress, tmp_path)
    forum.crawl()
    changed = a_post(2, "<p>The town renewed it again.</p>", modified_gmt="2022-01-01T00:00:00")
    wordpress.lists["posts"] = [a_post(1), changed, a_post(4)]

    crawl = forum.crawl()

    assert {document.id for document in crawl.documents} == {"forum/post-2", "forum/post-4"}
    assert forum.ids == ["forum/post-1", "forum/post-2", "forum/post-4"]
    assert forum.document("forum/post-2").text == "The town renewed it again."


def test_an_id_stays_when_title_and_address_change(site: Site, tmp_path: Path) -> None:
    wordpress = WordPress({"posts": [a_post(1)], "pages": []})
    forum = a_forum(site, wordpress, tmp_path)
    forum.crawl()
    wordpress.lists["posts"] = [a_post(1, title={"rendered": "New"}, link=f"{HOME}new/")]

    forum.crawl()

    assert forum.ids == ["forum/post-1"]
    assert forum.document("forum/post-1").source.url == f"{HOME}new/"


@pytest.mark.parametrize(
    "changes",
    [
        {"content": {"rendered": "", "protected": True}},
        {"status": "draft"},
        {"status": "private"},
    ],
)
def test_what_is_closed_to_the_public_is_removed(
    site: Site, tmp_path: Path, changes: dict[str, Any]
) -> None:
    wordpress = WordPress({"posts": [a_post(1), a_post(2)], "pages": []})
    forum = a_forum(site, wordpress, tmp_path)
    forum.crawl()
    wordpress.lists["posts"][1] |= changes

    forum.crawl()

    assert forum.ids == ["forum/post-1"]


def test_kinds_come_from_the_configuration_the_type_and_the_categories(
    site: Site, tmp_path: Path
) -> None:
    types = {
        **WordPress().types,
        "event": {"name": "Agenda", "slug": "event", "rest_base": "events"},
        "avis": {"name": "Avis", "slug": "avis", "rest_base": "avis"},
    }
    wordpress = WordPress(
        {
            "posts": [a_post(1, categories=[5]), a_post(2, categories=[6])],
            "pages": [a_post(3)],
            "events": [a_post(4)],
            "avis": [a_post(5)],
        },
        types=types,
        categories=[
            {"id": 5, "slug": "dossiers", "name": "Publications"},
            {"id": 6, "slug": "intern", "name": "Intern"},
        ],
    )
    for number, post in enumerate(post for posts in wordpress.lists.values() for post in posts):
        post["link"] = f"{HOME}{number}/"
    forum = a_forum(site, wordpress, tmp_path, kinds={"avis": "recommendation", "intern": "event"})

    forum.crawl()

    kinds = {document.id: document.source.kind for document in forum.documents.values()}
    assert kinds == {
        "forum/post-1": Kind.PUBLICATION,
        "forum/post-2": Kind.EVENT,
        "forum/page-3": Kind.PAGE,
        "forum/event-4": Kind.EVENT,
        "forum/avis-5": Kind.RECOMMENDATION,
    }


def test_only_the_types_that_are_asked_for_are_read(site: Site, tmp_path: Path) -> None:
    wordpress = WordPress({"posts": [a_post(1)], "pages": [a_post(2, link=f"{HOME}p/")]})

    forum = a_forum(site, wordpress, tmp_path, types=["pages"])
    forum.crawl()
    assert forum.ids == ["forum/page-2"]

    wrong = a_forum(site, wordpress, tmp_path, types=["page", "evenements"]).crawl()
    assert "has no post type evenements; it has posts, pages" in wrong.failures[0].reason
    assert not wrong.complete


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_type_closed_to_the_public_is_none_of_ours_until_it_was(
    site: Site, tmp_path: Path, status: int
) -> None:
    closed = False

    def broken(route: str, _query: dict[str, str]) -> Page | None:
        return an_error(status) if closed and route.endswith("/pages") else None

    lists = {"posts": [a_post(1)], "pages": [a_post(2, link=f"{HOME}p/")]}
    wordpress = WordPress(lists, broken=broken)
    forum = a_forum(site, wordpress, tmp_path)
    forum.crawl()
    closed = True

    crawl = forum.crawl()
    assert not crawl.complete
    assert forum.ids == ["forum/page-2", "forum/post-1"]

    fresh = Forum(forum.source, site)
    assert fresh.crawl().complete
    assert fresh.ids == ["forum/post-1"]


def test_posts_that_share_an_address_are_all_read(site: Site, tmp_path: Path) -> None:
    posts = [a_post(number, link=f"{HOME}agenda/") for number in (1, 2)]
    forum = a_forum(site, WordPress({"posts": posts, "pages": []}), tmp_path)

    forum.crawl()

    assert forum.ids == ["forum/post-1", "forum/post-2"]


def test_a_site_without_pretty_links_is_read_too(site: Site, tmp_path: Path) -> None:
    wordpress = WordPress({"posts": [a_post(1)], "pages": []}, plain_links=True)
    forum = a_forum(site, wordpress, tmp_path)

    assert forum.crawl().failures == ()
    assert forum.ids == ["forum/post-1"]


def test_a_password_from_the_environment_is_sent(site: Site, tmp_path: Path) -> None:
    wordpress = WordPress({"posts": [a_post(1)], "pages": []})
    forum = a_forum(
        site, wordpress, tmp_path, user="bot", password_env=VARIABLE, private_network=True
    )

    missing = forum.crawl()
    assert f"{VARIABLE}; set it" in missing.failures[0].reason

    forum.environment[VARIABLE] = "abcd efgh"
    forum.crawl()
    assert forum.ids == ["forum/post-1"]
    assert site.headers[-1]["authorization"].startswith("Basic ")


# Sites that answer badly.


def test_a_list_that_breaks_off_removes_nothing(site: Site, tmp_path: Path) -> None:
    failing = False

    def broken(_route: str, query: dict[str, str]) -> Page | None:
        return an_error(500) if failing and query.get("page") == "2" else None

    wordpress = WordPress({"posts": list(map(a_post, range(1, 151))), "pages": []}, broken=broken)
    forum = a_forum(site, wordpress, tmp_path)
    forum.crawl()
    failing = True

    crawl = forum.crawl()

    assert not crawl.complete
    assert len(forum.ids) == 150
    assert any("posts" in failure.name and "500" in failure.reason for failure in crawl.failures)


def test_a_post_that_the_site_cannot_show_fails_alone(site: Site, tmp_path: Path) -> None:
    def broken(_route: str, query: dict[str, str]) -> Page | None:
        return an_error(500) if "7" in query.get("include", "").split(",") else None

    wordpress = WordPress({"posts": list(map(a_post, range(1, 21))), "pages": []}, broken=broken)
    forum = a_forum(site, wordpress, tmp_path)

    crawl = forum.crawl()

    assert [failure.name for failure in crawl.failures] == ["forum/post-7"]
    assert len(crawl.documents) == 19
    assert crawl.complete


def test_a_post_that_fails_keeps_its_published_version(site: Site, tmp_path: Path) -> None:
    wordpress = WordPress({"posts": [a_post(1), a_post(2)], "pages": []})
    forum = a_forum(site, wordpress, tmp_path)
    forum.crawl()
    wordpress.lists["posts"][0]["modified_gmt"] = "2022-01-01T00:00:00"
    wordpress.broken = lambda _, query: an_error(500) if "include" in query else None

    forum.crawl()

    assert forum.ids == ["forum/post-1", "forum/post-2"]


def test_a_number_of_pages_beyond_reason_is_not_believed(site: Site, tmp_path: Path) -> None:
    def broken(route: str, _query: dict[str, str]) -> Page | None:
        if not route.endswith("/posts"):
            return None
        return as_json([a_post(1)], X_WP_Total="99999999999", X_WP_TotalPages="999999999")

    forum = a_forum(site, WordPress({"pages": []}, broken=broken), tmp_path)

    crawl = forum.crawl()

    assert forum.ids == ["forum/post-1"]
    assert not crawl.complete
    assert len(site.asked) < 12


def test_a_site_that_never_ends_is_read_within_the_budget(site: Site, tmp_path: Path) -> None:
    def broken(route: str, query: dict[str, str]) -> Page | None:
        if not route.endswith("/posts"):
            return None
        if "include" in query:
            return as_json([a_post(int(word)) for word in query["include"].split(",")])
        first = int(query["page"]) * 100
        return as_json([a_post(first + i) for i in range(100)], X_WP_TotalPages="999999999")

    forum = a_forum(site, WordPress({"pages": []}, broken=broken), tmp_path)
    forum.limits = Limits(urls=30)

    crawl = forum.crawl()

    assert len(site.asked) == 30
    assert not crawl.complete
    assert any("30 addresses at the most" in failure.reason for failure in crawl.failures)


def test_a_busy_site_is_waited_for(site: Site, tmp_path: Path) -> None:
    busy = iter([Page(status=429, headers={"Retry-After": "2"}), Page(status=503)])

    def broken(route: str, _query: dict[str, str]) -> Page | None:
        return next(busy, None) if route.endswith("/posts") else None

    forum = a_forum(site, WordPress({"posts": [a_post(1)], "pages": []}, broken=broken), tmp_path)

    assert forum.crawl().failures == ()
    assert forum.ids == ["forum/post-1"]


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page("<html>Checking your browser</html>"), "web page where WordPress would give data"),
        (Page(status=302, headers={"Location": "/wp-login.php?x=1"}), "login page"),
        (an_error(401), "give a user and an application password that the site takes"),
        (an_error(403), "does not let the assistant into its REST interface"),
        (an_error(404), "has no REST interface"),
        (an_error(500), "error (500)"),
        (Page("<br />Notice: x in y<br />[]", "application/json"), "warnings"),
        (as_json([1, 2]), "does not list its post types"),
    ],
)
def test_a_site_that_is_not_what_it_should_be_says_why_and_keeps_everything(
    site: Site, tmp_path: Path, page: Page, words: str
) -> None:
    wordpress = WordPress({"posts": [a_post(1)], "pages": []})
    site.routes["/wp-login.php"] = Page("<form>Log in</form>")
    forum = a_forum(site, wordpress, tmp_path)
    forum.crawl()
    wordpress.broken = lambda *_: page

    crawl = forum.crawl()

    assert not crawl.complete
    assert words in crawl.failures[0].reason
    assert forum.ids == ["forum/post-1"]


def test_odd_answers_are_no_crash(site: Site, tmp_path: Path) -> None:
    odd = [
        {"id": "1"},
        {"id": 2, "link": None},
        {"id": 3, "link": "javascript:alert(1)"},
        {"id": 4, "link": "http://evil.test/"},
        a_post(5, categories="x", translations=[1], wpml_translations={"a": 1}, lang=7),
        a_post(6) | {"title": None, "date": "soon"},
        a_post(8) | {"content": {"rendered": None, "protected": False}},
        "text",
        None,
    ]

    def broken(route: str, query: dict[str, str]) -> Page | None:
        if not route.endswith("/posts"):
            return None
        ids = query.get("include", "").split(",")
        shown = [fields for fields in odd if isinstance(fields, dict) and str(fields["id"]) in ids]
        return as_json(shown if "include" in query else odd)

    forum = a_forum(site, WordPress({"pages": []}, broken=broken), tmp_path)

    crawl = forum.crawl()

    assert forum.ids == ["forum/post-5", "forum/post-6"]
    failed = {failure.name for failure in crawl.failures}
    assert failed == {"forum/post-2", "forum/post-3", "forum/post-4", "forum/post-8"}


def test_posts_without_words_are_passed_over_and_said_so(site: Site, tmp_path: Path) -> None:
    forum = a_forum(site, WordPress({"posts": [a_post(1, "<p> </p>")], "pages": []}), tmp_path)

    crawl = forum.crawl()

    assert crawl.skipped == ("forum/post-1 (holds no text)",)
    assert crawl.documents == ()
    assert crawl.failures == ()


def test_a_crawl_that_was_cut_off_goes_on_where_it_stopped(site: Site, tmp_path: Path) -> None:
    class PowerCut(BaseException):
        pass

    wordpress = WordPress({"posts": list(map(a_post, range(1, 121))), "pages": []})
    forum = a_forum(site, wordpress, tmp_path)
    original = forum.site.network.dial
    asked = iter(range(8))

    def failing_dial(address: str, port: int, timeout: float) -> NetworkStream:
        if next(asked, None) is None:
            raise PowerCut
        return original(address, port, timeout)

    network = Network(resolve=site.network.resolve, dial=failing_dial)
    access = Access(memory=forum.memory, network=network, clock=forum.access.clock)
    with pytest.raises(PowerCut):
        crawling.crawl(forum.source, access, CrawlRun(detect))
    before = set(site.pages_asked)

    crawl = forum.crawl()

    assert len(crawl.documents) == 120
    assert before.isdisjoint(site.pages_asked)


# Languages.

HOME_OF_TWO = (
    f'<html lang="en"><head><link rel="alternate" hreflang="en" href="{HOME}">'
    f'<link rel="alternate" hreflang="fr" href="{HOME}fr/">'
    f'<link rel="alternate" hreflang="x-default" href="{HOME}"></head>'
    "<body><p>Welcome to the forum.</p></body></html>"
)
FRENCH = "<p>La ville a renouvelé son éclairage en 2019.</p>"


def test_polylang_says_languages_and_translations(site: Site, tmp_path: Path) -> None:
    posts = [
        a_post(1, lang="en", translations={"en": 1, "fr": 2}),
        a_post(2, FRENCH, lang="fr", translations={"en": 1, "fr": 2}, link=f"{HOME}fr/deux/"),
        a_post(3, lang="nl", translations={"nl": 3, "fr": 99}),
    ]
    forum = a_forum(site, WordPress({"posts": posts, "pages": []}), tmp_path)

    forum.crawl()

    assert forum.document("forum/post-1").translations == (Translation("fr", f"{HOME}fr/deux/"),)
    assert forum.document("forum/post-2").translations == (Translation("en", f"{HOME}post-1/"),)
    assert forum.document("forum/post-3").source.language == "nl"
    assert forum.document("forum/post-3").translations == ()


def test_wpml_gives_each_language_when_it_is_asked_for(site: Site, tmp_path: Path) -> None:
    french = a_post(
        2,
        FRENCH,
        link=f"{HOME}fr/deux/",
        wpml_current_locale="fr_FR",
        wpml_translations=[{"locale": "en_US", "id": 1, "href": f"{HOME}post-1/"}],
    )
    english = a_post(
        1, wpml_current_locale="en_US", wpml_translations=[{"locale": "fr_FR", "id": 2}]
    )
    wordpress = WordPress(
        {"posts": [english], "pages": []},
        by_language={"fr": {"posts": [french], "pages": []}},
        home=HOME_OF_TWO,
    )
    forum = a_forum(site, wordpress, tmp_path)

    assert forum.crawl().failures == ()

    assert forum.ids == ["forum/post-1", "forum/post-2"]
    assert forum.document("forum/post-2").source.language == "fr"
    assert forum.document("forum/post-1").translations == (Translation("fr", f"{HOME}fr/deux/"),)
    assert forum.document("forum/post-2").translations == (Translation("en", f"{HOME}post-1/"),)


def test_wpml_by_parameter_is_asked_by_parameter(site: Site, tmp_path: Path) -> None:
    home = HOME_OF_TWO.replace(f"{HOME}fr/", f"{HOME}?lang=fr")
    french = a_post(2, FRENCH, link=f"{HOME}deux/?lang=fr")
    wordpress = WordPress(
        {"posts": [a_post(1)], "pages": []},
        by_language={"fr": {"posts": [french], "pages": []}},
        home=home,
    )
    forum = a_forum(site, wordpress, tmp_path)

    forum.crawl()

    assert {document.id: document.source.language for document in forum.documents.values()} == {
        "forum/post-1": "en",
        "forum/post-2": "fr",
    }


def test_versions_that_share_a_number_are_documents_of_their_own(
    site: Site, tmp_path: Path
) -> None:
    wordpress = WordPress(
        {"posts": [a_post(1)], "pages": []},
        by_language={"fr": {"posts": [a_post(1, FRENCH, link=f"{HOME}fr/un/")], "pages": []}},
        home=HOME_OF_TWO,
    )
    forum = a_forum(site, wordpress, tmp_path)

    forum.crawl()

    assert forum.ids == ["forum/fr/post-1", "forum/post-1"]
    assert forum.document("forum/post-1").translations == (Translation("fr", f"{HOME}fr/un/"),)
    assert forum.document("forum/fr/post-1").translations == (Translation("en", f"{HOME}post-1/"),)
    assert len(forum.crawl().unchanged) == 2


def test_a_site_that_lists_all_languages_at_once_is_told_apart_by_address(
    site: Site, tmp_path: Path
) -> None:
    short = "<p>OK 112</p>"
    posts = [a_post(1, short), a_post(2, short, link=f"{HOME}fr/deux/")]
    forum = a_forum(site, WordPress({"posts": posts, "pages": []}, home=HOME_OF_TWO), tmp_path)

    forum.crawl()

    languages = {document.id: document.source.language for document in forum.documents.values()}
    assert languages == {"forum/post-1": "en", "forum/post-2": "fr"}


def test_a_home_page_that_fails_removes_no_language(site: Site, tmp_path: Path) -> None:
    wordpress = WordPress(
        {"posts": [a_post(1)], "pages": []},
        by_language={"fr": {"posts": [a_post(2, FRENCH, link=f"{HOME}fr/2/")], "pages": []}},
        home=HOME_OF_TWO,
    )
    forum = a_forum(site, wordpress, tmp_path)
    forum.crawl()
    site.routes["/"] = Page(status=500)

    crawl = forum.crawl()

    assert not crawl.complete
    assert forum.ids == ["forum/post-1", "forum/post-2"]


# Files.

PDF = "/wp-content/uploads/2021/02/night-walks.pdf"


def with_link(
    number: int, href: str = PDF, words: str = "Walking at night in towns"
) -> dict[str, Any]:
    return a_post(number, f"{TEXT}<p><a class='x' href='{href}'><b>{words}</b></a></p>")


def test_a_linked_file_is_a_publication_of_its_own(site: Site, tmp_path: Path) -> None:
    site.routes[PDF] = Page(a_pdf("Walk the streets at night before you plan."), "application/pdf")
    wordpress = WordPress({"posts": [with_link(1), with_link(2)], "pages": []})
    forum = a_forum(site, wordpress, tmp_path)

    crawl = forum.crawl()

    assert crawl.failures == ()
    document = forum.document(f"forum{PDF}")
    assert document.source.kind is Kind.PUBLICATION
    assert document.source.title == "Walking at night in towns"
    assert document.source.url == HOME.rstrip("/") + PDF
    assert "Walk the streets" in document.text
    assert site.asked.count(PDF) == 1


def test_a_file_stays_as_long_as_an_unchanged_post_links_to_it(site: Site, tmp_path: Path) -> None:
    site.routes[PDF] = Page(a_pdf("Walk the streets at night."), "application/pdf")
    wordpress = WordPress({"posts": [with_link(1), a_post(2)], "pages": []})
    forum = a_forum(site, wordpress, tmp_path)
    forum.crawl()

    again = forum.crawl()

    assert len(again.unchanged) == 3
    assert not any("include=" in path for path in site.asked)

    wordpress.lists["posts"] = [a_post(2)]
    forum.crawl()
    assert forum.ids == ["forum/post-2"]


def test_a_post_that_fails_keeps_the_files_it_linked_to(site: Site, tmp_path: Path) -> None:
    site.routes[PDF] = Page(a_pdf("Walk the streets at night."), "application/pdf")
    wordpress = WordPress({"posts": [with_link(1)], "pages": []})
    forum = a_forum(site, wordpress, tmp_path)
    forum.crawl()
    wordpress.lists["posts"][0]["modified_gmt"] = "2022-01-01T00:00:00"
    wordpress.broken = lambda _, query: an_error(500) if "include" in query else None

    forum.crawl()

    assert forum.ids == ["forum/post-1", f"forum{PDF}"]


def test_a_file_of_an_old_format_is_told_with_what_to_do(site: Site, tmp_path: Path) -> None:
    forum = a_forum(
        site, WordPress({"posts": [with_link(1, "/files/a.doc")], "pages": []}), tmp_path
    )

    crawl = forum.crawl()

    assert forum.ids == ["forum/post-1"]
    assert any("a.doc (is an old Word document; open it" in each for each in crawl.skipped)


def test_files_elsewhere_and_files_that_are_gone_are_not_kept(site: Site, tmp_path: Path) -> None:
    site.routes[PDF] = Page(a_pdf("Walk the streets at night."), "application/pdf")
    posts = [with_link(1), with_link(2, "https://evil.test/a.pdf"), with_link(3, "http://[/b.pdf")]
    forum = a_forum(site, WordPress({"posts": posts, "pages": []}), tmp_path)
    crawl = forum.crawl()
    assert f"forum{PDF}" in forum.ids
    assert any("evil.test" in each for each in crawl.skipped)

    site.routes[PDF] = Page(status=404)
    crawl = forum.crawl()

    assert f"forum{PDF}" not in forum.ids
    assert [failure.name for failure in crawl.failures] == [HOME.rstrip("/") + PDF]


def test_files_are_left_alone_where_they_are_not_wanted(site: Site, tmp_path: Path) -> None:
    forum = a_forum(
        site, WordPress({"posts": [with_link(1)], "pages": []}), tmp_path, attachments=False
    )

    forum.crawl()

    assert forum.ids == ["forum/post-1"]
    assert PDF not in site.asked


@pytest.mark.parametrize("words", ["Download", "Cliquez ici pour lire", "PDF", ""])
def test_words_that_only_say_click_are_no_title(site: Site, tmp_path: Path, words: str) -> None:
    site.routes[PDF] = Page(a_pdf("walk the streets at night."), "application/pdf")
    forum = a_forum(site, WordPress({"posts": [with_link(1, words=words)], "pages": []}), tmp_path)

    forum.crawl()

    assert forum.document(f"forum{PDF}").source.title == "Night walks"
