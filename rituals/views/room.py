"""The answers of the meeting page: every action ends in the same room, as a fragment or as a whole page."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from crm.errors import ReasonNeeded, StageNeeds
from crm.fields import asking
from crm.views.answers import go
from members.http import MemberRequest
from rituals import access
from rituals.errors import Missing, Refused
from rituals.models import AgendaItem, Meeting
from rituals.screens import meeting_screen

FIELDS_OF_STAGE = {"amount": "new_amount", "expected_close": "new_close", "owner": "owner"}


def room(
    request: MemberRequest,
    meeting: Meeting,
    *,
    item: AgendaItem | None = None,
    bound: Mapping[str, forms.Form] | None = None,
    missing: Sequence[Missing] | None = None,
    status: int = 200,
) -> HttpResponse:
    screen = meeting_screen(
        meeting,
        request.user,
        request.today,
        item=item,
        bound=bound,
        missing=missing,
        presenting="present" in request.GET,
    )
    template = "rituals/meeting.html#room" if request.htmx else "rituals/meeting.html"
    return render(request, template, {"screen": screen}, status=status)


def done(request: MemberRequest, meeting_pk: int, said: str = "", *, item: AgendaItem | None = None) -> HttpResponse:
    """The room after a step that worked. Without htmx a redirect, so that a reload repeats nothing."""
    url = address(request, meeting_pk, item)
    if not request.htmx:
        return go(request, url, said)
    if said:
        messages.success(request, said)
    response = room(request, access.meeting(request.user, meeting_pk), item=item)
    response.headers["HX-Push-Url"] = url
    return response


def refused(
    request: MemberRequest, meeting_pk: int, refusal: Refused, *, item: AgendaItem | None = None
) -> HttpResponse:
    """The room as it is now, and why the step was not possible."""
    messages.error(request, refusal.text)
    return room(request, access.meeting(request.user, meeting_pk), item=item, status=422)


def step(
    request: MemberRequest, meeting_pk: int, act: Callable[[], Any], said: str = "", *, item: AgendaItem | None = None
) -> HttpResponse:
    """One press of a button: does it, or says why not."""
    try:
        act()
    except Refused as refusal:
        return refused(request, meeting_pk, refusal, item=item)
    return done(request, meeting_pk, said, item=item)


def settle(
    request: MemberRequest, item: AgendaItem, name: str, form: forms.Form, act: Callable[[], str]
) -> HttpResponse:
    """Ends an item with what a form says; `act` does it and returns what to say. Typed values stay on a refusal."""
    if form.is_valid():
        try:
            return done(request, item.meeting_id, act())
        except StageNeeds as needs:
            _ask_for(form, needs.missing)
        except ReasonNeeded:
            form.add_error("lost_reason", _("Please say why, in one line."))
        except Refused as refusal:
            fresh = access.item_to_run(request.user, item.pk)
            if not fresh.is_open or not fresh.meeting.is_during:
                return refused(request, item.meeting_id, refusal)
            form.add_error(None, refusal.text)
    meeting = access.meeting(request.user, item.meeting_id)
    return room(request, meeting, item=item, bound={name: form}, status=422)


def address(request: MemberRequest, meeting_pk: int, item: AgendaItem | None = None) -> str:
    url = (
        resolve_url("rituals:meeting_item", meeting_pk, item.pk) if item else resolve_url("rituals:meeting", meeting_pk)
    )
    return f"{url}?present=1" if "present" in request.GET else url


def _ask_for(form: forms.Form, missing: Sequence[str]) -> None:
    for name in missing:
        field = FIELDS_OF_STAGE.get(name)
        text = _("This stage needs it.")
        if field:
            form.add_error(field, text)
        else:
            form.add_error(
                None,
                _("The stage needs a value on the deal first: %(field)s")
                % {"field": asking.label("opportunity", name)},
            )
