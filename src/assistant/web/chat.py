"""The chat page in Gradio: question in, quoted answer out, piece by piece.

What a member sees is rendered by `assistant.rendering`; Gradio only carries it. The conversation is
kept by the server for the time that the page is open, never taken from what a browser sends.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import gradio as gr

from assistant import rendering
from assistant.answering import Assistant
from assistant.dialogue import Answer, Question, Started, Statement, Turn
from assistant.errors import AssistantError, QuestionError
from assistant.golden_questions import GoldenQuestion
from assistant.web import interface_language
from assistant.wording import Wording, wording

SAMPLES = 4
QUEUE_SIZE = 32
AT_ONCE = 4  # questions answered at the same time; two cores are busy with two

log = logging.getLogger(__name__)

REMEMBERED = 8  # turns that a follow-up may lean on


def _said(html: str) -> dict[str, str]:
    return {"role": "assistant", "content": html}


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said on one open page: as it is shown, and as later questions need it."""

    messages: tuple[dict[str, str], ...] = ()
    turns: tuple[Turn, ...] = ()

    def with_message(self, role: str, html: str) -> "Conversation":
        """Return the conversation with a message more."""
        return replace(self, messages=(*self.messages, {"role": role, "content": html}))

    def with_turn(self, turn: Turn) -> "Conversation":
        """Return the conversation with a turn more; the oldest are forgotten."""
        return replace(self, turns=(*self.turns, turn)[-REMEMBERED:])


@dataclass(frozen=True, slots=True)
class Publication:
    """What is published: how many documents, since when."""

    documents: int
    day: date


