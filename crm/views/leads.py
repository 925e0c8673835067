from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm import access
from crm.errors import AlreadyClosed
from crm.forms.records import LeadForm, ReasonForm
from crm.models import Lead
from crm.screens import lists, records
from crm.services import lead as services
from crm.views.answers import go, page, typed
from crm.views.bin import in_bin
from crm.views.records import asked_timeline, writer
from crm.views.saving import save
from crm.views.shown import record_forms
from members.access import everyone
from members.http import MemberRequest


@everyone
@require_GET
def leads(request: MemberRequest) -> HttpResponse:
    shown = lists.record_list("leads", request.user, request.GET, request.today)
    return page(request, "crm/leads.html", {"list": shown})


@everyone
@require_GET
def lead(request: MemberRequest, pk: int) -> HttpResponse:
    try:
        found = access.lead(request.user, pk)
    except Http404:
        return in_bin(request, "lead", pk)
    screen = records.lead_screen(request.user, found, request.today, asked_timeline(request, found))
    return page(request, "crm/lead.html", {"screen": screen, **record_forms(request)})


@access.writers
@require_http_methods(["GET", "POST"])
def lead_new(request: MemberRequest) -> HttpResponse:
    form = LeadForm(typed(request), user=request.user)
    if form.is_bound and form.is_valid():
        return go(request, services.create(by=request.user, **form.values()), _("Lead saved."))
    return page(request, "crm/lead_form.html", {"form": form}, form=form)


@access.writers
@require_http_methods(["GET", "POST"])
def lead_edit(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.lead_for_change(request.user, pk)
    form = LeadForm(typed(request), user=request.user, record=found)
    context: dict[str, Any] = {"form": form, "record": found}
    if form.is_bound and form.is_valid():
        outcome = save(request, form, found, writer(found, by=request.user))
        if outcome.is_saved:
            return go(request, found, outcome.said)
        context["conflict"] = outcome.conflict
    return page(request, "crm/lead_form.html", context, form=form)


@access.writers
@require_http_methods(["GET", "POST"])
def lead_drop(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.lead_for_change(request.user, pk)
    form = ReasonForm(typed(request))
    if form.is_bound and form.is_valid():
        try:
            services.drop(found, because=form.cleaned_data["because"])
        except AlreadyClosed:
            return _too_late(request, found)
        return go(request, found, _("Lead dropped."))
    template = "crm/lead_drop.html#dialog" if request.htmx else "crm/lead_drop.html"
    return page(request, template, {"form": form, "lead": found}, form=form)


def _too_late(request: MemberRequest, found: Lead) -> HttpResponse:
    messages.warning(request, _("Somebody else was faster: this lead is closed already."))
    return go(request, found)
