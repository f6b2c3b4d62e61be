"""The chat: what its page shows first, and how a question becomes an answer on it.

Nothing of a conversation stays here: the page sends back, signed, what a follow-up leans on.
"""

import logging
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from assistant.answering import answer_json, suggesting
from assistant.answering.assistant import Assistant
from assistant.domain.dialogue import Answer, Citation, Found, Question, Started, grown
from assistant.domain.errors import AssistantError, QuestionError, RecordsError
from assistant.domain.links import page_of
from assistant.domain.ports import QuestionWatch, Watch
from assistant.domain.publication import Announcement, OfferedQuestion
from assistant.domain.watching import UNWATCHED, AskedFrom, Refused
from assistant.language.contacts import Contacts
from assistant.language.wording import Wording, wording
from assistant.records.questions import QuestionLog
from assistant.web.embedding_sites import Sites
from assistant.web.pages import answers
from assistant.web.pages.conversation import Conversation, Conversations
from assistant.web.pages.options import ANY, EVERYTHING, Chosen, choices, chosen, host_options
from assistant.web.pages.permalinks import Permalinks, SharedAnswer
from assistant.web.security.visitors import Visitors
from assistant.writing.translating import Translator

STARTERS = 4
FOLLOWING = 3
NEWEST = 3
STRINGS = (
    *("action.copied", "action.copy_failed", "action.linked", "button.undo", "error.busy"),
    *("error.connection", "error.empty", "error.unavailable", "error.wait.one", "error.wait.other"),
    *("feedback.failed", "feedback.thanks", "filters.remove", "page.cleared"),
    *("status.answered", "status.searching"),
    *("status.stopped", "status.translating", "status.writing"),
)
"""What `assets/page.js` says; it finds the words in the page."""
CARRIED = (*("accent", "greeting", "kinds", "languages", "questions", "site", "theme", "topic"),)
"""What the address of a page says beside the language; it stays when the language changes."""
THEMES = {"light", "dark"}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a page sends it.

    Attributes:
        language: Of the page; empty: the site's own.
        conversation: The token that came with the answer before; empty at first.
        site: The web site whose frame the page is in, as it says itself.
        address: The visitor's, for the limits.
    """

    text: str
    language: str = ""
    chosen: Chosen = EVERYTHING
    conversation: str = ""
    site: str = ""
    address: str = ""
    asked_from: AskedFrom = AskedFrom.PAGE


@dataclass(frozen=True, slots=True)
class Reply:
    """A question's answer as far as it has come.

    Attributes:
        markup: The turn as the page shows it.
        result: The answer so far, None where there is none.
        trouble: Why there is none, in the words of the page.
        is_growing: Whether a model is still writing, and more will come.
    """

    markup: str = ""
    result: Answer | None = None
    trouble: str = ""
    following: tuple[str, ...] = ()
    conversation: str = ""
    path: str = ""
    milliseconds: float = 0.0
    is_growing: bool = False

    def fields(self, *, with_markup: bool) -> dict[str, Any]:
        """Return what an endpoint says of it."""
        if self.result is None:
            return {"state": "trouble", "text": self.trouble}
        shown = {"markup": self.markup} if with_markup else {}
        return {
            "state": "growing" if self.is_growing else "done",
            "answer": answer_json.answer(None, self.result, self.milliseconds),
            "next": list(self.following),
            "conversation": self.conversation,
            "link": self.path,
            **shown,
        }


@dataclass(frozen=True, slots=True)
class ChatPage:
    """The chat page: the assistant, and what is shown around its answers.

    Attributes:
        offered: Returns questions that are known to be answered.
        announcement: Returns what readers of a language are told; None: nothing is published.
        log: Counts what is asked, and keeps it where the operator has it kept.
        chat_model: The name of the model that writes, empty where answers are quoted.
        is_warm: Whether the models are loaded.
        watch: Follows each question that is taken.
        base: The path below which the site is served, empty for its top.
        translator: Translates excerpts for those who want it, where a model is configured.
    """

    assistant: Assistant
    name: str
    contacts: Contacts
    chat_model: str
    default_language: str
    offered: Callable[[], Sequence[OfferedQuestion]]
    announcement: Callable[[str], Announcement | None]
    is_warm: Callable[[], bool]
    permalinks: Permalinks
    conversations: Conversations
    visitors: Visitors
    sites: Sites
    log: QuestionLog
    base: str = ""
    has_logo: bool = False
    translator: Translator | None = None
    today: Callable[[], date] = date.today
    watch: Watch = UNWATCHED

    def respond(self, asked: Asked) -> Iterator[Reply]:
        """Yield the answer as it grows; the last reply has it, or says why there is none."""
        words = wording(asked.language or self.default_language)
        if refused := self._not_taken(asked, words):
            yield Reply(trouble=refused)
            return
        with self.watch.question(asked.asked_from) as watch:
            yield from self._respond(asked, words, watch)

    def _respond(self, asked: Asked, words: Wording, watch: QuestionWatch) -> Iterator[Reply]:
        said = self.conversations.read(asked.conversation)
        question = Question(
            asked.text,
            interface_language=words.language,
            filters=asked.chosen.filters(self.today()),
            history=said.turns,
        )
        began, anchor = time.perf_counter(), secrets.token_hex(4)
        try:
            for result, is_growing in self._answers(question, watch):
                spent = 1000 * (time.perf_counter() - began)
                reply = self._reply(asked, result, said, anchor, is_growing=is_growing)
                if not is_growing:
                    watch.answered(result)
                yield replace(reply, milliseconds=spent)
            self._note(result)
        except Exception as exc:  # noqa: BLE001 - the member reads a sentence, whatever went wrong
            watch.failed(exc)
            yield Reply(trouble=self.told(exc, words))

    def _note(self, result: Answer) -> None:
        """Count what was asked; the member, who has the answer, hears nothing of a full disk."""
        try:
            self.log.add(result)
        except RecordsError as exc:
            log.error("a question is not counted: %s", exc)  # noqa: TRY400 - it says what to do

    def first(self, query: Mapping[str, str], language: str) -> dict[str, Any]:
        """Return the template's values before anything was asked."""
        words = wording(language)
        published, _ = self._published(language)
        options = host_options(query, words)
        carried = {name: query[name] for name in CARRIED if query.get(name)}
        theme = query.get("theme", "")
        return {
            "words": words,
            "name": self.name,
            "has_logo": self.has_logo,
            "theme": theme if theme in THEMES else "",
            "query": urlencode({"lang": language, **carried}),
            "carried": f"&{urlencode(carried)}" if carried else "",
            "site": query.get("site", ""),
            "greeting": options.greeting,
            "corpus": self.corpus(words),
            "kept": self.kept(words),
            "days_kept": self.log.days,
            "contact": "" if published else self.contacts.of(language),
            "is_warming": not self.is_warm(),
            "filters": choices(words, published.languages if published else ()),
            "chosen": Chosen(options.kinds, options.languages, ANY),
            "starters": [*options.questions, *self._starters(published, words)][:STARTERS],
            "kinds": published.kinds if published else (),
            "newest": published.newest[:NEWEST] if published else (),
            "page_of": page_of,
            "longest": self.assistant.question_limit,
            "strings": STRINGS,
            "turns": "",
            "trouble": "",
            "question": "",
            "conversation": "",
        }

    def answered(self, asked: Asked) -> dict[str, Any]:
        """Return the template's further values once a form has posted a question."""
        *_, reply = self.respond(asked)
        if reply.result is None:
            return self._untaken(asked, reply.trouble)
        turns = Markup(reply.markup)  # noqa: S704 - escaped by our own templates
        return {"turns": turns, "conversation": reply.conversation, "chosen": asked.chosen}

    def busy(self, asked: Asked) -> dict[str, Any]:
        """Return the template's further values for a question that is not taken, as many wait."""
        self.watch.refused(Refused.BUSY)
        words = wording(asked.language or self.default_language)
        return self._untaken(asked, words("error.busy"))

    @staticmethod
    def _untaken(asked: Asked, trouble: str) -> dict[str, Any]:
        """Return what is still there for another try."""
        return {
            "trouble": trouble,
            "question": asked.text,
            "conversation": asked.conversation,
            "chosen": asked.chosen,
        }

    def notice(self, words: Wording) -> str:
        """Return what members should know of how answers come about."""
        if self.chat_model:
            told = words("page.notice_writing", model=self.chat_model)
        else:
            told = words("page.notice")
        return f"{told} {self.kept(words)}"

    def kept(self, words: Wording) -> str:
        """Return what members should know of whether their questions are kept."""
        if self.log.days:
            return words.counted("page.questions_kept", self.log.days)
        return words("page.questions_not_kept")

    def told(self, exc: Exception, words: Wording) -> str:
        """Return what a member reads of a failure; staff find the rest in the log."""
        if isinstance(exc, QuestionError):
            return str(exc)
        if not isinstance(exc, AssistantError):
            log.error("no answer", exc_info=exc)
            return words("error.unavailable")
        log.error("no answer: %s", exc)
        with suppress(AssistantError):
            if self.announcement(words.language) is None:
                return words("error.nothing_published")
        return words("error.unavailable")

    def corpus(self, words: Wording) -> str:
        """Return what there is to ask about, or why there is nothing."""
        published, is_broken = self._published(words.language)
        if is_broken:
            return words("error.unavailable")
        if published is None:
            return words("page.empty")
        key = "page.written" if self.chat_model else "page.quoted"
        told = words(key, documents=published.documents)
        if published.latest:
            told += " " + words("page.newest", day=words.day(published.latest))
        return told

    def _not_taken(self, asked: Asked, words: Wording) -> str:
        """Return why a question is refused unread, empty where it is read."""
        if wait := self.visitors.wait(asked.address):
            return words.counted("error.wait", wait)
        if not asked.text.strip():
            return words("error.empty")
        if self.sites.take(asked.site):
            return ""
        self.watch.refused(Refused.SITE)
        return words("error.site_limit")

    def _answers(self, question: Question, watch: QuestionWatch) -> Iterator[tuple[Answer, bool]]:
        """Yield the answer as far as it has come, each with whether more will come."""
        for event in self.assistant.watched_by(watch).ask(question):
            match event:
                case Answer():
                    yield event, False
                case Found(so_far):
                    yield so_far, True
                case Started() | Citation():
                    so_far = grown(so_far, event)
                case _:
                    so_far = grown(so_far, event)
                    yield so_far, True

    def _reply(
        self, asked: Asked, result: Answer, said: Conversation, anchor: str, *, is_growing: bool
    ) -> Reply:
        words, today = wording(result.language), self.today()
        now = said.with_turn(asked.text, result.turn)
        following = tuple(suggesting.following(self.offered(), result, now.asked, words, FOLLOWING))
        published, _ = self._published(result.language)
        path = ""
        if published and (link := self.permalinks.path(SharedAnswer(result, today, published.day))):
            path = f"{self.base}{link}"
        markup = answers.turn(
            asked.text,
            result,
            words,
            self.contacts.of(result.language),
            base=self.base,
            today=today,
            path=path,
            filtered=asked.chosen.named(words),
            following=following,
            anchor=anchor,
            is_growing=is_growing,
            translates=self.translator is not None,
        )
        token = self.conversations.token(now)
        return Reply(markup, result, "", following, token, path, is_growing=is_growing)

    def _published(self, language: str) -> tuple[Announcement | None, bool]:
        """Return what is published, None where nothing is, and whether that cannot be told."""
        try:
            return self.announcement(language), False
        except AssistantError:
            return None, True

    def _starters(self, published: Announcement | None, words: Wording) -> list[str]:
        return suggesting.starters(self.offered(), published, words, STARTERS)


def asked_by(fields: Mapping[str, Sequence[str]], language: str, site: str, address: str) -> Asked:
    """Return what the fields of a form ask; a question that is offered goes before what is typed.

    Where everything is to be searched, the filters of the form are left aside.
    """

    def first(name: str) -> str:
        return next(iter(fields.get(name, ())), "")

    everything = first("everything")
    narrowed = chosen(fields.get("kinds", ()), fields.get("languages", ()), first("period"))
    return Asked(
        text=everything or first("offered") or first("question"),
        language=language,
        chosen=EVERYTHING if everything else narrowed,
        conversation=first("conversation"),
        site=site,
        address=address,
        asked_from=AskedFrom.WIDGET if site else AskedFrom.PAGE,
    )
