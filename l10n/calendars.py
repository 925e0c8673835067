"""Days, months and quarters in the two calendars. The database and all code hold Gregorian dates; this converts.

Jalali arithmetic is persiantools', which agrees with ICU on every day of 1300-1500.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from persiantools.jdatetime import JalaliDate

from l10n.current import Calendar, Formats, current

# What a CRM can mean; outside, a typed year is a slip. Within persiantools' proven range.
FIRST_DAY, LAST_DAY = date(1921, 3, 21), date(2122, 3, 20)


class Parts(NamedTuple):
    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Cell:
    day: date
    number: int
    in_month: bool
    weekend: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the given calendar as whole weeks. `start` and `end` are its first and last day."""

    year: int
    month: int
    start: date
    end: date
    weeks: list[list[Cell]]


@lru_cache(maxsize=16384)
def jalali(day: date) -> Parts:
    converted = JalaliDate(day)  # type: ignore[no-untyped-call]
    return Parts(converted.year, converted.month, converted.day)


def parts(day: date, calendar: Calendar) -> Parts:
    return jalali(day) if calendar == "jalali" else Parts(day.year, day.month, day.day)


def from_parts(year: int, month: int, day: int, calendar: Calendar) -> date:
    """Raises ValueError for a day that the calendar does not have."""
    if calendar == "gregorian":
        return date(year, month, day)
    converted: date = JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
    return converted


def days_in_month(year: int, month: int, calendar: Calendar) -> int:
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return (from_parts(*following, 1, calendar) - from_parts(year, month, 1, calendar)).days


def last_of_month(year: int, month: int, calendar: Calendar) -> date:
    return from_parts(year, month, days_in_month(year, month, calendar), calendar)


def month_of(day: date, calendar: Calendar | None = None) -> tuple[int, int]:
    """(year, month) in the current calendar."""
    found = parts(day, calendar or current().calendar)
    return found.year, found.month


def month_bounds(day: date, calendar: Calendar | None = None) -> tuple[date, date]:
    """The first and the last day of the month of `day`."""
    calendar = calendar or current().calendar
    year, month, _ = parts(day, calendar)
    first = from_parts(year, month, 1, calendar)
    return first, first + timedelta(days_in_month(year, month, calendar) - 1)


def add_months(day: date, months: int, calendar: Calendar | None = None) -> date:
    """The same day of another month, or that month's last day when it is shorter."""
    calendar = calendar or current().calendar
    year, month, number = parts(day, calendar)
    years, month = divmod(month - 1 + months, 12)
    year, month = year + years, month + 1
    return from_parts(year, month, min(number, days_in_month(year, month, calendar)), calendar)


def quarter_of(day: date, calendar: Calendar | None = None) -> tuple[int, int]:
    """(year, quarter 1-4) in the current calendar."""
    year, month, _ = parts(day, calendar or current().calendar)
    return year, (month + 2) // 3


def quarter_bounds(day: date, calendar: Calendar | None = None) -> tuple[date, date]:
    """The first and the last day of the quarter of `day`."""
    calendar = calendar or current().calendar
    year, quarter = quarter_of(day, calendar)
    first = from_parts(year, 3 * quarter - 2, 1, calendar)
    return first, month_bounds(add_months(first, 2, calendar), calendar)[1]


def year_bounds(day: date, calendar: Calendar | None = None) -> tuple[date, date]:
    calendar = calendar or current().calendar
    first = from_parts(parts(day, calendar).year, 1, 1, calendar)
    return first, add_months(first, 12, calendar) - timedelta(1)


def week_start(day: date, first_weekday: int | None = None) -> date:
    """The first day of the tenant's week that holds `day`."""
    first = current().week_start if first_weekday is None else first_weekday
    return day - timedelta((day.weekday() - first) % 7)


def weekdays(formats: Formats | None = None) -> list[int]:
    """Python weekday numbers in the order of the tenant's week."""
    first = (formats or current()).week_start
    return [(first + offset) % 7 for offset in range(7)]


def month_grid(day: date, formats: Formats | None = None) -> Month:
    """The month of `day` as a table of whole weeks, with the days of its neighbours at the edges."""
    formats = formats or current()
    first, last = month_bounds(day, formats.calendar)
    start = week_start(first, formats.week_start)
    weeks = (week_start(last, formats.week_start) - start).days // 7 + 1
    cells = [_cell(start + timedelta(n), first, last, formats) for n in range(7 * weeks)]
    year, month = month_of(first, formats.calendar)
    return Month(year, month, first, last, [cells[n : n + 7] for n in range(0, len(cells), 7)])


def _cell(day: date, first: date, last: date, formats: Formats) -> Cell:
    return Cell(
        day=day,
        number=parts(day, formats.calendar).day,
        in_month=first <= day <= last,
        weekend=day.weekday() in formats.weekend,
    )
