from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from charter import access
from charter.errors import NoFreeSlot
from charter.forms import KeyDecisionForm, ReplacingForm
from charter.models import KeyDecision
from charter.models.key_decision import SLOTS
from charter.services import key_decision as services
from members.access import Role, everyone, roles
from members.http import MemberRequest


@everyone
@require_GET
def key_decisions(request: MemberRequest) -> HttpResponse:
    found = list(KeyDecision.objects.select_related("owner"))
    context = {"key_decisions": found, "free": SLOTS - len(found), "retired": _retired()}
    return render(request, "charter/key_decisions.html", context)


@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def key_decision_new(request: MemberRequest) -> HttpResponse:
    """Adds one; when three are in force the form asks which of them it replaces."""
    full = KeyDecision.objects.count() >= SLOTS
    form: KeyDecisionForm = (ReplacingForm if full else KeyDecisionForm)(_typed(request), initial=_owned_by(request))
    if form.is_bound and form.is_valid():
        try:
            _keep(form)
        except NoFreeSlot:
            form = ReplacingForm(request.POST)
            form.add_error(None, _("Somebody else just took the last free place. Which one makes room?"))
            full = True
        else:
            return _done(request, _("Key decision saved."))
    return _form_page(request, {"form": form, "full": full})


@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def key_decision_edit(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.key_decision_for_change(request.user, pk)
    initial = {"name": found.name, "sentence": found.sentence, "owner": found.owner_id}
    form = KeyDecisionForm(_typed(request), initial=initial)
    if form.is_bound and form.is_valid():
        services.change(found, **form.values())
        return _done(request, _("Saved."))
    return _form_page(request, {"form": form, "key_decision": found})


@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def key_decision_replace(request: MemberRequest, pk: int) -> HttpResponse:
    old = access.key_decision_for_change(request.user, pk)
    form = KeyDecisionForm(_typed(request), initial={"owner": old.owner_id})
    if form.is_bound and form.is_valid():
        try:
            services.replace(old, **form.values())
        except NoFreeSlot:
            return _done(request, _("Somebody else replaced it already."))
        return _done(request, _("Key decision replaced."))
    return _form_page(request, {"form": form, "replaced": old})


def _keep(form: KeyDecisionForm) -> None:
    old = form.cleaned_data.get("replaces")
    if old:
        services.replace(old, **form.values())
    else:
        services.add(**form.values())


def _retired() -> list[KeyDecision]:
    return list(KeyDecision.everything.filter(slot=None).select_related("owner").order_by("-retired_at")[:10])


def _typed(request: MemberRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _owned_by(request: MemberRequest) -> dict[str, Any]:
    return {"owner": request.user.pk}


def _form_page(request: MemberRequest, context: dict[str, Any]) -> HttpResponse:
    status = 422 if context["form"].errors else 200
    in_dialog = request.htmx and "dialog" in request.GET
    template = "charter/key_decision_form.html#dialog" if in_dialog else "charter/key_decision_form.html"
    return render(request, template, context, status=status)


def _done(request: MemberRequest, message: str) -> HttpResponse:
    messages.success(request, message)
    url = resolve_url("charter:key_decisions")
    if request.htmx:
        return HttpResponseClientRedirect(url)
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response
