from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import reswap, retarget

from crm import access
from crm.errors import ReasonNeeded, StageNeeds, Stale
from crm.forms.records import MoveForm
from crm.models import Opportunity, Stage, StageKind
from crm.services import opportunity as opportunities
from members.access import everyone
from members.http import MemberRequest
from pipeline import screens, services
from pipeline.ordering import CLOSED_DAYS


@require_GET
@everyone
def board(request: MemberRequest) -> HttpResponse:
    page = screens.board(request.user, request.GET, request.today)
    return render(request, "pipeline/board.html", {"board": page})


@require_GET
@everyone
def column(request: MemberRequest, pk: int) -> HttpResponse:
    """More cards of a stage: for the board's column, or as a page of its own."""
    stage = get_object_or_404(Stage, pk=pk)
    page = screens.more(stage, request.user, request.GET, request.today)
    template = "pipeline/board.html#next" if request.htmx else "pipeline/column.html"
    return render(request, template, {"column": page, "query": query_of(request)})


@require_http_methods(["GET", "POST"])
@access.writers
def move(request: MemberRequest, pk: int) -> HttpResponse:
    """Asks where to (GET), or moves to `stage` (POST). A stage that needs something asks for it in a dialog (422)."""
    try:
        deal = access.opportunity_for_change(request.user, pk)
    except PermissionDenied:
        return _refused(request, _("Only the owner or a manager moves this deal."))
    if request.method == "GET":
        return _menu(request, deal)
    stage = get_object_or_404(Stage, pk=_number(request.POST.get("stage")))
    before = deal.stage
    try:
        moved = services.move(
            deal, to=stage, by=request.user, today=request.today, version=_number(request.POST.get("version")) or None
        )
    except (StageNeeds, ReasonNeeded):
        return _dialog(request, deal, stage)
    except Stale:
        messages.warning(request, _("Somebody changed this deal meanwhile. Here is the board as it is now."))
        return _whole_board(request)
    return _moved(request, deal, before if moved else None)


def _menu(request: MemberRequest, deal: Opportunity) -> HttpResponse:
    stages = list(Stage.objects.order_by("position"))
    following = next((stage for stage in stages if stage.position > deal.stage.position), None)
    context = {"deal": deal, "stages": stages, "following": following, "query": query_of(request)}
    return render(request, "pipeline/move.html#dialog" if request.htmx else "pipeline/move.html", context)


def _dialog(request: MemberRequest, deal: Opportunity, stage: Stage) -> HttpResponse:
    """The room below asks for what is missing, and completes the move when it has it."""
    asks = opportunities.missing_for(deal, stage)
    if stage.kind == StageKind.LOST:
        asks = [*asks, "lost_reason"]
    form = MoveForm(None, asks=asks, user=request.user)
    context = {"form": form, "deal": deal, "stage": stage, "back": _board_url(request)}
    template = "crm/deal_move.html#dialog" if request.htmx else "crm/deal_move.html"
    response = render(request, template, context, status=422)
    return reswap(retarget(response, "#dialog"), "innerHTML")


def _whole_board(request: MemberRequest) -> HttpResponse:
    if not request.htmx:
        return HttpResponseRedirect(_board_url(request), status=303)
    page = screens.board(request.user, request.GET, request.today)
    response = render(request, "pipeline/board.html#board", {"board": page, "fragment": True})
    return retarget(response, "#board")


def _moved(request: MemberRequest, deal: Opportunity, before: Stage | None) -> HttpResponse:
    """The card as it is now, the two columns' sums, a word and the way back; or, without htmx, the page."""
    said = _said(deal) if before else ""
    if not request.htmx:
        if said:
            messages.success(request, said)
        return HttpResponseRedirect(_board_url(request), status=303)
    context = {
        "moved": deal,
        "cards": screens.card(deal, request.user, request.GET, request.today),
        "columns": screens.heads(request.user, request.GET, [before, deal.stage] if before else [], request.today),
        "before": before,
        "said": said,
        "query": query_of(request),
        "closed_days": CLOSED_DAYS,
    }
    return render(request, "pipeline/board.html#moved", context)


def query_of(request: MemberRequest) -> str:
    """The filter of the board, as it stands in addresses."""
    return screens.Filter.of(request.user, request.GET).query


def _said(deal: Opportunity) -> str:
    return _("“%(deal)s” is now in “%(stage)s”.") % {"deal": deal.title, "stage": deal.stage.name}


def _board_url(request: MemberRequest) -> str:
    return f"{reverse('pipeline:board')}?{query_of(request)}"


def _refused(request: MemberRequest, reason: str) -> HttpResponse:
    """403 with the reason: the script puts the card back and says it."""
    if not request.htmx:
        raise PermissionDenied(reason)
    return HttpResponse(status=403, headers={"X-Message": quote(reason)})


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0
