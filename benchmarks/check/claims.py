"""The claims that the check is trained and held against: from a folder of data sets, and by rule.

`*/check.jsonl.gz`: premises and claims that people judged, of public sets. A fifth of each, and all
of Q2, is kept apart; a premise is never on both sides, and neither are translations of it.
`forum_questions/*/*.json`: documents whose sentences are altered in one place: a number, a date, a
name, a denial, something added, or taken from another place. Half of the time the premise
is altered instead, so that an altered sentence does not give itself away.
"""

import gzip
import itertools
import json
import random
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path

from assistant.domain.corpus import Chunk, Span
from assistant.language.languages import capitalises_nouns, languages
from assistant.writing.premises import headers_of, told
from assistant.writing.vocabulary import fold, vocabulary
from benchmarks.reader.questions import CountTokens, asked_documents
from ingest.chunking import chunk

SETS = {
    # Of licence class A and B only; how many claims of each are taken a round.
    "assin_pt": 1500, "begin": 4000, "climate_fever": 800, "covid_fact": 600, "daccord_fr": 500,
    "esxnli": 2500, "faq_claims": 5500, "fever_it_gold": 3500, "fool_me_twice": 3500,
    "healthver": 2500, "inferes_es": 2500, "rte3": 5000, "wice": 900,
}  # fmt: skip
WHOLLY_KEPT = ("q2",)
KEPT_APART = 5
TRANSLATED = {"rte3", "fever_it_gold", "esxnli"}
"""Sets that hold the same pairs in several languages: premise and claim may be of two."""

OTHER_LANGUAGE = 0.3
MOST_SENTENCES = 4
NEAR = 0.6  # how often other words come from the same passage
KEPT = 0.5  # of small words, where some are left out
ALTERED = 6000
"""Sentences of documents a round. With all of them, and other words put in place of some, a model
learns that whatever is worded otherwise is wrong: of 106 faithful sentences it withheld 60."""

FEWEST_WORDS = 5


class Label(IntEnum):
    """What the premise says of the claim; `REFUTED` and `UNSAID` are not always told apart."""

    SUPPORTED = 0
    REFUTED = 1
    UNSAID = 2
    NOT_SUPPORTED = 3


