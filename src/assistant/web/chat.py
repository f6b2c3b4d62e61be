"""The chat page in Gradio: question in, quoted answer out, piece by piece.

What a member sees is rendered by `assistant.rendering`; Gradio only carries the turn that is going
on, and `assets/chat.js` puts finished turns into the transcript, so that a long conversation costs
no more than a short one. What a follow-up leans on is kept by the server for the time that the
page is open, or signed by it: never taken from what a browser says.
"""

import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import gradio as gr

from assistant import rendering, suggesting
from assistant.answering import Assistant
from assistant.contacts import Contacts
from assistant.dialogue import Answer, Question, Started, Statement
from assistant.errors import AssistantError, QuestionError
from assistant.holdings import Announcement, OfferedQuestion
from assistant.web import filters, host_wishes, interface_language
from assistant.web.chat_parts import ChatParts
from assistant.web.conversation import Conversation
from assistant.web.frame import Frame, TurnKey
from assistant.web.permalinks import Permalinks, SharedAnswer
from assistant.web.sites import Sites
from assistant.web.visitors import Visitors
from assistant.wording import Wording, wording

SAMPLES = 4
QUEUE_SIZE = 32
AT_ONCE = 4  # questions answered at the same time; two cores are busy with two

log = logging.getLogger(__name__)

HIDDEN: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


