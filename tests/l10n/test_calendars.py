from datetime import date, timedelta

import jdatetime
import pytest

from l10n import calendars
from l10n.current import FRIDAY, PERSIAN, SATURDAY, SUNDAY, THURSDAY, Formats, using
from tests.l10n.golden import LEAP_YEARS, NOWRUZ


def test_every_nowruz_from_1300_to_1500_falls_on_the_golden_day():
    assert {year: calendars.from_parts(year, 1, 1, "jalali") for year in NOWRUZ} == NOWRUZ


def test_leap_years_are_those_of_icu():
    found = {year for year in NOWRUZ if calendars.days_in_month(year, 12, "jalali") == 30}
    assert found == LEAP_YEARS


def test_every_day_of_two_centuries_converts_there_and_back():
    day, last = NOWRUZ[1300], NOWRUZ[1500]
    expected = calendars.Parts(1300, 1, 1)
    while day < last:
        assert calendars.jalali.__wrapped__(day) == expected
        day += timedelta(1)
        expected = following(expected)


def following(parts: calendars.Parts) -> calendars.Parts:
    """The next day by the rule of the months alone: six of 31, five of 30, Esfand by the golden leap years."""
    year, month, number = parts
    length = 31 if month <= 6 else 30 if month <= 11 or year in LEAP_YEARS else 29
    if number < length:
        return calendars.Parts(year, month, number + 1)
    return calendars.Parts(year, month + 1, 1) if month < 12 else calendars.Parts(year + 1, 1, 1)


def test_a_second_library_agrees_on_every_eleventh_day():
    for offset in range(0, (NOWRUZ[1500] - NOWRUZ[1300]).days, 11):
        day = NOWRUZ[1300] + timedelta(offset)
        other = jdatetime.date.fromgregorian(date=day)
        assert calendars.jalali(day) == (other.year, other.month, other.day)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 21), 1, date(2026, 12, 21)),  # 30 Aban -> 30 Azar
        (date(2026, 9, 22), 1, date(2026, 10, 22)),  # 31 Shahrivar -> 30 Mehr, a shorter month
        (date(2026, 9, 22), 6, date(2027, 3, 20)),  # -> 29 Esfand of a common year
        (date(2029, 9, 21), 6, date(2030, 3, 20)),  # -> 30 Esfand of 1408, a leap year
        (date(2026, 11, 21), -8, date(2026, 3, 20)),  # -> 29 Esfand of the year before
    ],
)
def test_months_are_added_in_the_jalali_calendar(day, months, expected):
    assert calendars.add_months(day, months, "jalali") == expected


def test_months_are_added_in_the_gregorian_calendar():
    assert calendars.add_months(date(2027, 1, 31), 1, "gregorian") == date(2027, 2, 28)
    assert calendars.add_months(date(2026, 12, 5), 1, "gregorian") == date(2027, 1, 5)


def test_bounds_follow_the_calendar_of_the_tenant(fa):
    day = date(2026, 11, 21)
    assert calendars.month_of(day) == (1405, 8)
    assert calendars.month_bounds(day) == (date(2026, 10, 23), date(2026, 11, 21))
    assert calendars.quarter_of(day) == (1405, 3)
    assert calendars.quarter_bounds(day) == (date(2026, 9, 23), date(2026, 12, 21))
    assert calendars.year_bounds(day) == (date(2026, 3, 21), date(2027, 3, 20))


def test_bounds_in_the_gregorian_calendar(en):
    day = date(2026, 11, 21)
    assert calendars.month_of(day) == (2026, 11)
    assert calendars.month_bounds(day) == (date(2026, 11, 1), date(2026, 11, 30))
    assert calendars.quarter_bounds(day) == (date(2026, 10, 1), date(2026, 12, 31))
    assert calendars.year_bounds(day) == (date(2026, 1, 1), date(2026, 12, 31))


def test_the_week_starts_where_the_tenant_says():
    saturday = date(2026, 11, 21)
    assert calendars.week_start(saturday, SATURDAY) == saturday
    assert calendars.week_start(saturday, SUNDAY) == date(2026, 11, 15)
    assert calendars.week_start(saturday, 0) == date(2026, 11, 16)


def test_grid_of_a_jalali_month_is_whole_weeks_from_saturday(fa):
    month = calendars.month_grid(date(2026, 11, 21))
    assert (month.year, month.month) == (1405, 8)
    assert (month.start, month.end) == (date(2026, 10, 23), date(2026, 11, 21))
    # 1 Aban 1405 is a Friday: the last column of the first week.
    assert [cell.number for cell in month.weeks[0]] == [25, 26, 27, 28, 29, 30, 1]
    assert [cell.in_month for cell in month.weeks[0]] == [False] * 6 + [True]
    assert [cell.weekend for cell in month.weeks[1]] == [False] * 5 + [True, True]
    assert len(month.weeks) == 6
    assert month.weeks[-1][0].day == date(2026, 11, 21)


def test_grid_follows_the_weekend_of_the_tenant():
    formats = Formats(calendar="gregorian", week_start=SUNDAY, weekend=frozenset({FRIDAY}))
    month = calendars.month_grid(date(2026, 11, 21), formats)
    assert month.weeks[0][0].day == date(2026, 11, 1)
    assert [cell.day.weekday() for cell in month.weeks[0] if cell.weekend] == [FRIDAY]
    assert len(month.weeks) == 5


def test_weekdays_are_listed_from_the_start_of_the_week():
    with using(PERSIAN):
        assert calendars.weekdays() == [SATURDAY, SUNDAY, 0, 1, 2, THURSDAY, FRIDAY]


def test_a_day_that_the_calendar_does_not_have_is_refused():
    with pytest.raises(ValueError, match="30"):
        calendars.from_parts(1405, 12, 30, "jalali")