@dataclass(frozen=True, slots=True)
class ChatPage:
    """What the page needs beside the assistant.

    Attributes:
        publication: Returns what is published now, None where nothing is.
        chat_model: The name of the model that writes, empty where answers are quoted.
        is_warm: Tells whether the models are loaded.
    """

    assistant: Assistant
    name: str
    contact: str
    chat_model: str
    default_language: str
    golden_questions: Sequence[GoldenQuestion]
    publication: Callable[[], Publication | None]
    is_warm: Callable[[], bool]

    def build(self) -> gr.Blocks:
        """Return the page; the caller mounts it."""
        words = wording(self.default_language)
        page: gr.Blocks
        with gr.Blocks(
            title=words("page.title", name=self.name), analytics_enabled=False, fill_height=True
        ) as page:
            language = gr.State(self.default_language)
            conversation = gr.State(Conversation())
            heading = gr.Markdown(self._heading(words), elem_id="heading")
            chat = gr.Chatbot(
                label=words("chat.label"),
                placeholder=words("chat.placeholder"),
                elem_id="chat",
                buttons=[],
                feedback_options=None,
                latex_delimiters=[],
                allow_file_downloads=False,
                line_breaks=False,
                height=None,
                scale=1,
            )
            samples = self._sample_buttons(words)
            question = gr.Textbox(
                label=words("question.label"),
                placeholder=words("question.placeholder"),
                elem_id="question",
                max_length=self.assistant.question_limit,
                lines=1,
                max_lines=6,
                autofocus=True,
            )
            with gr.Row(elem_id="buttons"):
                ask = gr.Button(words("button.ask"), variant="primary", elem_id="ask")
                stop = gr.Button(words("button.stop"), elem_id="stop")
                new = gr.Button(words("button.new"), elem_id="new")
            self._connect(
                page,
                _Parts(language, conversation, heading, chat, samples, question, ask, stop, new),
            )
        page.queue(max_size=QUEUE_SIZE, default_concurrency_limit=AT_ONCE, api_open=False)
        return page

    def _connect(self, page: gr.Blocks, parts: "_Parts") -> None:
        hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        outputs = [parts.chat, parts.conversation, parts.question, *parts.samples]
        state = [parts.conversation, parts.language]
        asking: list[Any] = [
            trigger(self._respond, [parts.question, *state], outputs, **hidden)
            for trigger in (parts.question.submit, parts.ask.click)
        ]
        asking += [
            sample.click(self._respond, [sample, *state], outputs, **hidden)
            for sample in parts.samples
        ]
        parts.stop.click(None, cancels=asking, **hidden)
        parts.new.click(self._restart, [parts.language], outputs, cancels=asking, **hidden)
        page.load(
            self._localise,
            None,
            [
                parts.language,
                parts.heading,
                parts.chat,
                parts.question,
                parts.ask,
                parts.stop,
                parts.new,
                *parts.samples,
            ],
            **hidden,
        )

    def _respond(
        self, text: str, conversation: Conversation, language: str
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the page's outputs as the answer grows."""
        words = wording(language)
        if not text.strip():
            note = _said(rendering.status(words("error.empty")))
            yield (
                [*conversation.messages, note],
                conversation,
                "",
                *[gr.update()] * SAMPLES,
            )
            return
        asked = conversation.with_message("user", rendering.question(text))

        def shown(html: str, answer: Answer | None = None) -> tuple[Any, ...]:
            now = asked.with_message("assistant", html)
            if answer:
                now = now.with_turn(answer.turn)
            hide = [gr.update(visible=False)] * SAMPLES
            return (list(now.messages), now, "", *hide)

        yield shown(rendering.status(words("status.searching")))
        try:
            question = Question(text, interface_language=language, history=conversation.turns)
            for html, answer in self._answer(question):
                yield shown(html, answer)
        except QuestionError as exc:
            yield shown(rendering.status(str(exc)))
        except AssistantError as exc:
            log.error("no answer: %s", exc)  # noqa: TRY400 - an expected failure needs no trace
            yield shown(rendering.status(words(self._failure())))
        except Exception:
            log.exception("no answer")
            yield shown(rendering.status(words("error.unavailable")))

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
                    yield rendering.answer(event, wording(event.language), self.contact), event
                    return
            yield rendering.opening(lead_in, spoken, statements), None

    def _failure(self) -> str:
        try:
            return "error.unavailable" if self.publication() else "error.nothing_published"
        except AssistantError:
            return "error.unavailable"

    def _restart(self, language: str) -> tuple[Any, ...]:
        return ([], Conversation(), "", *self._samples(language))

    def _localise(self, request: gr.Request) -> tuple[Any, ...]:
        """Return the page's words in the visitor's language."""
        language = interface_language.choose(
            request.query_params.get("lang"),
            request.headers.get("accept-language"),
            self.default_language,
        )
        words = wording(language)
        return (
            language,
            self._heading(words),
            gr.update(label=words("chat.label"), placeholder=words("chat.placeholder")),
            gr.update(label=words("question.label"), placeholder=words("question.placeholder")),
            words("button.ask"),
            words("button.stop"),
            words("button.new"),
            *self._samples(language),
        )

    def _heading(self, words: Wording) -> str:
        corpus = words("page.empty")
        try:
            if published := self.publication():
                corpus = words(
                    "page.corpus", documents=published.documents, day=words.day(published.day)
                )
        except AssistantError:
            corpus = words("error.unavailable")
        notice = words("page.notice")
        if self.chat_model:
            notice = words("page.notice_writing", model=self.chat_model)
        notes = [notice, corpus]
        if not self.is_warm():
            notes.append(words("page.warming"))
        paragraphs = "".join(f"<p>{rendering.escaped(note)}</p>" for note in notes)
        title = rendering.escaped(words("page.heading", name=self.name))
        return f'<div lang="{words.language}"><h1>{title}</h1>{paragraphs}</div>'

    def _sample_buttons(self, words: Wording) -> list[gr.Button]:
        with gr.Row(elem_id="samples"):
            return [
                gr.Button(str(update["value"]), visible=bool(update["visible"]), size="sm")
                for update in self._samples(words.language)
            ]

    def _samples(self, language: str) -> list[dict[str, Any]]:
        """Return updates for the sample buttons: questions in the visitor's language, or any."""
        known = [its for its in self.golden_questions if its.is_answerable]
        ours = [its.question for its in known if its.language == language]
        texts = _spread(ours or [its.question for its in known], SAMPLES)
        padded = [*texts, *[""] * (SAMPLES - len(texts))]
        return [gr.update(value=text, visible=bool(text)) for text in padded]


@dataclass(frozen=True, slots=True)
class _Parts:
    """The components that events connect."""

    language: gr.State
    conversation: gr.State
    heading: gr.Markdown
    chat: gr.Chatbot
    samples: Sequence[gr.Button]
    question: gr.Textbox
    ask: gr.Button
    stop: gr.Button
    new: gr.Button


def _spread(questions: Sequence[str], count: int) -> list[str]:
    """Return up to `count` questions, evenly taken from the whole list."""
    step = max(1, len(questions) // count)
    return list(questions[::step][:count])
