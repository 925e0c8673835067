"""Bulk edit: choose what shall change, look what would, make it, take it back."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm import access
from crm.errors import AlreadyUndone, ReasonNeeded
from crm.fields import catalog
from crm.lists import bulk as bulks
from crm.lists import undoing
from crm.lists.asking import plain_address
from crm.lists.bulk_forms import ValueForm, WhatForm
from crm.lists.specs import Spec, spec_of
from crm.models import BulkEdit, BulkState
from crm.views.answers import go, page
from crm.views.lists import known, list_url
from members.http import MemberRequest

LISTED = 50


@dataclass(frozen=True)
class Selection:
    """What the list's form sends: ticked rows, or all that its address shows."""

    pks: list[str]
    whole: bool
    query: str

    @classmethod
    def read(cls, data: QueryDict) -> "Selection":
        return cls(data.getlist("pk"), bool(data.get("whole")), data.get("query", ""))

    def ids(self, spec: Spec, request: MemberRequest) -> list[int]:
        return bulks.selected(spec, request.user, whole=self.whole, query=self.query, pks=self.pks, today=request.today)


@access.writers
@require_GET
def bulk(request: MemberRequest, kind: str) -> HttpResponse:
    """Which field, which value, and what would come of it. Changes nothing."""
    spec, selection = known(kind), Selection.read(request.GET)
    back = list_url(spec, plain_address(QueryDict(selection.query)))
    try:
        ids = selection.ids(spec, request)
    except bulks.TooMany:
        messages.warning(request, _("At most 5,000 records at once. Please narrow the list down."))
        return go(request, back)
    if not ids:
        messages.info(request, _("Tick the records that shall change."))
        return go(request, back)
    what = WhatForm(request.GET if "field" in request.GET else None, spec=spec)
    context = {"spec": spec, "selection": selection, "count": len(ids), "what": what, "back": back}
    value = _value_form(spec, request.GET, what)
    if value is None:
        return page(request, "crm/bulk.html", context)
    if "preview" in request.GET and value.is_valid():
        context["preview"] = bulks.preview(spec, ids=ids, wish=value.wish(), by=request.user)
        context["wish"] = value.wish()
        return page(request, "crm/bulk.html", {**context, "value": value})
    if "preview" not in request.GET:
        value = ValueForm(None, info=value.info)
    return page(request, "crm/bulk.html", {**context, "value": value}, form=value if value.is_bound else None)


@access.writers
@require_POST
def bulk_apply(request: MemberRequest, kind: str) -> HttpResponse:
    spec, selection = known(kind), Selection.read(request.POST)
    what = WhatForm(request.POST, spec=spec)
    value = _value_form(spec, request.POST, what)
    if value is None or not value.is_valid():
        return _again(request, spec)
    try:
        ids = selection.ids(spec, request)
        made = bulks.start(spec, ids=ids, wish=value.wish(), by=request.user, today=request.today)
    except (bulks.TooMany, ReasonNeeded):
        return _again(request, spec)
    return go(request, made)


@access.writers
@require_GET
def bulk_edit(request: MemberRequest, pk: int) -> HttpResponse:
    return page(request, "crm/bulk_edit.html", _result(bulks.edit(request.user, pk)))


@access.writers
@require_GET
def bulk_edit_progress(request: MemberRequest, pk: int) -> HttpResponse:
    """Asked for every second while it goes on; at the end the whole page is there."""
    found = bulks.edit(request.user, pk)
    if not found.is_busy or not request.htmx:
        return go(request, found)
    return page(request, "crm/bulk_edit.html#progress", {"bulk": found})


@access.writers
@require_POST
def bulk_edit_undo(request: MemberRequest, pk: int) -> HttpResponse:
    found = bulks.edit_for_change(request.user, pk)
    try:
        undoing.start(found, by=request.user, today=request.today)
    except AlreadyUndone:
        messages.info(request, _("This was taken back already, or is not finished yet."))
    return go(request, found)


def _value_form(spec: Spec, data: QueryDict, what: WhatForm) -> ValueForm | None:
    if not (what.is_bound and what.is_valid()):
        return None
    return ValueForm(data, info=catalog.field(spec.entity, what.cleaned_data["field"]))


def _again(request: MemberRequest, spec: Spec) -> HttpResponse:
    """Back to the form with everything that was posted."""
    data = request.POST.copy()
    data.pop("csrfmiddlewaretoken", None)
    data["preview"] = "1"
    return go(request, f"{reverse('crm:bulk', args=[spec.kind.value])}?{data.urlencode()}")


def _result(found: BulkEdit) -> dict[str, Any]:
    spec = spec_of(found.list)
    refused = [(name or pk, bulks.in_words(why, missing)) for pk, name, why, missing in found.refused[:LISTED]]
    kept = [(name or "—", undoing.in_words(why, field, spec.entity)) for _pk, name, why, field in found.kept[:LISTED]]
    wish = bulks.wish_of(found)
    return {
        "bulk": found,
        "spec": spec,
        "list_url": reverse(spec.url),
        "field_label": wish.info.label if wish.info else _("To the bin"),
        "new": bulks.shown_of(wish.info, wish.value),
        "same": len(found.records) - found.changed - len(found.refused),
        "refused": refused,
        "refused_more": len(found.refused) - len(refused),
        "kept": kept,
        "may_undo": found.state == BulkState.DONE and found.changed > 0,
    }
