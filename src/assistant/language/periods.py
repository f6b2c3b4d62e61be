"""The span of time that a question names: years, months and days, in words or figures. Pure."""

import calendar
import functools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from babel import Locale, UnknownLocaleError

from assistant.language.words import fold, whole

YEAR = r"(?:19|20)\d\d"
_YEARS = {"this_year": 0, "last_year": -1, "next_year": 1}
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last; either may be open."""

    first: date | None = None
    last: date | None = None

    def __bool__(self) -> bool:
        """Whether a period is named at all."""
        return self.first is not None or self.last is not None


@dataclass(frozen=True, slots=True)
class PeriodForms:
    """How one language speaks of time; `relative` are forms such as "last month"."""

    language: str
    relative: Mapping[str, re.Pattern[str]]
    patterns: Mapping[str, re.Pattern[str]]


def period_forms(
    language: str, words: Mapping[str, str], relative: Mapping[str, str]
) -> PeriodForms:
    """Return the forms that are made of a language's own words for "since", "between", ..."""
    month = rf"(?:\d{{1,2}}(?:st|nd|rd|th|er|º)? (?:\w{{1,3}} )?)?(?:{_month(language)})"
    dated = rf"{month}(?: \d{{1,2}}(?:st|nd|rd|th)?)?(?: (?:\w{{1,3}} )?{YEAR})?"
    figures = rf"(?:\d{{1,2}} )?{YEAR}"
    moment, article = rf"(?:{dated}|{figures})", r"(?:\w{1,4} |l')??"
    sources = {
        "between": rf"(?:(?:{words['between']}) {article})?({moment})"
        rf" (?:{words['joins']}) {article}({moment})",
        "since": rf"(?:{words['since']}) (?:\S+ )??({moment})",
        "after": rf"(?:{words['after']}) (?:\S+ )??({moment})",
        "before": rf"(?:{words['before']}) (?:\S+ )??({moment})",
        "until": rf"(?:{words['until']}) (?:\S+ )??({moment})",
        "during": rf"(?:{words['during']}) {article}(?P<bare>{moment})"
        rf"|(?P<dated>{month} (?:\w{{1,3}} )?{YEAR}|{figures})",
    }
    return PeriodForms(
        language,
        {name: whole(source) for name, source in relative.items()},
        {name: whole(source) for name, source in sources.items()},
    )


def without_period(
    plain: str, forms: PeriodForms, today: date, *, is_ahead: bool = False
) -> tuple[str, Period]:
    """Return the text without what it says of time, and that as a period.

    A month without a year is the last of its name that has begun; with `is_ahead` the next that is
    not over.
    """
    found, patterns = Period(), forms.patterns
    moment_of = functools.partial(_moment, language=forms.language, today=today, is_ahead=is_ahead)
    for name, pattern in forms.relative.items():
        if pattern.search(plain):
            found, plain = _relative(name, today), pattern.sub(" ", plain)
    if match := patterns["between"].search(plain):
        return patterns["between"].sub(" ", plain), _between(match, moment_of)
    for name in ("since", "after", "before", "until"):
        for match in patterns[name].finditer(plain):
            found = _bounded(found, name, moment_of(match[1]))
        plain = patterns[name].sub(" ", plain)
    if not found:
        for match in patterns["during"].finditer(plain):
            found = moment_of(match["bare"] or match["dated"])
    return patterns["during"].sub(" ", plain), found


