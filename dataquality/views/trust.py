"""How far the numbers of the pages below can be trusted: fragments that those pages load."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dataquality import tally
from members.access import everyone
from members.http import MemberRequest
from pipeline.review import changes_seen, days_asked
from pipeline.screens import Filter
from tenants import clock


@require_GET
@everyone
def board_trust(request: MemberRequest) -> HttpResponse:
    """Beside the sum of each open column of the board, for the same filter."""
    deals = Filter.of(request.user, request.GET).deals().filter(is_open=True)
    found = tally.money_by_stage(deals, request.today)
    return _fragment(request, {str(stage): money.trust for stage, money in found.items()})


@require_GET
@everyone
def changes_trust(request: MemberRequest) -> HttpResponse:
    """Beside the sum of each group of the page of changes."""
    now = clock.now()
    changes = changes_seen(request.user, since=now - timedelta(days_asked(request.GET)), until=now)
    groups = {name: group.ids for name, group in changes.groups()}
    found = tally.money_of_groups(groups, request.today)
    return _fragment(request, {name: money.trust for name, money in found.items()})


def _fragment(request: MemberRequest, trusts: dict[str, int | None]) -> HttpResponse:
    return render(request, "dataquality/trust.html", {"trusts": trusts})
