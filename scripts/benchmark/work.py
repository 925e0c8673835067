"""Work without a page: the nightly score and the agenda, in this process."""

import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median

from django.db import transaction

from crm.models import Opportunity
from dataquality.services.scoring import score_tenant
from rituals.models import Meeting, MeetingState, RitualKind
from rituals.services import meeting as meetings
from scripts.benchmark.visitor import Tell
from tenants import clock
from tenants.context import inside
from tenants.models import Tenant

ROUNDS = 5


def measure(tenant: Tenant, tell: Tell) -> None:
    with inside(tenant):
        today = tenant.today()
        tell("scoring of 8,800 deals", _median(lambda: score_tenant(today=today)), "s", "scoring")
        count = Opportunity.objects.filter(is_open=True).count()
        coming = Meeting.objects.filter(
            ritual__kind=RitualKind.PIPELINE, state__in=MeetingState.before(), starts_at__gt=clock.now() - timedelta(1)
        ).earliest("starts_at")
        seconds = _median(lambda: meetings.prepare(coming, today=today))
        tell(f"agenda for {count} open deals", seconds * 1000, "ms", "agenda_2000_open_deals")


def _median(work: Callable[[], object]) -> float:
    """Seconds; each round is rolled back, so that all meet the same data."""
    seconds = []
    for _round in range(ROUNDS + 1):
        with transaction.atomic():
            begin = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - begin)
            transaction.set_rollback(True)
    return median(seconds[1:])
