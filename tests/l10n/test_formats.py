from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from l10n import formats
from l10n.current import PERSIAN, Formats, using

DAY = date(2026, 11, 21)
MOMENT = datetime(2026, 11, 20, 21, 5, tzinfo=UTC)  # 00:35 of the 21st in Tehran


def test_days_in_persian(fa):
    assert formats.day(DAY) == "۳۰ آبان ۱۴۰۵"
    assert formats.day_long(DAY) == "شنبه ۳۰ آبان ۱۴۰۵"
    assert formats.day_numeric(DAY) == "۱۴۰۵/۰۸/۳۰"
    assert formats.month_year(DAY) == "آبان ۱۴۰۵"
    assert formats.weekday(DAY) == "شنبه"
    assert formats.day_short(DAY, DAY) == "۳۰ آبان"
    assert formats.day_short(date(2026, 3, 20), DAY) == "۲۹ اسفند ۱۴۰۴"


def test_days_in_english(en):
    assert formats.day(DAY) == "21 Nov 2026"
    assert formats.day_long(DAY) == "Saturday 21 November 2026"
    assert formats.day_numeric(DAY) == "2026-11-21"
    assert formats.month_year(DAY) == "November 2026"
    assert formats.day_short(DAY, DAY) == "21 Nov"
    assert formats.day_short(date(2025, 12, 31), DAY) == "31 Dec 2025"


def test_language_and_calendar_are_free_of_each_other():
    with using(Formats(language="en", calendar="jalali")):
        assert formats.day(DAY) == "30 Aban 1405"
    with using(Formats(language="fa", calendar="gregorian")):
        assert formats.day(DAY) == "۲۱ نوامبر ۲۰۲۶"
        assert formats.day_numeric(DAY) == "۲۰۲۶-۱۱-۲۱"


def test_moments_are_shown_in_the_time_of_the_tenant(fa):
    assert formats.day(MOMENT) == "۳۰ آبان ۱۴۰۵"
    assert formats.clock(MOMENT) == "۰۰:۳۵"
    assert formats.day_time(MOMENT) == "۳۰ آبان ۱۴۰۵، ۰۰:۳۵"
    assert formats.clock(time(14, 30)) == "۱۴:۳۰"


def test_moments_in_english(en):
    assert formats.day_time(MOMENT) == "20 Nov 2026, 21:05"


@pytest.mark.parametrize(
    ("distance", "persian", "english"),
    [
        (0, "امروز", "today"),
        (1, "فردا", "tomorrow"),
        (2, "پس‌فردا", "in 2 days"),
        (3, "۳ روز دیگر", "in 3 days"),
        (-1, "دیروز", "yesterday"),
        (-2, "پریروز", "2 days ago"),
        (-34, "۳۴ روز پیش", "34 days ago"),
        (59, "۵۹ روز دیگر", "in 59 days"),
        (-60, "۲ ماه پیش", "2 months ago"),
        (365, "۱۲ ماه دیگر", "in 12 months"),
        (-731, "۲ سال پیش", "2 years ago"),
    ],
)
def test_relative_days(distance, persian, english):
    day = date.fromordinal(DAY.toordinal() + distance)
    with using(PERSIAN):
        assert formats.relative_day(day, DAY) == persian
    with using(Formats()):
        assert formats.relative_day(day, DAY) == english


def test_days_as_a_length():
    with using(PERSIAN):
        assert [formats.days(n) for n in (0, 1, 1234)] == ["۰ روز", "۱ روز", "۱٬۲۳۴ روز"]
    with using(Formats()):
        assert [formats.days(n) for n in (0, 1, 1234)] == ["0 days", "1 day", "1,234 days"]


@pytest.mark.parametrize(
    ("number", "decimals", "persian", "english"),
    [
        (12345, 2, "۱۲٬۳۴۵", "12,345"),
        (Decimal("12345.50"), 2, "۱۲٬۳۴۵٫۵", "12,345.5"),
        (2.675, 2, "۲٫۶۸", "2.68"),
        (Decimal("0.5"), 0, "۱", "1"),
        (-1234, 2, "\u200e\u2212۱٬۲۳۴", "\u22121,234"),
        (-0.001, 2, "۰", "0"),
        (10**12, 2, "۱٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰", "1,000,000,000,000"),
        (100, 0, "۱۰۰", "100"),
    ],
)
def test_numbers(number, decimals, persian, english):
    with using(PERSIAN):
        assert formats.num(number, decimals) == persian
    with using(Formats()):
        assert formats.num(number, decimals) == english


