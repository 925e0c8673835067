from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.views.answers import go, page, typed
from members.http import MemberRequest
from okr import access
from okr.access import writers
from okr.errors import AnotherCycleRuns, WrongState
from okr.forms import CycleForm
from okr.queries import active_cycle
from okr.services import cycle as services
from okr.views.objectives import changed_meanwhile


@writers
@require_http_methods(["GET", "POST"])
def cycle_new(request: MemberRequest) -> HttpResponse:
    form = CycleForm(typed(request))
    if not form.is_valid():
        return page(request, "okr/cycle_form.html", {"form": form, "running": active_cycle()}, form=form)
    made = services.create(**form.cleaned_data)
    if active_cycle() is None:
        services.activate(made)
        return go(request, "okr:objectives", _("The cycle runs. Propose the first objective."))
    return go(request, "okr:objectives", _("The cycle is drafted. It can start when the running one is closed."))


@writers
@require_POST
def cycle_activate(request: MemberRequest, pk: int) -> HttpResponse:
    cycle = access.cycle_for_change(request.user, pk)
    try:
        services.activate(cycle)
    except AnotherCycleRuns as error:
        messages.error(request, _("First close “%(name)s”.") % {"name": error.name})
        return go(request, "okr:objectives")
    except WrongState:
        return go(request, "okr:objectives", changed_meanwhile())
    return go(request, "okr:objectives", _("The cycle runs."))


@writers
@require_POST
def cycle_close(request: MemberRequest, pk: int) -> HttpResponse:
    cycle = access.cycle_for_change(request.user, pk)
    try:
        services.close(cycle, by=request.user)
    except WrongState:
        return go(request, "okr:objectives", changed_meanwhile())
    return go(request, "okr:objectives", _("The cycle is closed. Its numbers stay readable."))
