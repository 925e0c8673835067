from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from crm.models import Opportunity
from members.models import User
from pipeline import queries
from tests.factories.crm import a_stage, make_next_step, make_opportunity

pytestmark = pytest.mark.django_db


def days_ago(today: date, days: int) -> date:
    return today - timedelta(days)


@pytest.fixture
def healthy(today: date, sara: User) -> Any:
    """Makes a deal without any flag; what is given changes one thing about it."""

    def make(*, step: bool = True, due_in: int = 1, **fields: Any) -> Opportunity:
        deal = make_opportunity(
            **{
                "amount": Decimal(100),
                "stage_since": today,
                "last_interaction_on": today,
                "expected_close": today,
                "owner": sara,
                **fields,
            }
        )
        if step:
            make_next_step(sara, opportunity=deal, due_in=due_in)
        return deal

    return make


def flags(deal: Opportunity, today: date) -> list[str]:
    return queries.flags_of(queries.flagged_open_deals(today).get(pk=deal.pk))


def test_a_healthy_deal_shows_no_flag_and_needs_no_decision(healthy: Any, today: date) -> None:
    deal = healthy()

    assert flags(deal, today) == []
    assert list(queries.needing_decision(today)) == []


@pytest.mark.parametrize(
    ("in_stage", "quiet", "is_stalled"),
    [(21, 21, True), (40, None, True), (20, 21, False), (21, 20, False), (20, None, False)],
)
def test_a_deal_is_stalled_when_it_neither_moved_nor_was_talked_about(
    healthy: Any, today: date, in_stage: int, quiet: int | None, is_stalled: bool
) -> None:
    assert a_stage().stale_after == 21
    spoken = None if quiet is None else days_ago(today, quiet)
    deal = healthy(stage_since=days_ago(today, in_stage), last_interaction_on=spoken, due_in=-1)

    assert flags(deal, today) == (["stalled"] if is_stalled else [])
    assert queries.stalled(Opportunity.objects.all(), today).exists() is is_stalled


@pytest.mark.parametrize(
    ("rest", "shown"),
    [
        ({"due_in": 0}, []),
        ({"snoozed_until": date(2026, 11, 22), "snoozed_because": "بودجه", "step": False}, []),
        ({"snoozed_until": date(2026, 11, 21), "snoozed_because": "بودجه", "step": False}, ["stalled", "no_next_step"]),
    ],
)
def test_a_deal_rests_on_purpose_until_its_step_or_day_has_passed(
    healthy: Any, today: date, rest: dict[str, Any], shown: list[str]
) -> None:
    deal = healthy(stage_since=days_ago(today, 40), last_interaction_on=None, **rest)

    assert flags(deal, today) == shown


def test_only_an_open_step_counts_as_a_next_step(healthy: Any, today: date, sara: User) -> None:
    with_step, without = healthy(), healthy(step=False)
    make_next_step(sara, opportunity=without, done_at=with_step.created_at, done_by=sara)

    assert flags(with_step, today) == []
    assert flags(without, today) == ["no_next_step"]
    assert list(queries.without_next_step(Opportunity.objects.all(), today)) == [without]


@pytest.mark.parametrize(("days", "past"), [(1, True), (0, False), (-1, False)])
def test_a_close_date_is_past_from_the_day_after(healthy: Any, today: date, days: int, past: bool) -> None:
    deal = healthy(expected_close=days_ago(today, days))

    assert flags(deal, today) == (["close_past"] if past else [])
    assert queries.close_past(Opportunity.objects.all(), today).exists() is past


def test_no_close_date_is_not_a_past_one(healthy: Any, today: date) -> None:
    assert flags(healthy(expected_close=None), today) == []


@pytest.mark.parametrize(("times", "too_often"), [(2, False), (3, True), (5, True)])
def test_a_date_pushed_three_times_is_no_date(healthy: Any, today: date, times: int, too_often: bool) -> None:
    deal = healthy(push_count=times)

    assert flags(deal, today) == (["pushed"] if too_often else [])
    assert queries.pushed(Opportunity.objects.all()).exists() is too_often


def test_closed_deals_are_never_flagged(healthy: Any, today: date) -> None:
    healthy(stage=a_stage("won"), step=False, push_count=9, expected_close=days_ago(today, 90))

    assert list(queries.flagged_open_deals(today)) == []


def test_the_annotations_carry_the_earliest_step_and_the_days(healthy: Any, today: date, sara: User) -> None:
    deal = healthy(stage_since=days_ago(today, 4), last_interaction_on=days_ago(today, 2))
    make_next_step(sara, due_in=-3, opportunity=deal, what="تماس با مدیر خرید")

    found: Any = queries.flagged_open_deals(today).get()

    assert (found.days_in_stage, found.quiet_days) == (4, 2)
    assert (found.next_what, found.next_due) == ("تماس با مدیر خرید", days_ago(today, 3))


def test_rank_is_amount_times_severity(healthy: Any, today: date) -> None:
    small_and_bad = healthy(
        amount=Decimal(100), step=False, push_count=3, stage_since=days_ago(today, 30), last_interaction_on=None
    )
    big_without_step = healthy(amount=Decimal(1000), step=False)
    late = healthy(amount=Decimal(400), expected_close=days_ago(today, 1))

    found: list[Any] = list(queries.needing_decision(today))

    assert [(deal.pk, deal.severity, deal.rank) for deal in found] == [
        (big_without_step.pk, 1, Decimal(1000)),
        (late.pk, 2, Decimal(800)),
        (small_and_bad.pk, 7, Decimal(700)),
    ]


def test_a_deal_without_amount_is_ranked_with_the_median(healthy: Any, today: date) -> None:
    for amount in (100, 300, 9000):
        healthy(amount=Decimal(amount))
    healthy(amount=Decimal(5), stage=a_stage("lost"))
    unknown = healthy(amount=None, push_count=3)

    found: Any = queries.needing_decision(today).get()

    assert (found.pk, found.rank) == (unknown.pk, Decimal(900))


def test_with_no_amounts_at_all_severity_alone_ranks(healthy: Any, today: date) -> None:
    healthy(amount=None, step=False)
    healthy(amount=None, push_count=3)

    assert [deal.rank for deal in queries.needing_decision(today)] == [Decimal(3), Decimal(1)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_ranked_list_is_one_query(
    healthy: Any, today: date, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        healthy(push_count=3, step=False)

    with django_assert_num_queries(1):
        found = [(deal.customer, deal.owner, deal.stage) for deal in queries.needing_decision(today)]

    assert len(found) == rows
