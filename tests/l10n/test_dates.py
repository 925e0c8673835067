from datetime import date

import pytest

from l10n.current import SUNDAY, Formats, using
from l10n.dates import DateNotUnderstood, parse_day

TODAY = date(2026, 11, 21)  # Saturday 30 Aban 1405
AZAR_12 = date(2026, 12, 3)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("۱۴۰۵/۰۹/۱۲", AZAR_12),
        ("1405-9-12", AZAR_12),
        ("۱۴۰۵ ۹ ۱۲", AZAR_12),
        ("12/09/1405", AZAR_12),
        ("۰۵/۹/۱۲", AZAR_12),
        ("۹/۱۲", AZAR_12),
        ("14050912", AZAR_12),
        ("١٤٠٥/٩/١٢", AZAR_12),
        ("2026-12-03", AZAR_12),
        ("۱۲ آذر", AZAR_12),
        ("۱۲ اذر ماه", AZAR_12),
        ("دوازدهم آذرماه", AZAR_12),
        ("۱۲ام آذر ۱۴۰۵", AZAR_12),
        ("۱۲ آذر ۰۵", AZAR_12),
        ("پنجشنبه ۱۲ آذر ۱۴۰۵", AZAR_12),
        ("پنج شنبه، ۱۲ آذر", AZAR_12),
        ("۱۲ آذر ۱۴۰۶", date(2027, 12, 3)),
        ("۹۸/۹/۱۲", date(2019, 12, 3)),
        ("بیست و یکم دی", date(2027, 1, 11)),
        ("سي‌ام آبان", TODAY),
        ("۱۲ دسامبر", date(2026, 12, 12)),
        ("12 dec", date(2026, 12, 12)),
        ("امروز", TODAY),
        ("فردا", date(2026, 11, 22)),
        ("پس‌فردا", date(2026, 11, 23)),
        ("پسفردا", date(2026, 11, 23)),
        ("دیروز", date(2026, 11, 20)),
        ("سه‌شنبه", date(2026, 11, 24)),
        ("سه شنبه", date(2026, 11, 24)),
        ("سه‌شنبهٔ آینده", date(2026, 11, 24)),
        ("سه‌شنبهٔ هفتهٔ بعد", date(2026, 12, 1)),
        ("سه‌شنبهٔ گذشته", date(2026, 11, 17)),
        ("شنبه", date(2026, 11, 28)),
        ("next tue", date(2026, 11, 24)),
        ("۳ روز دیگر", date(2026, 11, 24)),
        ("۳روز دیگه", date(2026, 11, 24)),
        ("دو هفته بعد", date(2026, 12, 5)),
        ("۱ ماه دیگر", date(2026, 12, 21)),
        ("۳ روز پیش", date(2026, 11, 18)),
        ("هفتهٔ بعد", date(2026, 11, 28)),
        ("ماه آینده", date(2026, 12, 21)),
        ("+3d", date(2026, 11, 24)),
        ("-2w", date(2026, 11, 7)),
        ("آخر ماه", TODAY),
        ("پایان ماه بعد", date(2026, 12, 21)),
        ("اول ماه بعد", date(2026, 11, 22)),
        ("آخر هفته", date(2026, 11, 25)),  # Wednesday: Thursday and Friday are free
        ("آخر فصل", date(2026, 12, 21)),
        ("آخر سال", date(2027, 3, 20)),
        ("آخر آذر", date(2026, 12, 21)),
        ("آخر اسفند ۱۴۰۸", date(2030, 3, 20)),
        ("۳۰ اسفند ۱۴۰۸", date(2030, 3, 20)),
        ("۳۰ اسفند", date(2030, 3, 20)),
    ],
)
def test_persian(fa, typed, expected):
    assert parse_day(typed, today=TODAY, calendar="jalali") == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2026-12-03", AZAR_12),
        ("3.12.26", AZAR_12),
        ("3/12", AZAR_12),
        ("3 Dec", AZAR_12),
        ("3rd of December", AZAR_12),
        ("December 3rd, 2026", AZAR_12),
        ("dec 3 2026", AZAR_12),
        ("3-Dec-2026", AZAR_12),
        ("Thu 3 Dec", AZAR_12),
        ("12/09/1405", AZAR_12),
        ("12 azar", AZAR_12),
        ("12/25/2026", date(2026, 12, 25)),
        ("12/09/2026", date(2026, 9, 12)),
        ("may 5", date(2027, 5, 5)),
        ("feb 29", date(2028, 2, 29)),
        ("tomorrow", date(2026, 11, 22)),
        ("Yesterday", date(2026, 11, 20)),
        ("day after tomorrow", date(2026, 11, 23)),
        ("next tue", date(2026, 11, 24)),
        ("tuesday", date(2026, 11, 24)),
        ("tuesday next week", date(2026, 11, 24)),
        ("last fri", date(2026, 11, 20)),
        ("sat", date(2026, 11, 28)),
        ("in 3 days", date(2026, 11, 24)),
        ("in a week", date(2026, 11, 28)),
        ("two weeks", date(2026, 12, 5)),
        ("3 months", date(2027, 2, 21)),
        ("2 days ago", date(2026, 11, 19)),
        ("+3d", date(2026, 11, 24)),
        ("next month", date(2026, 12, 21)),
        ("end of month", date(2026, 11, 30)),
        ("end of the month", date(2026, 11, 30)),
        ("eom", date(2026, 11, 30)),
        ("eow", date(2026, 11, 27)),  # on the weekend, the coming Friday
        ("end of next month", date(2026, 12, 31)),
        ("end of february", date(2027, 2, 28)),
        ("eoq", date(2026, 12, 31)),
        ("end of year", date(2026, 12, 31)),
        ("start of next week", date(2026, 11, 23)),
        ("فردا", date(2026, 11, 22)),
    ],
)
def test_english(en, typed, expected):
    assert parse_day(typed, today=TODAY, calendar="gregorian") == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("۱۲ آذر", date(2025, 12, 3)),
        ("سه‌شنبه", date(2026, 11, 17)),
        ("۳ روز", date(2026, 11, 18)),
        ("۹/۱۲", date(2025, 12, 3)),
        ("۳ روز دیگر", date(2026, 11, 24)),
        ("سی‌ام آبان", TODAY),
    ],
)
def test_what_has_happened_is_sought_in_the_past(fa, typed, expected):
    assert parse_day(typed, today=TODAY, calendar="jalali", prefer="past") == expected


