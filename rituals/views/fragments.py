"""Parts of pages of lower floors, loaded by URL."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from crm import access as crm_access
from crm.views.answers import page
from members.access import everyone
from members.http import MemberRequest
from rituals import queries

SHOWN = 5


@everyone
@require_GET
def deal_decisions(request: MemberRequest, pk: int) -> HttpResponse:
    """What was decided about a deal; nothing at all while nothing was."""
    deal = crm_access.opportunity(request.user, pk)
    found = list(queries.about_deal(deal)[: SHOWN + 1])
    context = {"decisions": found[:SHOWN], "more": len(found) > SHOWN, "deal": deal}
    return page(request, "rituals/deal_decisions.html", context)


@everyone
@require_GET
def my_decisions(request: MemberRequest) -> HttpResponse:
    """For Today: decisions that rest on what one entered, and promises that no next step stands for."""
    context = {
        "decisions": queries.decisions_resting_on(request.user, request.today)[:SHOWN],
        "promises": queries.promises_without_step(request.user)[:SHOWN],
    }
    return page(request, "rituals/my_decisions.html", context)
