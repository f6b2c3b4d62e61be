"""What the guide tells owners of a WordPress to do for the widget does it there."""

import json
import re

import pytest
from lxml import html

from tests.conftest import ROOT
from tests.wordpress.server import RealSite

GUIDE = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
LINE = '<script src="https://assistant.example.org/widget.js" async></script>'
BLOCK = f"<!-- wp:html -->\n{LINE}\n<!-- /wp:html -->"


def scripts_of(site: RealSite, path: str) -> list[html.HtmlElement]:
    """Return the widget's scripts of a page, as a browser would find them."""
    page = html.fromstring(site.ask(path))
    return [char for char in page.iter("script") if "widget.js" in (char.get("src") or "")]


def the_shortcode() -> str:
    """Return the code of the guide, as it stands there."""
    [code] = re.findall(r"```php\n(.*?)```", GUIDE, re.DOTALL)
    return str(code)


@pytest.mark.parametrize(
    ("given", "attributes"),
    [
        ('topic="cameras"', {"data-topic": "cameras"}),
        ("topic=cameras lang='fr'", {"data-topic": "cameras", "data-lang": "fr"}),
        (
            'topic="street lighting" target="#assistant"',
            {"data-topic": "street lighting", "data-target": "#assistant"},
        ),
        (
            "topic=\"l'éclairage & l'espace public\"",
            {"data-topic": "l'éclairage & l'espace public"},
        ),
        ("", {}),
        ("onload='alert(1)' src='https://evil.test/'", {}),
    ],
)
def test_the_shortcode_of_the_guide_makes_the_line(
    site: RealSite, given: str, attributes: dict[str, str]
) -> None:
    site.plug_in("shortcode", f"<?php\n{the_shortcode()}")
    content = f"<!-- wp:shortcode -->\n[forum_assistant {given}]\n<!-- /wp:shortcode -->"
    site.insert({"post_title": "Ask", "post_type": "page", "post_content": content})

    [script] = scripts_of(site, "/ask/")

    assert dict(script.attrib) == {
        "src": "https://assistant.example.org/widget.js",
        "async": "",
        **attributes,
    }


@pytest.mark.parametrize(
    "topic", ['"><script>alert(1)</script>', "' onload='alert(1)", '" onload="alert(1)', "<b>x</b>"]
)
def test_what_a_writer_gives_the_shortcode_stays_a_value(site: RealSite, topic: str) -> None:
    site.plug_in("shortcode", f"<?php\n{the_shortcode()}")
    quote = "'" if "'" not in topic else '"'
    content = f"[forum_assistant topic={quote}{topic}{quote}]"
    site.insert({"post_title": "Ask", "post_type": "page", "post_content": content})

    page = html.fromstring(site.ask("/ask/"))
    [script] = scripts_of(site, "/ask/")

    assert set(script.attrib) <= {"src", "async", "data-topic"}
    assert not any("alert" in (char.text or "") for char in page.iter("script"))


@pytest.mark.parametrize(("role", "scripts"), [("administrator", 1), ("editor", 1), ("author", 0)])
def test_the_line_in_a_custom_html_block_stays_where_the_guide_says(
    site: RealSite, role: str, scripts: int
) -> None:
    credentials = str(site.do("application password", role=role))
    post = {"title": "Ask", "status": "publish", "content": BLOCK}

    made = json.loads(site.ask("/wp-json/wp/v2/posts", credentials=credentials, body=post))

    assert LINE in GUIDE
    path = "/" + made["link"].partition("://")[2].partition("/")[2]
    assert len(scripts_of(site, path)) == scripts
