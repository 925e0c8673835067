"""The figures over a small history, counted by hand."""

from datetime import date, timedelta
from typing import Any

import pytest

from crm.care import report
from crm.models import Customer, Stage
from members.models import Team, User
from tenants.schema import current_tenant
from tests.cast import NOW
from tests.factories.crm import a_stage, make_case, make_customer, make_interaction, make_opportunity

pytestmark = pytest.mark.django_db


def days_ago(days: float) -> dict[str, Any]:
    return {"opened_at": NOW - timedelta(days=days), "done_at": NOW - timedelta(days=1)}


@pytest.fixture
def won(acme: object) -> Stage:
    return a_stage("won")


def bought(customer: Customer, days: int, today: date, won: Stage) -> None:
    make_opportunity(customer=customer, stage=won, closed_on=today - timedelta(days))


def names(user: User, group: str, today: date) -> list[str]:
    return [row.customer.name for row in report.customer_page(user, {"group": group}, today).rows]


def test_complaints_and_satisfaction_of_ninety_days(nader: User, today: date) -> None:
    """Four complaints of 1, 2, 4 and 9 days: the median is 3. Two were in time; one had no due day."""
    yesterday = today - timedelta(1)
    make_case(state="done", due_on=yesterday, satisfaction=5, **days_ago(2))
    make_case(state="done", due_on=today, satisfaction=2, **days_ago(3))
    make_case(state="done", due_on=today - timedelta(3), **days_ago(5))
    make_case(state="done", **days_ago(10))
    make_case(state="done", kind="request", due_on=today, satisfaction=4, **days_ago(30))
    old = NOW - timedelta(days=91)
    make_case(state="done", opened_at=old, done_at=old, satisfaction=1)
    make_case(due_on=yesterday)
    make_case(kind="request", state="waiting")
    seen = report.report(nader, today)
    assert (seen.open_cases, seen.late_cases) == (2, 1)
    assert seen.median_days == 3.0
    assert (seen.in_time, seen.in_time.percent) == (report.Share(2, 4), 50.0)
    assert (round(seen.satisfaction or 0, 2), seen.rated, seen.unhappy) == (3.67, report.Share(3, 5), 1)


def test_nothing_yet_has_no_percentages(nader: User, today: date) -> None:
    seen = report.report(nader, today)
    assert (seen.median_days, seen.in_time.percent, seen.satisfaction, seen.again.percent) == (None, None, None, None)
    assert seen.risks == {"risk": 0, "complaint": 0, "unhappy": 0, "quiet": 0}


def test_bought_again_within_a_year(nader: User, today: date, won: Stage) -> None:
    """Days 366 to 730 ago make the cohort; the day exactly a year ago belongs to the last twelve months."""
    again, not_again, new = (make_customer(name) for name in ("باز خرید", "نخرید", "تازه"))
    for days in (400, 30):
        bought(again, days, today, won)
    bought(not_again, 730, today, won)
    bought(new, 365, today, won)
    bought(make_customer("کهنه"), 731, today, won)
    assert report.report(nader, today).again == report.Share(1, 2)
    assert names(nader, "again", today) == ["باز خرید"]
    assert names(nader, "not_again", today) == ["نخرید"]


def test_who_may_leave_and_why(nader: User, sara: User, today: date, won: Stage) -> None:
    complains, unhappy, quiet, fine, prospect = (
        make_customer(name) for name in ("شاکی", "ناراضی", "بی‌خبر", "خوب", "نو")
    )
    make_case(complains)
    make_case(unhappy, state="done", satisfaction=2, **days_ago(3))
    # The last mark counts.
    make_case(fine, state="done", satisfaction=1, opened_at=NOW - timedelta(9), done_at=NOW - timedelta(8))
    make_case(fine, state="done", satisfaction=5, **days_ago(3))
    for customer, days in ((quiet, 61), (fine, 60), (prospect, 200)):
        make_interaction(sara, customer=customer, happened_at=NOW - timedelta(days))
    bought(quiet, 100, today, won)
    bought(fine, 100, today, won)
    bought(complains, 100, today, won)
    seen = report.report(nader, today)
    assert seen.risks == {"risk": 3, "complaint": 1, "unhappy": 1, "quiet": 2}
    assert names(nader, "quiet", today) == ["شاکی", "بی‌خبر"]
    page = report.customer_page(nader, {}, today)
    assert {row.customer.name: row.reasons for row in page.rows} == {
        "شاکی": ["open complaint", "quiet for long"],
        "ناراضی": ["unhappy last time"],
        "بی‌خبر": ["quiet for long"],
    }


def test_a_manager_of_a_team_sees_the_teams_numbers(nader: User, sara: User, reza: User, today: date) -> None:
    current_tenant().visibility = "team"
    nader.team = sara.team = Team.objects.create(name="شمال")
    nader.save()
    sara.save()
    for owner in (sara, reza):
        make_case(make_customer(owner=owner), owner=owner)
    assert report.report(nader, today).open_cases == 1
    assert report.report(nader, today).risks["complaint"] == 1
