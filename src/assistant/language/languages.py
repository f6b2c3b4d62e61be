"""The languages that are known: one file each in `data/`. Adding a language is adding its file."""

import functools
import json
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Words = Annotated[frozenset[str], BeforeValidator(str.split)]
"""Words in lower case, in the file one line with spaces between."""


class Language(BaseModel):
    """What is known of one language. Patterns match words in lower case.

    Attributes:
        order: Where it stands among the others, in menus and where two are equally likely.
        locale: That writes dates as its readers do.
        first_day: How the first of a month is written where that is not 1, as in "1er mai".
        capitalises_nouns: Whether nouns begin with a capital letter, as in German.
        joins_nouns: Whether nouns are written together.
        enclitics: A pattern of the pronouns written onto an infinitive, as in "iscrivermi".
        and_words: Its words for "and".
        function_words: Words that say nothing by themselves.
        telling_words: Words by which the language of a short question is told.
        before_nouns: Articles, possessives and prepositions: a noun, or its adjective, follows.
        question_words: A pattern of the words that a question begins with.
        before_question_words: A pattern of what may stand before those.
        after_question_words: A pattern of what may stand between those and what is asked.
        answer_headings: A pattern of what stands above the answer to a question in a document.
        leaning_openings: A pattern of the words by which a sentence leans on the one before it.
        page_more: A pattern of what is on a button that opens the rest of a text, and no heading.
        page_labels: A pattern of lines of a page that tell nothing: of labels, of buttons.
        page_related: A pattern of headings above links to other pages.
        page_credits: A pattern of what stands before the name of a photographer.
        page_missing, page_login: Patterns of the titles of pages that are none, or ask who reads.
        personal: Patterns of what stands before a name, and of what streets are called.
        kinds: A pattern, without accents, of what documents of each kind are called.
        requests, followups, catalogue: Patterns for what members want (`answering`).
        facts: Patterns of questions for what is known of a document, their parts in order
            (`answering.document_facts`).
        checks: Words by which written sentences are checked (`writing`).
        anchors: The same sentences in every language, by which its vectors are centred.
        wording: What the assistant says.
        staff: What the staff pages say.
        machinery: What errors and reports say (`machinery`), by the English that they are made in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    order: int
    locale: str
    first_day: str = "1"
    capitalises_nouns: bool
    joins_nouns: bool
    enclitics: str = "(?!)"
    and_words: Words = Field(alias="and")
    function_words: Words
    telling_words: Words
    before_nouns: Words
    question_words: str
    before_question_words: str
    after_question_words: str
    answer_headings: str
    leaning_openings: str
    page_more: str
    page_labels: str
    page_related: str
    page_credits: str
    page_missing: str
    page_login: str
    personal: Mapping[str, str]
    kinds: Mapping[str, str]
    requests: Mapping[str, Any]
    followups: Mapping[str, str]
    catalogue: Mapping[str, Any]
    facts: Mapping[str, Any]
    checks: Mapping[str, Any]
    anchors: tuple[str, ...]
    wording: Mapping[str, str]
    staff: Mapping[str, str]
    machinery: Mapping[str, str]


@functools.cache
def languages() -> Mapping[str, Language]:
    """Return the languages by their ISO 639-1 codes, in their order."""
    found = [
        _read(file.name.removesuffix(".json"), file.read_bytes())
        for file in (files("assistant") / "language" / "data").iterdir()
        if file.name.endswith(".json")
    ]
    return {each.code: each for each in sorted(found, key=lambda each: (each.order, each.code))}


def _read(code: str, content: bytes) -> Language:
    return Language.model_validate({"code": code, **json.loads(content)})


LANGUAGES = tuple(languages())
"""The codes of all of them, in their order."""


def function_words(code: str) -> frozenset[str]:
    """Return the words of a language that say nothing by themselves; none of an unknown one."""
    known = languages().get(code)
    return known.function_words if known else frozenset()


def before_nouns(code: str) -> frozenset[str]:
    """Return the words of a language that a noun, or its adjective, follows; none if unknown."""
    known = languages().get(code)
    return known.before_nouns if known else frozenset()


def capitalises_nouns(code: str) -> bool:
    """Whether nouns of a language begin with a capital letter."""
    known = languages().get(code)
    return known is not None and known.capitalises_nouns


def leans_on_what_stands_before(sentence: str, code: str) -> bool:
    """Whether a sentence needs the one before it, as "It costs" and "Therefore" do.

    Of a language that is not known, none is said to.
    """
    known = languages().get(code)
    return known is not None and bool(_leaning(code).match(sentence.casefold()))


@functools.cache
def _leaning(code: str) -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{languages()[code].leaning_openings})\b")


def in_all(field: str) -> str:
    """Return a pattern of what any of the languages has in one of its patterns."""
    return "|".join(getattr(each, field) for each in languages().values())
