"""Write numbers as office programs count with them: letters, Roman numerals, digits. Pure."""

import re

_MOST_LETTERS = 780  # thirty times the alphabet
_MOST_ROMAN = 3999
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def in_form(value: int, form: str) -> str:
    """Return a number as a format of Word shows it; empty if it shows none."""
    match form:
        case "none" | "bullet":
            return ""
        case "decimalZero":
            return f"{value:02}"
        case "lowerLetter" | "upperLetter" if 0 < value <= _MOST_LETTERS:
            letters = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
            return letters if form == "lowerLetter" else letters.upper()
        case "lowerRoman" | "upperRoman" if 0 < value <= _MOST_ROMAN:
            return _roman(value) if form == "lowerRoman" else _roman(value).upper()
        case _:
            return str(value)


def _roman(value: int) -> str:
    signs = []
    for worth, sign in _ROMAN:
        times, value = divmod(value, worth)
        signs.append(sign * times)
    return "".join(signs)


def as_number(value: str) -> int | None:
    """Return a value as a number below a million, None if it is none."""
    return int(value) if re.fullmatch("[0-9]{1,6}", value) else None
