from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.views.answers import go, page, typed
from l10n import formats
from members.access import everyone
from members.http import MemberRequest
from okr import access
from okr.access import writers
from okr.errors import NoFreeSlot, WrongState
from okr.forms import ObjectiveForm, SwapForm
from okr.models import Cycle, Objective
from okr.queries import active_cycle
from okr.screens import objective_screen, objectives_screen
from okr.services import objective as services


def changed_meanwhile() -> str:
    return _("This has changed meanwhile. Here is how it stands now.")


@everyone
@require_GET
def objectives(request: MemberRequest) -> HttpResponse:
    asked = request.GET.get("cycle", "")
    cycle = get_object_or_404(Cycle, pk=int(asked)) if asked.isdecimal() else None
    screen = objectives_screen(request.user, request.today, cap=request.tenant.objective_cap, cycle=cycle)
    return render(request, "okr/objectives.html", {"screen": screen})


@everyone
@require_GET
def objective(request: MemberRequest, pk: int) -> HttpResponse:
    screen = objective_screen(request.user, access.objective(pk), request.today)
    return render(request, "okr/objective.html", {"screen": screen})


@writers
@require_http_methods(["GET", "POST"])
def objective_new(request: MemberRequest) -> HttpResponse:
    cycle = active_cycle()
    if cycle is None:
        return go(request, "okr:cycle_new", _("First open a cycle; objectives live in one."))
    form = ObjectiveForm(typed(request), initial={"owner": request.user.pk})
    if not form.is_valid():
        return page(request, "okr/objective_form.html", {"form": form, "cycle": cycle}, form=form)
    made = services.propose(cycle=cycle, by=request.user, **form.cleaned_data)
    return go(request, made, _("Now say how you will see that it is reached: add a key result."))


@writers
@require_http_methods(["GET", "POST"])
def objective_edit(request: MemberRequest, pk: int) -> HttpResponse:
    edited = access.objective_for_change(request.user, pk)
    form = ObjectiveForm(typed(request), objective=edited)
    if not form.is_valid():
        return page(request, "okr/objective_form.html", {"form": form, "objective": edited}, form=form)
    services.edit(edited, **form.cleaned_data)
    return go(request, edited, _("Saved."))


@writers
@require_POST
def objective_activate(request: MemberRequest, pk: int) -> HttpResponse:
    """Takes the lowest free slot; when all are taken, on to the page that asks which one makes room."""
    candidate = access.objective_for_change(request.user, pk)
    try:
        slot = services.activate(candidate, cap=request.tenant.objective_cap, by=request.user)
    except NoFreeSlot:
        return go(request, reverse("okr:objective_swap", args=[pk]))
    except WrongState:
        return go(request, candidate, changed_meanwhile())
    return go(request, "okr:objectives", _("This is objective %(slot)s now.") % {"slot": formats.num(slot)})


@writers
@require_http_methods(["GET", "POST"])
def objective_swap(request: MemberRequest, pk: int) -> HttpResponse:
    candidate = access.objective_for_change(request.user, pk)
    form = SwapForm(typed(request), objective=candidate)
    if not form.is_valid():
        context = {"form": form, "objective": candidate, "cap": request.tenant.objective_cap}
        return page(request, "okr/objective_swap.html", context, form=form)
    out: Objective = form.cleaned_data["out"]
    try:
        services.swap(
            candidate,
            out=out,
            cap=request.tenant.objective_cap,
            by=request.user,
            because=form.cleaned_data["because"],
        )
    except (NoFreeSlot, WrongState):
        return go(request, candidate, changed_meanwhile())
    return go(request, "okr:objectives", _("Swapped. The other one waits among the candidates."))


@writers
@require_POST
def objective_release(request: MemberRequest, pk: int) -> HttpResponse:
    active = access.objective_for_change(request.user, pk)
    try:
        services.release(active, by=request.user, because=request.POST.get("because", "")[:200])
    except WrongState:
        return go(request, active, changed_meanwhile())
    return go(request, "okr:objectives", _("Its place is free again."))