@pytest.mark.parametrize("typed", ["", "abc", "آذر", "۱۲", "۱۲ آذر ۱۴۰۵ ساعت ۳", "next", "۱۴۰۵/۹", "++3d"])
def test_what_is_no_date_is_not_understood(fa, typed):
    with pytest.raises(DateNotUnderstood) as caught:
        parse_day(typed, today=TODAY, calendar="jalali")
    assert not caught.value.no_such_day


@pytest.mark.parametrize(
    "typed", ["۳۰ اسفند ۱۴۰۵", "1405/13/1", "31/31", "جمعه ۱۲ آذر ۱۴۰۵", "1/1/0001", "9999-12-31", "29 feb 2027"]
)
def test_days_that_do_not_exist_are_told_apart(fa, typed):
    with pytest.raises(DateNotUnderstood) as caught:
        parse_day(typed, today=TODAY, calendar="jalali")
    assert caught.value.no_such_day


def test_next_week_follows_the_week_of_the_tenant():
    with using(Formats(week_start=SUNDAY)):
        assert parse_day("sat next week", today=TODAY, calendar="gregorian") == date(2026, 11, 28)
    with using(Formats(week_start=0)):
        assert parse_day("sun next week", today=TODAY, calendar="gregorian") == date(2026, 11, 29)


def test_all_that_we_write_is_read_back(fa):
    from l10n import formats

    for offset in range(0, 800, 7):
        day = date.fromordinal(TODAY.toordinal() + offset)
        for write in (formats.day, formats.day_long, formats.day_numeric):
            assert parse_day(write(day), today=TODAY, calendar="jalali") == day
