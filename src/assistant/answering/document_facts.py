"""Tell what is known of a document itself: who wrote it, of when it is, in which languages. Pure.

A question is one for this only where each of its words is accounted for, by its form and by the
title of one document, or by what points at the one just shown: "Who wrote the charter?" is, "who
wrote to the mayor?" and "when was the law published that …" are for the texts.
"""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.language_names import NamedLanguages, named_languages
from assistant.answering.padding import without_padding
from assistant.domain.corpus import UNDETERMINED, DocumentId, Source
from assistant.domain.ports import Generation
from assistant.language.languages import LANGUAGES, function_words, languages
from assistant.language.wording import Wording
from assistant.language.words import fold, stem, whole

LONGEST = 30  # words: a title, and what is asked of it

_OF_OTHERS = {"named": {"age", "where", "find"}, "pointed at": {"age", "where", "altered"}}
"""What is asked of other things too, named ("where can I find the station?") or pointed at ("when
was it changed?", of a fee): of a document only where it is called one."""
_WORD = re.compile(r"\w+(?:-\w+)*")
_LEANING = re.compile(r" \([^()]*\)$")
_TITLE_END = re.compile(r"[:.?!–—|]")


@dataclass(frozen=True, slots=True)
class AskedFact:
    """A reading of a question as one for a fact.

    Attributes:
        title: The words that name the document; none where the one just shown is meant.
        language: What version is asked for.
    """

    fact: str
    title: tuple[str, ...]
    language: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known: our words, and the documents that they are said of, the one meant first.

    Attributes:
        shown: The title of the document just shown, where that one is meant.
    """

    lead_in: str
    sources: tuple[Source, ...]
    shown: str = ""

    @property
    def ids(self) -> frozenset[DocumentId]:
        """The ids of the documents."""
        return frozenset(source.document_id for source in self.sources)


def known(
    text: str,
    language: str,
    shown: Sequence[DocumentId],
    generation: Generation,
    words: Wording,
) -> Known | None:
    """Return what is known of the document that a question is about, None for other questions.

    `shown` holds the document of the answer before, where that was about one.
    """
    for asked in readings(text, language):
        named = _named(asked.title, generation, language) if asked.title else None
        meant = named if asked.title else next(iter(shown), None)
        document = generation.document(meant) if meant else None
        told = _told(asked, document.source, generation, words) if document else None
        if document and told:
            lead_in, sources = told
            return Known(lead_in, tuple(sources), "" if asked.title else document.source.title)
    return None


def readings(text: str, language: str) -> Iterator[AskedFact]:
    """Yield how a question may be read as one for a fact."""
    plain = _plain(without_padding(_LEANING.sub("", text), language))
    if language not in LANGUAGES or len(plain.split()) > LONGEST:
        return
    forms = _forms(language)
    for fact, known_forms in forms.facts.items():
        for said, code in forms.spoken(plain, fact):
            for found in filter(None, (form.search(said) for form in known_forms)):
                rest = " ".join((said[: found.start()], *found.groups(), said[found.end() :]))
                title = forms.title(rest, fact)
                if title is not None:
                    yield AskedFact(fact, title, code)


@dataclass(frozen=True, slots=True)
class _FactForms:
    """The forms of one language."""

    facts: Mapping[str, Sequence[re.Pattern[str]]]
    languages: Mapping[str, re.Pattern[str]]
    names: NamedLanguages
    noun: re.Pattern[str]
    said_of_it: re.Pattern[str]
    function_words: frozenset[str]

    def spoken(self, plain: str, fact: str) -> Iterator[tuple[str, str]]:
        """Yield a text without the language that it names, and that, where a fact wants one."""
        if fact not in self.languages:
            yield plain, ""
            return
        for named in self.languages[fact].finditer(plain):
            rest = f"{plain[: named.start()].rstrip()} {plain[named.end() :].lstrip()}".strip()
            yield rest, self.names.code(named["language"])

    def title(self, rest: str, fact: str) -> tuple[str, ...] | None:
        """Return the words for a title that are left, None where they are none for a document."""
        rest, nouns = self.noun.subn(r"\g<between>", rest)
        words = self.beside(rest)
        is_of_others = fact in _OF_OTHERS["named" if words else "pointed at"]
        if is_of_others and not nouns:
            return None
        return tuple(words)

    def beside(self, text: str) -> list[str]:
        """Return the words of a text beside those that say nothing of which document is meant."""
        return [word for word in self.said_of_it.sub(" ", text).split() if word.strip("-")]


def _named(title: Sequence[str], generation: Generation, language: str) -> DocumentId | None:
    """Return the one work whose title holds all of the words, its first or last among them.

    After a word such as "to" or "about" it is a document only where its title begins so.
    """
    forms, found = _forms(language), dict[DocumentId, tuple[bool, bool]]()
    wanted = set(title) - forms.function_words
    is_led = title[0] in forms.function_words
    for source in generation.documents(every_version=True):
        if is_led and forms.beside(_plain(source.title))[: len(title)] != list(title):
            continue
        parts = [_content(part, source.language) for part in _TITLE_END.split(source.title)]
        words = [word for part in parts for word in part]
        own = {stem(fold(word), source.language) for word in wanted}
        ends = {end for part in (parts[0], words) if part for end in (part[0], part[-1])}
        if own and own <= set(words) and own & ends:
            is_whole = own in (set(parts[0]), set(words))
            found[source.document_id] = (is_whole, source.language == language)
    first = max(found, key=lambda each: found[each], default=None)
    if first is None:
        return None
    rivals = [each for each in found if found[each][0] == found[first][0]]
    return first if {first, *generation.other_versions(first)}.issuperset(rivals) else None


def _told(
    asked: AskedFact, source: Source, generation: Generation, words: Wording
) -> tuple[str, Sequence[Source]] | None:
    """Return what is known in our words, and of which documents; None where it is not known."""
    day = words.day(source.published) if source.published else ""
    changed = words.day(source.changed) if source.changed else day
    match asked.fact:
        case "author" if source.authors:
            return words("facts.author", names=", ".join(source.authors)), [source]
        case "published" | "age" | "changed" | "altered" if day:
            is_changed = source.changed is not None
            is_wanted = asked.fact in {"changed", "altered"}
            key = "changed" if is_changed else "unchanged" if is_wanted else "published"
            return words(f"facts.{key}", day=day, changed=changed), [source]
        case "newer" if changed:
            newer = source.successor and generation.document(source.successor.document_id)
            said = words("facts.newer") if newer else words("facts.newest", day=changed)
            return said, [newer.source if newer else source]
        case "link" | "find" | "where":
            return words("facts.address"), [source]
        case "language" | "version" | "available" if source.language != UNDETERMINED:
            return _told_of_languages(asked, source, generation, words)
    return None


def _told_of_languages(
    asked: AskedFact, source: Source, generation: Generation, words: Wording
) -> tuple[str, Sequence[Source]]:
    others = map(generation.document, generation.other_versions(source.document_id))
    versions = [source, *(other.source for other in others if other)]
    if theirs := [each for each in versions if each.language == asked.language]:
        name = words.language_name(asked.language)
        return words("facts.version", language=name), theirs[:1]
    there_are = ", ".join(dict.fromkeys(words.language_name(each.language) for each in versions))
    if not asked.language:
        return words("facts.language", languages=there_are), versions
    wanted = words.language_name(asked.language)
    return words("facts.no_version", language=wanted, languages=there_are), versions


def _content(text: str, language: str) -> list[str]:
    """Return the stems of the words of a title that say something."""
    words = (word for word in _plain(text).split() if word not in function_words(language))
    return [stem(fold(word), language) for word in words]


def _plain(text: str) -> str:
    """Return the words in lower case, apart by one space, elided ones for themselves."""
    return " ".join(_WORD.findall(text.casefold()))


@functools.cache
def _forms(language: str) -> _FactForms:
    known = languages()[language]
    facts, names = known.facts, named_languages(language)
    into = known.requests["in_language"]
    called = rf"(?P<language>{names.any_name})"
    document = rf"(?:{facts['document']})(?: (?:{known.requests['about']}))?"
    return _FactForms(
        {fact: [*map(_in_order, of)] for fact, of in facts.items() if not isinstance(of, str)},
        {
            "version": whole(rf"(?:(?:{into}) )?{called}"),
            "available": whole(rf"(?:{into}) {called}"),
        },
        names,
        whole(rf"(?:{facts['the']}) (?P<between>(?:\S+ ){{0,6}}?){document}"),
        whole(f"{facts['the']}|{facts['glue']}"),
        known.function_words,
    )


def _in_order(form: str) -> re.Pattern[str]:
    """Return a pattern of parts of a form, with anything between them as groups."""
    parts = (whole(part).pattern for part in form.replace("'", " ").split(" … "))
    return re.compile("(.*?)".join(parts))