def _bounded(found: Period, name: str, period: Period) -> Period:
    """Return the period as "since", "after", "before" or "until" a moment bounds it."""
    if name == "since":
        return replace(found, first=period.first)
    if name == "after" and period.last:
        return replace(found, first=period.last + timedelta(days=1))
    if name == "before" and period.first:
        return replace(found, last=period.first - timedelta(days=1))
    return replace(found, last=period.last)


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day to the last, which may be one."""

    first: date
    last: date


def days_in(text: str, language: str) -> Iterator[Days]:
    """Yield the days that a text names in full, in its order; a range or a pair as one.

    So it is of "19 and 20 May 2026", and of "30 November to 2 December 2026".
    """
    plain, before, end = fold(text), None, 0
    for match in _days(language).finditer(plain):
        found = _named(match.groupdict(), months(language))
        if found is None:
            continue
        if before and before.first < found.last and _REACHES.fullmatch(plain, end, match.start()):
            before = Days(before.first, found.last)  # each of the two has its year
        else:
            if before:
                yield before
            before = found
        end = match.end()
    if before:
        yield before


def day_before(text: str, language: str) -> Days | None:
    """Return the days that a text begins with, as an entry of an agenda does; after a weekday."""
    rest = _weekday(language).sub("", fold(text), count=1)
    return next(days_in(rest, language), None) if _days(language).match(rest) else None


def _named(named: Mapping[str, str | None], known: Mapping[str, int]) -> Days | None:
    """Return the days of a match, None where there is no such day as its first."""
    begun = [int(each) for each in re.findall(r"\d+", named["begun"] or "")]
    month = named["month_begun"] or named["month"] or named["month_first"]
    last_month = named["month_after"] or named["month"] or named["month_first"]
    number = int(named["figure"] or named["iso"] or 0) or known[last_month or ""]
    day = int(named["day"] or named["day_after"] or named["day_figure"] or named["day_iso"] or 0)
    last = int(named["day_last"] or named["day_second"] or named["day_ended"] or day)
    year = int(next(each for key, each in named.items() if key.startswith("year") and each))
    first_number = begun[1] if begun[1:] else known[month] if month else number
    turns = first_number > number  # "from 30 December to 2 January 2027"
    first = _date(year - turns, first_number, begun[0] if begun else day)
    return Days(first, max(first, _date(year, number, last) or first)) if first else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # the 31st of February, or a figure that is no day
        return None


@functools.cache
def months(language: str) -> Mapping[str, int]:
    """Return the months by their names in a language, long and short, without accents."""
    try:
        known = Locale.parse(language).months
    except (ValueError, UnknownLocaleError):
        return {}
    names = {
        fold(name).strip("."): number
        for form in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in known[form][width].items()
    }
    return {name: number for name, number in names.items() if not name.isdigit()}


@functools.cache
def _weekday(language: str) -> re.Pattern[str]:
    """Return a pattern of the marks and the weekday that may stand before a day."""
    try:
        known = Locale.parse(language).days["format"]
    except (ValueError, UnknownLocaleError):
        known = {}
    names = {fold(name).strip(".") for width in known.values() for name in width.values()}
    weekdays = "|".join(sorted((name for name in names if len(name) > 1), key=len, reverse=True))
    return re.compile(rf"\A\W*(?:(?:{weekdays or '(?!)'})\.?,?\s+)?")


def _between(match: re.Match[str], moment_of: Callable[[str], Period]) -> Period:
    """Return the days that two moments span; the first takes the second's year if it has none.

    "Between November and February" begins in the year before.
    """
    first, last = moment_of(match[1]).first, moment_of(match[2]).last
    if re.search(YEAR, match[1]) or not first or not last:
        return Period(first, last)
    day = min(first.day, calendar.monthrange(last.year, first.month)[1])
    first = first.replace(year=last.year, day=day)
    return Period(first if first <= last else first.replace(year=last.year - 1), last)


def _moment(text: str, *, language: str, today: date, is_ahead: bool) -> Period:
    """Return the days of a year, a month or a day."""
    folded = fold(text)
    named = re.search(YEAR, folded)
    known = months(language)
    month = next((known[word] for word in re.findall(r"[^\W\d_]+", folded) if word in known), 0)
    if not month and (figure := re.match(r"(\d{1,2}) (?=(?:19|20)\d\d)", folded)):
        month = min(max(int(figure[1]), 1), _DECEMBER)
    if not month:
        year = int(named[0]) if named else today.year
        return Period(date(year, 1, 1), date(year, _DECEMBER, 31))
    near = today.year + (month < today.month) if is_ahead else today.year - (month > today.month)
    year = int(named[0]) if named else near
    length = calendar.monthrange(year, month)[1]
    day = re.search(r"(?<!\d)(\d{1,2})(?!\d)", folded) if re.search(r"[^\W\d_]", folded) else None
    if day and 1 <= int(day[1]) <= length:
        return Period(date(year, month, int(day[1])), date(year, month, int(day[1])))
    return Period(date(year, month, 1), date(year, month, length))


def _relative(name: str, today: date) -> Period:
    if name in _YEARS:
        year = today.year + _YEARS[name]
        return Period(date(year, 1, 1), date(year, _DECEMBER, 31))
    if name.endswith("week"):
        monday = today - timedelta(days=today.weekday() + 7 * name.startswith("last"))
        return Period(monday, monday + timedelta(days=6))
    month = today.month - 1 + {"last": -1, "next": 1}.get(name.partition("_")[0], 0)
    year, month = today.year + month // 12, month % 12 + 1
    return Period(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


@functools.cache
def _month(language: str) -> str:
    """Return a pattern of the months' names; what has accents is also taken without them."""
    known = Locale.parse(language).months["format"]["wide"].values()
    both = {*months(language), *(name.casefold() for name in known)}
    return "|".join(sorted(map(re.escape, both), key=len, reverse=True))


