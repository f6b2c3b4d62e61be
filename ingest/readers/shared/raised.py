"""Write numbers that stand above the line as such: "2024¹", "300 m²". No input or output happens.

On the line, the number of a note would be read as the last digit of a year, and 10⁶ as 106.
"""

import re

_NUMBER = re.compile(r"\s*[+−-]?\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,4}\s*", re.ASCII)
_SIGNS = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")


def raised(text: str) -> str:
    """Return a text that stands above the line; what is no number, as in "20th", as it is."""
    return text.translate(_SIGNS) if _NUMBER.fullmatch(text) else text
