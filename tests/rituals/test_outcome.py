from datetime import date

import pytest
from django.db import IntegrityError, transaction

from crm.models import NextStep
from members.models import User
from rituals.errors import (
    AlreadyApplied,
    AlreadySettled,
    ChildTaken,
    DayPast,
    DeferredTwice,
    NeedsDecision,
    ReasonMissing,
)
from rituals.models import ActionItem, AgendaItem, ItemKind, Meeting, MeetingState, Outcome, Section
from rituals.services import decision, outcome
from rituals.services import meeting as meetings
from tests.cast import NOW
from tests.factories.crm import make_opportunity
from tests.factories.rituals import make_item, make_meeting

pytestmark = pytest.mark.django_db


def test_putting_off_leaves_the_item_and_makes_a_child(nader: User, today: date) -> None:
    item = make_item(opportunity=make_opportunity("قرارداد سالانه"), facts={"amount": "5"}, flags=["stalled"])
    child = outcome.defer(item, reason="مدیر مالی نیست", by=nader, today=today)
    assert (item.outcome, item.outcome_reason, item.outcome_by, item.outcome_at) == (
        Outcome.DEFERRED,
        "مدیر مالی نیست",
        nader,
        NOW,
    )
    assert (child.meeting.original_day, item.until) == (date(2026, 11, 28), date(2026, 11, 28))
    assert (child.deferred_from, child.times_deferred, child.title) == (item, 1, "قرارداد سالانه")
    assert child.source_key == item.source_key


def test_putting_off_to_a_day_takes_the_first_meeting_from_then_on(nader: User, today: date) -> None:
    child = outcome.defer(make_item(), reason="نمایشگاه", by=nader, today=today, until=date(2026, 12, 8))
    assert child.meeting.original_day == date(2026, 12, 12)
    with pytest.raises(DayPast):
        outcome.defer(make_item(child.meeting), reason="نمایشگاه", by=nader, today=today, until=today)


def test_putting_off_a_third_time_is_refused(nader: User, today: date) -> None:
    item = make_item(times_deferred=1)
    child = outcome.defer(item, reason="وقت نشد", by=nader, today=today)
    assert child.times_deferred == 2
    Meeting.objects.filter(pk=child.meeting_id).update(state=MeetingState.RUNNING, started_at=NOW)
    with pytest.raises(DeferredTwice):
        outcome.defer(child, reason="باز هم وقت نشد", by=nader, today=today)
    outcome.delegate(child, to=nader, until=today, by=nader, today=today)
    assert child.outcome == Outcome.DELEGATED


def test_handing_over_a_deal_plans_a_step_and_a_promise(nader: User, reza: User, today: date) -> None:
    deal = make_opportunity("قرارداد سالانه")
    item = make_item(opportunity=deal)
    promise = outcome.delegate(item, to=reza, until=date(2026, 11, 25), reason="قیمت تازه بگیر", by=nader, today=today)
    assert (item.outcome, item.delegated_to, item.until) == (Outcome.DELEGATED, reza, date(2026, 11, 25))
    step = NextStep.objects.get(opportunity=deal)
    assert (step.what, step.owner, step.due_on) == ("قیمت تازه بگیر", reza, date(2026, 11, 25))
    assert (promise.next_step, promise.owner, promise.original_due_on) == (step, reza, date(2026, 11, 25))


def test_a_topic_is_handed_over_without_a_step(nader: User, reza: User, today: date) -> None:
    promise = outcome.delegate(make_item(title="تخفیف پلکانی"), to=reza, until=today, by=nader, today=today)
    assert (promise.text, promise.next_step) == ("تخفیف پلکانی", None)


def test_an_item_gets_one_outcome(nader: User, today: date) -> None:
    item = make_item()
    outcome.no_decision(item, code="missing_decider", reason="مدیرعامل نبود", by=nader)
    assert item.outcome_code == "missing_decider"
    with pytest.raises(AlreadySettled):
        outcome.defer(item, reason="بعداً", by=nader, today=today)
    with pytest.raises(AlreadySettled):
        outcome.no_decision(item, code="other", reason="بعداً", by=nader)


def test_reasons_are_asked_for(nader: User, today: date) -> None:
    item = make_item()
    with pytest.raises(ReasonMissing):
        outcome.defer(item, reason="", by=nader, today=today)
    with pytest.raises(ReasonMissing):
        outcome.no_decision(item, code="other", reason="", by=nader)
    item.refresh_from_db()
    assert item.outcome == ""


