from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crm.models import Entity
from dataquality import access
from dataquality.screens import record_screen
from dataquality.screens_overview import all_fixes_screen, overview_screen
from members.access import everyone
from members.http import MemberRequest


@everyone
@require_GET
def overview(request: MemberRequest) -> HttpResponse:
    screen = overview_screen(request.user, request.today)
    return render(request, "dataquality/overview.html", {"screen": screen})


@everyone
@require_GET
def all_fixes(request: MemberRequest) -> HttpResponse:
    screen = all_fixes_screen(
        request.user,
        request.today,
        kind=request.GET.get("kind", ""),
        owner=request.GET.get("owner", ""),
        page=request.GET.get("page", "1"),
    )
    return render(request, "dataquality/all_fixes.html", {"screen": screen})


@everyone
@require_GET
def deal_issues(request: MemberRequest, pk: int) -> HttpResponse:
    return _issues(request, Entity.OPPORTUNITY, pk)


@everyone
@require_GET
def lead_issues(request: MemberRequest, pk: int) -> HttpResponse:
    return _issues(request, Entity.LEAD, pk)


@everyone
@require_GET
def customer_issues(request: MemberRequest, pk: int) -> HttpResponse:
    return _issues(request, Entity.CUSTOMER, pk)


def _issues(request: MemberRequest, entity: Entity, pk: int) -> HttpResponse:
    screen = record_screen(request.user, access.record(request.user, entity, pk), request.today)
    return render(request, "dataquality/record.html#record", {"one": screen, "is_alone": True})
