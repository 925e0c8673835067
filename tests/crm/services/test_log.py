"""Interactions, next steps, and the quick log over both."""

from datetime import date, timedelta

import pytest

from crm.errors import AlreadyClosed
from crm.models import Customer, Interaction, Lead, NextStep
from crm.picking import NewRecord
from crm.services import interaction as interactions
from crm.services import next_step as steps
from crm.services import quick_log
from members.models import User
from tests.cast import NOW
from tests.factories.crm import make_customer, make_lead, make_next_step, make_opportunity

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def test_the_only_open_deal_of_a_customer_gets_the_interaction(sara: User) -> None:
    deal = make_opportunity()
    interaction, step = interactions.log(by=sara, kind="call", sentence="تماس", customer=deal.customer)
    assert (interaction.opportunity, step) == (deal, None)
    deal.refresh_from_db()
    assert deal.last_interaction_on == TODAY
    make_opportunity(customer=deal.customer)
    second, _step = interactions.log(by=sara, kind="call", sentence="تماس", customer=deal.customer)
    assert second.opportunity is None


def test_an_earlier_day_does_not_move_last_contact_back(sara: User) -> None:
    deal = make_opportunity(last_interaction_on=TODAY)
    past = NOW - timedelta(days=3)
    interaction, _step = interactions.log(by=sara, kind="call", sentence="تماس", opportunity=deal, happened_at=past)
    deal.refresh_from_db()
    assert (interaction.happened_at, interaction.logged_at, deal.last_interaction_on) == (past, NOW, TODAY)


def test_the_future_has_not_happened(sara: User) -> None:
    interaction, _step = interactions.log(
        by=sara, kind="call", sentence="تماس", customer=make_customer(), happened_at=NOW + timedelta(hours=1)
    )
    assert interaction.happened_at == NOW


def test_an_interaction_about_nothing_is_refused(sara: User) -> None:
    with pytest.raises(ValueError, match="hangs on"):
        interactions.log(by=sara, kind="call", sentence="تماس")


def test_a_step_is_planned_with_words_and_a_day(sara: User) -> None:
    deal = make_opportunity()
    due = TODAY + timedelta(3)
    _one, step = interactions.log(
        by=sara, kind="call", sentence="تماس", opportunity=deal, next_what="ارسال", next_due_on=due
    )
    assert step is not None
    assert (step.what, step.due_on, step.owner, step.customer, step.opportunity) == (
        "ارسال",
        due,
        sara,
        deal.customer,
        deal,
    )
    _two, none = interactions.log(by=sara, kind="call", sentence="تماس", opportunity=deal, next_what="ارسال")
    assert none is None


def test_complete_plans_the_following_step_for_the_same_record(sara: User, nader: User) -> None:
    deal = make_opportunity()
    step = make_next_step(sara, opportunity=deal)
    following = steps.complete(step, by=nader, next_what="پیگیری", next_due_on=TODAY)
    assert following is not None
    assert (step.done_at, step.done_by, step.is_open) == (NOW, nader, False)
    assert (following.owner, following.opportunity, following.due_on) == (sara, deal, TODAY)


def test_a_finished_step_is_finished_once(sara: User) -> None:
    step = make_next_step(sara)
    assert steps.complete(step, by=sara) is None
    for again in (
        lambda: steps.complete(step, by=sara, next_what="x", next_due_on=TODAY),
        lambda: steps.drop(step, because=""),
        lambda: steps.reschedule(step, due_on=TODAY),
    ):
        with pytest.raises(AlreadyClosed):
            again()
    assert NextStep.objects.count() == 1


def test_reopen_takes_tick_and_drop_back(sara: User) -> None:
    step = make_next_step(sara)
    steps.drop(step, because="دیگر لازم نیست")
    assert step.dropped_because == "دیگر لازم نیست"
    steps.reopen(step)
    assert (step.is_open, step.dropped_because) == (True, "")
    steps.reschedule(step, due_on=TODAY + timedelta(9))
    assert step.due_on == date(2026, 11, 30)


@pytest.mark.parametrize(("kind", "model"), [("customer", Customer), ("lead", Lead)])
def test_quick_log_makes_the_record_it_is_about(kind: str, model: type[Customer | Lead], sara: User) -> None:
    logged = quick_log.log(by=sara, who=NewRecord(kind, "آرمان"), kind="call", sentence="تماس")  # type: ignore[arg-type]
    assert isinstance(logged.record, model)
    assert (logged.record.name, logged.record.owner, logged.is_new) == ("آرمان", sara, True)
    assert (logged.interaction.customer or logged.interaction.lead) == logged.record


def test_quick_log_about_known_records(sara: User) -> None:
    deal, lead = make_opportunity(), make_lead()
    assert quick_log.log(by=sara, who=deal, kind="visit", sentence="دیدار").interaction.customer == deal.customer
    logged = quick_log.log(by=sara, who=lead, kind="visit", sentence="دیدار", next_what="زنگ", next_due_on=TODAY)
    assert logged.step is not None
    assert (logged.step.lead, logged.is_new, Interaction.objects.count()) == (lead, False, 2)
