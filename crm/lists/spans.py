"""Stretches of time named from today: «این ماه», "overdue". They move along with the day."""

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from l10n import calendars

Days = tuple[date | None, date | None]


class Span(StrEnum):
    OVERDUE = "overdue"
    TODAY = "today"
    THIS_WEEK = "this_week"
    NEXT_WEEK = "next_week"
    LAST_WEEK = "last_week"
    THIS_MONTH = "this_month"
    NEXT_MONTH = "next_month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    NEXT_QUARTER = "next_quarter"
    LAST_QUARTER = "last_quarter"
    THIS_YEAR = "this_year"


LABELS: dict[Span, StrOrPromise] = {
    Span.OVERDUE: _("overdue"),
    Span.TODAY: _("today"),
    Span.THIS_WEEK: _("this week"),
    Span.NEXT_WEEK: _("next week"),
    Span.LAST_WEEK: _("last week"),
    Span.THIS_MONTH: _("this month"),
    Span.NEXT_MONTH: _("next month"),
    Span.LAST_MONTH: _("last month"),
    Span.THIS_QUARTER: _("this quarter"),
    Span.NEXT_QUARTER: _("next quarter"),
    Span.LAST_QUARTER: _("last quarter"),
    Span.THIS_YEAR: _("this year"),
}
_OFFSETS = {"this": 0, "next": 1, "last": -1}
_BOUNDS: dict[str, tuple[int, Callable[[date], tuple[date, date]]]] = {
    "month": (1, calendars.month_bounds),
    "quarter": (3, calendars.quarter_bounds),
    "year": (12, calendars.year_bounds),
}


def days_of(span: Span, today: date) -> Days:
    """First and last day in the firm's calendar and week; None for an open end."""
    if span == Span.OVERDUE:
        return None, today - timedelta(1)
    if span == Span.TODAY:
        return today, today
    which, unit = span.value.split("_")
    if unit == "week":
        start = calendars.week_start(today) + timedelta(7 * _OFFSETS[which])
        return start, start + timedelta(6)
    months, bounds = _BOUNDS[unit]
    return bounds(calendars.add_months(bounds(today)[0], months * _OFFSETS[which]))
