"""What the pages of all kinds of records have: facts edited in their place, and the timeline."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from crm import access, timeline
from crm.forms.base import focus
from crm.forms.cells import cell_form, is_editable
from crm.kinds import kind_of
from crm.models import RecordKind
from crm.picking import NewRecord
from crm.record_access import for_change, known, may_change, seen
from crm.screens import facts
from crm.services import contact, customer, lead, opportunity
from crm.timeline import Timeline
from crm.views.answers import go, page, typed
from crm.views.saving import Write, save
from members.access import everyone
from members.http import MemberRequest
from members.models import User

CHANGES: Mapping[RecordKind, Callable[..., object]] = {
    RecordKind.CUSTOMER: customer.change,
    RecordKind.CONTACT: contact.change,
    RecordKind.LEAD: lead.change,
    RecordKind.OPPORTUNITY: opportunity.change,
}
TIMELINES: Mapping[RecordKind, Callable[..., Timeline]] = {
    RecordKind.CUSTOMER: timeline.of_customer,
    RecordKind.LEAD: timeline.of_lead,
    RecordKind.OPPORTUNITY: timeline.of_deal,
}
# What heads the page: the whole page is drawn again.
HEADINGS = {"name", "title"}


@everyone
@require_GET
def record_timeline(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    """The newest part, or with ?before= the lines that follow; ?kind= keeps one kind."""
    if known(kind) not in TIMELINES:
        raise Http404
    found = seen(request.user, kind, pk)
    context = {"timeline": asked_timeline(request, found), "record": found, "kind": kind}
    template = "crm/parts/timeline.html#rows" if "before" in request.GET else "crm/parts/timeline.html"
    return page(request, template, context)


@everyone
@require_GET
def record_facts(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    """The facts as they are by now, for after a change elsewhere on the page."""
    found = seen(request.user, kind, pk)
    shown = facts.facts_of(found, request.today, may_change=may_change(request.user, found))
    return page(request, "crm/parts/facts.html#facts", {"facts": shown, "record": found})


@access.writers
@require_http_methods(["GET", "POST"])
def record_cell(request: MemberRequest, kind: str, pk: int, field: str) -> HttpResponse:
    """One fact as a small form in its place; the saved fact takes that place again."""
    found = for_change(request.user, kind, pk)
    form = cell_form(found, field, typed(request), user=request.user)
    context: dict[str, Any] = {"form": form, "record": found, "kind": kind, "name": field}
    if form.is_bound and form.is_valid():
        outcome = save(request, form, found, writer(found, by=request.user))
        if outcome.is_saved:
            return _saved(request, found, field, outcome.said)
        context["conflict"] = outcome.conflict
    focus(form)
    context["fact"] = facts.fact_of(found, field, request.today, may_change=True)
    return page(request, "crm/cell.html#cell" if request.htmx else "crm/cell.html", context, form=form)


@access.writers
@require_GET
def record_fact(request: MemberRequest, kind: str, pk: int, field: str) -> HttpResponse:
    """The fact as it stands, for those who leave the small form without saving."""
    found = for_change(request.user, kind, pk)
    if not is_editable(kind_of(found), field):
        raise Http404
    return _fact(request, found, field)


def asked_timeline(request: MemberRequest, record: Any) -> Timeline:
    asked = {name: request.GET.get(name, "") for name in ("kind", "before")}
    return TIMELINES[kind_of(record)](request.user, record, **asked)


def writer(record: Any, *, by: User) -> Write:
    """What saves values of this record. A customer that was picked as a new one is made with it, or not at all."""
    change = CHANGES[kind_of(record)]

    @transaction.atomic
    def write(values: dict[str, Any], version: int | None) -> None:
        picked = values.get("customer")
        if isinstance(picked, NewRecord):
            owner = values.get("owner") or by
            values = {**values, "customer": customer.create(name=picked.name, by=by, owner=owner)}
        change(record, by=by, values=values, version=version)

    return write


def _saved(request: MemberRequest, record: Any, field: str, said: str) -> HttpResponse:
    if not request.htmx or field in HEADINGS:
        return go(request, record, said)
    response = _fact(request, record, field)
    response.headers["HX-Trigger"] = "record-changed"
    return response


def _fact(request: MemberRequest, record: Any, field: str) -> HttpResponse:
    fact = facts.fact_of(record, field, request.today, may_change=True)
    return page(request, "crm/parts/facts.html#fact", {"fact": fact, "is_back": True})
