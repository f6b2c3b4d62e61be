"""The components of the chat page that events connect."""

from dataclasses import dataclass

import gradio as gr

from assistant.web.filters import Narrowing


@dataclass(frozen=True, slots=True)
class ChatParts:
    """The page, from its top to its foot.

    Attributes:
        past: Where the page's script puts the links of answers given before it was opened.
    """

    language: gr.State
    conversation: gr.State
    heading: gr.Markdown
    transcript: gr.Markdown
    turn: gr.Markdown
    suggest: gr.Markdown
    question: gr.Textbox
    buttons: tuple[gr.Button, gr.Button, gr.Button]
    filters: Narrowing
    tools: gr.Markdown
    past: gr.Textbox
