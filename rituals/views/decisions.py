from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.views.answers import go, page, typed
from members.access import Role, everyone, roles
from members.http import MemberRequest
from members.models import User
from rituals import access, printing, screens_today
from rituals import queries_decisions as queries
from rituals.errors import Refused
from rituals.forms_decisions import ReasonForm, RecordForm, ReviewForm
from rituals.models import Decision
from rituals.screens_decisions import DecisionScreen, Log
from rituals.services import record
from rituals.services import review as reviews

MOST_PRINTED = 500


@everyone
@require_GET
def decisions(request: MemberRequest) -> HttpResponse:
    return page(request, "rituals/decisions.html", {"log": Log(request.user, request.today, request.GET)})


@everyone
@require_GET
def decide_today(request: MemberRequest) -> HttpResponse:
    """For Today: the coming meeting, reviews that are due, and for executives what was decided lately."""
    return page(request, "rituals/today.html", {"screen": screens_today.decide_today(request.user, request.today)})


@everyone
@require_GET
def decisions_pdf(request: MemberRequest) -> HttpResponse:
    """The log as filtered on the page, at most 500 decisions."""
    log = Log(request.user, request.today, request.GET)
    rows = list(queries.shown(log.wanted)[:MOST_PRINTED])
    return _pdf(printing.decisions_pdf(rows, today=request.today), f"decisions-{request.today:%Y%m%d}.pdf")


@everyone
@require_GET
def decision(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.decision(request.user, pk)
    return _decision_page(request, found)


@everyone
@require_POST
def decision_review(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.decision_to_review(request.user, pk)
    form = ReviewForm(request.POST)
    if form.is_valid():
        try:
            reviews.review(found, by=request.user, today=request.today, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.text)
        else:
            return go(request, found, _("Thank you. Now compare it with what was expected."))
    return _decision_page(request, found, review=form)


@everyone
@require_http_methods(["POST"])
def decision_waive(request: MemberRequest, pk: int) -> HttpResponse:
    return _with_reason(request, pk, reviews.waive, _("The review is waived."))


@everyone
@require_http_methods(["POST"])
def decision_reverse(request: MemberRequest, pk: int) -> HttpResponse:
    return _with_reason(request, pk, reviews.reverse, _("The decision is taken back."))


@roles(Role.MANAGER, Role.EXECUTIVE, Role.ADMIN)
@require_http_methods(["GET", "POST"])
def decision_new(request: MemberRequest) -> HttpResponse:
    people = list(User.objects.active())
    form = RecordForm(typed(request), people=people, initial={"owner": request.user.pk})
    if form.is_bound and form.is_valid():
        try:
            made = record.record(by=request.user, today=request.today, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.text)
        else:
            return go(request, made, _("Decision recorded."))
    return page(request, "rituals/decision_new.html", {"form": form}, form=form)


def _with_reason(request: MemberRequest, pk: int, change: Callable[..., Decision], message: str) -> HttpResponse:
    found = access.decision_to_review(request.user, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please say why, in one line."))
        return _decision_page(request, found, status=422)
    try:
        change(found, by=request.user, reason=form.cleaned_data["reason"])
    except Refused as refused:
        messages.error(request, refused.text)
        return go(request, found)
    return go(request, found, message)


def _decision_page(
    request: MemberRequest, found: Decision, *, review: ReviewForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "screen": DecisionScreen(found, request.user, request.today),
        "review_form": review or ReviewForm(),
        "reason_form": ReasonForm(),
    }
    response = page(request, "rituals/decision.html", context, form=review)
    response.status_code = max(response.status_code, status)
    return response


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
