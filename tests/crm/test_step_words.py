"""«سه‌شنبه، ارسال پیش‌فاکتور» → what and by when. Today is Saturday 2026-11-21 (۳۰ آبان ۱۴۰۵)."""

from datetime import date

import pytest
from django.utils import translation

from crm.step_words import Step, read_step

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "what", "due_on"),
    [
        ("سه‌شنبه، ارسال پیش‌فاکتور", "ارسال پیش‌فاکتور", date(2026, 11, 24)),
        ("ارسال پیش‌فاکتور تا سه شنبه", "ارسال پیش‌فاکتور", date(2026, 11, 24)),
        ("فردا زنگ بزنم", "زنگ بزنم", date(2026, 11, 22)),
        ("۱۲ آذر جلسهٔ نمایش", "جلسهٔ نمایش", date(2026, 12, 3)),
        ("جلسهٔ نمایش ۱۴۰۵/۰۹/۱۲", "جلسهٔ نمایش", date(2026, 12, 3)),
        ("۳ روز دیگر پیگیری قرارداد", "پیگیری قرارداد", date(2026, 11, 24)),
        ("ارسال ۲ نمونه", "ارسال ۲ نمونه", None),
        ("ارسال قرارداد", "ارسال قرارداد", None),
        ("دیروز زنگ زدم", "دیروز زنگ زدم", None),
        ("", "", None),
    ],
)
def test_persian(typed: str, what: str, due_on: date | None) -> None:
    assert read_step(typed, today=TODAY, calendar="jalali") == Step(what, due_on)


@pytest.mark.parametrize(
    ("typed", "what", "due_on"),
    [
        ("Tuesday, send the offer", "send the offer", date(2026, 11, 24)),
        ("send the offer by next tue", "send the offer", date(2026, 11, 24)),
        ("tomorrow: call Ann", "call Ann", date(2026, 11, 22)),
        ("call Ann on 12 dec", "call Ann", date(2026, 12, 12)),
        ("call in 3 days", "call", date(2026, 11, 24)),
        ("order 2 m pipe", "order 2 m pipe", None),
        ("send 5", "send 5", None),
    ],
)
def test_english(typed: str, what: str, due_on: date | None) -> None:
    assert read_step(typed, today=TODAY, calendar="gregorian") == Step(what, due_on)


def test_a_day_alone_is_a_follow_up() -> None:
    with translation.override("en"):
        assert read_step("tomorrow", today=TODAY, calendar="gregorian") == Step("Follow up", date(2026, 11, 22))
