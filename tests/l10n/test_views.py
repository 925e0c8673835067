import re
from collections.abc import Callable
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from l10n import views
from l10n.current import PERSIAN, Formats, using

pytestmark = pytest.mark.urls("tests.l10n.urls")
TODAY = date(2026, 11, 21)


def get(view: Callable[..., HttpResponse], formats: Formats = PERSIAN, **query: str) -> HttpResponse:
    request = RequestFactory().get("/", query)
    request.today = TODAY  # type: ignore[attr-defined]
    with using(formats), translation.override(formats.language):
        return view(request)


def text(response: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode())).strip()


def test_a_typed_day_is_echoed_in_words():
    response = get(views.parse_date, q="۱۲ آذر")
    assert response.status_code == 200
    assert text(response) == "پنجشنبه ۱۲ آذر ۱۴۰۵ · ۱۲ روز دیگر"
    assert 'datetime="2026-12-03" data-text="۱۴۰۵/۰۹/۱۲"' in response.content.decode()


def test_the_echo_in_english_looking_back():
    response = get(views.parse_date, Formats(), q="tue", prefer="past")
    assert text(response) == "Tuesday 17 November 2026 · 4 days ago"


def test_what_is_no_day_is_422_with_an_example_and_escaped():
    response = get(views.parse_date, Formats(), q="<script>")
    assert response.status_code == 422
    assert text(response) == (
        "We cannot read this date. Try for example 2026-11-30, &quot;tomorrow&quot;, &quot;next tue&quot;."
    )


def days(html: str) -> list[str]:
    return re.findall(r'class="day[^"]*" data-day="([^"]+)"', html)


def test_a_jalali_month_from_saturday():
    html = get(views.calendar, day="2026-11-21", selected="2026-11-18").content.decode()
    assert re.findall(r'<abbr title="([^"]+)"', html)[0] == "شنبه"
    assert days(html)[0] == "2026-10-17"
    assert len(days(html)) == 42
    assert re.search(r'aria-selected="true"><button[^>]*data-day="2026-11-18"', html)
    assert re.search(r'data-day="2026-11-21"[^>]*aria-label="شنبه ۳۰ آبان ۱۴۰۵" tabindex="0" aria-current="date"', html)
    assert html.count('tabindex="0"') == 1
    assert 'data-month-before="2026-10-22" data-month-after="2026-12-21"' in html


def test_a_gregorian_month_from_monday():
    html = get(views.calendar, Formats(), day="2027-02-10").content.decode()
    assert (days(html)[0], days(html)[-1]) == ("2027-02-01", "2027-02-28")
    assert re.findall(r'class="day weekend" data-day="([^"]+)"', html)[:2] == ["2027-02-06", "2027-02-07"]
    assert 'data-year-before="2026-02-10"' in html
    assert "February 2027" in html


def test_chips_offer_the_days_that_are_meant_most():
    html = get(views.calendar).content.decode()
    chips = re.findall(r'<button type="button" class="btn small" data-day="([^"]+)"[^>]*>([^<]+)<', html)
    assert chips == [
        ("2026-11-22", "فردا"),
        ("2026-11-28", "شنبه"),
        ("2026-11-28", "یک هفته دیگر"),
        ("2026-11-21", "آخر ماه"),
    ]
    html = get(views.calendar, prefer="past").content.decode()
    assert re.findall(r'class="btn small" data-day="([^"]+)"', html) == ["2026-11-21", "2026-11-20"]


@pytest.mark.parametrize("query", ["", "abc", "0001-01-01", "9999-12-31", "2026-99-99"])
def test_a_month_out_of_reach_is_still_a_month(query):
    response = get(views.calendar, day=query, selected=query)
    assert response.status_code == 200
    assert 'tabindex="0"' in response.content.decode()


def test_both_say_why_they_are_open():
    assert vars(views.parse_date)["open_to_all"] == vars(views.calendar)["open_to_all"] == views.WHY
    assert get_method_only(views.parse_date)
    assert get_method_only(views.calendar)


def get_method_only(view) -> bool:
    return bool(view(RequestFactory().post("/")).status_code == 405)


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("۱۲ میلیون", 200, "دوازده میلیون تومان"),
        ("12500000", 200, "دوازده میلیون و پانصد هزار تومان"),
        ("۱۲ ریال جدید", 200, "دوازده هزار تومان"),
        ("", 200, ""),
        ("چند تا", 422, "این مبلغ را نشناختیم. نمونه: ۱۲ میلیون"),
    ],
)
def test_a_typed_amount_is_said_in_words(typed, status, said):
    response = get(views.read_money, q=typed)
    assert (response.status_code, text(response)) == (status, said)
