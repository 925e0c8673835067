from datetime import date

import pytest

from crm.care import due
from tenants.models import Tenant

SATURDAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("complaint", date(2026, 11, 23)), ("request", date(2026, 11, 28))],
)
def test_by_kind_over_the_iranian_weekend(kind: str, expected: date) -> None:
    """Thursday and Friday are off: five working days from Saturday end on the next Saturday."""
    assert due.due_day(kind, SATURDAY, Tenant(weekend=[3, 4], holidays={})) == expected


def test_a_holiday_is_no_working_day() -> None:
    tenant = Tenant(weekend=[3, 4], holidays={"2026-11-22": "شهادت"})
    assert due.due_day("complaint", SATURDAY, tenant) == date(2026, 11, 24)


def test_a_firm_without_working_days_counts_all() -> None:
    assert due.follow_up_day(SATURDAY, Tenant(weekend=list(range(7)), holidays={})) == date(2026, 11, 24)
