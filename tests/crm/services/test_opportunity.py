from datetime import date
from decimal import Decimal

import pytest

from crm.errors import ReasonNeeded, StageNeeds, Stale
from crm.models import Change, NextStep, Opportunity, Stage
from crm.services import opportunity as services
from crm.services.opportunity import Cause
from members.models import User
from tests.factories.crm import install_playbook, make_customer, make_next_step, make_opportunity, make_stages

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def log_of(deal: Opportunity) -> list[tuple[str, str, str]]:
    changes = Change.objects.filter(opportunity=deal).order_by("pk")
    return list(changes.values_list("field", "old_label", "new_label"))


def test_create_needs_only_a_title(sara: User) -> None:
    make_stages()
    deal = services.create(title="خط بسته‌بندی", by=sara, today=TODAY)
    assert (deal.stage.name, deal.stage_since, deal.is_open, deal.created_by) == ("شناسایی", TODAY, True, sara)
    assert log_of(deal) == [("created", "", "شناسایی")]


def test_create_in_an_empty_workspace_is_refused(sara: User) -> None:
    with pytest.raises(Stage.DoesNotExist):
        services.create(title="خط", by=sara, today=TODAY)
    assert not Opportunity.objects.exists()


def test_change_writes_what_differs_and_leaves_a_change_for_each_tracked_value(sara: User, reza: User) -> None:
    deal = make_opportunity("خط", owner=sara, amount=Decimal(100))
    values = {"title": "خط ۲", "amount": Decimal(250), "owner": reza, "expected_close": None}
    changes = services.change(deal, by=sara, values=values, cause=Cause(meeting_id=5, decision_id=6))
    deal.refresh_from_db()
    assert (deal.title, deal.amount, deal.owner, deal.version) == ("خط ۲", Decimal(250), reza, 2)
    assert {(c.field, c.old, c.new, c.meeting_id, c.decision_id) for c in changes} == {
        ("amount", "100.00", "250", 5, 6),
        ("owner", str(sara.pk), str(reza.pk), 5, 6),
    }
    assert Opportunity.objects.filter(search__contains="خط2").count() == 1


def test_change_of_nothing_writes_nothing(sara: User) -> None:
    deal = make_opportunity("خط", amount=Decimal(100))
    assert services.change(deal, by=sara, values={"amount": Decimal("100.00")}) == []
    deal.refresh_from_db()
    assert deal.version == 1


def test_change_refuses_stage_and_unknown_names(sara: User) -> None:
    with pytest.raises(ValueError, match="stage"):
        services.change(make_opportunity(), by=sara, values={"stage": 1})


@pytest.mark.parametrize(("new", "pushes"), [(date(2026, 12, 2), 1), (date(2026, 11, 30), 0), (None, 0)])
def test_a_later_close_date_is_a_push(new: date | None, pushes: int, sara: User) -> None:
    deal = make_opportunity(expected_close=date(2026, 12, 1))
    services.change(deal, by=sara, values={"expected_close": new})
    deal.refresh_from_db()
    assert deal.push_count == pushes


def test_a_stale_version_is_refused_with_what_stands_there_now(sara: User) -> None:
    deal = make_opportunity(amount=Decimal(100))
    services.change(deal, by=sara, values={"amount": Decimal(200)}, version=1)
    with pytest.raises(Stale) as caught:
        services.change(deal, by=sara, values={"amount": Decimal(300)}, version=1)
    assert isinstance(caught.value.record, Opportunity)
    assert caught.value.record.amount == Decimal(200)
    assert services.change(deal, by=sara, values={"amount": Decimal(200)}, version=1) == []


def test_move(sara: User) -> None:
    stages = make_stages()
    deal = make_opportunity(stage_since=date(2026, 11, 1))
    change = services.move(deal, to=stages[1], by=sara, today=TODAY)
    assert change is not None
    assert (change.field, change.old_label, change.new_label) == ("stage", "شناسایی", "نیازسنجی")
    assert (deal.stage, deal.stage_since, deal.version) == (stages[1], TODAY, 2)
    assert services.move(deal, to=stages[1], by=sara, today=TODAY) is None


def test_a_guarded_stage_names_what_is_missing_and_writes_nothing(sara: User) -> None:
    negotiation = install_playbook()[3]
    deal = make_opportunity()
    with pytest.raises(StageNeeds) as caught:
        services.move(deal, to=negotiation, by=sara, today=TODAY, values={"amount": Decimal(5)})
    assert caught.value.missing == ("expected_close",)
    deal.refresh_from_db()
    assert (deal.stage.position, deal.amount) == (1, None)
    services.move(deal, to=negotiation, by=sara, today=TODAY, values={"amount": Decimal(5), "expected_close": TODAY})
    assert deal.stage == negotiation


def test_losing_wants_a_reason_closes_the_deal_and_drops_its_steps(sara: User) -> None:
    stages = make_stages()
    deal = make_opportunity()
    step = make_next_step(sara, opportunity=deal)
    with pytest.raises(ReasonNeeded):
        services.move(deal, to=stages[5], by=sara, today=TODAY)
    services.move(deal, to=stages[5], by=sara, today=TODAY, lost_reason="گران بود")
    assert (deal.is_open, deal.closed_on, deal.lost_reason) == (False, TODAY, "گران بود")
    step.refresh_from_db()
    assert step.dropped_because == "بازنده"


def test_moving_back_reopens(sara: User) -> None:
    stages = make_stages()
    deal = make_opportunity()
    services.move(deal, to=stages[5], by=sara, today=TODAY, lost_reason="گران بود")
    services.move(deal, to=stages[0], by=sara, today=TODAY)
    assert (deal.is_open, deal.closed_on, deal.lost_reason) == (True, None, "")
    assert NextStep.objects.count() == 0


def test_a_customer_can_be_put_in_later(sara: User) -> None:
    deal = make_opportunity(customer=None)
    customer = make_customer()
    services.change(deal, by=sara, values={"customer": customer})
    assert (deal.customer, log_of(deal)) == (customer, [])
