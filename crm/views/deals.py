from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm import access, picking, timeline
from crm.errors import StageNeeds, Stale
from crm.forms.base import focus
from crm.forms.records import CellForm, DealForm, MoveForm, NewDealForm
from crm.models import Opportunity, Stage, StageKind
from crm.screens import lists, records
from crm.services import customer as customers
from crm.services import opportunity as services
from crm.views.answers import back, go, page, typed
from crm.views.shown import record_forms, shown_of
from members.access import everyone
from members.http import MemberRequest


@everyone
@require_GET
def deals(request: MemberRequest) -> HttpResponse:
    return page(request, "crm/deals.html", {"list": lists.deals(request.user, request.GET, request.today)})


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
        values = _with_customer(request, form.values())
        created = services.create(by=request.user, today=request.today, stage=form.cleaned_data["stage"], **values)
        return go(request, created, _("Deal opened."))
    return page(request, "crm/deal_form.html", {"form": form}, form=form)


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


@access.writers
@require_POST
def deal_move(request: MemberRequest, pk: int) -> HttpResponse:
    """Moves to `stage`. What is missing is asked by a dialog (422); posting that here completes the move."""
    found = access.opportunity_for_change(request.user, pk)
    stage = get_object_or_404(Stage, pk=_number(request.POST.get("stage")))
    form = MoveForm(request.POST if "asked" in request.POST else None, asks=_asks(found, stage))
    to = back(request, found)
    if form.fields and not (form.is_bound and form.is_valid()):
        context = {"form": form, "deal": found, "stage": stage, "back": to}
        response = page(request, "crm/deal_move.html#dialog" if request.htmx else "crm/deal_move.html", context)
        response.status_code = 422
        return response
    values = dict(form.cleaned_data) if form.is_bound and form.is_valid() else {}
    reason = values.pop("lost_reason", "")
    try:
        services.move(found, to=stage, by=request.user, today=request.today, values=values, lost_reason=reason)
    except StageNeeds as needs:
        return _ask_on_the_form(request, found, stage, needs)
    return go(request, to, _("%(deal)s is now in %(stage)s.") % {"deal": found.title, "stage": stage.name})


def deal_edit_page(request: MemberRequest, found: Opportunity, field: str) -> HttpResponse:
    form = DealForm(None, user=request.user, record=found)
    form.fields[field].widget.attrs["autofocus"] = True
    return page(request, "crm/deal_form.html", {"form": form, "record": found})


def _ask_on_the_form(request: MemberRequest, found: Opportunity, stage: Stage, needs: StageNeeds) -> HttpResponse:
    """For a field that the dialog cannot ask, or that somebody emptied meanwhile."""
    labels = [str(Opportunity._meta.get_field(name).verbose_name) for name in needs.missing]  # type: ignore[union-attr]
    said = _("The stage “%(stage)s” needs this first: %(fields)s.")
    messages.warning(request, said % {"stage": stage.name, "fields": ", ".join(labels)})
    return go(request, resolve_url("crm:deal_edit", found.pk))


def _asks(found: Opportunity, stage: Stage) -> tuple[str, ...]:
    missing = [name for name in services.missing_for(found, stage) if MoveForm.can_ask(name)]
    return (*missing, "lost_reason") if stage.kind == StageKind.LOST else tuple(missing)


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
