from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm import access, picking
from crm.errors import AlreadyClosed
from crm.forms.base import focus
from crm.forms.records import ReasonForm
from crm.forms.steps import NewStepForm, RescheduleForm, StepLine
from crm.models import Customer, Lead, NextStep, Opportunity
from crm.picking import NewRecord, NotFound, Record
from crm.screens.today import step_count
from crm.services import next_step as services
from crm.views.answers import back, go, page, typed
from members.http import MemberRequest


@access.writers
@require_http_methods(["GET", "POST"])
def step_new(request: MemberRequest) -> HttpResponse:
    """Plans a step for the record named by `about` ("deal:5")."""
    about = _about(request)
    form = NewStepForm(typed(request), today=request.today, auto_id="new-%s")
    if form.is_bound and form.is_valid():
        services.plan(
            what=form.cleaned_data["what"],
            due_on=form.cleaned_data["due_on"],
            owner=request.user,
            by=request.user,
            customer=about if isinstance(about, Customer) else None,
            lead=about if isinstance(about, Lead) else None,
            opportunity=about if isinstance(about, Opportunity) else None,
        )
        return go(request, back(request, about), _("Next step planned."))
    context = {"step_form": form, "ref": picking.ref_of(about), "record": about, "back": back(request, about)}
    return page(request, "crm/step.html#new" if request.htmx else "crm/step_new.html", context, form=form)


@access.writers
@require_http_methods(["GET", "POST"])
def step_complete(request: MemberRequest, pk: int) -> HttpResponse:
    """Opens the small form that asks for the following step, and ticks this one off."""
    step = access.next_step_for_change(request.user, pk)
    form = StepLine(typed(request), today=request.today, auto_id=_ids(step))
    if not (form.is_bound and form.is_valid()):
        return _panel(request, step, complete=form)
    cleaned = form.cleaned_data
    try:
        following = services.complete(step, by=request.user, next_what=cleaned["what"], next_due_on=cleaned["due_on"])
    except AlreadyClosed:
        return _too_late(request)
    return _answer(request, step, _("Done."), following)


@access.writers
@require_POST
def step_reopen(request: MemberRequest, pk: int) -> HttpResponse:
    step = access.next_step_for_change(request.user, pk)
    services.reopen(step)
    return _answer(request, step, _("Taken back."))


@access.writers
@require_POST
def step_reschedule(request: MemberRequest, pk: int) -> HttpResponse:
    step = access.next_step_for_change(request.user, pk)
    form = RescheduleForm(request.POST, today=request.today, auto_id=_ids(step))
    if not form.is_valid():
        return _panel(request, step, reschedule=form)
    try:
        services.reschedule(step, due_on=form.cleaned_data["due_on"])
    except AlreadyClosed:
        return _too_late(request)
    return _answer(request, step, _("Moved."))


@access.writers
@require_POST
def step_drop(request: MemberRequest, pk: int) -> HttpResponse:
    step = access.next_step_for_change(request.user, pk)
    form = ReasonForm(request.POST, auto_id=_ids(step))
    if not form.is_valid():
        return _panel(request, step, drop=form)
    try:
        services.drop(step, because=form.cleaned_data["because"])
    except AlreadyClosed:
        return _too_late(request)
    return _answer(request, step, _("Dropped."))


def _about(request: MemberRequest) -> Record:
    ref = request.POST.get("about") or request.GET.get("about") or ""
    try:
        about = picking.read(request.user, ref, "")
    except NotFound:
        raise Http404 from None
    assert not isinstance(about, NewRecord)
    return about


def _panel(request: MemberRequest, step: NextStep, **bound: BaseForm) -> HttpResponse:
    """What can be done with a step: finish it and plan the following one, move it, drop it."""
    forms: dict[str, BaseForm] = {
        "complete": StepLine(today=request.today, auto_id=_ids(step)),
        "reschedule": RescheduleForm(today=request.today, auto_id=_ids(step)),
        "drop": ReasonForm(auto_id=_ids(step)),
        **bound,
    }
    focus(next(iter(bound.values()), forms["complete"]))
    came_from = request.POST.get("back") or request.GET.get("back")
    context: dict[str, Any] = {**forms, "step": step, "back": back(request, "crm:today") if came_from else ""}
    wrong = next((form for form in bound.values()), None)
    return page(request, "crm/step.html#panel" if request.htmx else "crm/step_open.html", context, form=wrong)


def _answer(request: MemberRequest, step: NextStep, message: str, following: NextStep | None = None) -> HttpResponse:
    """On Today the row (and the following step's) in its place, elsewhere the page again."""
    if "back" in request.POST or not request.htmx:
        return go(request, back(request, "crm:today"), message)
    context = {"step": step, "following": following, "count": step_count(request.user, request.today)}
    return page(request, "crm/step.html#changed", context)


def _too_late(request: MemberRequest) -> HttpResponse:
    messages.warning(request, _("Somebody else finished this step already."))
    return go(request, back(request, "crm:today"))


def _ids(step: NextStep) -> str:
    return f"step-{step.pk}-%s"