def test_percents():
    with using(PERSIAN):
        assert [formats.percent(n) for n in (82, 0, 99.6, -3)] == ["٪۸۲", "٪۰", "٪۱۰۰", "\u200e\u2212٪۳"]
    with using(Formats()):
        assert [formats.percent(n) for n in (82, 0, 99.6, -3)] == ["82%", "0%", "100%", "\u22123%"]
        assert formats.percent(12.34, 1) == "12.3%"


@pytest.mark.parametrize(
    ("rials", "full", "short"),
    [
        (Decimal("123450000.00"), "۱۲٬۳۴۵٬۰۰۰ تومان", "۱۲٫۳ میلیون تومان"),
        (12 * 10**9, "۱٬۲۰۰٬۰۰۰٬۰۰۰ تومان", "۱٫۲ میلیارد تومان"),
        (10**13, "۱٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰ تومان", "۱ هزار میلیارد تومان"),
        (9_999_500, "۹۹۹٬۹۵۰ تومان", "۱ میلیون تومان"),
        (9_994_000, "۹۹۹٬۴۰۰ تومان", "۹۹۹ هزار تومان"),
        (5000, "۵۰۰ تومان", "۵۰۰ تومان"),
        (15, "۱٫۵ تومان", "۱٫۵ تومان"),
        (0, "۰ تومان", "۰ تومان"),
        (-120_000_000, "\u200e\u2212۱۲٬۰۰۰٬۰۰۰ تومان", "\u200e\u2212۱۲ میلیون تومان"),
    ],
)
def test_tomans(fa, rials, full, short):
    assert (formats.money(rials), formats.money_short(rials)) == (full, short)


@pytest.mark.parametrize(
    ("dollars", "full", "short"),
    [
        (12345, "$12,345", "$12.3K"),
        (Decimal("12345.5"), "$12,345.50", "$12.3K"),
        (1_234_567, "$1,234,567", "$1.2M"),
        (999_950, "$999,950", "$1M"),
        (123_456_789, "$123,456,789", "$123M"),
        (2 * 10**12, "$2,000,000,000,000", "$2T"),
        (Decimal("-0.99"), "\u2212$0.99", "\u2212$0.99"),
        (-5000, "\u2212$5,000", "\u2212$5K"),
    ],
)
def test_dollars(en, dollars, full, short):
    assert (formats.money(dollars), formats.money_short(dollars)) == (full, short)


@pytest.mark.parametrize(
    ("language", "currency", "unit", "expected"),
    [
        ("fa", "IRR", "rial", "۱۲٬۰۰۰ ریال"),
        ("fa", "IRR", "", "۱۲٬۰۰۰ ریال"),
        ("fa", "USD", "", "۱۲٬۰۰۰ دلار"),
        ("en", "IRR", "toman", "1,200 toman"),
        ("en", "EUR", "", "€12,000"),
        ("en", "AED", "", "AED 12,000"),
    ],
)
def test_other_units(language, currency, unit, expected):
    with using(Formats(language=language, currency=currency, money_unit=unit)):
        assert formats.money(12000) == expected


def test_amounts_in_words(fa):
    assert formats.money_words(120_000_000) == "دوازده میلیون تومان"
    assert formats.money_words(Decimal("125000000000")) == "دوازده میلیارد و پانصد میلیون تومان"
    assert formats.money_words(-50) == "منفی پنج تومان"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+989121234567", "\u2066۰۹۱۲ ۱۲۳ ۴۵۶۷\u2069"),
        ("+982188776655", "\u2066۰۲۱ ۸۸۷۷ ۶۶۵۵\u2069"),
        ("+12125550123", "\u2066+۱ ۲۱۲-۵۵۵-۰۱۲۳\u2069"),
        ("داخلی ۱۲", "\u2066داخلی ۱۲\u2069"),
    ],
)
def test_phones_run_left_to_right(fa, number, expected):
    assert formats.phone(number) == expected


def test_phones_at_home_and_abroad_in_english(en):
    assert formats.phone_text("+12125550123") == "(212) 555-0123"
    assert formats.phone_text("+989121234567") == "+98 912 123 4567"
