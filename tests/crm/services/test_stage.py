"""Stages are renamed, ordered, added and removed, and nothing that points to them breaks."""

from datetime import date
from decimal import Decimal

import pytest

from crm.errors import DealsInTheWay, NameTaken, StageKept
from crm.fields.needs import needs_of
from crm.models import Change, Opportunity, Stage
from crm.services import opportunity as opportunities
from crm.services import stage as services
from members.models import User
from tenants import clock
from tests.factories.crm import make_opportunity, make_stages, need

pytestmark = pytest.mark.django_db
FIRST = ["شناسایی", "نیازسنجی", "پیشنهاد", "مذاکره", "برنده", "بازنده"]


@pytest.fixture
def stages() -> list[Stage]:
    return make_stages()


def order() -> list[str]:
    assert list(Stage.objects.values_list("position", flat=True)) == list(range(1, Stage.objects.count() + 1))
    return list(Stage.objects.values_list("name", flat=True))


def test_a_new_stage_stands_after_the_last_open_one(stages: list[Stage]) -> None:
    added = services.add(name="نمونه", meaning="نمونه رفته است", probability=80, stale_after=7)
    assert order() == [*FIRST[:4], "نمونه", *FIRST[4:]]
    assert (added.position, added.is_open, added.stale_after) == (5, True, 7)
    with pytest.raises(NameTaken):
        services.add(name="نمونه")


def test_open_stages_swap_places_and_closed_ones_stay_last(stages: list[Stage]) -> None:
    services.move(stages[1], up=True)
    assert order() == ["نیازسنجی", "شناسایی", *FIRST[2:]]
    for stage, up in ((stages[1], True), (stages[3], False), (stages[4], True), (stages[5], True)):
        services.move(stage, up=up)
    assert order() == ["نیازسنجی", "شناسایی", *FIRST[2:]]
    services.move(stages[1], up=False)
    assert order() == FIRST


def test_renaming_breaks_nothing(stages: list[Stage], sara: User, today: date) -> None:
    deal = make_opportunity(owner=sara)
    opportunities.move(deal, to=stages[1], by=sara, today=today)
    need(stages[2], "amount")
    services.change(stages[1], name="کشف نیاز", meaning="", probability=30, stale_after=10)
    deal.refresh_from_db()
    assert deal.stage.name == "کشف نیاز"
    assert Change.objects.get(field="stage").new_label == "نیازسنجی"
    services.change(stages[2], name="پیشنهاد قیمت", meaning="", probability=50, stale_after=10)
    stages[2].refresh_from_db()
    assert needs_of(stages[2]) == ["amount"]
    with pytest.raises(NameTaken):
        services.change(stages[1], name="برنده", meaning="", probability=30, stale_after=10)


def test_an_empty_stage_goes_and_its_rules_move_on(stages: list[Stage], admin: User, today: date) -> None:
    need(stages[2], "amount")
    assert services.remove(stages[2], by=admin, today=today) == 0
    assert order() == [*FIRST[:2], *FIRST[3:]]
    left = list(Stage.objects.all())
    assert [needs_of(stage) for stage in left] == [[], [], ["amount"], ["amount"], []]


def test_deals_of_a_removed_stage_go_where_one_says(stages: list[Stage], admin: User, today: date) -> None:
    deals = [make_opportunity(stage=stages[1]) for _number in range(2)]
    binned = make_opportunity(stage=stages[1], deleted_at=clock.now())
    with pytest.raises(DealsInTheWay) as refused:
        services.remove(stages[1], by=admin, today=today)
    assert refused.value.deals == 3
    assert services.remove(stages[1], by=admin, today=today, to=stages[0]) == 3
    assert {deal.stage_id for deal in Opportunity.with_binned.all()} == {stages[0].pk}
    assert [change.new_label for change in Change.objects.filter(opportunity=deals[0])] == ["شناسایی"]
    assert not Change.objects.filter(opportunity=binned).exists()


def test_removing_is_no_way_around_a_guard(stages: list[Stage], admin: User, today: date) -> None:
    need(stages[2], "amount")
    deals = [make_opportunity(stage=stages[1], amount=amount) for amount in (Decimal(5), None)]
    with pytest.raises(DealsInTheWay) as refused:
        services.remove(stages[1], by=admin, today=today, to=stages[2])
    assert (refused.value.deals, refused.value.lacking) == (2, 1)
    assert order() == FIRST
    assert {deal.stage_id for deal in Opportunity.objects.filter(pk__in=[deal.pk for deal in deals])} == {stages[1].pk}


@pytest.mark.parametrize("place", [4, 5])
def test_won_and_lost_stay(place: int, stages: list[Stage], admin: User, today: date) -> None:
    with pytest.raises(StageKept):
        services.remove(stages[place], by=admin, today=today)


def test_one_open_stage_stays(stages: list[Stage], admin: User, today: date) -> None:
    for stage in stages[1:4]:
        services.remove(stage, by=admin, today=today)
    with pytest.raises(StageKept):
        services.remove(stages[0], by=admin, today=today)
