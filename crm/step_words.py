"""Reads a next step typed as one line: «سه‌شنبه، ارسال پیش‌فاکتور», "send the offer by next tue"."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from l10n.current import Calendar
from l10n.dates import DateNotUnderstood, parse_day
from l10n.text import clean_line, fold

LONGEST = 6  # words in a date: «پنجشنبه ۱۲ آذر ماه سال ۱۴۰۵»
CONNECTORS = {"تا", "در", "روز", "برای", "از", "by", "on", "until", "till", "at", "before"}
_EDGE = " \t،,;؛:.-–—"
# "2 m", "5d": as a date too easily a measure; with a sign, or in words, they are one.
_MEASURE = re.compile(r"\d+ ?[dwmy]")


@dataclass(frozen=True)
class Step:
    what: str
    due_on: date | None


def read_step(text: str, *, today: date, calendar: Calendar) -> Step:
    """Splits a line into what to do and by when. The day may lead or close the line; it is None when none is found or
    when it is past. A line that is only a day becomes a follow-up."""
    words = clean_line(text).split()
    for count in range(min(LONGEST, len(words)), 0, -1):
        for head, rest in ((words[:count], words[count:]), (words[-count:], words[:-count])):
            if (day := _day(head, today, calendar)) is not None:
                return Step(_what(rest), day)
    return Step(clean_line(text), None)


def _day(words: list[str], today: date, calendar: Calendar) -> date | None:
    while words and fold(words[0]).strip(_EDGE) in CONNECTORS:
        words = words[1:]
    typed = " ".join(words).strip(_EDGE)
    if not typed or typed.isdecimal() or _MEASURE.fullmatch(fold(typed)):
        return None
    try:
        day = parse_day(typed, today=today, calendar=calendar)
    except DateNotUnderstood:
        return None
    return day if day >= today else None


def _what(words: list[str]) -> str:
    while words and fold(words[-1]).strip(_EDGE) in CONNECTORS:
        words = words[:-1]
    return " ".join(words).strip(_EDGE) or _("Follow up")
