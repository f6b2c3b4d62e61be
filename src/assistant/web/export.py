"""A conversation as a Word document, from what the page shows. Nothing of it is kept."""

import io
import re

import docx as word
from pydantic import BaseModel, ConfigDict, Field

_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""
_LONGEST_PROPERTY = 255  # characters, by python-docx


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Part):
    """A source as the page shows it."""

    numbers: str = Field(default="", max_length=200)
    title: str = Field(max_length=1000)
    facts: str = Field(default="", max_length=500)
    url: str = Field(default="", max_length=4000)


class Turn(_Part):
    """A question with its answer."""

    question: str = Field(max_length=25_000)
    answer: tuple[str, ...] = Field(max_length=200)
    sources: tuple[Source, ...] = Field(default=(), max_length=100)


class Conversation(_Part):
    """What the page shows; the texts are data, whoever sent them."""

    title: str = Field(max_length=300)
    language: str = Field(pattern="^[a-z]{2}$")
    turns: tuple[Turn, ...] = Field(max_length=500)


def docx(conversation: Conversation) -> bytes:
    """Return the conversation as the bytes of a .docx file."""
    document = word.Document()
    document.core_properties.title = _printable(conversation.title)[:_LONGEST_PROPERTY]
    document.core_properties.language = conversation.language
    document.core_properties.author = ""
    document.add_heading(_printable(conversation.title), level=1)
    for turn in conversation.turns:
        document.add_heading(_printable(turn.question), level=2)
        for said in turn.answer:
            item = said.startswith("- ")
            style = "List Bullet" if item else "Normal"
            document.add_paragraph(_printable(said.removeprefix("- ")), style=style)
        for source in turn.sources:
            told = f"{source.numbers} {source.title} ({source.facts}) {source.url}"
            paragraph = document.add_paragraph()
            paragraph.add_run(_printable(told).strip()).italic = True
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("", text.encode("utf-8", "replace").decode())
