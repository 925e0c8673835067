"""Leads on their way in: the queue, who takes them, what becomes of them."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm import access
from crm.errors import AlreadyClosed, AlreadyTaken, AlreadyUndone
from crm.intake import conversion, matching, screens
from crm.intake.conversion import Since, TooOld, WorkedOnSince
from crm.intake.forms import AssignForm, ConvertForm
from crm.models import Lead
from crm.services import lead as services
from crm.views.answers import back, go, page, typed
from members.access import Role, everyone, roles
from members.http import MemberRequest
from tenants import clock


@everyone
@require_GET
def lead_queue(request: MemberRequest) -> HttpResponse:
    """Also its own fragment, for the page to ask again every minute."""
    screen = screens.queue_screen(request.user, clock.now(), everybody=request.GET.get("whose") != "mine")
    return page(request, "crm/intake.html#queue" if request.htmx else "crm/intake.html", {"screen": screen})


@access.writers
@require_POST
def lead_take(request: MemberRequest, pk: int) -> HttpResponse:
    lead = access.lead(request.user, pk)
    try:
        services.take(lead, by=request.user)
    except AlreadyTaken:
        messages.warning(request, _("Somebody else was faster and has this lead."))
        return go(request, back(request, "crm:lead_queue"))
    return go(request, lead, _("This lead is yours. Answer it now?"))


@roles(Role.MANAGER, Role.ADMIN)
@require_POST
def lead_assign(request: MemberRequest, pk: int) -> HttpResponse:
    lead = access.lead_for_change(request.user, pk)
    form = AssignForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This person cannot have leads."))
        return go(request, back(request, "crm:lead_queue"))
    services.change(lead, by=request.user, values={"owner": form.cleaned_data["owner"]})
    said = _("%(lead)s went to %(name)s.") if lead.owner else _("%(lead)s waits for anyone to take it.")
    return go(request, back(request, "crm:lead_queue"), said % {"lead": lead.name, "name": lead.owner})


@roles(Role.MANAGER, Role.ADMIN, Role.EXECUTIVE)
@require_GET
def lead_response(request: MemberRequest) -> HttpResponse:
    return page(request, "crm/intake_response.html", {"screen": screens.response_screen(request.user, clock.now())})


@access.writers
@require_http_methods(["GET", "POST"])
def lead_convert(request: MemberRequest, pk: int) -> HttpResponse:
    lead = access.lead_for_change(request.user, pk)
    form = ConvertForm(typed(request), lead=lead, matches=matching.matches(lead, request.user))
    if form.is_bound and form.is_valid():
        try:
            made = conversion.convert(lead, by=request.user, today=request.today, **form.cleaned_data)
        except AlreadyClosed:
            return _too_late(request, lead)
        return go(request, made.opportunity, _("%(lead)s is a deal now.") % {"lead": lead.name})
    return page(request, "crm/lead_convert.html", {"form": form, "lead": lead}, form=form)


@access.writers
@require_POST
def lead_convert_undo(request: MemberRequest, pk: int) -> HttpResponse:
    """Makes the deal that came of a lead a lead again."""
    lead = access.lead_for_change(request.user, pk)
    made = conversion.standing(lead=lead)
    if made is None:
        messages.info(request, _("This was taken back already."))
        return go(request, lead)
    access.opportunity_for_change(request.user, made.opportunity_id)
    try:
        conversion.undo(made, by=request.user, today=request.today)
    except (TooOld, AlreadyUndone, WorkedOnSince) as refused:
        messages.warning(request, refusal(refused))
        return go(request, made.opportunity)
    return go(request, lead, _("%(lead)s is a lead again.") % {"lead": lead.name})


def refusal(refused: Exception) -> str:
    if isinstance(refused, TooOld):
        return _("A deal can be made a lead again for a day; this one is older.")
    if not isinstance(refused, WorkedOnSince):
        return _("This was taken back already.")
    words = {
        Since.CHANGED: _("it was changed"),
        Since.TALKED: _("an interaction was logged"),
        Since.PLANNED: _("a step was planned or finished"),
        Since.FILES: _("a file was added"),
        Since.CASES: _("a complaint or request was opened"),
        Since.GONE: _("it is in the bin"),
    }
    reasons = _(", ").join(words[reason] for reason in refused.reasons)
    return _("The deal stays, because it was worked on since: %(reasons)s.") % {"reasons": reasons}


def _too_late(request: MemberRequest, lead: Lead) -> HttpResponse:
    messages.warning(request, _("Somebody else was faster: this lead is closed already."))
    return go(request, lead)
