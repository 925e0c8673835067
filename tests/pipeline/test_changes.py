from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from crm.models import Opportunity, Stage
from crm.services import opportunity as opportunities
from members.models import User
from pipeline.changes import Group, what_changed
from tenants import clock
from tests.factories.crm import make_stages

pytestmark = pytest.mark.django_db

SINCE = datetime(2026, 11, 14, 7, 0, tzinfo=UTC)
UNTIL = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)


@pytest.fixture
def stages() -> list[Stage]:
    return make_stages()


@pytest.fixture
def old_deal(stages: list[Stage], nader: User, today: date) -> Any:
    """Makes deals from before the time that is looked at, in the second stage."""

    def make(amount: int = 100) -> Opportunity:
        with clock.stopped_at(SINCE - timedelta(days=1)):
            return opportunities.create(
                title="دستگاه برش", by=nader, today=today, stage=stages[1], amount=Decimal(amount), expected_close=today
            )

    return make


def test_nothing_happened(old_deal: Any) -> None:
    old_deal()

    changes = what_changed(SINCE, UNTIL)

    assert not changes
    assert dict(changes.groups()) == {}


def test_the_time_begins_after_since_and_includes_until(
    old_deal: Any, stages: list[Stage], nader: User, today: date
) -> None:
    at_since, at_until, later = old_deal(1), old_deal(10), old_deal(100)
    for deal, moment in ((at_since, SINCE), (at_until, UNTIL), (later, UNTIL + timedelta(seconds=1))):
        with clock.stopped_at(moment):
            opportunities.move(deal, to=stages[2], by=nader, today=today)

    assert what_changed(SINCE, UNTIL).forward == Group((at_until.pk,), Decimal(10))


def test_a_new_deal_is_new_and_not_moved(stages: list[Stage], nader: User, today: date) -> None:
    deal = opportunities.create(title="تابلوی برق", by=nader, today=today, amount=Decimal(70))
    opportunities.move(deal, to=stages[2], by=nader, today=today)

    assert dict(what_changed(SINCE, UNTIL).groups()) == {"new": Group((deal.pk,), Decimal(70))}


def test_a_new_deal_may_be_won_at_once(stages: list[Stage], nader: User, today: date) -> None:
    deal = opportunities.create(title="تابلوی برق", by=nader, today=today, amount=Decimal(70))
    opportunities.move(deal, to=stages[4], by=nader, today=today)
    closed = opportunities.create(title="کنتور", by=nader, today=today, stage=stages[5])

    changes = dict(what_changed(SINCE, UNTIL).groups())

    assert changes["won"] == Group((deal.pk,), Decimal(70))
    assert changes["lost"] == Group((closed.pk,), Decimal(0))
    assert changes["new"].count == 2


def test_won_lost_forward_back_and_reopened(old_deal: Any, stages: list[Stage], nader: User, today: date) -> None:
    won, lost, forward, back, reopened = (old_deal(amount) for amount in (1, 2, 3, 4, 5))
    with clock.stopped_at(SINCE - timedelta(hours=1)):
        opportunities.move(reopened, to=stages[4], by=nader, today=today)
    opportunities.move(won, to=stages[4], by=nader, today=today)
    opportunities.move(lost, to=stages[5], by=nader, today=today, lost_reason="قیمت")
    opportunities.move(forward, to=stages[3], by=nader, today=today)
    opportunities.move(back, to=stages[0], by=nader, today=today)
    opportunities.move(reopened, to=stages[1], by=nader, today=today)

    assert dict(what_changed(SINCE, UNTIL).groups()) == {
        "won": Group((won.pk,), Decimal(1)),
        "lost": Group((lost.pk,), Decimal(2)),
        "forward": Group((forward.pk,), Decimal(3)),
        "back": Group((back.pk,), Decimal(4)),
        "reopened": Group((reopened.pk,), Decimal(5)),
    }


def test_there_and_back_again_is_no_change(old_deal: Any, stages: list[Stage], nader: User, today: date) -> None:
    deal = old_deal()
    opportunities.move(deal, to=stages[2], by=nader, today=today)
    opportunities.move(deal, to=stages[1], by=nader, today=today)
    opportunities.change(deal, by=nader, values={"amount": Decimal(999)})
    opportunities.change(deal, by=nader, values={"amount": Decimal("100.00")})

    changes = what_changed(SINCE, UNTIL)

    assert not changes.forward
    assert not changes.back
    assert not changes.resized


def test_dates_amounts_and_owners(old_deal: Any, nader: User, sara: User, today: date) -> None:
    later, earlier, grown, shrunk = (old_deal(amount) for amount in (10, 20, 30, 40))
    opportunities.change(later, by=nader, values={"expected_close": today + timedelta(30)})
    opportunities.change(earlier, by=nader, values={"expected_close": today - timedelta(1)})
    opportunities.change(grown, by=nader, values={"amount": Decimal(130)})
    opportunities.change(shrunk, by=nader, values={"amount": None, "owner": sara})

    assert dict(what_changed(SINCE, UNTIL).groups()) == {
        "pushed": Group((later.pk,), Decimal(10)),
        "pulled_in": Group((earlier.pk,), Decimal(20)),
        "resized": Group((grown.pk, shrunk.pk), Decimal(60)),
        "owner_changed": Group((shrunk.pk,), Decimal(0)),
    }


@pytest.mark.parametrize("rows", [1, 3])
def test_three_queries_however_much_happened(
    old_deal: Any, nader: User, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        opportunities.change(old_deal(), by=nader, values={"amount": Decimal(7)})

    with django_assert_num_queries(3):
        assert what_changed(SINCE, UNTIL).resized.count == rows
