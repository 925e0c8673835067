from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm import access, picking, timeline
from crm.errors import StageNeeds, Stale
from crm.forms.base import focus
from crm.forms.records import CellForm, DealForm, NewDealForm
from crm.models import Opportunity
from crm.screens import lists, records
from crm.services import customer as customers
from crm.services import opportunity as services
from crm.views.answers import go, page, typed
from crm.views.shown import record_forms, shown_of
from members.access import everyone
from members.http import MemberRequest


@everyone
@require_GET
def deals(request: MemberRequest) -> HttpResponse:
    shown = lists.record_list("deals", request.user, request.GET, request.today)
    return page(request, "crm/deals.html", {"list": shown})


@everyone
@require_GET
def deal(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.opportunity(request.user, pk)
    screen = records.deal_screen(request.user, found, request.today, shown_of(request))
    return page(request, "crm/deal.html", {"screen": screen, **record_forms(request)})


@everyone
@require_GET
def deal_timeline(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.opportunity(request.user, pk)
    context = {"timeline": timeline.of_deal(found, shown_of(request)), "record": found, "more": request.path}
    return page(request, "crm/parts/timeline.html", context)


@access.writers
@require_http_methods(["GET", "POST"])
def deal_new(request: MemberRequest) -> HttpResponse:
    form = NewDealForm(typed(request), user=request.user, initial=_asked_customer(request))
    if form.is_bound and form.is_valid():
        try:
            created = _opened(request, form)
        except StageNeeds as needs:
            form.ask_for(needs.missing)
        else:
            return go(request, created, _("Deal opened."))
    return page(request, "crm/deal_form.html", {"form": form}, form=form)


# A customer that was typed in passing is not kept when the deal is refused.
@transaction.atomic
def _opened(request: MemberRequest, form: NewDealForm) -> Opportunity:
    values = _with_customer(request, form.values())
    return services.create(by=request.user, today=request.today, stage=form.cleaned_data["stage"], **values)


@access.writers
@require_http_methods(["GET", "POST"])
def deal_edit(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.opportunity_for_change(request.user, pk)
    form = DealForm(typed(request), user=request.user, record=found)
    if form.is_bound and form.is_valid():
        try:
            values = _with_customer(request, form.values())
            services.change(found, by=request.user, values=values, version=form.seen_version)
        except Stale as stale:
            form.show_conflict(stale.record)
        else:
            return go(request, found, _("Saved."))
    return page(request, "crm/deal_form.html", {"form": form, "record": found}, form=form)


@access.writers
@require_http_methods(["GET", "POST"])
def deal_cell(request: MemberRequest, pk: int, field: str) -> HttpResponse:
    """One fact as a small form in its place; the saved fact takes that place again. Without htmx: the whole form."""
    found = access.opportunity_for_change(request.user, pk)
    if field not in records.EDITABLE:
        raise Http404
    form = CellForm(typed(request), user=request.user, record=found, only=field)
    if form.is_bound and form.is_valid():
        try:
            services.change(found, by=request.user, values=form.values(), version=form.seen_version)
        except Stale as stale:
            form.show_conflict(stale.record)
        else:
            return _fact(request, found, field)
    if not request.htmx:
        return deal_edit_page(request, found, field)
    focus(form)
    return page(request, "crm/deal.html#cell", {"form": form, "deal": found, "name": field}, form=form)


@access.writers
@require_GET
def deal_fact(request: MemberRequest, pk: int, field: str) -> HttpResponse:
    """The fact as it stands, for those who leave the small form without saving."""
    found = access.opportunity_for_change(request.user, pk)
    if field not in records.EDITABLE:
        raise Http404
    return page(request, "crm/deal.html#fact", _fact_context(request, found, field))


def deal_edit_page(request: MemberRequest, found: Opportunity, field: str) -> HttpResponse:
    form = DealForm(None, user=request.user, record=found)
    form.fields[field].widget.attrs["autofocus"] = True
    return page(request, "crm/deal_form.html", {"form": form, "record": found})


def _fact(request: MemberRequest, found: Opportunity, field: str) -> HttpResponse:
    if not request.htmx or field == "title":
        return go(request, found, _("Saved."))
    context = {**_fact_context(request, found, field), "timeline": timeline.of_deal(found), "record": found}
    response = page(request, "crm/deal.html#saved_fact", context)
    response.headers["HX-Trigger"] = "record-changed"
    return response


def _fact_context(request: MemberRequest, found: Opportunity, field: str) -> dict[str, Any]:
    return {"fact": records.deal_fact(found, field, request.today, may_change=True), "deal": found}


def _with_customer(request: MemberRequest, values: dict[str, Any]) -> dict[str, Any]:
    """Makes the customer that was picked as a new one."""
    picked = values["customer"]
    if isinstance(picked, picking.NewRecord):
        values["customer"] = customers.create(name=picked.name, by=request.user, owner=values["owner"] or request.user)
    return values


def _asked_customer(request: MemberRequest) -> dict[str, Any]:
    number = _number(request.GET.get("customer"))
    return {"customer": access.customer(request.user, number)} if number else {}


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isascii() and typed.isdecimal() else 0
