from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm import access as crm_access
from crm.views.answers import page, typed
from members.access import everyone
from members.http import MemberRequest
from members.models import User
from rituals import access, queries
from rituals.errors import GateNotPassed, Refused
from rituals.forms import CloseForm, PresentForm, ReasonForm, SubjectForm
from rituals.models import Meeting
from rituals.screens_list import meetings_screen
from rituals.services import agenda, outcome
from rituals.services import meeting as services
from rituals.views.room import done, refused, room, step
from tenants import clock


@everyone
@require_GET
def meetings(request: MemberRequest) -> HttpResponse:
    return page(request, "rituals/meetings.html", {"screen": meetings_screen(request.user, clock.now())})


@everyone
@require_GET
def meeting(request: MemberRequest, pk: int) -> HttpResponse:
    return room(request, access.meeting(request.user, pk))


@everyone
@require_GET
def meeting_item(request: MemberRequest, pk: int, item_pk: int) -> HttpResponse:
    item = access.item(request.user, pk, item_pk)
    return room(request, access.meeting(request.user, pk), item=item)


@everyone
@require_GET
def meeting_pulse(request: MemberRequest, pk: int) -> HttpResponse:
    """Asked every few seconds by open pages: nothing, or the room as it is by now, or a word to those who type."""
    found = access.meeting(request.user, pk)
    if str(found.version) == request.GET.get("version"):
        return HttpResponse(status=204)
    if access.may_run(request.user, found):
        return page(request, "rituals/meeting.html#changed", {"meeting": found})
    response = room(request, found)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#room", "outerHTML"
    return response


@everyone
@require_POST
def meeting_prepare(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.meeting_to_run(request.user, pk)
    return step(
        request,
        pk,
        lambda: services.prepare(found, today=request.today, by=request.user),
        _("The agenda is up to date."),
    )


@everyone
@require_http_methods(["GET", "POST"])
def meeting_start(request: MemberRequest, pk: int) -> HttpResponse:
    """Who is here? Then the meeting begins."""
    found = access.meeting_to_run(request.user, pk)
    people = list(User.objects.active())
    invited = [person.pk for person in queries.invited(found, people)]
    form = PresentForm(typed(request), people=people, initial={"present": invited})
    if form.is_bound and form.is_valid():
        return step(
            request,
            pk,
            lambda: services.start(
                found,
                present=form.cleaned_data["present"],
                by=request.user,
                today=request.today,
                version=_seen(request),
            ),
        )
    return page(request, "rituals/meeting_start.html", {"meeting": found, "form": form}, form=form)


@everyone
@require_POST
def meeting_go(request: MemberRequest, pk: int) -> HttpResponse:
    access.meeting_to_run(request.user, pk)
    item = access.item(request.user, pk, _number(request, "item"))
    return step(request, pk, lambda: services.go_to(item))


@everyone
@require_POST
def meeting_attend(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.meeting_to_run(request.user, pk)
    form = PresentForm(request.POST, people=list(User.objects.active()))
    if not form.is_valid():
        return room(request, found, bound={"present": form}, status=422)
    return step(request, pk, lambda: services.attend(found, present=form.cleaned_data["present"]), _("Saved."))


@everyone
@require_POST
def meeting_end(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.meeting_to_run(request.user, pk)
    return step(request, pk, lambda: services.end(found, by=request.user, version=_seen(request)))


@everyone
@require_POST
def meeting_defer_rest(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.meeting_to_run(request.user, pk)
    form = ReasonForm(request.POST, key="rest")
    if not form.is_valid():
        return room(request, found, bound={"rest": form}, status=422)
    return step(
        request,
        pk,
        lambda: outcome.defer_rest(found, by=request.user, today=request.today, **form.cleaned_data),
        _("They come first in the next meeting."),
    )


@everyone
@require_POST
def meeting_close(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.meeting_to_run(request.user, pk)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return room(request, found, bound={"close": form}, status=422)
    try:
        services.close(found, by=request.user, version=_seen(request), **form.cleaned_data)
    except GateNotPassed as gate:
        return room(request, found, bound={"close": form}, missing=gate.missing, status=422)
    except Refused as refusal:
        return refused(request, pk, refusal)
    return done(request, pk, _("The meeting is closed. Thank you."))


@everyone
@require_POST
def meeting_reopen(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.meeting_to_run(request.user, pk)
    form = ReasonForm(request.POST, key="reopen")
    if not form.is_valid():
        return room(request, found, bound={"reopen": form}, status=422)
    return step(request, pk, lambda: services.reopen(found, by=request.user, **form.cleaned_data))


@everyone
@require_POST
def meeting_skip(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.meeting_to_run(request.user, pk)
    form = ReasonForm(request.POST, key="skip")
    if not form.is_valid():
        return room(request, found, bound={"skip": form}, status=422)
    said = _("The meeting is called off. What was put off to it goes to the next one.")
    return step(request, pk, lambda: services.skip(found, by=request.user, **form.cleaned_data), said)


@everyone
@require_POST
def meeting_add(request: MemberRequest, pk: int) -> HttpResponse:
    """Puts a subject (`title`) or a stuck deal (`deal`) on the agenda."""
    found = access.meeting_to_run(request.user, pk)
    if "deal" in request.POST:
        return _bring_in(request, found, _number(request, "deal"))
    form = SubjectForm(request.POST)
    if not form.is_valid():
        return room(request, found, bound={"subject": form}, status=422)
    title = form.cleaned_data["title"]
    return step(request, pk, lambda: agenda.add_topic(found, title=title, by=request.user), _("It is on the agenda."))


def _bring_in(request: MemberRequest, found: Meeting, deal_pk: int) -> HttpResponse:
    deal = get_object_or_404(crm_access.opportunities(request.user).filter(is_open=True), pk=deal_pk)
    shown = found.items.filter(kind="rest").first()
    return step(
        request,
        found.pk,
        lambda: agenda.add_deal(found, opportunity=deal, by=request.user, today=request.today),
        _("It is on the agenda."),
        item=shown,
    )


def _number(request: MemberRequest, name: str) -> int:
    """A row's id from the POST; 0, which no row has, for anything else."""
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 18 else 0


def _seen(request: MemberRequest) -> int | None:
    return _number(request, "version") or None
