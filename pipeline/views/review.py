from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from members.access import everyone
from members.http import MemberRequest
from pipeline.review import SPANS, days_asked, review_of
from tenants import clock


@require_GET
@everyone
def review(request: MemberRequest) -> HttpResponse:
    """What changed in the last days: the same reading that a meeting's agenda gets."""
    days = days_asked(request.GET)
    now = clock.now()
    page = review_of(request.user, since=now - timedelta(days), until=now, days=days)
    return render(request, "pipeline/review.html", {"review": page, "spans": SPANS})
