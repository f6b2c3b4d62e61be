"""A real WordPress is read, and the answers follow what its editors do."""

import pytest

from tests.pdfs import a_pdf
from tests.wordpress import small_forum
from tests.wordpress.server import RealSite
from tests.wordpress.small_forum import CAMERAS, LIGHTING, MEDIATORS, MEMBERS, TREASURER
from tests.wordpress.staff import Staff

Posts = dict[str, int]

STEWARDS = "How many stewards has the swimming pool of Mechelen employed since 2023?"
STEWARDS_TEXT = "The swimming pool of Mechelen has employed three stewards since May 2023."
FRENCH_LIGHTING = "En quelle année la charte de l'éclairage public a-t-elle été renouvelée ?"
FRENCH_MEMBERS = "Combien de communes sont membres du réseau ?"


def test_the_first_sync_brings_all_that_visitors_see_and_nothing_else(
    published: Staff, posts: Posts
) -> None:
    assert set(published.documents()) == {
        *(f"post-{posts[name]}" for name in ("lighting", "mediators", "cameras", "victims")),
        f"page-{posts['about']}",
    }
    assert {document.source.authors for document in published.documents().values()} == {
        ("Ann Example",)
    }
    assert "in 2019" in published.quotes(LIGHTING)
    assert "until 2 a.m." in published.quotes(MEDIATORS)
    assert "Only sworn officers" in published.quotes(CAMERAS)
    assert "Sixty-eight municipalities" in published.quotes(MEMBERS)
    assert "4711" not in published.quotes(TREASURER)


def test_a_site_where_nothing_changed_costs_few_requests_and_no_embedding(
    published: Staff, site: RealSite
) -> None:
    report = published.sync()

    assert (report["unchanged"], report["new"], report["changed"]) == (5, 0, 0)
    assert report["generation"] == "000001"
    assert published.embedder.embedded == []
    # robots.txt, types, categories, authors, home page, posts, pages
    assert len(site.asked) <= 7


def test_an_edited_post_is_answered_as_it_reads_now(
    published: Staff, site: RealSite, posts: Posts
) -> None:
    text = str(small_forum.POSTS["lighting"]["post_content"])
    site.update(posts["lighting"], post_content=text.replace("2019", "2024"))

    report = published.sync()

    assert report["documents"]["changed"] == [f"forum/post-{posts['lighting']}"]
    assert report["unchanged"] == 4
    assert "in 2024" in published.quotes(LIGHTING)
    assert "2019" not in published.quotes(LIGHTING)
    assert published.embedder.embedded
    assert published.embedded_besides(f"post-{posts['lighting']}") == []
    # Of the post itself, the chunk under the second heading is as it was.
    assert not any("five days" in each for each in published.embedder.embedded)


def test_a_new_post_is_answered(published: Staff, site: RealSite) -> None:
    [number] = site.insert({"post_title": "Stewards", "post_content": f"<p>{STEWARDS_TEXT}</p>"})

    report = published.sync()

    assert report["documents"]["new"] == [f"forum/post-{number}"]
    assert report["unchanged"] == 5
    assert "three stewards" in published.quotes(STEWARDS)
    assert published.embedded_besides(f"post-{number}") == []


def test_a_trashed_post_is_no_longer_answered_until_it_is_restored(
    published: Staff, site: RealSite, posts: Posts
) -> None:
    site.do("trash", ID=posts["lighting"])

    report = published.sync()

    assert report["documents"]["removed"] == [f"forum/post-{posts['lighting']}"]
    assert "2019" not in published.quotes(LIGHTING)
    assert published.embedder.embedded == []

    site.do("restore", ID=posts["lighting"])
    site.update(posts["lighting"], post_status="publish")  # WordPress restores as a draft
    published.sync()
    assert "in 2019" in published.quotes(LIGHTING)
    assert published.embedded_besides(f"post-{posts['lighting']}") == []


@pytest.mark.parametrize("kept_from", [{"post_status": "private"}, {"post_password": "sesame"}])
def test_a_post_that_is_made_private_or_gets_a_password_is_gone(
    published: Staff, site: RealSite, posts: Posts, kept_from: dict[str, str]
) -> None:
    site.update(posts["lighting"], **kept_from)

    report = published.sync()

    assert report["documents"]["removed"] == [f"forum/post-{posts['lighting']}"]
    assert "2019" not in published.quotes(LIGHTING)
    assert published.embedder.embedded == []


def test_a_translated_post_is_quoted_in_the_language_of_the_question(
    published: Staff, site: RealSite, posts: Posts
) -> None:
    title, text = (
        "Une charte de l'éclairage public",
        "<p>Le réseau a renouvelé sa charte en 2019.</p>",
    )
    [french] = site.insert({"post_title": title, "post_content": text})
    as_versions(site, en=posts["lighting"], fr=french)
    as_versions(site, fr=posts["victims"])
    site.do("option", name="forum_rest_fields", value=True)
    site.plug_in("bilingual")

    report = published.sync()

    english = f"post-{posts['lighting']}"
    assert report["documents"]["new"] == [f"forum/post-{french}"]
    documents = published.documents()
    assert [translation.language for translation in documents[f"post-{french}"].translations] == [
        "en"
    ]
    assert [translation.language for translation in documents[english].translations] == ["fr"]
    assert published.embedded_besides(f"post-{french}") == []
    [cited] = published.ask(FRENCH_LIGHTING)["citations"]
    assert (cited["language"], "en 2019" in cited["quote"]) == ("fr", True)
    [cited] = published.ask(LIGHTING)["citations"]
    assert (cited["language"], "in 2019" in cited["quote"]) == ("en", True)


def test_a_language_in_a_folder_of_its_own_is_known_by_the_home_page(
    published: Staff, site: RealSite, posts: Posts
) -> None:
    [home] = site.insert({"post_title": "Accueil", "post_name": "fr", "post_type": "page"})
    text = "<p>Soixante-huit communes sont membres du réseau.</p>"
    below = {"post_title": "Le réseau", "post_type": "page", "post_parent": home}
    [french] = site.insert({**below, "post_content": text})
    as_versions(site, en=posts["about"], fr=french)
    site.plug_in("bilingual")

    report = published.sync()

    assert report["failures"] == []
    assert published.documents()[f"page-{french}"].source.language == "fr"
    assert published.ask(FRENCH_MEMBERS)["citations"][0]["language"] == "fr"
    assert published.ask(MEMBERS)["citations"][0]["language"] == "en"


def as_versions(site: RealSite, **numbers: int) -> None:
    """Make posts the versions of one work, by language."""
    for language, number in numbers.items():
        site.do("meta", ID=number, meta={"_language": language, "_versions": numbers})


def test_a_file_of_the_media_library_is_answered(
    published: Staff, site: RealSite, posts: Posts
) -> None:
    address = site.upload("tram-survey.pdf", a_pdf("Seventeen percent of passengers avoid trams."))
    link = f'<p>The network published <a href="{address}">the survey of trams</a> in June.</p>'
    site.update(posts["mediators"], post_content=link)

    report = published.sync()

    assert len(report["documents"]["new"]) == 1
    assert report["documents"]["new"][0].endswith("/tram-survey.pdf")
    [cited] = published.ask("What share of passengers avoid trams?")["citations"]
    assert "Seventeen percent" in cited["quote"]
    assert cited["url"] == address
    published.sync()
    assert published.embedder.embedded == []

    site.update(posts["mediators"], post_content="<p>The survey was withdrawn.</p>")
    published.sync()
    assert "Seventeen" not in published.quotes("What share of passengers avoid trams?")
