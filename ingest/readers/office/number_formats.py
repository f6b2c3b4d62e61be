"""Write numbers and dates as a spreadsheet shows them, by its format codes. No input or output.

Ecma-376, part 1, 18.8.30-31. Dates are written as ISO 8601, because what a code such as `m/d/yyyy`
shows depends on the country of who looks; separators of numbers are those of the code.
"""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

GENERAL = "General"
BUILT_IN = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yyyy h:mm",
    37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
"""The codes that files name by a number only."""

_LONGEST_CODE = 255
_MOST_DECIMALS = 15
_MOST_DIGITS = 20  # before or after the point; beyond, a number is written as a power of ten
_KEPT = Context(prec=15)  # what a sheet keeps of a number; the file may tell of more
_GENERAL = Context(prec=10)  # what it shows in a cell of common width
_FIRST = datetime(1899, 12, 30)  # noqa: DTZ001 - sheets know no zones
_LEAP_DAY = 60  # 29 February 1900, which never was: days before it count from one later
_SINCE_1904 = 1462
_LAST = 2_958_465  # 31 December 9999
_DAY = 86_400
# Quoted words, one escaped character, a currency, a color or condition, a blank, a filler.
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.')
_CONDITION = re.compile(r"\[[<>=]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_FRACTION = re.compile("[#0?]/[#0-9?]")
_DIGITS = re.compile(r"[#0?](?:[#0?,.]*[#0?.])?,*(?:E[+-]0+)?")


def number(text: str) -> Decimal | None:
    """Return a number as a file tells it, None if it is none."""
    try:
        value = _KEPT.create_decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def shown(value: Decimal, code: str, *, since_1904: bool = False) -> str:
    """Return a number as it is shown; empty where its format shows nothing."""
    is_large = value and abs(value.adjusted()) > _MOST_DIGITS
    if len(code) > _LONGEST_CODE or is_large or _CONDITION.search(code):
        return _general(value)
    sections = _sections(code)
    at = 1 if value < 0 else 2 if value == 0 else 0
    section = sections[at] if at < len(sections) else sections[0]
    bare = _LITERAL.sub("", section)
    if bare.strip().lower() in {"general", "@"} or _FRACTION.search(bare):
        return _general(value)
    if _ELAPSED.search(section) or re.search("[dmyhs]", bare, re.IGNORECASE):
        return _moment(value, section, since_1904=since_1904)
    text = _number(abs(value), section)
    # A part for negative numbers brings its sign; in others, one between digits is none.
    is_signed = re.search(r"[-(−]" if len(sections) > 1 else r"^[-(−]", text)
    is_unsigned = value < 0 and text != "" and not is_signed
    return f"-{text}" if is_unsigned and re.search("[1-9]", text) else text


def _sections(code: str) -> list[str]:
    """Return the parts of a code for positive and negative numbers, for zero and for words."""
    parts, start = [], 0
    for each in re.finditer(r'"[^"]*"|\\.|\[[^\]]*\]|(;)', code):
        if each[1]:
            parts.append(code[start : each.start()])
            start = each.end()
    return [*parts, code[start:]]


def _general(value: Decimal) -> str:
    if value and abs(value.adjusted()) > _MOST_DIGITS:
        return f"{value:.9E}"
    if value == value.to_integral_value():
        return f"{value.to_integral_value():f}".replace("-0", "0") if not value else f"{value:.0f}"
    return f"{_GENERAL.plus(value).normalize():f}"


def _number(value: Decimal, section: str) -> str:
    """Return a number without its sign, with all that its code puts around it."""
    literals: list[str] = []

    def kept(match: re.Match[str]) -> str:
        literals.append(match[1] or match[2] or match[3] or "")
        return chr(0xE000 + len(literals) - 1)

    marked = _LITERAL.sub(kept, section)
    scaled = value.scaleb(2 * min(marked.count("%"), 2))
    forms = list(_DIGITS.finditer(marked))
    if len(forms) > 1 and "E" not in marked:
        first, last = forms[0].start(), forms[-1].end()
        text = f"{marked[:first]}{_parted(scaled, marked[first:last])}{marked[last:]}"
    else:
        text = _DIGITS.sub(lambda form: _digits(scaled, form[0]), marked, count=1)
    return re.sub("[\ue000-\uf8ff]", lambda each: literals[ord(each[0]) - 0xE000], text).strip()


def _digits(value: Decimal, form: str) -> str:
    form, exponent, _ = form.partition("E")
    thousands = len(form) - len(form.rstrip(","))
    whole, _, decimals = form.rstrip(",").partition(".")
    most = min(sum(map(decimals.count, "0#?")), _MOST_DECIMALS)
    if exponent:
        return f"{value:.{most}E}"
    rounded = _rounded(value, thousands, most)
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    head, _, tail = text.partition(".")
    fewest = decimals.count("0")
    tail = tail[:fewest] + tail[fewest:].rstrip("0")
    if "," not in whole:
        head = head.rjust(whole.count("0"), "0")
    return f"{head}.{tail}" if tail else head


def _rounded(value: Decimal, thousands: int, decimals: int) -> Decimal:
    scaled = value.scaleb(-3 * min(thousands, 3))
    return scaled.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, Context(prec=60))


def _parted(value: Decimal, form: str) -> str:
    """Return a number whose digits something parts, such as that of a telephone."""
    bare = form.rstrip(",")
    whole, _, decimals = bare.partition(".")
    most = min(sum(map(decimals.count, "0#?")), _MOST_DECIMALS)
    thousands = len(form) - len(bare) + len(whole) - len(whole.rstrip(","))
    head, _, tail = f"{_rounded(value, thousands, most):f}".partition(".")
    before, after = _filled_from_right(head.lstrip("0"), whole), _filled_from_left(tail, decimals)
    return f"{before}.{after}" if after else before


def _filled_from_right(digits: str, form: str) -> str:
    """Return digits in their places, those for which there is none before the first of them."""
    made: list[str] = []
    between: list[str] = []
    shown, has_commas = 0, "," in form.rstrip(",")
    for at in range(len(form) - 1, -1, -1):
        if form[at] not in "#0?,":
            between.append(form[at])
        if form[at] not in "#0?":
            continue
        here = digits[-1:] or ("0" if form[at] == "0" else "")
        digits = digits[:-1]
        for digit in reversed(here if at else digits + here):
            is_parted = not between and shown > 0 and shown % 3 == 0
            made += [*between, *("," if is_parted and has_commas else ""), digit]
            between.clear()
            shown += 1
    return "".join(reversed(made))


def _filled_from_left(digits: str, form: str) -> str:
    made, between = "", ""
    for sign in form:
        if sign not in "#0?":
            between += sign
        elif digits and (sign == "0" or digits.strip("0")):
            made += f"{between}{digits[0]}"
            between, digits = "", digits[1:]
    return made


def _moment(value: Decimal, section: str, *, since_1904: bool) -> str:
    """Return a day, a time or both, as far as the code shows them."""
    days = value + (_SINCE_1904 if since_1904 else 0)
    if not 0 <= days <= _LAST:
        return _general(value)
    seconds = int((days * _DAY).to_integral_value(ROUND_HALF_UP))
    if elapsed := _ELAPSED.search(section):
        hours, rest = divmod(seconds, 3600)
        if elapsed[1][0] in "hH":
            return f"{hours}:{rest // 60:02}" + (
                f":{rest % 60:02}" if "s" in section.lower() else ""
            )
        return str(seconds if elapsed[1][0] in "sS" else seconds // 60)
    if days < _LEAP_DAY and not since_1904:
        seconds += _DAY
    moment = _FIRST + timedelta(seconds=seconds)
    bare = re.sub(r"am/pm|a/p", "", _LITERAL.sub("", section), flags=re.IGNORECASE).lower()
    has_time = re.search("[hs]", bare)
    has_day, has_year = "d" in bare, "y" in bare
    parts = []
    if has_day or ("m" in bare and not has_time):
        parts.append(f"{moment:%Y-%m-%d}" if has_day else f"{moment:%Y-%m}")
    elif has_year:
        parts.append(f"{moment:%Y}")
    if has_time:
        parts.append(f"{moment:%H:%M:%S}" if "s" in bare else f"{moment:%H:%M}")
    return " ".join(parts)
