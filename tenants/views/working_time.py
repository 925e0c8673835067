from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from l10n import formats
from tenants.access import Role, roles
from tenants.forms_working_time import DayForm, HolidayForm, HoursForm, OfficialDaysForm
from tenants.http import TenantRequest
from tenants.models import Tenant
from tenants.services import working_time as services


@dataclass(frozen=True)
class Holiday:
    day: date
    name: str


@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def hours(request: TenantRequest) -> HttpResponse:
    form = HoursForm(request.POST if request.method == "POST" else None, tenant=request.tenant)
    if not (form.is_bound and form.is_valid()):
        return _page(request, hours=form)
    services.change_hours(tenant=request.tenant, **form.cleaned_data)
    return _done(request, _("The hours are changed. Clocks that run already keep their time."))


@roles(Role.ADMIN)
@require_POST
def holiday_add(request: TenantRequest) -> HttpResponse:
    form = HolidayForm(request.POST)
    if not form.is_valid():
        return _page(request, holiday=form)
    try:
        services.add_holiday(tenant=request.tenant, **form.cleaned_data)
    except services.TooManyHolidays:
        form.add_error(None, _too_many())
        return _page(request, holiday=form)
    return _done(request, _("The day is off now."))


@roles(Role.ADMIN)
@require_POST
def holiday_remove(request: TenantRequest) -> HttpResponse:
    form = DayForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422)
    services.remove_holiday(tenant=request.tenant, day=form.cleaned_data["day"])
    return _done(request, _("It is a working day again."))


@roles(Role.ADMIN)
@require_POST
def holidays_official(request: TenantRequest) -> HttpResponse:
    form = OfficialDaysForm(request.POST, tenant=request.tenant, today=request.today)
    if not form.is_valid():
        return _page(request, official=form)
    first, last = form.span()
    try:
        new = services.take_official(
            tenant=request.tenant, country=form.cleaned_data["country"], first=first, last=last
        )
    except services.TooManyHolidays:
        form.add_error(None, _too_many())
        return _page(request, official=form)
    said = ngettext("%(count)s day was added.", "%(count)s days were added.", new) % {"count": formats.num(new)}
    return _done(request, said if new else _("All of them are here already."))


def _page(request: TenantRequest, status: int = 200, **bound: BaseForm) -> HttpResponse:
    forms: dict[str, BaseForm] = {
        "hours": HoursForm(tenant=request.tenant),
        "holiday": HolidayForm(),
        "official": OfficialDaysForm(tenant=request.tenant, today=request.today),
        **bound,
    }
    if any(form.errors for form in bound.values()):
        status = 422
    coming, past = _holidays(request.tenant, request.today)
    context = {**forms, "coming": coming, "past": past, "weekend": _weekend(request.tenant)}
    return render(request, "tenants/workspace_hours.html", context, status=status)


def _holidays(tenant: Tenant, today: date) -> tuple[list[Holiday], list[Holiday]]:
    """From today on, and those before, newest first."""
    days = [Holiday(date.fromisoformat(day), name) for day, name in sorted(tenant.holidays.items())]
    return [one for one in days if one.day >= today], [one for one in reversed(days) if one.day < today]


def _weekend(tenant: Tenant) -> str:
    first = tenant.week_start
    days = sorted(tenant.weekend, key=lambda day: (day - first) % 7)
    # 1 January 2024 was a Monday.
    return _(", ").join(formats.weekday(date(2024, 1, 1 + day)) for day in days)


def _done(request: TenantRequest, message: str) -> HttpResponse:
    messages.success(request, message)
    return redirect("tenants:hours")


def _too_many() -> str:
    return _("That are too many days off. Take some old ones out first.")
