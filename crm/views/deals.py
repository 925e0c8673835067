from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm import access, picking
from crm.errors import StageNeeds
from crm.forms.records import DealForm, NewDealForm
from crm.models import Opportunity
from crm.screens import lists, records
from crm.services import customer as customers
from crm.services import opportunity as services
from crm.views.answers import go, page, typed
from crm.views.bin import in_bin
from crm.views.records import asked_timeline, writer
from crm.views.saving import save
from crm.views.shown import record_forms
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
    try:
        found = access.opportunity(request.user, pk)
    except Http404:
        return in_bin(request, "opportunity", pk)
    screen = records.deal_screen(request.user, found, request.today, asked_timeline(request, found))
    return page(request, "crm/deal.html", {"screen": screen, **record_forms(request)})


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
    context: dict[str, Any] = {"form": form, "record": found}
    if form.is_bound and form.is_valid():
        outcome = save(request, form, found, writer(found, by=request.user))
        if outcome.is_saved:
            return go(request, found, outcome.said)
        context["conflict"] = outcome.conflict
    return page(request, "crm/deal_form.html", context, form=form)


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