def test_only_information_can_be_ticked_off(nader: User) -> None:
    item = make_item(kind=ItemKind.CHANGES, section=Section.CHANGED, needs_decision=False)
    outcome.mark_seen(item, by=nader)
    assert item.outcome == Outcome.SEEN
    with pytest.raises(NeedsDecision):
        outcome.mark_seen(make_item(item.meeting), by=nader)


class TestTakingBack:
    def test_a_reason_is_taken_back(self, nader: User) -> None:
        item = make_item()
        outcome.no_decision(item, code="other", reason="بعداً", by=nader)
        outcome.undo_outcome(item)
        assert (item.outcome, item.outcome_code, item.outcome_reason, item.outcome_by) == ("", "", "", None)

    def test_a_child_goes_with_its_deferral(self, nader: User, today: date) -> None:
        item = make_item()
        child = outcome.defer(item, reason="بعداً", by=nader, today=today)
        outcome.undo_outcome(item)
        assert not AgendaItem.objects.filter(pk=child.pk).exists()
        assert (item.outcome, item.until) == ("", None)

    def test_a_child_that_is_being_worked_on_stays(self, nader: User, today: date) -> None:
        item = make_item()
        child = outcome.defer(item, reason="بعداً", by=nader, today=today)
        meetings.start(child.meeting, present=[nader], by=nader, today=today)
        with pytest.raises(ChildTaken):
            outcome.undo_outcome(item)

    def test_a_task_goes_with_its_handing_over_unless_it_is_done(self, nader: User, reza: User, today: date) -> None:
        item = make_item(opportunity=make_opportunity())
        outcome.delegate(item, to=reza, until=today, by=nader, today=today)
        outcome.undo_outcome(item)
        assert (ActionItem.objects.count(), NextStep.objects.count(), item.delegated_to) == (0, 0, None)
        outcome.delegate(item, to=reza, until=today, by=nader, today=today)
        NextStep.objects.update(done_at=NOW, done_by=reza)
        with pytest.raises(AlreadyApplied):
            outcome.undo_outcome(item)

    def test_an_applied_decision_is_not_taken_back(self, nader: User, today: date) -> None:
        item = make_item(opportunity=make_opportunity())
        decision.decide_on_deal(
            item=item, kind="new_plan", text="جلسه", due_on=today, expected="قرارداد", by=nader, today=today
        )
        with pytest.raises(AlreadyApplied):
            outcome.undo_outcome(item)
        item.refresh_from_db()
        assert item.outcome == Outcome.DECIDED

    def test_a_decision_that_changed_nothing_is_reversed_and_keeps_its_number(self, nader: User, today: date) -> None:
        item = make_item(title="نام محصول")
        made = decision.decide_topic(
            item=item, text="نام می‌ماند", owner=nader, not_measurable_because="سلیقه است", by=nader, today=today
        )
        outcome.undo_outcome(item)
        made.refresh_from_db()
        assert (made.state, made.number, item.outcome) == ("reversed", 1, "")


@pytest.mark.parametrize(
    "fields",
    [
        {"outcome": "delegated"},
        {"outcome": "deferred"},
        {"outcome": "no_decision", "outcome_reason": "بعداً"},
        {"outcome": "no_decision", "outcome_code": "other"},
    ],
)
def test_the_database_refuses_half_an_outcome(fields: dict[str, str], nader: User) -> None:
    item = make_item()
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaItem.objects.filter(pk=item.pk).update(**fields, outcome_at=NOW, outcome_by=nader)
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaItem.objects.filter(pk=item.pk).update(outcome="seen")


def test_the_rest_is_put_off_together_but_for_what_was_put_off_twice(nader: User, today: date) -> None:
    meeting = make_meeting(state=MeetingState.WRAP_UP)
    first, second = make_item(meeting), make_item(meeting)
    stubborn = make_item(meeting, times_deferred=2)
    told = make_item(meeting, needs_decision=False)
    children = outcome.defer_rest(meeting, reason="وقت نشد", by=nader, today=today)
    assert {child.deferred_from_id for child in children} == {first.pk, second.pk}
    assert list(meeting.items.order_by("position").values_list("outcome", flat=True)) == ["deferred"] * 2 + ["", ""]
    assert stubborn.is_open
    assert told.is_open
