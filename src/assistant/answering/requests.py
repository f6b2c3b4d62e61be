"""Tell what a member wants: an answer, a list of documents, a summary, or a word of courtesy. Pure.

The forms are patterns of each language (`request_forms`); in other languages everything is a
question. A courtesy before a question is dropped; alone, it is answered.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from assistant.answering.catalogue_questions import Scope
from assistant.answering.padding import sought, without_padding
from assistant.answering.request_forms import (
    COURTESIES,
    RequestForms,
    plain_words,
    request_forms,
    without_elision,
    words_in,
)
from assistant.domain.corpus import EVERYTHING, Filters, Kind
from assistant.language.languages import LANGUAGES
from assistant.language.periods import without_period
from assistant.language.words import fold
from assistant.writing.numerals import spelled

SHORT = 12
"""The most words in which somebody asks who the assistant is, or for a person; in a longer text
the same words are part of a question."""

MOST = 50
"""How many documents or sentences may be wanted; more is a number of something else."""

_QUOTED = re.compile(r"«[^»]+»|“[^”]+”|„[^“”]+[“”]|\"[^\"]+\"")
_PARTS = re.compile(r"(?<=[,.!?;:])\s+")


class Want(StrEnum):
    """What is wanted."""

    ANSWER = "answer"
    LIST = "list"
    SUMMARY = "summary"
    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    COMPLAINT = "complaint"
    CAPABILITIES = "capabilities"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Request:
    """What is wanted, and of what.

    Attributes:
        text: The question without courtesies.
        topic: What a list or summary is to be about; empty means everything, or what was last
            spoken about. Of an answer it is the whole text, where that asks nothing.
        filters: What of the documents the words of a list restrict it to.
        is_latest: Whether the newest are asked for, or the oldest.
        is_oldest: Whether the oldest are.
        author: Whose documents a list is to hold, where somebody is named.
        but_not: What those of a list are not to be about.
        scope: Which of the documents that fit a list is to hold.
        occasion: Of events, which kind is asked for, as "training"; empty means all.
        place: Which document of those last spoken about is meant, from 0; -1 is the last.
        count: How many documents of a list, or sentences of a summary, are wanted.
    """

    want: Want
    text: str
    topic: str = ""
    filters: Filters = EVERYTHING
    is_latest: bool = False
    is_oldest: bool = False
    author: str = ""
    but_not: str = ""
    scope: Scope = Scope.WORKS
    occasion: str = ""
    place: int | None = None
    count: int | None = None

    @property
    def is_asked(self) -> bool:
        """Whether something is wanted of the documents, and no courtesy."""
        return self.want in {Want.ANSWER, Want.LIST, Want.SUMMARY}

    @property
    def is_ahead(self) -> bool:
        """Whether events are wanted that are still to come."""
        return self.scope in {Scope.NEXT, Scope.AHEAD}


def understood(text: str, language: str, today: date) -> Request:
    """Return what is wanted. `today` is what "this year" is counted from."""
    forms = request_forms(language)
    if forms is None:
        return Request(Want.ANSWER, text)
    plain = plain_words(text)
    if courtesy := _courtesy(plain, forms) or _all_courtesies(text, forms):
        return Request(courtesy, text)
    asked = _without_courtesies(text, forms)
    plain = plain_words(asked)
    if forms["summary"].search(plain) and not forms["never_summary"].match(plain):
        plain, count = _counted(plain, forms["so_many_sentences"], forms)
        names = ("summary_parts", "summary", "polite", "pointing")
        rest = forms.rest(plain, (*names, "sentences") if count else names)
        place = _place(rest, forms)
        is_pointed_at = place is not None or forms["named"].fullmatch(fold(rest))
        topic = "" if is_pointed_at else rest
        return Request(Want.SUMMARY, asked, topic, place=place, count=count)
    some, count = _counted(plain, forms["so_many_things"], forms)
    if listed := _all_but_some(asked, some, forms, today) or _listed(asked, some, forms, today):
        return replace(
            listed,
            topic=_as_written(listed.topic, asked),
            author=_as_written(listed.author, asked),
            but_not=_as_written(listed.but_not, asked),
            occasion=forms.catalogue.occasion(plain),
            count=count,
        )
    want = _of_us(plain, forms) if len(plain.split()) <= SHORT else Want.ANSWER
    if want is not Want.ANSWER:
        return Request(want, asked)
    text, is_topic = sought(without_padding(asked, language), language)
    return Request(want, text, topic=text if is_topic else "")


def refined(text: str, earlier: str, language: str, today: date) -> Request | None:
    """Return what a text wants that only adds to a list or a summary before it.

    The list restricted, after "only those in German" or "the one about fines", or again, after
    "show them"; a summary, after "and the second one?". None where neither was before, or the text
    says more.
    """
    forms = request_forms(language)
    before = understood(earlier, language, today)
    if forms is None or before.want not in {Want.LIST, Want.SUMMARY}:
        return None
    rest, filters = _restricted(plain_words(text), forms, today)
    said = forms.rest(rest, ("polite", "pointing"))
    place = _place(said, forms) if filters == EVERYTHING else None
    if place is not None:
        return Request(Want.SUMMARY, text, place=place)
    if before.want is not Want.LIST:
        return None
    narrowed = _picked(text, earlier, forms)
    if not narrowed and filters == EVERYTHING and not forms.kinds(rest):
        is_again = forms["ask"].search(said) and not forms.rest(said, ("ask", "pronouns"))
        return before if is_again else None
    if not narrowed and forms.rest(said, ("any_thing",)):
        return None
    kept = _without(filters, earlier.rstrip(" ?!."), forms, today)
    found = understood(narrowed or f"{kept} {text}", language, today)
    return found if found.want is Want.LIST else None


def _picked(text: str, earlier: str, forms: RequestForms) -> str:
    """Return a request for a list with the subject that picks of it, as "the one about fines"."""
    picked = forms["picked"].fullmatch(plain_words(text))
    if picked is None or len(picked["about"].split()) > SHORT:
        return ""
    return f"{earlier.rstrip(' ?!.')} {_as_written(picked['about'], text)}"


def courtesy_language(text: str, language: str) -> str:
    """Return the language of a courtesy such as "danke", else the one given."""
    plain = plain_words(text)
    for code in (language, *LANGUAGES):
        forms = request_forms(code)
        if forms and _courtesy(plain, forms):
            return code
    return language


def summary_language(text: str, told: str, spoken: str) -> str:
    """Return the language of a request to sum up a quoted title, which may be of another one.

    `told` is what the whole text looks like, and `spoken` what is spoken around it.
    """
    forms = request_forms(spoken)
    if forms is None or not _QUOTED.search(text):
        return told
    known = request_forms(told)
    if known is not None and known["summary"].search(plain_words(text)):
        return told
    asks = forms["summary"].search(plain_words(_QUOTED.sub(" ", text)))
    return spoken if asks else told


def _without(filters: Filters, earlier: str, forms: RequestForms, today: date) -> str:
    """Return a request without the time or the language that others take the place of."""
    plain = plain_words(earlier)
    kept = forms.languages.taken_from(plain)[0] if filters.languages else plain
    if filters.published_from or filters.published_to:
        kept = without_period(kept, forms.periods, today)[0]
    return earlier if kept == plain else _as_written(kept, earlier)


def _of_us(plain: str, forms: RequestForms) -> Want:
    """Return whether somebody wants to reach us, and not the police, or to know what we can do."""
    for want in (Want.PERSON, Want.CAPABILITIES):
        if forms[want].search(plain) and not _subject(plain, forms, want):
            return want
    is_for_people = forms[Want.PERSON].search(plain) and forms["for_people"].search(plain)
    return Want.PERSON if is_for_people else Want.ANSWER


def _subject(plain: str, forms: RequestForms, want: str) -> str:
    """Return what is said beside the words for a want, empty where those are all."""
    return forms.rest(plain, (want, "polite", "of_no_subject"))


def _of_catalogue(asked: str, plain: str, forms: RequestForms, today: date) -> Request | None:
    """Return the request that a question puts to the catalogue and to nothing else."""
    rest, filters = _restricted(plain, forms, today)
    scope = forms.catalogue.scope(rest, forms["any_thing"].pattern)
    if _is_offered(rest, forms) or (
        scope is None
        and (_is_of_some(rest, filters, forms) or forms["named"].fullmatch(fold(rest)))
    ):
        kinds = forms.kinds(rest) or forms.called(fold(rest))
        return Request(Want.LIST, asked, "", replace(filters, kinds=kinds))
    if scope is None:
        return None
    about = forms["about"].search(rest)
    said, topic = (rest[: about.start()], rest[about.end() :]) if about else (rest, "")
    if not _is_accounted_for(said, forms):
        return None
    kinds = forms.kinds(said)
    if scope in {Scope.NEXT, Scope.AHEAD, Scope.OVER} or not kinds:
        is_occasion = forms.catalogue.speaks_of_occasions(said)
        kinds = frozenset({Kind.EVENT}) if is_occasion else kinds
    topic = forms.rest(topic, ("published", "polite"))
    return Request(Want.LIST, asked, topic, replace(filters, kinds=kinds), scope=scope)


def _listed(asked: str, plain: str, forms: RequestForms, today: date) -> Request | None:
    """Return the request for a list, by the catalogue or on a subject; None where it is none."""
    return _of_catalogue(asked, plain, forms, today) or _list(asked, plain, forms, today)


def _all_but_some(asked: str, plain: str, forms: RequestForms, today: date) -> Request | None:
    """Return the request for a list without those on a subject, in a language or of a kind."""
    but = forms["except"].search(plain)
    if but is None or not plain[but.end() :].strip():
        return None
    listed = _listed(asked, plain[: but.start()].strip(), forms, today)
    if listed is None:
        return None
    rest, left_out = _restricted(plain[but.end() :], forms, today)
    kinds, filters = forms.kinds(rest), listed.filters
    if left_out.languages:
        filters = replace(filters, languages=frozenset(LANGUAGES) - left_out.languages)
    but_not = forms.rest(rest, ("any_thing", "about", "polite", "pointing"))
    if kinds and not but_not:
        filters = replace(filters, kinds=frozenset(Kind) - kinds)
    return replace(listed, filters=filters, but_not=but_not)


def _is_of_some(rest: str, filters: Filters, forms: RequestForms) -> bool:
    """Whether documents of a time or a language are named, and nothing else is said of them."""
    of_them = forms["any_thing"].search(rest)
    if filters.languages and not of_them:  # "have you got something in Spanish"
        of_them, rest = forms["offering"].search(rest), forms["offering"].sub(" ", rest)
    return bool(filters != EVERYTHING and of_them) and _is_accounted_for(rest, forms)


def _is_offered(rest: str, forms: RequestForms) -> bool:
    """Whether nothing is asked but which events are organised."""
    is_of_events = forms.kinds(rest) == {Kind.EVENT} and forms["offering"].search(rest)
    return bool(is_of_events) and not forms.rest(rest, ("offering", "which", "any_thing", "polite"))


def _is_accounted_for(said: str, forms: RequestForms) -> bool:
    known = ("any_thing", "ask", "which", "published", "latest", "polite", "offered")
    return forms.catalogue.is_all(said, tuple(forms[name] for name in known))


def _list(asked: str, plain: str, forms: RequestForms, today: date) -> Request | None:
    """Return the request for a list of documents, None where it is none."""
    if forms["never"].match(plain):
        return None
    rest, filters = _restricted(plain, forms, today)
    has_period = bool(filters.published_from or filters.published_to)
    is_latest = bool(forms["latest_things"].search(plain))
    is_shown = bool(forms["ask_things"].search(plain))
    said = " ".join(rest.split())
    alone = " ".join(forms["beside_collection"].sub(" ", said).split())  # of "what's new and only"
    is_shelf = any(forms[name].fullmatch(said) for name in ("collection", "offered"))
    is_shelf = is_shelf or bool(forms["collection"].fullmatch(alone))
    is_published = bool(forms["published"].search(plain))
    is_subject = any(forms[name].search(plain) for name in ("about", "things_by")) or has_period
    asks_which = bool(forms["which_things"].search(plain))
    is_titled = _is_title(plain, forms)
    is_named = is_latest or is_titled or (asks_which and (is_subject or is_published))
    if (is_latest or asks_which) and not is_published:
        # "Which reports must be handed in by May?" is a question to the texts.
        is_named = is_named and not forms["of_content"].search(plain)
    if not (is_named or is_shown or is_shelf or (is_published and is_subject)):
        return None
    wanted = forms.kinds(plain)
    is_list = is_latest or is_published or is_shown or is_shelf or is_titled
    if Kind.RECOMMENDATION in wanted and not is_list:
        return None  # "Which recommendations are there on …" is answered by the recommendations.
    named = ("ask", "offering", "which", "published", "latest", "about", "any_thing", "polite")
    has_topic = not is_shelf or forms["about"].search(said)
    rest, author = _authored(rest, forms)
    return Request(
        Want.LIST,
        asked,
        topic=forms.rest(rest, named) if has_topic else "",
        filters=replace(filters, kinds=wanted),
        is_latest=is_latest,
        is_oldest=bool(forms["oldest"].search(plain)),
        author=author,
    )


def _authored(rest: str, forms: RequestForms) -> tuple[str, str]:
    """Return the text without whom documents are wanted of, and the name."""
    thing = forms["things_by"].search(rest)
    by = forms["by"].search(rest, thing.start()) if thing else None
    if by is None:
        return rest, ""
    about = forms["about"].search(rest, by.end())
    end = about.start() if about else len(rest)
    name = forms.rest(rest[by.end() : end], ("any_thing", "polite", "latest"))
    return f"{rest[: by.start()]} {rest[end:]}", name


def _is_title(plain: str, forms: RequestForms) -> bool:
    """Whether a short text names documents and a subject or a time, and says no more."""
    return len(plain.split()) <= SHORT and bool(forms["titled"].match(plain))


def _restricted(plain: str, forms: RequestForms, today: date) -> tuple[str, Filters]:
    """Return the text without what it says of time and language, and that as filters.

    Where events are asked for, a month is the next one of its name, unless they are over.
    """
    is_ahead = forms.kinds(plain) <= {Kind.EVENT} and forms.catalogue.is_to_come(plain)
    plain, spoken = forms.languages.taken_from(plain)
    rest, period = without_period(plain, forms.periods, today, is_ahead=is_ahead)
    return rest, Filters(spoken, frozenset(), period.first, period.last)


def _as_written(topic: str, asked: str) -> str:
    """Return words with the capitals that they were asked with, as members see them again."""
    words = map(without_elision, words_in(asked))
    written = {word.casefold(): word for word in words}
    return " ".join(written.get(word, word) for word in topic.split())


def _counted(plain: str, so_many: re.Pattern[str], forms: RequestForms) -> tuple[str, int | None]:
    """Return the text without how many are wanted, and that; "one" is mostly an article.

    The Portuguese "dos" is "of the", and no two.
    """
    for match in so_many.finditer(plain):
        if match[1] in forms.function_words:
            continue
        number = match[1] if match[1].isdecimal() else spelled(fold(match[1]))
        if number and 0 < int(number) <= MOST:
            return plain[: match.start()] + plain[match.end() :].lstrip(), int(number)
    return plain, None


def _place(rest: str, forms: RequestForms) -> int | None:
    """Return the place that an ordinal alone names."""
    words = forms.rest(rest, ("any_thing",))
    found = [at for at, ordinal in enumerate(forms.ordinals) if ordinal.fullmatch(words)]
    return None if not found else -1 if found[0] == len(forms.ordinals) - 1 else found[0]


def _courtesy(plain: str, forms: RequestForms) -> Want | None:
    """Return what a text of nothing but courtesies is: the last in the order of a talk."""
    if any(forms[name].fullmatch(plain) for name in COURTESIES):
        return next(Want(name) for name in COURTESIES if forms[name].fullmatch(plain))
    if not forms["courtesies"].fullmatch(plain):
        return None
    said = [Want(name) for name in COURTESIES if forms[name].search(plain)]
    return said[-1] if said else None


def _all_courtesies(text: str, forms: RequestForms) -> Want | None:
    """Return what the last of several courtesies is, None where anything else is among them."""
    found = [
        _courtesy(plain_words(part), forms) for part in _PARTS.split(text) if plain_words(part)
    ]
    return found[-1] if found and all(found) else None


def _without_courtesies(text: str, forms: RequestForms) -> str:
    """Return the text without a greeting before it, thanks around it, or a signature below it."""
    parts = [part for part in _PARTS.split(text) if part.strip()]
    kept = [part for part in _unsigned(parts, forms) if not _courtesy(plain_words(part), forms)]
    return " ".join(kept).strip(" ,") if 0 < len(kept) < len(parts) else text


def _unsigned(parts: Sequence[str], forms: RequestForms) -> Sequence[str]:
    """Return what stands before "Kind regards", if nothing is asked behind it."""
    signed = (
        at for at, part in enumerate(parts) if at and forms["signed"].match(plain_words(part))
    )
    at = next(signed, len(parts))
    return parts if any("?" in part for part in parts[at:]) else parts[:at]
