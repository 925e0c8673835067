"""How much waits behind the entries of the navigation: a fragment that a page loads after itself, so it delays none."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crm.intake.screens import mine_or_nobodys
from crm.models import LeadStatus
from crm.queries import open_steps
from dataquality.queries import open_issues_of
from members.access import everyone
from members.http import MemberRequest

MOST = 99


@require_GET
@everyone
def counts(request: MemberRequest) -> HttpResponse:
    """Steps due by today, new leads that are mine or nobody's, and my open fixes; each counted up to MOST."""
    user = request.user
    found = {
        "steps": _up_to_most(open_steps().filter(owner=user, due_on__lte=request.today)),
        "leads": _up_to_most(mine_or_nobodys(user).filter(status=LeadStatus.NEW)),
        "fixes": _up_to_most(open_issues_of(user)),
    }
    return render(request, "parts/counts.html", {"counts": found, "most": MOST})


def _up_to_most(rows: QuerySet[Any]) -> int:
    """One more than MOST stands for all that is beyond."""
    return rows.order_by()[: MOST + 1].count()
