"""Read numbers, in digits and in words of seven languages. Pure."""

import functools
import re
from decimal import Decimal

from assistant.writing.vocabulary import vocabulary

_SCALES = ("1000", "1000000", "1000000000")
MINUS = ("-", "\u2011", "\u2013", "\u2212")
"""Hyphens, the dash and the sign that people write before a number below nought."""
_ONES = ("ein", "een")
_ENDINGS = {"ten"}
"""English numbers that end other words: "zweiten" is not twelve."""
_TENS = {"10", "20", "30", "40", "50", "60", "70", "80", "90", "100"}


def number(token: str) -> str:
    """Return a number without the marks that part its thousands, decimals after a point.

    A minus sign, whichever it is, becomes a hyphen.
    """
    if token[:1] in MINUS:
        return "-" + number(token[1:])
    joined = re.sub(r"[\s\u00a0\u202f']", "", token)
    groups = re.split(r"[.,]", joined)
    if len(groups) == 1:
        return joined
    if all(len(group) == 3 for group in groups[1:]) and groups[0] != "0":  # noqa: PLR2004 - a thousand
        return "".join(groups)
    return _short(Decimal("".join(groups[:-1]) + "." + groups[-1]))


@functools.lru_cache(maxsize=4096)
def spelled(word: str) -> str:
    """Return the number that a folded word spells, "honderdtwintig" too, or nothing."""
    numbers = vocabulary().numbers
    if word in numbers:
        return numbers[word]
    total, held, rest = 0, 0, word
    while rest:
        parts = [part for part in (*numbers, *_ONES) if len(part) > 1 and rest.startswith(part)]
        parts = [part for part in parts if part not in _ENDINGS]
        if not parts:
            joint = next((each for each in ("und", "en") if held and rest.startswith(each)), "")
            if not joint:
                return ""
            rest = rest[len(joint) :]
            continue
        part = max(parts, key=len)
        value = int(float(numbers.get(part, "1")))
        rest = rest[len(part) :]
        if value >= 100:  # noqa: PLR2004 - a hundred multiplies what stands before it
            total, held = total + max(held, 1) * value, 0
        else:
            held += value
    return str(total + held) if total + held > 1 else ""


def adds_up(first: str, second: str, *, is_spelled: bool) -> bool:
    """Whether two numbers that follow each other are one: "1.9 million", "twenty-two"."""
    if second in _SCALES or second == "100":
        return True
    return is_spelled and first in _TENS and len(second) < len(first)


def combined(first: str, second: str) -> str:
    """Return the one number that two make."""
    if second in _SCALES or second == "100":
        return _short(Decimal(first) * Decimal(second))
    return _short(Decimal(first) + Decimal(second))


def _short(value: Decimal) -> str:
    """Return a number with all its digits; floats would round large amounts."""
    digits = f"{value:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
