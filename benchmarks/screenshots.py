"""Pictures of every state of the chat page, the widget and the staff pages, to be looked at.

    .venv/bin/python benchmarks/screenshots.py FOLDER [--only GROUP] [--for-docs]

It serves the sample forum and a page of another site. `--for-docs` also puts some of the pictures,
made smaller, into docs/images.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page

from benchmarks.browsing import SAMPLE, app, chromium, free_port, served
from benchmarks.page import hosted

NIGHT_BUS = "Wat kost de nachtbus van Castlebray per reiziger?"
LEADER = "Who leads the network now?"
DEMO = ROOT / "examples" / "demo-site"
FOR_DOCS = {
    "answered": "chat",
    "widget-answered": "widget",
    "widget-phone-answered": "phone",
    "staff-run": "staff",
}
PASSWORD = "tangerine wombat ladder"  # noqa: S105 - only of the forum that is pictured
NEWS = """---
title: Night buses stop at every lamp post
date: 2026-03-05
---

From May, passengers of the night bus may get off at every lamp post. The forum has watched the
trial for a year.
"""
STAFF_PAGES = {
    "overview": "/staff",
    "documents": "/staff/documents",
    "sources": "/staff/sources",
    "runs": "/staff/runs",
    "questions": "/staff/questions",
    "answers": "/staff/answers",
    "accounts": "/staff/accounts",
    "history": "/staff/history",
    "uploads": "/staff/uploads",
    "try": "/staff/try",
}
Colours = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Studio:
    """Where pictures are made, of what, and where they go; `run` is one to be published."""

    browser: Browser
    assistant: str
    hurried: str
    host: str
    folder: Path
    run: str

    @contextmanager
    def page(
        self,
        path: str = "/",
        *,
        size: tuple[int, int] = (1000, 800),
        colours: Colours = "light",
        forced: bool = False,
        scale: float = 1,
    ) -> Iterator[Page]:
        """Open a page that is ready to be asked."""
        context = self.browser.new_context(
            locale="en-GB",
            viewport={"width": size[0], "height": size[1]},
            device_scale_factor=scale,
            color_scheme=colours,
            forced_colors="active" if forced else "none",
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.goto(path if path.startswith("http") else self.assistant + path)
        yield page
        context.close()

    def keep(self, page: Page, name: str, *, whole: bool = False) -> None:
        """Make the picture."""
        page.wait_for_timeout(400)
        page.screenshot(path=self.folder / f"{name}.png", full_page=whole)


def ask(page: Page, *questions: str) -> None:
    """Ask, one after the other."""
    for text in questions:
        count = page.locator("#turns > .turn").count()
        page.fill("#question", text)
        page.press("#question", "Enter")
        done = f"#turns > .turn:nth-child({count + 1})[data-state=done], #trouble:not(:empty)"
        page.wait_for_selector(done)


def answers(studio: Studio) -> None:
    """The states of an answer on a wide screen."""
    with studio.page() as page:
        studio.keep(page, "first-visit")
        page.click("#filters summary")
        page.check("#filters [value=recommendation]")
        studio.keep(page, "filters-open", whole=True)
        page.keyboard.press("Escape")
        ask(page, "Who is the president?")
        studio.keep(page, "refused-below-a-filter")
        page.click("#new")
        studio.keep(page, "begun-anew")
    asked = {
        "refused": ["What is the capital of Australia?"],
        "list": ["What are the latest articles?"],
        "follow-up": ["What do the cameras in Harrowmere cost?", "How long are they kept?"],
        "summary": ["Summarise “Night-time safety guide”"],
        "greeting": ["Hello!"],
        "recommendations": ["What do you recommend for street lighting?"],
    }
    for name, questions in asked.items():
        with studio.page() as page:
            ask(page, *questions)
            studio.keep(page, name)
            studio.keep(page, f"{name}-whole", whole=True)


def one_answer(studio: Studio) -> None:
    """What can be done with an answer."""
    with studio.page("/?lang=nl", scale=1) as page:
        ask(page, NIGHT_BUS)
        studio.keep(page, "answered")
        page.click(".turn [data-action=unhelpful]")
        studio.keep(page, "feedback-asked")
        print_of(page, studio.folder)
        link = page.get_attribute("[data-action=link]", "href")
        page.goto(studio.assistant + str(link))
        studio.keep(page, "shared-answer", whole=True)
        for name in ("about", "accessibility", "documents"):
            page.goto(f"{studio.assistant}/{name}")
            studio.keep(page, name)


def print_of(page: Page, folder: Path) -> None:
    """Make a picture of the first printed sheet."""
    sheet = pypdfium2.PdfDocument(page.pdf(format="A4"))[0]
    sheet.render(scale=1.2).to_pil().save(folder / "printed.png")


def troubles(studio: Studio) -> None:
    """What a member sees while waiting, and when something is wrong."""
    with studio.page() as page:
        page.route("**/gradio_api/call/*", lambda route: route.abort())
        ask(page, LEADER)
        studio.keep(page, "connection-lost")
    with studio.page(studio.hurried) as page:
        ask(page, LEADER, "Who pays for the cameras?")
        studio.keep(page, "must-wait")
    with studio.page() as page:
        page.route("**/gradio_api/call/ask/*", lambda _: None)
        page.fill("#question", LEADER)
        page.press("#question", "Enter")
        studio.keep(page, "searching")
        page.click("#stop")
        studio.keep(page, "stopped")


def looks(studio: Studio) -> None:
    """The same in other colours and sizes."""
    kinds: dict[str, dict[str, object]] = {
        "dark": {"colours": "dark"},
        "forced": {"forced": True},
        "phone": {"size": (360, 740)},
        "narrow": {"size": (320, 640)},
        "zoomed": {"size": (320, 256)},  # 1280 x 1024 at 400 %
    }
    for name, how in kinds.items():
        with studio.page(**how) as page:  # type: ignore[arg-type] # one table for all
            studio.keep(page, f"{name}-first")
            ask(page, NIGHT_BUS)
            studio.keep(page, f"{name}-answered")
            studio.keep(page, f"{name}-whole", whole=True)


def widget(studio: Studio) -> None:
    """The widget on a page of another site."""
    kinds: dict[str, dict[str, object]] = {
        "": {"size": (1100, 760)},
        "-phone": {"size": (360, 740)},
        "-dark": {"size": (1100, 760), "colours": "dark"},
        "-forced": {"size": (1100, 760), "forced": True},
    }
    for name, how in kinds.items():
        with studio.page(studio.host, **how) as page:  # type: ignore[arg-type] # one table for all
            page.wait_for_selector("forum-assistant button.open")
            studio.keep(page, f"widget{name}-closed")
            page.click("forum-assistant button.open")
            frame = page.frame_locator("forum-assistant iframe")
            frame.locator("#samples .offer").first.wait_for()
            studio.keep(page, f"widget{name}-open")
            frame.locator("#question").fill("How long may recordings be kept?")
            frame.locator("#question").press("Enter")
            frame.locator(".turn[data-state=done]").wait_for()
            studio.keep(page, f"widget{name}-answered")
    with studio.page(f"{studio.host}/inline.html", size=(1100, 900)) as page:
        page.frame_locator("forum-assistant iframe").locator("#samples .offer").first.wait_for()
        studio.keep(page, "widget-inline")


def staff(studio: Studio) -> None:
    """The staff pages, in the two languages whose words differ most in length."""
    for language in ("en", "de"):
        with studio.page(f"/staff/login?staff-language={language}", size=(1100, 800)) as page:
            studio.keep(page, f"staff-login-{language}")
            page.fill("#password", PASSWORD)
            page.press("#password", "Enter")
            page.wait_for_url("**/staff")
            for name, path in STAFF_PAGES.items():
                page.goto(studio.assistant + path)
                studio.keep(page, f"staff-{name}-{language}")
            page.goto(f"{studio.assistant}/staff/documents")
            page.locator("a[href*='/staff/document?']").first.click()
            studio.keep(page, f"staff-document-{language}", whole=True)
            page.goto(f"{studio.assistant}/staff/runs/{studio.run}")
            studio.keep(page, "staff-run" if language == "en" else f"staff-run-{language}")


def publish_and_plan(data: Path, sources: Path) -> str:
    """Publish a copy of the sample forum, let staff log in, and plan a run with two changes.

    Returns the id of the run.
    """
    forum = data.parent / "forum"
    shutil.copytree(SAMPLE, forum)
    sources.write_text(f'[[source]]\nname = "site"\ntype = "folder"\npath = "{forum}"\n')
    read = ("sync", "--data", str(data))
    app(*read, FORUM_SOURCES=str(sources))
    page = forum / "en" / "pages" / "become-a-member.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("450 euros", "475 euros"), encoding="utf-8")
    (forum / "en" / "articles" / "night-buses.md").write_text(NEWS, encoding="utf-8")
    app(*read, "--dry-run", FORUM_SOURCES=str(sources))
    app("staff-password", "--data", str(data), said=f"{PASSWORD}\n")
    return max(path.name for path in (data / "runs").iterdir())


def main() -> None:
    """Make all pictures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--only", help="one of the groups: " + ", ".join(each.__name__ for each in ALL)
    )
    parser.add_argument("--for-docs", action="store_true", help="renew docs/images as well")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "data"
        sources = data.parent / "forum.toml"
        run = publish_and_plan(data, sources)
        port = free_port()
        settings = {
            "FORUM_EMBED_ORIGINS": f"http://localhost:{port}",
            "FORUM_NAME": "Forum for Safer Towns",
            "FORUM_CONTACT": "secretariat@example.org",
            "FORUM_SOURCES": str(sources),
        }
        assistant = stack.enter_context(served(data, **settings))
        hurried = stack.enter_context(
            served(data, **settings | {"FORUM_QUESTIONS_PER_MINUTE": "1"})
        )
        host = stack.enter_context(hosted(demo(assistant), port))
        browser = stack.enter_context(chromium())
        for group in ALL:
            if arguments.only in {None, group.__name__}:
                group(Studio(browser, assistant, hurried, host, arguments.folder, run))
    if arguments.for_docs:
        keep_for_docs(arguments.folder)


def keep_for_docs(folder: Path) -> None:
    """Renew those of the documentation's pictures that were made; 64 colours are all they need."""
    made = {name: kept for name, kept in FOR_DOCS.items() if (folder / f"{name}.png").is_file()}
    for name, kept in made.items():
        with Image.open(folder / f"{name}.png") as picture:
            small = picture.convert("RGB").quantize(64, dither=Image.Dither.NONE)
            small.save(ROOT / "docs" / "images" / f"{kept}.png", optimize=True)


def demo(assistant: str) -> dict[str, bytes]:
    """Return the files of the demonstration site, with the address of the assistant."""
    files = {f"/{path.name}": path.read_text(encoding="utf-8") for path in DEMO.iterdir()}
    served_at = {
        each: text.replace("http://127.0.0.1:7860", assistant) for each, text in files.items()
    }
    served_at[""] = served_at["/"] = served_at["/index.html"]
    return {path: text.encode() for path, text in served_at.items()}


ALL: tuple[Callable[[Studio], None], ...] = (answers, one_answer, troubles, looks, widget, staff)

if __name__ == "__main__":
    main()
