"""What the real site holds at first: a small forum, and what its visitors must not see."""

from tests.wordpress.server import RealSite

LIGHTING = "In which year was the charter on street lighting renewed?"
MEDIATORS = "Until when do the night mediators of Ghent work?"
CAMERAS = "Who may watch the images of cameras?"
TREASURER = "What is the budget of the treasurer?"
MEMBERS = "How many municipalities are members of the network?"

POSTS: dict[str, dict[str, object]] = {
    "lighting": {
        "post_title": "A charter on street lighting",
        "post_content": (
            "<!-- wp:paragraph -->\n<p>The network renewed its charter on street lighting in 2019."
            " Thirty-two municipalities signed it.</p>\n<!-- /wp:paragraph -->\n\n"
            "<!-- wp:heading -->\n<h2>What it asks for</h2>\n<!-- /wp:heading -->\n\n"
            "<!-- wp:list -->\n<ul><!-- wp:list-item -->\n<li>Lamps are mended within five days."
            "</li>\n<!-- /wp:list-item --><!-- wp:list-item -->\n<li>Residents are heard before a"
            " street is dimmed.</li>\n<!-- /wp:list-item --></ul>\n<!-- /wp:list -->"
        ),
    },
    "mediators": {  # written in the classic editor
        "post_title": "Night mediators in Ghent",
        "post_content": (
            "The night mediators of Ghent work until 2 a.m. on Fridays and Saturdays.\n\n"
            "They settle quarrels about noise, and call the police only where somebody is in"
            ' danger. "We listen first", says one of them.'
        ),
    },
    "cameras": {
        "post_title": "Cameras in public space",
        "categories": ["Recommendations"],
        "post_content": (
            "<p>The network recommends:</p><ul><li>Only sworn officers may watch the images of"
            " cameras.</li><li>Images are erased after thirty days.</li></ul>"
        ),
    },
    "victims": {
        "post_title": "Un point d'accueil pour les victimes",
        "post_content": (
            "<p>La ville de Namur a ouvert un point d'accueil pour les victimes en mars 2021."
            " Deux assistantes sociales y travaillent.</p>"
        ),
    },
    "about": {
        "post_title": "About the network",
        "post_type": "page",
        "post_content": (
            "<p>The network was founded in 1987. Sixty-eight municipalities are members of the"
            " network.</p>"
        ),
    },
}
HIDDEN: dict[str, dict[str, object]] = {
    "draft": {"post_status": "draft"},
    "pending": {"post_status": "pending"},
    "private": {"post_status": "private"},
    "scheduled": {"post_status": "future", "post_date": "2099-01-01 09:00:00"},
    "protected": {"post_password": "open sesame"},
    "trashed": {"post_status": "trash"},
}


def fill(site: RealSite) -> dict[str, int]:
    """Make all posts; return their numbers by the names they have here."""
    hidden = {
        name: {
            "post_title": f"The {name} post",
            "post_content": f"<p>The {name} budget of the treasurer is 4711 euros.</p>",
            **changes,
        }
        for name, changes in HIDDEN.items()
    }
    posts = POSTS | hidden
    return dict(zip(posts, site.insert(*posts.values()), strict=True))
