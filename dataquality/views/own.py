from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dataquality import tally
from dataquality.models import OwnerScore
from members.access import everyone
from members.http import MemberRequest


@everyone
@require_GET
def my_week(request: MemberRequest) -> HttpResponse:
    """A tile of Today: one's own score now, and in the night a week ago; empty without records to judge."""
    now = tally.of_owner(request.user.pk, request.today).score
    nights = OwnerScore.objects.filter(owner=request.user, day__lte=request.today - timedelta(7)).order_by("-day")
    before = nights.values_list("score", flat=True).first()
    return render(request, "dataquality/my_week.html", {"now": now, "before": before})
