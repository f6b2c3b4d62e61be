"""A conversation as a Word document, from what the page shows. Nothing of it is kept."""

import io
import re
from typing import cast

import docx as word
from docx.oxml import OxmlElement
from docx.oxml.text.paragraph import CT_P
from docx.text.paragraph import Paragraph
from pydantic import BaseModel, ConfigDict, Field, field_validator

_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""
_LONGEST_PROPERTY = 255  # characters, by python-docx
_ITEM = "List Bullet"
MOST_TURNS = 200
MOST_PARAGRAPHS = 4000
"""More than a page has after a day's work."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExportedSource(_Part):
    """A source as the page shows it."""

    numbers: str = Field(default="", max_length=200)
    title: str = Field(max_length=1000)
    facts: str = Field(default="", max_length=500)
    url: str = Field(default="", max_length=4000)


class ExportedTurn(_Part):
    """A question with its answer."""

    question: str = Field(max_length=25_000)
    answer: tuple[str, ...] = Field(max_length=200)
    sources: tuple[ExportedSource, ...] = Field(default=(), max_length=100)


class ExportedConversation(_Part):
    """What the page shows; the texts are data, whoever sent them."""

    title: str = Field(max_length=300)
    language: str = Field(pattern="^[a-z]{2}$")
    turns: tuple[ExportedTurn, ...] = Field(max_length=MOST_TURNS)

    @field_validator("turns")
    @classmethod
    def _has_an_end(cls, turns: tuple[ExportedTurn, ...]) -> tuple[ExportedTurn, ...]:
        if sum(1 + len(turn.answer) + len(turn.sources) for turn in turns) > MOST_PARAGRAPHS:
            msg = f"has more than {MOST_PARAGRAPHS} paragraphs"
            raise ValueError(msg)
        return turns


def docx(conversation: ExportedConversation) -> bytes:
    """Return the conversation as the bytes of a .docx file."""
    document = word.Document()
    document.core_properties.title = _printable(conversation.title)[:_LONGEST_PROPERTY]
    document.core_properties.language = conversation.language
    document.core_properties.author = ""
    end = document.element.body.sectPr
    styles = {name: document.styles[name].style_id for name in ("Heading 1", "Heading 2", _ITEM)}

    def add(text: str, style: str = "", *, italic: bool | None = None) -> None:
        # python-docx looks for the style and for the end of the document at each paragraph.
        paragraph = Paragraph(cast("CT_P", OxmlElement("w:p")), document)
        end.addprevious(paragraph._p)  # noqa: SLF001 - there is no other way to it
        if style:
            paragraph._p.style = styles[style]  # noqa: SLF001 - likewise
        paragraph.add_run(_printable(text)).italic = italic

    add(conversation.title, "Heading 1")
    for turn in conversation.turns:
        add(turn.question, "Heading 2")
        for said in turn.answer:
            add(said.removeprefix("- "), _ITEM if said.startswith("- ") else "")
        for source in turn.sources:
            told = f"{source.numbers} {source.title} ({source.facts}) {source.url}"
            add(told.strip(), italic=True)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("", text.encode("utf-8", "replace").decode())
