"""The filters of the chat page: kind, language and period of the documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import gradio as gr

from assistant.corpus import Filters, Kind
from assistant.source_cards import language_name
from assistant.web.host_wishes import HostWishes
from assistant.wording import Wording

ANY, YEAR, YEARS = "any", "year", "years"
_REACH = {YEAR: 1, YEARS: 5}  # years that a period reaches back


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The controls, and what they are folded into."""

    fold: gr.Accordion
    controls: tuple[gr.CheckboxGroup, gr.CheckboxGroup, gr.Radio]


def build(words: Wording) -> Narrowing:
    """Return the controls, folded away; the caller is inside its page."""
    with gr.Accordion(words("filters.label"), open=False, elem_id="filters") as fold:
        controls = (
            gr.CheckboxGroup(_kinds(words), label=words("filters.kind"), elem_id="kinds"),
            gr.CheckboxGroup([], label=words("filters.language"), elem_id="languages"),
            gr.Radio(_periods(words), value=ANY, label=words("filters.period"), elem_id="period"),
        )
    return Narrowing(fold, controls)


def updates(
    words: Wording, languages: Sequence[str], wishes: HostWishes
) -> tuple[dict[str, Any], ...]:
    """Return what puts the fold and its controls into a language.

    `languages` are those of the documents.
    """
    named = [(language_name(its, words), its) for its in languages]
    wished = [its for its in wishes.languages if its in languages]
    return (
        gr.update(label=words("filters.label")),
        gr.update(choices=_kinds(words), label=words("filters.kind"), value=list(wishes.kinds)),
        gr.update(
            choices=named,
            label=words("filters.language"),
            visible=len(languages) > 1,
            value=wished,
        ),
        gr.update(choices=_periods(words), label=words("filters.period")),
    )


def chosen(kinds: Sequence[str], languages: Sequence[str], period: str, today: date) -> Filters:
    """Return the filters that the controls say; what no control could say is left out."""
    reach = _REACH.get(period)
    known = {kind.value for kind in Kind}
    return Filters(
        languages=frozenset(str(its) for its in languages or ()),
        kinds=frozenset(Kind(its) for its in kinds or () if its in known),
        published_from=_back(today, reach) if reach else None,
    )


def _back(today: date, years: int) -> date:
    return today.replace(year=today.year - years, day=min(today.day, 28))


def _kinds(words: Wording) -> list[tuple[str, str]]:
    return [(words(f"kind.{kind.value}"), kind.value) for kind in Kind]


def _periods(words: Wording) -> list[tuple[str, str]]:
    return [(words(f"filters.{its}"), its) for its in (ANY, YEAR, YEARS)]
