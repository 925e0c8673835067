"""Moving a deal to another stage from its page or from the dialog of the board."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm import access, picking
from crm.errors import ReasonNeeded, StageNeeds
from crm.forms.records import MoveForm
from crm.models import Opportunity, Stage, StageKind
from crm.services import customer as customers
from crm.services import opportunity as services
from crm.views.answers import back, go, page
from members.http import MemberRequest


@access.writers
@require_POST
def deal_move(request: MemberRequest, pk: int) -> HttpResponse:
    """Moves to `stage`. What is missing is asked by a dialog (422); posting that here completes the move."""
    found = access.opportunity_for_change(request.user, pk)
    stage = get_object_or_404(Stage, pk=_number(request.POST.get("stage")))
    form = _form(request, found, stage, request.POST if "asked" in request.POST else None)
    if form.fields and not (form.is_bound and form.is_valid()):
        return _ask(request, found, stage, form)
    values = dict(form.cleaned_data) if form.is_bound and form.is_valid() else {}
    reason = values.pop("lost_reason", "")
    try:
        with transaction.atomic():
            _with_customer(request, values)
            services.move(found, to=stage, by=request.user, today=request.today, values=values, lost_reason=reason)
    except (StageNeeds, ReasonNeeded):
        # Somebody emptied a field or tightened the rules after the dialog was drawn: ask again for what is missing now.
        return _ask(request, found, stage, _form(request, found, stage, None))
    words = {"deal": found.title, "stage": stage.name}
    return go(request, back(request, found), _("%(deal)s is now in %(stage)s.") % words)


def _form(request: MemberRequest, found: Opportunity, stage: Stage, data: Any) -> MoveForm:
    asks = services.missing_for(found, stage)
    return MoveForm(data, asks=[*asks, "lost_reason"] if stage.kind == StageKind.LOST else asks, user=request.user)


def _ask(request: MemberRequest, found: Opportunity, stage: Stage, form: MoveForm) -> HttpResponse:
    context = {"form": form, "deal": found, "stage": stage, "back": back(request, found)}
    response = page(request, "crm/deal_move.html#dialog" if request.htmx else "crm/deal_move.html", context)
    response.status_code = 422
    return response


def _with_customer(request: MemberRequest, values: dict[str, Any]) -> None:
    """Makes the customer that was picked as a new one."""
    picked = values.get("customer")
    if isinstance(picked, picking.NewRecord):
        values["customer"] = customers.create(name=picked.name, by=request.user, owner=request.user)


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0
