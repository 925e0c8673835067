"""By when a complaint or request is due: working days of the firm, counted from the day after it came in."""

from datetime import date, timedelta

from crm.models import CaseKind
from tenants.models import Tenant
from tenants.working_time import WorkingTime

# A complaint is answered before a request: somebody is unhappy already.
WORKING_DAYS = {CaseKind.COMPLAINT: 2, CaseKind.REQUEST: 5}
# Asking how it went: not on the same day, and while it is still remembered.
FOLLOW_UP_DAYS = 3


def due_day(kind: CaseKind | str, today: date, tenant: Tenant) -> date:
    return working_days_after(today, WORKING_DAYS[CaseKind(kind)], tenant)


def follow_up_day(today: date, tenant: Tenant) -> date:
    return working_days_after(today, FOLLOW_UP_DAYS, tenant)


def working_days_after(day: date, count: int, tenant: Tenant) -> date:
    """The `count`-th working day after `day`."""
    times = WorkingTime.of(tenant)
    while count:
        day += timedelta(1)
        count -= times.works_on(day)
    return day