_LONG = r"until|till|through|tot en met|t/m|bis|bis zum|hasta"
_TO = rf"and|to|et|au|a|en|tot|und|y|e|ed|al|ao|ate|{_LONG}"
_REACHES = re.compile(
    rf"(?:\s*[-–—/]\s*|,?\s+(?:to|au|a|tot|al|ao|ate|{_LONG})\s+)(?:[^\W\d]+\.?,?\s+){{0,2}}"
)
"""What stands between the first and the last day of a range, each of which has its year."""


@functools.cache
def _days(language: str) -> re.Pattern[str]:
    names = "|".join(sorted(months(language), key=len, reverse=True)) or "(?!)"
    nth = r"(?:st|nd|rd|th|er|re|ste|de|e|o|°|\.)?"
    to_day = rf"(?!(?:h|u|uhr|uur|hrs|am|pm)\b)\w{{1,3}}|{_LONG}"  # "9 h, 20 May" is no range
    then = r"(?:\s*[-–—/&]\s*|,?\s+(?:%s)\s+)"
    day, last = rf"\d{{1,2}}{nth}", rf"(?P<day_last>\d{{1,2}}){nth}"
    more = (
        rf"(?:(?:,\s+{day}){{0,3}}{then % to_day}(?:\w+\.?\s+){{0,2}}{last}"
        rf"|\s*,\s*(?P<day_second>\d{{1,2}}){nth})"
    )
    begun = rf"(?:(?:\s+\w{{2,3}})?\s+(?P<month_begun>{names})\.?,?(?={then % _TO}))?"
    return re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}}){nth}(?:{begun}{more})?(?:\s+\w{{2,3}})?\s+"
        rf"(?P<month>{names})\.?,?(?:\s+\w{{2,3}})?\s+(?P<year>{YEAR})"
        rf"|\b(?P<month_first>{names})\.?\s+(?P<day_after>\d{{1,2}})(?:st|nd|rd|th)?"
        rf"(?:\s*(?:[-–—]|and|to|until|through)\s*(?:(?P<month_after>{names})\.?\s+)?"
        rf"(?P<day_ended>\d{{1,2}})(?:st|nd|rd|th)?)?,?\s+(?P<year_after>{YEAR})"
        rf"|(?<!\d){_begun_in_figures(then % _TO)}"
        rf"(?P<day_figure>\d{{1,2}})[./-](?P<figure>\d{{1,2}})[./-](?P<year_figure>{YEAR})"
        rf"|(?P<year_iso>{YEAR})-(?P<iso>\d\d)-(?P<day_iso>\d\d)"
    )


def _begun_in_figures(then: str) -> str:
    """Return a pattern of what a range in figures begins with, such as "28.-" or "28/11 – ".

    Of a number alone, a dash with spaces makes no range: "Room 5 – 28.11.2026".
    """
    day, month = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
    whole = rf"{day}(?:\.{month}\.|/{month}|-{month}(?=\s)|\.)(?={then}\d)"
    return rf"(?:(?P<begun>{whole}|{day}(?=[-–—]\d|,?\s+(?:{_TO})\s+\d))(?:{then}))?"