@dataclass(frozen=True, slots=True)
class ChatPage:
    """What the page needs beside the assistant.

    Attributes:
        offered: Returns questions that what is published answers, so that none is refused.
        announcement: Returns what readers of a language are told; None: nothing is published.
        chat_model: The name of the model that writes, empty where answers are quoted.
        is_warm: Tells whether the models are loaded.
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
    visitors: Visitors
    sites: Sites
    has_logo: bool = False
    today: Callable[[], date] = date.today

    def build(self) -> gr.Blocks:
        """Return the page; the caller mounts it."""
        words = wording(self.default_language)
        # Whether it is warm is told to each visitor; what is said here flashes up before that.
        frame = replace(self._frame(self.default_language), is_warm=True, is_draft=True)
        page: gr.Blocks
        with gr.Blocks(
            title=words("page.title", name=self.name), analytics_enabled=False, fill_height=True
        ) as page:
            parts = ChatParts(
                language=gr.State(self.default_language),
                conversation=gr.State(Conversation()),
                heading=gr.Markdown(frame.heading(), elem_id="heading", sanitize_html=False),
                transcript=gr.Markdown(
                    frame.transcript(), elem_id="transcript", sanitize_html=False
                ),
                turn=gr.Markdown(frame.first_turn(), elem_id="turn", sanitize_html=False),
                suggest=gr.Markdown(
                    frame.suggest("samples.start", self._starters(self.default_language)),
                    elem_id="suggest",
                    sanitize_html=False,
                ),
                **self._composer(self.default_language),
                filters=filters.build(words),
                tools=gr.Markdown(frame.tools(), elem_id="tools", sanitize_html=False),
                past=gr.Textbox(visible="hidden", elem_id="past"),
            )
            self._connect(page, parts)
        page.queue(max_size=QUEUE_SIZE, default_concurrency_limit=AT_ONCE, api_open=False)
        return page

    def _connect(self, page: gr.Blocks, parts: ChatParts) -> None:
        outputs = [parts.turn, parts.conversation, parts.suggest]
        state = [parts.conversation, parts.language, *parts.filters.controls]
        ask, stop, new = parts.buttons
        # One way to ask, which the page's script presses for all others: two could overlap.
        asking = ask.click(self._respond, [parts.question, *state], outputs, **HIDDEN)
        stop.click(None, cancels=[asking], **HIDDEN)
        new.click(self._restart, [parts.language], outputs, cancels=[asking], **HIDDEN)
        told = [parts.past, parts.conversation]
        parts.past.change(self._recall, told, [parts.conversation], **HIDDEN)
        # What Gradio asks for while its stream is being closed is told with the next event only.
        parts.past.blur(_listen, None, None, **HIDDEN)
        localised: list[Any] = [parts.heading, parts.transcript, parts.question, *parts.buttons]
        localised += [parts.filters.fold, *parts.filters.controls, parts.tools, parts.suggest]
        page.load(self._localise, None, [parts.language, *localised], **HIDDEN)

    def _respond(  # noqa: PLR0913, PLR0917 - what Gradio hands over
        self,
        text: str,
        conversation: Conversation,
        language: str,
        kinds: list[str],
        languages: list[str],
        period: str,
        request: gr.Request,
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the page's outputs as the answer grows."""
        words, frame = wording(language), self._frame(language)
        asked = conversation.with_question(text)
        key = TurnKey(asked.number, secrets.token_hex(4))

        def shown(html: str, state: str = "done") -> tuple[Any, ...]:
            return (frame.turn(key, text, html, state), asked, gr.update())

        if refused := self._not_taken(text, request, words):
            yield shown(rendering.status(refused))
            return
        yield shown(rendering.status(words("status.searching")), "searching")
        question = Question(
            text,
            interface_language=language,
            filters=filters.chosen(kinds, languages, period, self.today()),
            history=conversation.turns,
        )
        try:
            for html, answer in self._answer(question):
                if answer is None:
                    yield shown(html, "growing")
                else:
                    asked = asked.with_turn(answer.turn)
                    following = self._following(answer, asked)
                    yield (*shown(html)[:2], frame.suggest("samples.next", following))
        except Exception as exc:  # noqa: BLE001 - the member reads a sentence, whatever went wrong
            yield shown(rendering.status(self._told(exc, words)))

    def _not_taken(self, text: str, request: gr.Request, words: Wording) -> str:
        """Return why a question is not even looked at, empty where it is."""
        if wait := self.visitors.wait(request.client.host if request.client else ""):
            return words("error.wait", seconds=wait)
        if not text.strip():
            return words("error.empty")
        site = request.query_params.get("site", "")
        return "" if self.sites.take(site) else words("error.site_limit")

    def _answer(self, question: Question) -> Iterator[tuple[str, Answer | None]]:
        """Yield the answer as HTML, growing; the last time with the answer itself."""
        lead_in, spoken = "", ""
        statements: list[Statement] = []
        for event in self.assistant.ask(question):
            match event:
                case Started():
                    lead_in, spoken = event.lead_in, event.language
                case Statement():
                    statements.append(event)
                case Answer():
                    yield self._finished(event), event
                    return
            yield rendering.opening(lead_in, spoken, statements), None

    def _finished(self, answer: Answer) -> str:
        published = self.announcement(answer.language)
        today, link = self.today(), ""
        if published is not None:
            link = self.permalinks.path(SharedAnswer(answer, today, published.day))
        words, contact = wording(answer.language), self.contacts.of(answer.language)
        return rendering.answer(answer, words, contact, today=today, link=link)

    def _following(self, answer: Answer, conversation: Conversation) -> list[str]:
        known, words = self.offered(), wording(answer.language)
        return suggesting.following(known, answer, conversation.asked, words, SAMPLES - 1)

    def _told(self, exc: Exception, words: Wording) -> str:
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

    def _recall(self, links: str, conversation: Conversation) -> Conversation:
        """Return what the answers behind these links tell, where nothing was asked meanwhile."""
        if conversation.number:
            return conversation
        return Conversation.recalled(links, self.permalinks.read)

    def _restart(self, language: str) -> tuple[Any, ...]:
        frame = self._frame(language)
        suggested = frame.suggest("samples.start", self._starters(language))
        return (frame.first_turn(), Conversation(), suggested)

    def _localise(self, request: gr.Request) -> tuple[Any, ...]:
        """Return the page's words in the visitor's language."""
        language = interface_language.choose(
            request.query_params.get("lang"),
            request.headers.get("accept-language"),
            self.default_language,
        )
        words, frame = wording(language), self._frame(language)
        wishes = host_wishes.read(request.query_params, words)
        starters = [*wishes.questions, *self._starters(language)][:SAMPLES]
        return (
            language,
            frame.heading(wishes.greeting),
            frame.transcript(),
            gr.update(label=words("question.label"), placeholder=words("question.placeholder")),
            *(words(its) for its in _BUTTONS),
            *filters.updates(words, frame.languages, wishes),
            frame.tools(),
            frame.suggest("samples.start", starters),
        )

    def _frame(self, language: str) -> Frame:
        try:
            published, is_broken = self.announcement(language), False
        except AssistantError:
            published, is_broken = None, True
        return Frame(
            words=wording(language),
            name=self.name,
            chat_model=self.chat_model,
            documents=published.documents if published else 0,
            day=published.day if published else None,
            languages=published.languages if published else (),
            is_broken=is_broken,
            is_warm=self.is_warm(),
            has_logo=self.has_logo,
        )

    def _composer(self, language: str) -> dict[str, Any]:
        """Return the box for the question and the buttons below it."""
        words = wording(language)
        with gr.Column(elem_id="composer"):
            question = gr.Textbox(
                label=words("question.label"),
                placeholder=words("question.placeholder"),
                elem_id="question",
                max_length=self.assistant.question_limit,
                lines=1,
                max_lines=6,
            )
            with gr.Row(elem_id="buttons"):
                buttons = (
                    gr.Button(words("button.ask"), variant="primary", elem_id="ask"),
                    gr.Button(words("button.stop"), elem_id="stop"),
                    gr.Button(words("button.new"), elem_id="new"),
                )
        return {"question": question, "buttons": buttons}

    def _starters(self, language: str) -> list[str]:
        try:
            published = self.announcement(language)
        except AssistantError:
            published = None
        return suggesting.starters(self.offered(), published, wording(language), SAMPLES)


def _listen() -> None:
    """Do nothing: that it was asked for makes the page listen."""


_BUTTONS = ("button.ask", "button.stop", "button.new")
