"""Takes personal data out of what members typed, as far as it can be told from its form.

Addresses, telephone numbers, bank accounts and numbers of identity have forms that libraries know;
names are taken where somebody gives them ("my name is …", "Mr …"), and places of living where a
street has a number. What has no such form stays: so nobody is shown a question that only one asked.
"""

import functools
import re
from collections.abc import Callable, Iterator
from functools import partial

import phonenumbers
from phonenumbers import PhoneNumberMatcher
from stdnum import iban, luhn
from stdnum.be import nn as belgian
from stdnum.de import idnr as german
from stdnum.es import nif as spanish
from stdnum.exceptions import ValidationError
from stdnum.fr import nir as french
from stdnum.it import codicefiscale as italian
from stdnum.nl import bsn as dutch
from stdnum.pt import nif as portuguese

from assistant.domain.corpus import Span
from assistant.language.languages import languages

EMAIL, TELEPHONE, NUMBER, NAME, ADDRESS, LINK = (
    *("[e-mail]", "[telephone]", "[number]", "[name]", "[address]", "[link]"),
)
REGIONS = ("BE", "FR", "NL", "DE", "ES", "IT", "PT", "LU", "CH", "AT", "GB", "IE")
"""Where members telephone from; a number with its country's code is known in any case."""

SHORTEST_IDENTITY = 9
"""Signs without spaces: years and amounts are shorter."""
LONG_IDENTITY = 15  # signs: accounts and cards

_EMAIL = re.compile(r"[^\s@<>()\[\],;:]+@[^\s@<>()\[\],;:]+\.[^\W\d_]{2,}")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_IP_ADDRESS = re.compile(
    r"\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{1,4}\b"
)
_IDENTIFIER = re.compile(r"\b[A-Z]{0,6}\d[\dA-Z .\-/]{6,33}[\dA-Z]\b", re.IGNORECASE)
"""What may be a number of identity, of an account or a card: it is told by its check digits."""
_TELEPHONE = re.compile(r"(?!\d\d[./-]\d\d[./-]\d{4})[+(0](?:\D*\d){7,}")
"""As people write it: years, amounts and dates would pass for some country's."""
_LONG_NUMBER = re.compile(r"\b\d(?:[ .\-/]?\d){8,}\b")
"""Nine digits or more: no amount, date or year that a question would hold."""
_IDENTITIES: tuple[Callable[[str], object], ...] = (
    *(
        partial(iban.validate, check_country=False),
        belgian.validate,
        german.validate,
        spanish.validate,
        french.validate,
    ),
    *(italian.validate, dutch.validate, portuguese.validate, luhn.validate),
)


def redacted(text: str) -> str:
    """Return a text with what looks like personal data replaced by what it was, in brackets."""
    for span, kind in sorted(_found(text), key=lambda one: -one[0].start):
        text = f"{text[: span.start]}{kind}{text[span.end :]}"
    return text


def _found(text: str) -> list[tuple[Span, str]]:
    """Return what to take out; of what overlaps, the first that was found."""
    taken = list[tuple[Span, str]]()
    for span, kind in _candidates(text):
        if all(span.end <= other.start or other.end <= span.start for other, _ in taken):
            taken.append((span, kind))
    return taken


def _candidates(text: str) -> Iterator[tuple[Span, str]]:
    for pattern, kind in ((_EMAIL, EMAIL), (_LINK, LINK), (_IP_ADDRESS, NUMBER)):
        yield from ((Span(*match.span()), kind) for match in pattern.finditer(text))
    identities = [
        Span(match.start(), match.start() + length)
        for match in _IDENTIFIER.finditer(text)
        if (length := _identity(match[0]))
    ]
    # An account may hold what looks like a telephone number, and that what looks like an identity.
    yield from ((span, NUMBER) for span in identities if span.end - span.start >= LONG_IDENTITY)
    for region in REGIONS:
        for number in PhoneNumberMatcher(text, region, leniency=phonenumbers.Leniency.VALID):
            if _TELEPHONE.match(number.raw_string):
                yield Span(number.start, number.end), TELEPHONE
    yield from ((span, NUMBER) for span in identities)
    yield from ((Span(*match.span()), NUMBER) for match in _LONG_NUMBER.finditer(text))
    yield from ((Span(*match.span()), ADDRESS) for match in _addresses().finditer(text))
    for match in _names().finditer(text):
        yield Span(*match.span(match.lastgroup or 0)), NAME


def _identity(text: str) -> int:
    """Return how much of a text is a number of identity, of an account or a card; 0 for none.

    It is told by its check digits; words of a few letters may follow it.
    """
    parts = text.split(" ")
    wholes = (" ".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((len(whole) for whole in wholes if _is_identity(whole)), 0)


def _is_identity(text: str) -> bool:
    compact = re.sub(r"[ .\-/]", "", text).upper()
    if len(compact) < SHORTEST_IDENTITY:
        return False
    for validate in _IDENTITIES:
        try:
            validate(compact)
        except ValidationError:
            continue
        return True
    return False


_WORD = r"[^\W\d_][\w’'-]*"
_CAPITALISED = r"[A-ZÀ-ÖØ-Þ][\w’'-]*"
_PARTICLE = r"(?:d[aeiou]s?|d['’]|del|della|van|von|de[nr]?|la|le|les|l['’]|saint|sainte|san|são)"


@functools.cache
def _names() -> re.Pattern[str]:
    """Return what finds a name after the words by which people introduce themselves or others.

    After an introduction two words are taken, in whatever case; after a title those with capitals;
    after "this is" two of them at least.
    """
    said, titles, before = (_of_all(part) for part in ("introductions", "titles", "before_names"))
    whole = rf"{_CAPITALISED}(?:\s+(?:{_PARTICLE}\s+)*{_CAPITALISED})*"
    return re.compile(
        rf"\b(?:(?i:{said})\s+(?=(?P<name>{_WORD}(?:\s+(?:{_PARTICLE}\s+)*{_WORD})?))"
        rf"|(?i:(?:(?:{titles})\.?\s+)+)(?=(?P<titled>{whole}))"
        rf"|(?i:{before})\s+(?=(?P<named>{_CAPITALISED}\s+(?:{_PARTICLE}\s+)*{_CAPITALISED})))"
    )


@functools.cache
def _addresses() -> re.Pattern[str]:
    """Return what finds a street with its number, on either side of the name."""
    streets, endings = _of_all("streets"), _of_all("street_endings")
    number = r"\d{1,3}\s?[a-z]?\b(?:\s?(?:bis|ter|bus|bte|boîte)\b\s?\d*)?"
    last = r"(?=\s*(?:[,.;?!)]|$|\d{4,5}\b))"
    name = rf"(?:{_PARTICLE}\s*)*{_WORD}"
    return re.compile(
        rf"\b{number},?\s+(?:{streets})\s+{name}"
        rf"|\b(?:{streets})\s+(?:{_WORD}\s+){{0,3}}?{_WORD},?\s+(?:n[°ºo.]\s*)?{number}{last}"
        rf"|\b[\w’'-]{{3,}}(?:{endings})\.?\s+{number}"
        rf"|\b\d{{1,3}}[a-z]?,?\s+(?:{_WORD}\s+){{1,2}}(?:{streets})\b",
        re.IGNORECASE,
    )


def _of_all(part: str) -> str:
    """Return a pattern of what any of the languages has: nobody says in which one they write."""
    return "|".join(each.personal[part] for each in languages().values() if each.personal[part])
