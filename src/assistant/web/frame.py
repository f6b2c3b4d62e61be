"""What stands around the answers on the chat page, as HTML. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel import Locale

from assistant import rendering
from assistant.contacts import Contacts
from assistant.markup import escaped
from assistant.wording import LANGUAGES, Wording, wording

TOOLS = ("markdown", "docx", "print", "remember", "forget")
STRINGS = (
    *("action.copied", "action.copy_failed", "feedback.reason", "feedback.notice"),
    *("feedback.send", "feedback.thanks", "feedback.failed", "status.searching"),
    *("status.answered", "error.empty", "error.connection", "error.wait", "error.busy"),
    "error.unavailable",
)
"""What `assets/chat.js` says; it finds the words in the page."""


@dataclass(frozen=True, slots=True)
class TurnKey:
    """Tells a turn from all others on the page.

    Attributes:
        number: Its place in the conversation, as far as the server knows.
        id: Different for every turn, also after the server was started anew.
    """

    number: int
    id: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The page in one language.

    Attributes:
        day: When the documents were published here, None where there are none.
        languages: Of the documents.
        is_draft: Whether the same in the visitor's language comes a moment later.
    """

    words: Wording
    name: str
    chat_model: str
    documents: int
    day: date | None
    languages: tuple[str, ...]
    is_broken: bool
    is_warm: bool
    has_logo: bool = False
    is_draft: bool = False

    def heading(self, greeting: str = "") -> str:
        """Return the title with what a member should know before the first question.

        `greeting` are words of the site around us; what we have to say stands below them.
        """
        words = self.words
        notes = [words("page.notice"), self._corpus()]
        if self.chat_model:
            notes[0] = words("page.notice_writing", model=self.chat_model)
        if not self.is_warm:
            notes.append(words("page.warming"))
        paragraphs = "".join(f"<p>{escaped(its)}</p>" for its in notes)
        if greeting:
            paragraphs = f'<p class="greeting">{escaped(greeting)}</p>{paragraphs}'
        logo = '<img class="logo" src="/site/logo" alt="">' if self.has_logo else ""
        title = escaped(words("page.heading", name=self.name))
        strings = "".join(
            f' data-{key.replace(".", "-")}="{escaped(words.template(key))}"' for key in STRINGS
        )
        draft = " data-draft" if self.is_draft else ""
        return (
            f'<header lang="{words.language}"{draft}><h1>{logo}{title}</h1>{paragraphs}'
            f'<div id="strings" hidden{strings}></div></header>'
        )

    def transcript(self) -> str:
        """Return the place of the finished turns; the page's script fills it."""
        words = self.words
        label, hint = escaped(words("chat.label")), escaped(words("chat.placeholder"))
        return (
            f'<section lang="{words.language}" aria-label="{label}"><ol id="turns"></ol>'
            f'<p class="hint">{hint}</p></section>'
            '<p id="announcer" role="status" class="unseen"></p>'
        )

    def first_turn(self) -> str:
        """Return the turn before anything was asked; it empties the transcript."""
        return '<div class="turn" data-turn="0" data-id="0" data-state="new"></div>'

    def turn(self, key: TurnKey, text: str, answer: str, state: str) -> str:
        """Return a question with its answer, which is markup already, as far as it has come."""
        return (
            f'<div class="turn" data-turn="{key.number}" data-id="{key.id}" data-state="{state}"'
            f' lang="{self.words.language}">{rendering.question(text)}{answer}</div>'
        )

    def suggest(self, key: str, questions: Sequence[str]) -> str:
        """Return questions that are offered, under a label; nothing where there are none."""
        if not questions:
            return ""
        label = escaped(self.words(key))
        buttons = "".join(f'<button type="button">{escaped(its)}</button>' for its in questions)
        return (
            f'<p class="label" lang="{self.words.language}">{label}</p>'
            f'<div id="samples" lang="{self.words.language}" role="group" aria-label="{label}">'
            f"{buttons}</div>"
        )

    def tools(self) -> str:
        """Return what can be done with the conversation, and the links at the page's foot."""
        words = self.words
        buttons = "".join(
            f'<button type="button" class="action" data-tool="{its}" hidden>'
            f"{escaped(words(f'tools.{its}'))}</button>"
            for its in TOOLS
        )
        access = escaped(words("page.accessibility"))
        return (
            f'<footer lang="{words.language}"><div role="group" class="tools"'
            f' aria-label="{escaped(words("tools.label"))}">{buttons}</div>'
            f'<nav aria-label="{escaped(words("page.language"))}">'
            f"<ul>{self._languages()}</ul></nav>"
            f'<p><a href="/accessibility?lang={words.language}">{access}</a></p></footer>'
        )

    def _languages(self) -> str:
        items = []
        for code in LANGUAGES:
            name = escaped(str(Locale.parse(code).get_display_name(code)).capitalize())
            current = ' aria-current="true"' if code == self.words.language else ""
            link = f'<a href="?lang={code}" lang="{code}" hreflang="{code}"{current}>{name}</a>'
            items.append(f"<li>{link}</li>")
        return "".join(items)

    def _corpus(self) -> str:
        if self.is_broken:
            return self.words("error.unavailable")
        if self.day is None:
            return self.words("page.empty")
        return self.words("page.corpus", documents=self.documents, day=self.words.day(self.day))


def without_scripts(contacts: Contacts) -> str:
    """Return what a browser that runs no scripts shows: in every language, for it tells of none."""
    parts = []
    for language in LANGUAGES:
        words, contact = wording(language), contacts.of(language)
        line = rendering.contact_line("refusal.contact", contact, words) if contact else ""
        parts.append(
            f'<div lang="{language}"><p>{escaped(words("page.no_script"))}</p>{line}</div>'
        )
    return f'<noscript><main class="no-script">{"".join(parts)}</main></noscript>'