_LABELS = {
    "supported": Label.SUPPORTED,
    "contradicted": Label.REFUTED,
    "neutral": Label.UNSAID,
    "not_supported": Label.NOT_SUPPORTED,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim and what is known of it; `altered` are the places at fault, None if not known."""

    context: str
    premise: str
    claim: str
    language: str
    label: Label
    altered: tuple[Span, ...] | None
    set_name: str
    kind: str = ""


def public_claims(data: Path, *, kept_apart: bool) -> list[Judged]:
    """Return the claims of the public sets that are trained on, or those that are kept apart."""
    found = list[Judged]()
    for name in (*SETS, *(WHOLLY_KEPT if kept_apart else ())):
        with gzip.open(data / name / "check.jsonl.gz", "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        pairs = defaultdict[str, list[dict[str, str]]](list)
        for row in rows:
            pairs[_pair(row)].append(row)
        chance = random.Random(name)
        for row in rows:
            held = name in WHOLLY_KEPT or zlib.crc32(_group(row).encode()) % KEPT_APART == 0
            if held == kept_apart:
                found.append(_judged(row, pairs[_pair(row)], chance))
    return found


def _pair(row: dict[str, str]) -> str:
    """Return what the same pair has in all its languages."""
    return row["id"].partition("-")[2] if row["set"] in TRANSLATED else row["id"]


def _group(row: dict[str, str]) -> str:
    """Return what rows share that must not be parted."""
    return _pair(row) if row["set"] in TRANSLATED else row["premise"]


def _judged(row: dict[str, str], pair: Sequence[dict[str, str]], chance: random.Random) -> Judged:
    premise = row["premise"]
    if row["set"] in TRANSLATED and len(pair) > 1 and chance.random() < OTHER_LANGUAGE:
        premise = chance.choice(pair)["premise"]
    label = _LABELS[row["label"]]
    altered = () if label is Label.SUPPORTED else None
    title = row.get("title") or ""
    return Judged(title, premise, row["claim"], row["language"], label, altered, row["set"])


_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[%€$£]")
_NUMBER = re.compile(r"\d[\d.,  ]*\d|\d")
_LONG = 5

DENIED = {
    "en": (
        "is are was were can may must will has have should could would", r"\1 not",
        r"(?<=\w) not\b",
    ),
    "fr": (
        "est sont était peut peuvent doit doivent sera seront a ont fait", r"ne \1 pas",
        r"(?<=\w) pas\b",
    ),
    "nl": (
        "is zijn was wordt worden werd werden kan kunnen mag mogen moet moeten heeft hebben",
        r"\1 niet", r"(?<=\w) niet\b",
    ),
    "de": (
        "ist sind war wird werden wurde wurden kann können darf dürfen muss müssen hat haben soll",
        r"\1 nicht", r"(?<=\w) nicht\b",
    ),
    "es": ("es son fue puede pueden debe deben ha han está están será tiene tienen", r"no \1",
           r"\bno (?=\w)"),
    "it": ("è sono era può possono deve devono ha hanno sarà viene vengono", r"non \1",
           r"\bnon (?=\w)"),
    "pt": ("é são foi pode podem deve devem tem têm está estão será", r"não \1", r"\bnão (?=\w)"),
}  # fmt: skip
"""For each language the verbs that are denied, how, and a denial that may be taken away."""


@dataclass(frozen=True, slots=True)
class _Change:
    """A text with one piece of it replaced: where it stood, and where the new one stands."""

    text: str
    old: Span
    new: Span
    kind: str


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What is altered; `beside` is a text that other words may come from."""

    text: str
    language: str
    beside: str


class Altering:
    """Alters sentences with the words that documents of their language hold."""

    def __init__(self, texts: dict[str, str]) -> None:
        known = vocabulary()
        self._words: dict[str, list[str]] = {}
        self._groups: dict[str, list[dict[str, list[str]]]] = {}
        for language, text in texts.items():
            seen = sorted({match.group() for match in _WORD.finditer(text)})
            self._words[language] = [word for word in seen if len(word) >= _LONG]
            lower = {fold(word): word for word in seen}
            self._groups[language] = [
                _by_meaning(group, lower)
                for group in (known.numbers, known.units, known.months, known.weekdays)
            ]

    def altered(self, of: _Sentence, chance: random.Random) -> _Change | None:
        """Return the sentence with one thing changed, None where there is nothing to change."""
        ways = [self._number, self._listed, self._denied, self._opposite, self._name, self._added]
        chance.shuffle(ways)
        for way in ways:
            if change := way(of, chance):
                return change
        return None

    def _number(self, of: _Sentence, chance: random.Random) -> _Change | None:
        found = list(_NUMBER.finditer(of.text))
        if not found:
            return None
        match = chance.choice(found)
        others = [each for each in _NUMBER.findall(of.beside) if each not in of.text]
        if others and chance.random() < 0.5:  # noqa: PLR2004 - half and half
            return _replaced(of.text, match.span(), chance.choice(others), "number")
        digits = [at for at, char in enumerate(match.group()) if char.isdigit()]
        at = chance.choice(digits)
        low = 1 if at == 0 else 0
        digit = chance.choice([d for d in range(low, 10) if str(d) != match.group()[at]])
        new = match.group()[:at] + str(digit) + match.group()[at + 1 :]
        return _replaced(of.text, match.span(), new, "number")

    def _listed(self, of: _Sentence, chance: random.Random) -> _Change | None:
        """Change a number in words, a unit, a month or a day of the week to another."""
        groups = list(
            zip(("number", "unit", "date", "date"), self._groups[of.language], strict=True)
        )
        chance.shuffle(groups)
        for kind, group in groups:
            for match in _shuffled(_WORD.finditer(of.text), chance):
                own = next((name for name, each in group.items() if match.group() in each), None)
                others = [word for name, each in group.items() if name != own for word in each]
                if own is not None and others:
                    return _replaced(of.text, match.span(), chance.choice(others), kind)
        return None

    def _denied(self, of: _Sentence, chance: random.Random) -> _Change | None:
        verbs, denied, taken_away = DENIED[of.language]
        if match := re.search(taken_away, of.text):
            return _replaced(of.text, match.span(), "", "negation")
        found = list(re.finditer(rf"\b({verbs.replace(' ', '|')})\b", of.text))
        if not found:
            return None
        match = chance.choice(found)
        return _replaced(of.text, match.span(), match.expand(denied), "negation")

    def _opposite(self, of: _Sentence, chance: random.Random) -> _Change | None:
        sides = [side.split("|") for side in languages()[of.language].checks["opposites"]]
        words = [(at, n, word) for at, side in enumerate(sides) for n, word in enumerate(side)]
        chance.shuffle(words)
        for at, n, word in words:
            if "*" in word:
                continue
            if match := re.search(rf"\b{re.escape(word)}\b", of.text):
                whole = [each for each in sides[at ^ 1] if "*" not in each]
                if whole:
                    return _replaced(
                        of.text, match.span(), whole[min(n, len(whole) - 1)], "direction"
                    )
        return None

    def _name(self, of: _Sentence, chance: random.Random) -> _Change | None:
        """Change a word with a capital to another with one; in German, every noun has one."""
        if capitalises_nouns(of.language):
            return None
        near = [match.group() for match in _WORD.finditer(of.beside) if match.group()[0].isupper()]
        for match in _shuffled(_WORD.finditer(of.text), chance):
            word = match.group()
            if match.start() == 0 or not word[0].isupper():
                continue
            any_word = [chance.choice(self._words[of.language]) for _ in range(40)]
            others = [each for each in near + any_word if each[0].isupper()]
            others = [each for each in others if _differs(each, word)]
            if others:
                return _replaced(of.text, match.span(), chance.choice(others), "name")
        return None

    def _added(self, of: _Sentence, chance: random.Random) -> _Change | None:
        """Add the end of what stands beside it."""
        tail = of.beside.split()[-chance.randint(2, 7) :]
        joint = next(iter(languages()[of.language].and_words), "")
        if len(tail) < 2 or not joint:  # noqa: PLR2004 - one word alone says nothing
            return None
        end = len(of.text.rstrip(".!? "))
        return _replaced(
            of.text, (end, end), f" {joint} {' '.join(tail).rstrip('.!? ')}", "addition"
        )


def _by_meaning(group: dict[str, str], seen: dict[str, str]) -> dict[str, list[str]]:
    found = defaultdict[str, list[str]](list)
    for word, meaning in group.items():
        if word in seen:
            found[meaning].append(seen[word])
    return found


def _differs(one: str, other: str) -> bool:
    return fold(one)[:_LONG] != fold(other)[:_LONG]


def _shuffled(matches: Iterator[re.Match[str]], chance: random.Random) -> list[re.Match[str]]:
    found = list(matches)
    chance.shuffle(found)
    return found


def _replaced(text: str, place: tuple[int, int], new: str, kind: str) -> _Change:
    start, end = place
    changed = text[:start] + new + text[end:]
    return _Change(
        changed, Span(start, max(end, start + 1)), Span(start, start + max(len(new), 1)), kind
    )


class Alterations:
    """Claims made of the sentences of documents, other ones in every round."""

    def __init__(self, data: Path, count_tokens: CountTokens, *, kept_apart: bool) -> None:
        self._chunks = [
            each
            for asked in asked_documents(data, kept_apart=kept_apart)
            for each in chunk(asked.document, count_tokens=count_tokens, limit=480)
            if each.sentences
        ]
        texts = defaultdict[str, list[str]](list)
        for each in self._chunks:
            texts[each.source.language].append(each.text)
        self._altering = Altering({code: "\n".join(parts) for code, parts in texts.items()})

    def round(self, chance: random.Random) -> Iterator[Judged]:
        """Yield claims of sentences, each of another place."""
        chunks = list(self._chunks)
        chance.shuffle(chunks)
        yield from itertools.islice(self._claims(chunks, chance), ALTERED)

    def _claims(self, chunks: Sequence[Chunk], chance: random.Random) -> Iterator[Judged]:
        for each in chunks:
            headers = headers_of(each.text)
            sentences = [told(each.sentence(span), headers) for span in each.sentences]
            for at, sentence in enumerate(sentences):
                if len(_WORD.findall(sentence)) >= FEWEST_WORDS:
                    made = self._made(each, sentences, at, chance)
                    if made:
                        yield made

    def _made(
        self, of: Chunk, sentences: list[str], at: int, chance: random.Random
    ) -> Judged | None:
        language = of.source.language
        first = max(0, at - chance.randint(0, MOST_SENTENCES - 1))
        last = min(len(sentences), max(at + 1, first + chance.randint(1, MOST_SENTENCES)))
        around = sentences[first:last]
        sentence, here = sentences[at], at - first
        others = [each for n, each in enumerate(sentences) if n != at]
        elsewhere = chance.choice(self._chunks)
        is_near = others and chance.random() < NEAR
        beside = chance.choice(others) if is_near else ""
        if not beside and elsewhere.source.language == language:
            beside = elsewhere.sentence(elsewhere.sentences[0])
        whole = Judged(
            of.context, "\n".join(around), sentence, language, Label.SUPPORTED, (), "forum", "said"
        )
        kind = chance.random()
        if kind < 0.3:  # noqa: PLR2004 - said as it stands, or in another form
            return replace(whole, claim=_told_otherwise(sentence, language, chance))
        if kind < 0.4:  # noqa: PLR2004 - of another place
            apart = sentences[:first] + sentences[last:]
            near = [each for each in others if each not in around] or apart
            premise = "\n".join(near[:MOST_SENTENCES]) if near else elsewhere.text
            unsaid = Label.NOT_SUPPORTED
            return replace(whole, premise=premise, label=unsaid, altered=None, kind="elsewhere")
        change = self._altering.altered(_Sentence(sentence, language, beside), chance)
        if change is None or change.text in whole.premise:
            return whole
        refuted = Label.UNSAID if change.kind == "addition" else Label.NOT_SUPPORTED
        if kind < 0.5:  # noqa: PLR2004 - the altered one is what is said
            around[here] = change.text
            premise = "\n".join(around)
            return replace(whole, premise=premise, claim=change.text)
        if kind < 0.7 and change.kind != "addition":  # noqa: PLR2004 - the premise is altered
            around[here] = change.text
            premise = "\n".join(around)
            altered = (change.old,)
            return replace(whole, premise=premise, label=refuted, altered=altered, kind=change.kind)
        return replace(
            whole, claim=change.text, label=refuted, altered=(change.new,), kind=change.kind
        )


_THOUSANDS = re.compile(r"(?<=\d)[., \u202f](?=\d{3}\b)")


def _told_otherwise(sentence: str, language: str, chance: random.Random) -> str:
    """Return the sentence with what makes no difference told in another way, or left out."""
    if chance.random() < 0.4:  # noqa: PLR2004 - thousands parted otherwise
        sentence = _THOUSANDS.sub(chance.choice(["", ".", ",", " "]), sentence)
    parts = sentence.rstrip(" .").split(", ")
    if len(parts) > 1 and chance.random() < 0.6:  # noqa: PLR2004 - its parts in another order
        kept = [part for part in parts if len(part.split()) >= FEWEST_WORDS]
        chance.shuffle(kept)
        sentence = f"{', '.join(kept[:2]) or sentence}."
    if chance.random() < 0.6:  # noqa: PLR2004 - small words left out, as in notes
        small = vocabulary().function_words[language] - vocabulary().negators[language]
        words = sentence.split()
        kept = [word for word in words if not _is_small(word, small) or chance.random() < KEPT]
        sentence = " ".join(kept)
    return sentence[:1].upper() + sentence[1:]


def _is_small(word: str, small: frozenset[str]) -> bool:
    """Whether a word may be left out: an article, but not "only"."""
    plain = fold(word)
    return plain in small and not any(bound.fullmatch(plain) for bound in vocabulary().shared)
