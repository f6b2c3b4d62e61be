"""How members word what they want of the documents, as patterns of each language. Pure."""

import functools
import re
from dataclasses import dataclass
from typing import Any

from assistant.answering.catalogue_questions import CatalogueForms, catalogue_forms
from assistant.answering.language_names import NamedLanguages, named_languages
from assistant.domain.corpus import Kind
from assistant.language.languages import LANGUAGES, Language, languages
from assistant.language.periods import YEAR, PeriodForms, period_forms
from assistant.language.words import whole

COURTESIES = ("greeting", "thanks", "goodbye", "complaint")

_WORD = re.compile(r"\w+(?:['-]\w+)*")
_ELIDED = re.compile(r"^(?:qu|[dljmnstc]|un|all|dell|nell|sull|dall)'", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RequestForms:
    """The patterns of one language.

    Attributes:
        things: What documents of each kind are called; under no kind, documents in general.
        ordinals: The first, the second ..., and at the end the last.
    """

    patterns: dict[str, re.Pattern[str]]
    things: dict[str, re.Pattern[str]]
    kind_names: dict[Kind, re.Pattern[str]]
    languages: NamedLanguages
    ordinals: tuple[re.Pattern[str], ...]
    function_words: frozenset[str]
    periods: PeriodForms
    catalogue: CatalogueForms

    def __getitem__(self, name: str) -> re.Pattern[str]:
        return self.patterns[name]

    def kinds(self, plain: str) -> frozenset[Kind]:
        """Return the kinds of documents that a text names."""
        named = {kind for kind, pattern in self.things.items() if pattern.search(plain)}
        return frozenset(Kind(kind) for kind in named if kind)

    def called(self, plain: str) -> frozenset[Kind]:
        """Return the kinds of documents whose names alone are a text, as "agenda" of events."""
        return frozenset(kind for kind, name in self.kind_names.items() if name.search(plain))

    def rest(self, plain: str, names: tuple[str, ...]) -> str:
        """Return the words that none of the named patterns accounts for."""
        for name in names:
            plain = self[name].sub(" ", plain)
        words = [without_elision(word) for word in plain.split()]
        return " ".join(
            word
            for word in words
            if len(word.strip("'-")) > 1 and word.strip("'-") not in self.function_words
        )


def plain_words(text: str) -> str:
    """Return the words in lower case, apart by one space, without marks."""
    return " ".join(words_in(text.casefold()))


def words_in(text: str) -> list[str]:
    """Return the words as they are written."""
    return _WORD.findall(text.replace("’", "'"))


def without_elision(word: str) -> str:
    """Return a word without what is elided before it: "l'adhésion" is "adhésion"."""
    return _ELIDED.sub("", word)


_AS_WRITTEN = (
    *COURTESIES,
    *("signed", "summary", "person", "for_people", "capabilities", "of_no_subject"),
    *("published", "ask", "which", "oldest", "about", "by", "except", "offering"),
    "which_are",
    *("polite", "summary_parts", "sentences", "pointing", "never_summary", "collection", "never"),
    "of_content",
)


@functools.cache
def request_forms(language: str) -> RequestForms | None:
    """Return the forms of a language, None where its words are not known."""
    if language not in LANGUAGES:
        return None
    forms = languages()[language].requests
    names = named_languages(language)
    catalogue = catalogue_forms(language)
    spoken = {name: forms[name] for name in ("since", "after", "until", "during")}
    spoken |= {name: catalogue.words[name] for name in ("before", "between", "joins")}
    relative = {name: forms[name] for name in ("last_year", "this_year")}
    relative |= catalogue.relative
    sources = {name: forms[name] for name in _AS_WRITTEN}
    sources |= _joined({**forms, **spoken}, names)
    sources["named"] = _named(languages()[language])
    between = sorted(languages()[language].and_words)
    sources["beside_collection"] = "|".join((*between, forms["polite"]))
    sources["pronouns"] = "|".join(languages()[language].followups["pronouns"].split())
    return RequestForms(
        {name: whole(source) for name, source in sources.items()},
        {kind: whole(source) for kind, source in forms["things"].items()},
        {Kind(kind): whole(name) for kind, name in languages()[language].kinds.items()},
        names,
        tuple(map(re.compile, forms["ordinals"])),
        languages()[language].function_words | languages()[language].before_nouns,
        period_forms(language, spoken, relative),
        catalogue,
    )


def _joined(forms: dict[str, Any], names: NamedLanguages) -> dict[str, str]:
    """Return the patterns that are made of several of the file."""
    any_thing = "|".join(forms["things"].values())
    courtesy = "|".join(forms[name] for name in (*COURTESIES, "beside_courtesy"))
    latest = f"{forms['latest']}|{forms['oldest']}"
    bounds = "|".join(forms[name] for name in ("about", "since", "after", "until", "during"))
    return {
        "any_thing": any_thing,
        "latest": latest,
        "courtesies": rf"(?:{courtesy})(?: (?:{courtesy}))*",
        "picked": rf"(?:{forms['picked']})"
        rf" (?P<about>(?:(?:{forms['about']}) |(?:su|de|ne)ll')\S.*)",
        "offered": rf"(?:{forms['which']}) (?:{any_thing}) (?:{forms['available']})",
        "titled": rf"(?:(?:{forms['which']}|{forms['polite']}) )?"
        rf"(?:{names.documents_of}|{any_thing}) "
        rf"(?:(?:{forms['about']})(?!\w)|(?:su|de|ne)ll'\S+"
        rf"|(?:{forms['by']})(?= (?:\S+ ?){{1,4}}(?:$|(?:{bounds})(?!\w)))"
        rf"|(?:{forms['since']}|{forms['after']}|{forms['until']}|{forms['before']}|{forms['between']}"
        rf"|{forms['during']}) (?:\S+ ){{0,2}}?{YEAR}"
        rf"|(?:{forms['in_language']}) (?:{names.any_name}))",
        "latest_things": rf"(?:{latest}) (?:\S+ )?(?:{any_thing})"
        rf"|(?:{any_thing}) (?:les plus )?(?:{forms['latest']})"
        rf"|(?:{any_thing}) (?:\S+ ){{0,2}}?(?:{forms['oldest']})",
        "things_by": rf"(?:{any_thing}) (?:\S+ ){{0,3}}?(?:{forms['by']})",
        "ask_things": rf"(?:{forms['ask']})\b(?: \S+){{0,4}}? (?:{any_thing})",
        "which_things": rf"(?:{forms['which']}) (?:\S+ ){{0,3}}?(?:{any_thing})",
        "so_many_things": rf"(\w+)(?= (?:(?:{latest}) )?(?:{any_thing})(?!\w))",
        "so_many_sentences": rf"(\w+)(?= (?:\w+ )?(?:{forms['sentences']})(?!\w))",
    }


def _named(language: Language) -> str:
    """Return a pattern of what documents in general, or of a kind, are called, and no more."""
    before = "|".join(sorted(language.and_words | language.before_nouns))
    names = "|".join((language.requests["things"][""], *language.kinds.values()))
    return rf"(?:(?:{language.requests['which_are']}) )?(?:(?:{before}) )*(?:{names})"
