from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.views.answers import back, go, page, typed
from members.access import everyone
from members.http import MemberRequest
from okr import access, screens
from okr.access import writers
from okr.errors import TooManyKeyResults, WrongState
from okr.forms import CheckInForm, KeyResultForm
from okr.models import KeyResult
from okr.services import check_in as check_ins
from okr.services import key_result as services


@writers
@require_http_methods(["GET", "POST"])
def key_result_new(request: MemberRequest, pk: int) -> HttpResponse:
    objective = access.objective_for_change(request.user, pk)
    form = KeyResultForm(typed(request))
    context = {"form": form, "objective": objective}
    if not form.is_valid():
        return page(request, "okr/key_result_form.html", context, form=form)
    try:
        services.add(objective, **form.cleaned_data)
    except TooManyKeyResults:
        form.add_error(None, _("Five key results are the most one can keep in view. Edit one of them instead."))
        return page(request, "okr/key_result_form.html", context, form=form)
    return go(request, objective, _("Key result added."))


@writers
@require_http_methods(["GET", "POST"])
def key_result_edit(request: MemberRequest, pk: int) -> HttpResponse:
    key_result = access.key_result_for_change(request.user, pk)
    form = KeyResultForm(typed(request), key_result=key_result)
    if not form.is_valid():
        context = {"form": form, "objective": key_result.objective, "key_result": key_result}
        return page(request, "okr/key_result_form.html", context, form=form)
    services.edit(key_result, **form.cleaned_data)
    return go(request, key_result.objective, _("Saved."))


@everyone
@require_http_methods(["GET", "POST"])
def check_in(request: MemberRequest, pk: int) -> HttpResponse:
    """The form opens in the key result's place and, saved, gives the place back with the new number."""
    key_result = access.key_result_for_check_in(request.user, pk)
    row = screens.row(request.user, key_result, request.today)
    form = CheckInForm(typed(request), key_result=key_result, previous=row.standing.confidence)
    if not form.is_valid():
        template = "okr/check_in.html#form" if request.htmx else "okr/check_in.html"
        return page(request, template, {"form": form, "row": row}, form=form)
    return _record(request, key_result, form)


@everyone
@require_http_methods(["GET"])
def key_result(request: MemberRequest, pk: int) -> HttpResponse:
    """The row alone, for whoever closes the form without saving; as a page it stands with its objective."""
    found = access.key_result(pk)
    if not request.htmx:
        return redirect(found.objective)
    row = screens.row(request.user, found, request.today)
    return render(request, "okr/key_result.html#row", {"row": row})


def _record(request: MemberRequest, key_result: KeyResult, form: CheckInForm) -> HttpResponse:
    values = form.cleaned_data
    try:
        check_ins.record(
            key_result=key_result,
            day=request.today,
            value=values["value"],
            confidence=values["confidence"],
            note=values["note"],
            guard_holds=not values.get("guard_broken"),
            by=request.user,
        )
    except WrongState:
        messages.error(request, _("This objective is closed; its numbers stand."))
    else:
        messages.success(request, _("Checked in, thank you."))
    if not request.htmx:
        return go(request, back(request, key_result.objective))
    row = screens.row(request.user, key_result, request.today)
    return render(request, "okr/key_result.html#row", {"row": row})
