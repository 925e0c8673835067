"""Reads a day the way people type it, in Persian or English and in either calendar.

«۱۴۰۵/۰۹/۱۲», «۱۲ آذر», «پس‌فردا», «سه‌شنبه», «۳ روز دیگر», «آخر ماه», 2026-12-03, "12 dec", "next tue", "+3d".
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from l10n import calendars, names
from l10n.current import Calendar, current
from l10n.text import fold, squeeze

Prefer = Literal["future", "past"]


class DateNotUnderstood(ValueError):
    """`no_such_day`: it read as a date, but the calendar has no such day («۳۰ اسفند ۱۴۰۵»)."""

    def __init__(self, text: str, *, no_such_day: bool = False) -> None:
        super().__init__(text)
        self.no_such_day = no_such_day


@dataclass(frozen=True)
class Asked:
    """What a rule knows beside the words: `prefer` decides for a day that comes every week or year."""

    today: date
    calendar: Calendar
    prefer: Prefer

    @property
    def forward(self) -> int:
        return 1 if self.prefer == "future" else -1


Rule = Callable[[re.Match[str], Asked], date]
_RULES: list[tuple[re.Pattern[str], Rule]] = []


def parse_day(text: str, *, today: date, calendar: Calendar, prefer: Prefer = "future") -> date:
    """The day meant by `text`; "next week" and the like follow the current tenant's week.

    Raises DateNotUnderstood. `prefer` is the side on which a day without year or week is sought.
    """
    words = " ".join(re.sub(r"[,،٬]", " ", fold(text)).split())
    asked = Asked(today, calendar, prefer)
    weekday, rest = _leading_weekday(words)
    found = _first_match(rest, asked, text)
    if weekday is not None and found.weekday() != weekday:
        raise DateNotUnderstood(text, no_such_day=True)
    if not calendars.FIRST_DAY <= found <= calendars.LAST_DAY:
        raise DateNotUnderstood(text, no_such_day=True)
    return found


def _first_match(words: str, asked: Asked, text: str) -> date:
    for pattern, rule in _RULES:
        if match := pattern.fullmatch(words):
            try:
                return rule(match, asked)
            except (ValueError, OverflowError) as error:
                raise DateNotUnderstood(text, no_such_day=True) from error
    raise DateNotUnderstood(text)


def _rule(pattern: str) -> Callable[[Rule], Rule]:
    def register(function: Rule) -> Rule:
        _RULES.append((re.compile(pattern), function))
        return function

    return register


# --- Words --------------------------------------------------------------------------------------------------------
# Keys are folded as the typed text is: no marks, آ as ا, half-spaces as spaces.
_NEAR = {
    **dict.fromkeys(("امروز", "today", "tod", "now"), 0),
    **dict.fromkeys(("فردا", "tomorrow", "tmr", "tmrw", "tom"), 1),
    **dict.fromkeys(("پس فردا", "پسفردا", "day after tomorrow", "the day after tomorrow"), 2),
    **dict.fromkeys(("دیروز", "yesterday"), -1),
    **dict.fromkeys(("پریروز", "day before yesterday", "the day before yesterday"), -2),
}
_WEEKDAY = (
    "(?:یک|دو|سه|چهار|پنج) ?شنبه|شنبه|جمعه|mon(?:day)?|tue(?:s|sday)?|wed(?:s|nesday)?|"
    "thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)
_WEEKDAYS = {squeeze(name): number for number, name in enumerate(names.WEEKDAYS["fa"])}
_ENGLISH_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_COUNTS = {
    word: number
    for number, spellings in enumerate(
        names.words("یک|a|an|one دو|two سه|three چهار|four پنج|five شش|six هفت|seven هشت|eight نه|nine ده|ten"), 1
    )
    for word in spellings.split("|")
}
_ORDINALS = {
    word: number
    for number, word in enumerate(
        names.words(
            "اول دوم سوم چهارم پنجم ششم هفتم هشتم نهم دهم یازدهم دوازدهم سیزدهم چهاردهم پانزدهم شانزدهم هفدهم هجدهم "
            "نوزدهم بیستم"
        ),
        1,
    )
}
_ORDINALS |= {f"بیست و {word}": 20 + n for word, n in _ORDINALS.items() if n < 10}
_ORDINALS |= {"یکم": 1, "بیست و یکم": 21, "سی ام": 30, "سیم": 30, "سی و یکم": 31, "سی و اول": 31}
_MONTHS: dict[str, tuple[Calendar, int]] = {"امرداد": ("jalali", 5), "جولای": ("gregorian", 7), "می": ("gregorian", 5)}
_MONTHS |= {"آگوست": ("gregorian", 8), "sept": ("gregorian", 9)}
for (_language, _calendar), _month_names in names.MONTHS.items():
    for _number, _name in enumerate(_month_names, 1):
        _MONTHS[_name.lower()] = (_calendar, _number)
for _number, _name in enumerate(names.SHORT_MONTHS["en", "gregorian"], 1):
    _MONTHS[_name.lower()] = ("gregorian", _number)
_MONTHS = {fold(name): month for name, month in _MONTHS.items()}


def _any(words: dict[str, int] | dict[str, tuple[Calendar, int]]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def _weekday_number(word: str) -> int:
    if word[:3] in _ENGLISH_WEEKDAYS:
        return _ENGLISH_WEEKDAYS.index(word[:3])
    return _WEEKDAYS[squeeze(word)]


_LEADING = re.compile(rf"({_WEEKDAY}) (?=\d|(?:{_any(_ORDINALS)}) |(?:{_any(_MONTHS)}) \d)(.+)")


def _leading_weekday(words: str) -> tuple[int | None, str]:
    """«پنجشنبه ۱۲ آذر» names its weekday, which must then be true."""
    match = _LEADING.fullmatch(words)
    return (_weekday_number(match[1]), match[2]) if match else (None, words)


# --- Near days ----------------------------------------------------------------------------------------------------
@_rule("|".join(_NEAR))
def _near(match: re.Match[str], asked: Asked) -> date:
    return asked.today + timedelta(_NEAR[match[0]])


_UNIT = "روز|هفته|ماه|سال|d|w|m|y|days?|weeks?|months?|years?"
_UNITS = {"روز": "d", "هفته": "w", "ماه": "m", "سال": "y"}


@_rule(
    rf"(?P<in>in )?(?P<sign>[+\-\u2212])?(?P<count>\d{{1,4}}|{_any(_COUNTS)}) ?(?P<unit>{_UNIT})"
    r"(?: (?:(?P<later>دیگر|دیگه|بعد|اینده|later|from now|from today)|(?P<ago>پیش|قبل|گذشته|ago)))?"
)
def _distance(match: re.Match[str], asked: Asked) -> date:
    count = _COUNTS.get(match["count"]) or int(match["count"])
    said_future, said_past = match["in"] or match["later"] or match["sign"] == "+", match["ago"] or match["sign"]
    direction = 1 if said_future else -1 if said_past else asked.forward
    return _moved(asked, direction * count, _UNITS.get(match["unit"], match["unit"][0]))


def _moved(asked: Asked, count: int, unit: str) -> date:
    if unit in "dw":
        return asked.today + timedelta(count * (7 if unit == "w" else 1))
    return calendars.add_months(asked.today, count * (12 if unit == "y" else 1), asked.calendar)


@_rule(
    r"(?:(?P<unit>هفته|ماه|سال) (?:(?P<later>دیگر|دیگه|بعد|بعدی|اینده)|پیش|قبل|گذشته)"
    r"|(?:(?P<next>next)|last) (?P<en>week|month|year))"
)
def _next_unit(match: re.Match[str], asked: Asked) -> date:
    unit = _UNITS[match["unit"]] if match["unit"] else match["en"][0]
    return _moved(asked, 1 if match["later"] or match["next"] else -1, unit)


@_rule(
    rf"(?:(?P<before>next|this|on|coming|last|این) )?(?P<day>{_WEEKDAY})"
    r"(?: (?P<after>اینده|بعد|بعدی|این هفته|هفته (?:بعد|بعدی|اینده)|next week|گذشته|پیش|قبل|قبلی))?"
)
def _weekday(match: re.Match[str], asked: Asked) -> date:
    wanted, after = _weekday_number(match["day"]), match["after"] or ""
    if after == "next week" or after.startswith("هفته"):
        return _in_week(asked.today + timedelta(7), wanted)
    if match["before"] == "last" or after in ("گذشته", "پیش", "قبل", "قبلی"):
        forward = -1
    else:
        forward = 1 if match["before"] or after else asked.forward
    return asked.today + timedelta(forward * ((forward * (wanted - asked.today.weekday())) % 7 or 7))


def _in_week(day: date, weekday: int) -> date:
    start = calendars.week_start(day)
    return start + timedelta((weekday - start.weekday()) % 7)


# --- Starts and ends ----------------------------------------------------------------------------------------------
_SPAN = "هفته|ماه|فصل|سال|week|month|quarter|year"
_SPANS = {"هفته": "week", "ماه": "month", "فصل": "quarter", "سال": "year"}
_SHORT_ENDS = {"eow": "week", "eom": "month", "eoq": "quarter", "eoy": "year"}


@_rule(
    r"(?:(?P<edge>اخر|پایان|انتهای|اول|ابتدای|شروع|end of|start of|beginning of) "
    rf"(?:the )?(?P<next>next )?(?P<span>{_SPAN})"
    r"(?: (?P<after>بعد|بعدی|اینده|جاری))?|(?P<short>eow|eom|eoq|eoy))"
)
def _edge_of_span(match: re.Match[str], asked: Asked) -> date:
    span = _SHORT_ENDS[match["short"]] if match["short"] else _SPANS.get(match["span"], match["span"])
    following = bool(match["next"]) or match["after"] in ("بعد", "بعدی", "اینده")
    if span == "week":
        start = calendars.week_start(asked.today + timedelta(7 * following))
        return start if _is_start(match["edge"]) else _last_working_day(start, asked.today)
    months = {"month": 1, "quarter": 3, "year": 12}[span] * following
    bounds = {"month": calendars.month_bounds, "quarter": calendars.quarter_bounds, "year": calendars.year_bounds}
    first, last = bounds[span](calendars.add_months(asked.today, months, asked.calendar), asked.calendar)
    return first if _is_start(match["edge"]) else last


def _is_start(edge: str | None) -> bool:
    return edge in ("اول", "ابتدای", "شروع", "start of", "beginning of")


def _last_working_day(start: date, today: date) -> date:
    """The end of a week is its last working day; on the weekend itself, that of the week to come."""
    weekend = current().weekend
    working = [day for day in (start + timedelta(n) for n in range(7)) if day.weekday() not in weekend]
    end = working[-1] if working else start + timedelta(6)
    return end if end >= today else end + timedelta(7)


@_rule(rf"(?:اخر|پایان|end of) (?P<month>{_any(_MONTHS)})(?: ?ماه)?(?: (?P<year>\d{{2,4}}))?")
def _end_of_month(match: re.Match[str], asked: Asked) -> date:
    calendar, month = _MONTHS[match["month"]]
    if match["year"]:
        return calendars.last_of_month(_full_year(match["year"], calendar), month, calendar)
    years = _near_years(calendars.parts(asked.today, calendar).year)
    return _on_preferred_side([calendars.last_of_month(year, month, calendar) for year in years], asked)


# --- Dates --------------------------------------------------------------------------------------------------------
_DAY = rf"(?:(?P<day>\d{{1,2}})(?: ?(?:ام|م|st|nd|rd|th))?|(?P<ordinal>{_any(_ORDINALS)}))"
_YEAR = r"(?:[ \-](?:سال )?(?P<year>\d{4}|\d{2}))?"


@_rule(rf"{_DAY}(?: of)?[ \-]?(?P<month>{_any(_MONTHS)})(?: ?ماه)?{_YEAR}")
@_rule(rf"(?P<month>{_any(_MONTHS)}) (?:the )?{_DAY}{_YEAR}")
def _day_and_month(match: re.Match[str], asked: Asked) -> date:
    calendar, month = _MONTHS[match["month"]]
    day = _ORDINALS[match["ordinal"]] if match["ordinal"] else int(match["day"])
    if match["year"]:
        return calendars.from_parts(_full_year(match["year"], calendar), month, day, calendar)
    return _without_year(month, day, calendar, asked)


@_rule(r"(\d{4})(\d{2})(\d{2})")
@_rule(r"(\d{1,4}) ?[/\-. ] ?(\d{1,2}) ?[/\-. ] ?(\d{1,4})")
def _numeric(match: re.Match[str], asked: Asked) -> date:
    first, middle, last = match.groups()
    if len(first) == 4 or int(first) > 31:
        return _numeric_day(first, middle, last, asked)
    if len(last) == 4 or asked.calendar == "gregorian":
        # Day first, as this product writes; 12/25/2026 can only be month first.
        day, month = (middle, first) if int(middle) > 12 else (first, middle)
        return _numeric_day(last, month, day, asked)
    return _numeric_day(first, middle, last, asked)


def _numeric_day(year: str, month: str, day: str, asked: Asked) -> date:
    full = _full_year(year, asked.calendar)
    calendar: Calendar = "jalali" if full < 1700 else "gregorian"
    return calendars.from_parts(full, int(month), int(day), calendar)


@_rule(r"(\d{1,2}) ?[/\-.] ?(\d{1,2})")
def _numeric_without_year(match: re.Match[str], asked: Asked) -> date:
    first, second = int(match[1]), int(match[2])
    month_first = asked.calendar == "jalali"
    if (second if month_first else first) <= 12 < (first if month_first else second):
        month_first = not month_first
    month, day = (first, second) if month_first else (second, first)
    return _without_year(month, day, asked.calendar, asked)


def _full_year(digits: str, calendar: Calendar) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    if calendar == "jalali":
        return 1300 + year if year >= 60 else 1400 + year
    return 2000 + year


def _near_years(year: int) -> range:
    """Far enough either way to meet a leap year («۳۰ اسفند» without a year); five years can lie between two."""
    return range(year - 5, year + 6)


def _without_year(month: int, day: int, calendar: Calendar, asked: Asked) -> date:
    found = []
    for year in _near_years(calendars.parts(asked.today, calendar).year):
        try:
            found.append(calendars.from_parts(year, month, day, calendar))
        except ValueError:
            continue
    return _on_preferred_side(found, asked)


def _on_preferred_side(days: list[date], asked: Asked) -> date:
    """The nearest on the preferred side of today, today included. Raises ValueError when there is none."""
    if asked.prefer == "future":
        return min(day for day in days if day >= asked.today)
    return max(day for day in days if day <= asked.today)
