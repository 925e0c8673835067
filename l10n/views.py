"""Small helps for fields of dates and amounts. The forms read them again themselves; nothing here is trusted."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from l10n import calendars, formats
from l10n.current import current
from l10n.current import today as current_day
from l10n.dates import DateNotUnderstood, Prefer, parse_day
from l10n.forms import MoneyField, date_error
from l10n.names import NARROW_WEEKDAYS, WEEKDAYS


@require_GET
def parse_date(request: HttpRequest) -> HttpResponse:
    """`?q=` as typed: the day in words, or 422 with what was wrong."""
    today = today_of(request)
    try:
        found = parse_day(request.GET.get("q", ""), today=today, calendar=current().calendar, prefer=prefer_of(request))
    except DateNotUnderstood as error:
        return render(request, "l10n/date_echo.html", {"error": date_error(error, today)}, status=422)
    return render(request, "l10n/date_echo.html", {"day": found, "today": today})


@require_GET
def read_money(request: HttpRequest) -> HttpResponse:
    """`?q=` as typed: the amount in words, or 422 with what was wrong."""
    try:
        amount = MoneyField(required=False).clean(request.GET.get("q", "")[:80])
    except ValidationError as error:
        return render(request, "l10n/money_echo.html", {"error": " ".join(error.messages)}, status=422)
    return render(request, "l10n/money_echo.html", {"words": "" if amount is None else formats.money_words(amount)})


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """The month around `?day=`, with `?selected=` marked; both ISO. What cannot be read is today."""
    today, prefer = today_of(request), prefer_of(request)
    selected = iso_day(request.GET.get("selected", ""))
    focus = within_reach(iso_day(request.GET.get("day", "")) or selected or today)
    language = current().language
    context = {
        "month": calendars.month_grid(focus),
        "weekdays": [(WEEKDAYS[language][n], NARROW_WEEKDAYS[language][n]) for n in calendars.weekdays()],
        "neighbours": {name: within_reach(calendars.add_months(focus, step)) for name, step in STEPS.items()},
        "chips": chips(today, prefer),
        "focus": focus,
        "selected": selected,
        "today": today,
        "prefer": prefer,
    }
    return render(request, "l10n/calendar.html", context)


STEPS = {"year_before": -12, "month_before": -1, "month_after": 1, "year_after": 12}
WHY = "Reads and writes dates and amounts only; shows nothing of a tenant, and sign-up needs it before log-in."
# tenants.marks lives one floor up; the test of all addresses looks for this attribute.
parse_date.open_to_all = WHY  # type: ignore[attr-defined]
read_money.open_to_all = WHY  # type: ignore[attr-defined]
calendar.open_to_all = WHY  # type: ignore[attr-defined]


def today_of(request: HttpRequest) -> date:
    return getattr(request, "today", None) or current_day()


def prefer_of(request: HttpRequest) -> Prefer:
    return "past" if request.GET.get("prefer") == "past" else "future"


def iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def within_reach(day: date) -> date:
    return min(max(day, calendars.FIRST_DAY), calendars.LAST_DAY)


def chips(today: date, prefer: Prefer) -> list[tuple[str, date]]:
    """The days that are meant most often, one press away."""
    if prefer == "past":
        return [(_("Today"), today), (_("Yesterday"), today - timedelta(1))]
    next_week = calendars.week_start(today) + timedelta(7)
    return [
        (_("Tomorrow"), today + timedelta(1)),
        (formats.weekday(next_week), next_week),
        (_("In a week"), today + timedelta(7)),
        (_("End of month"), calendars.month_bounds(today)[1]),
    ]
