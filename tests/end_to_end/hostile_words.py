"""Words that want to be more than words, and the forum that is made of them."""

import gzip
import json
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from xml.etree import ElementTree as ET

CLASSICS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "' autofocus onfocus='alert(1)",
    "</title></textarea></style></script><script>alert(1)</script>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<details open ontoggle=alert(1)><summary>more</summary></details>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src onerror=alert(1)>'>",
    "<base href=//evil.test/><meta http-equiv=refresh content='0;url=//evil.test'>",
    "<form action=//evil.test><button formaction=javascript:alert(1)>press</button></form>",
    "<style>@import '//evil.test/x.css';body{display:none}</style>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "\\u003cimg src=x onerror=alert(1)\\u003e",
    "invoice \u202egnp.exe\u202c \u2066here\u2069 \u200bwith\ufeff signs",
    "nothing\x00 <scr\x00ipt>alert(1)</scr\x00ipt>",
    "{{7*7}} ${7*7} #{7*7} <%= 7*7 %> {{constructor.constructor('alert(1)')()}}",
    "![here](http://evil.test/pixel.png) [here](javascript:alert(1)) [1]: http://evil.test",
    "**bold** _slanted_ `code` ~~gone~~ # heading",
    "$$\\href{javascript:alert(1)}{x}$$ and \\(x^2\\) and $$y$$",
    "%%%LATEX_BLOCK_0%%% $$x$$ %%%LATEX_BLOCK_7%%%",
    "<http://evil.test/> http://evil.test/a?b=<c> www.evil.test someone@evil.test",
    "| a | b | <b>c</b> |",
)
"""One of each kind; also what Markdown, formulas and Gradio's own placeholders would change."""

HARMLESS = "The ferry of Dunlaith was renewed in 2019."
"""Stands in every document, so that there is something to ask for."""

LONGEST_NAME = 200  # bytes, with room for a number and a suffix in the 255 of a file system
ADDRESS_LENGTH = 1500


def data_set(folder: Path) -> tuple[str, ...]:
    """Return every payload of the lists in the folder of data sets, each once."""
    scripts = gzip.decompress((folder / "adversarial/xss/xss-payload-list.txt.gz").read_bytes())
    naughty = (folder / "adversarial/naughty_strings/blns.json").read_text(encoding="utf-8")
    attacks = gzip.decompress((folder / "wordpress/xssAttacks.xml.gz").read_bytes())
    every = [
        *scripts.decode(errors="replace").split("\n"),
        *json.loads(naughty),
        *(char.text or "" for char in ET.fromstring(attacks).iter("code")),  # noqa: S314 - a fixed list
    ]
    return tuple(dict.fromkeys(text for text in every if text.strip()))


def spread(words: Sequence[str], count: int) -> list[str]:
    """Return `count` of the words, evenly taken from the whole list."""
    return list(words[:: max(1, len(words) // count)][:count])


def one_line(text: str) -> str:
    """Return what a page shows of a text; no encoding of the web carries half a character."""
    return " ".join(text.encode(errors="replace").decode().replace("\x00", "").split())


def joined(words: Sequence[str], limit: int) -> Iterator[str]:
    """Put the words together, up to `limit` characters a time."""
    text = ""
    for word in words:
        if text and len(text) + len(word) + 3 > limit:
            yield text
            text = ""
        text = f"{text} ¶ {word}" if text else word
    yield text


def write_forum(folder: Path, singly: Sequence[str], together: Sequence[str]) -> None:
    """Make a document of each word, in turn of each form, and one of all that come together."""
    for number, words in enumerate(singly):
        form = (_markdown, _html, _plain)[number % 3]
        name, content = form(words, [words])
        path = folder / f"{file_name(words)} {number}{name}"
        path.write_bytes(content.encode(errors="replace"))
    for make in (_markdown, _html, _plain):
        suffix, content = make("All of them", together)
        (folder / f"all{suffix}").write_bytes(content.encode(errors="replace"))


def file_name(words: str) -> str:
    """Return words as the name of a file, without what no file system takes."""
    name = words.replace("/", "∕").replace("\x00", "").lstrip(".~ ")
    return name.encode(errors="replace")[:LONGEST_NAME].decode(errors="ignore")


def _markdown(title: str, words: Sequence[str]) -> tuple[str, str]:
    head = {"title": title, "url": f"https://forum.test/{title}"[:ADDRESS_LENGTH]}
    fields = "\n".join(f"{name}: {json.dumps(value)}" for name, value in head.items())
    return ".md", "\n\n".join((f"---\n{fields}\n---", HARMLESS, *words, *_as_code(words)))


def _as_code(words: Sequence[str]) -> list[str]:
    return [f"`` {one_line(word)} ``" for word in words]


def _html(title: str, words: Sequence[str]) -> tuple[str, str]:
    body = "".join(
        f"<p>{escape(word)}</p><ul><li>{escape(word)}</li></ul><div>{word}</div>" for word in words
    )
    head = f"<title>{escape(title)}</title><link rel=canonical href='{escape(title)}'>"
    said = f"<p>{HARMLESS}</p>"  # twice: what is never closed may hold one of them back
    return ".html", f"<!doctype html><head>{head}</head><body>{said}{body}{said}</body>"


def _plain(title: str, words: Sequence[str]) -> tuple[str, str]:
    return ".txt", "\n\n".join((title, HARMLESS, *words))
