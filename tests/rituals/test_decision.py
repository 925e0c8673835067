import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from crm.errors import ReasonNeeded, StageNeeds
from crm.models import Change, NextStep, Opportunity, Stage
from members.models import User
from okr.models import KeyResult
from rituals import facts
from rituals.errors import (
    AlreadySettled,
    DayPast,
    DealGone,
    ExpectationMissing,
    NoCause,
    NothingToChange,
    TooManyCorrectives,
)
from rituals.models import ActionItem, AgendaItem, Cause, Decision, DecisionNumber, MeetingState, Outcome, RitualKind
from rituals.services import agenda, decision
from tests.cast import NOW
from tests.factories.crm import install_playbook, make_next_step, make_opportunity, make_stages
from tests.factories.rituals import make_item, make_meeting, make_ritual

pytestmark = pytest.mark.django_db
IN_A_WEEK = date(2026, 11, 28)


@pytest.fixture
def deal(sara: User) -> Opportunity:
    return make_opportunity(
        "قرارداد سالانه", amount=Decimal(1000), owner=sara, expected_close=date(2026, 12, 1), customer=None
    )


@pytest.fixture
def item(deal: Opportunity, today: date) -> AgendaItem:
    """The deal on the agenda of a meeting that runs."""
    meeting = make_meeting()
    agenda.build(meeting, today=today, now=NOW)
    meeting.state, meeting.started_at = MeetingState.RUNNING, NOW
    meeting.save()
    return meeting.items.get(opportunity=deal)


def decide(item: AgendaItem, by: User, **wanted: Any) -> Decision:
    wanted = {"text": "جلسهٔ حضوری با مدیر مالی", "expected": "رسیدن به مرحلهٔ قرارداد", **wanted}
    return decision.decide_on_deal(item=item, by=by, today=date(2026, 11, 21), **wanted)


def test_a_new_plan_is_a_step_and_a_promise_of_the_deals_owner(item: AgendaItem, sara: User, nader: User) -> None:
    made = decide(item, nader, kind="new_plan", due_on=IN_A_WEEK)
    step = NextStep.objects.get()
    assert (step.what, step.owner, step.due_on, step.created_by) == ("جلسهٔ حضوری با مدیر مالی", sara, IN_A_WEEK, nader)
    promise = ActionItem.objects.get()
    assert (promise.decision, promise.next_step, promise.owner, promise.item) == (made, step, sara, item)
    assert (made.code, made.decider, made.owner, made.decided_on) == ("1405-001", nader, sara, date(2026, 11, 21))
    assert made.applied == {"step": step.pk, "action": promise.pk}
    assert (item.outcome, item.outcome_by) == (Outcome.DECIDED, nader)


def test_a_new_plan_replaces_the_overdue_steps_only(
    item: AgendaItem, deal: Opportunity, sara: User, nader: User
) -> None:
    overdue = make_next_step(sara, due_in=-1, opportunity=deal)
    coming = make_next_step(sara, due_in=0, opportunity=deal)
    made = decide(item, nader, kind="new_plan", due_on=IN_A_WEEK)
    overdue.refresh_from_db()
    coming.refresh_from_db()
    assert (overdue.dropped_because, coming.is_open) == ("جلسهٔ حضوری با مدیر مالی", True)
    assert made.applied["replaced_steps"] == [overdue.pk]


def test_help_is_a_step_of_the_manager(item: AgendaItem, deal: Opportunity, sara: User, nader: User) -> None:
    decide(item, nader, kind="help", due_on=IN_A_WEEK)
    deal.refresh_from_db()
    assert (NextStep.objects.get().owner, ActionItem.objects.get().owner, deal.owner) == (nader, nader, sara)


def test_changing_the_owner_changes_the_deal_and_says_who_decided_it(
    item: AgendaItem, deal: Opportunity, reza: User, nader: User
) -> None:
    made = decide(item, nader, kind="change_owner", new_owner=reza)
    deal.refresh_from_db()
    change = Change.objects.get()
    assert (deal.owner, made.owner) == (reza, reza)
    assert (change.field, change.meeting_id, change.decision_id) == ("owner", item.meeting_id, made.pk)
    assert made.applied == {"changes": [{"field": "owner", "old": "سارا کریمی", "new": "رضا مرادی"}]}
    assert not NextStep.objects.exists()


def test_changing_the_forecast_sets_amount_close_and_stage(item: AgendaItem, deal: Opportunity, nader: User) -> None:
    stage = make_stages()[1]
    made = decide(
        item,
        nader,
        kind="change_forecast",
        new_amount=Decimal(800),
        new_close=date(2026, 12, 20),
        new_stage=stage,
        due_on=IN_A_WEEK,
    )
    deal.refresh_from_db()
    assert (deal.amount, deal.expected_close, deal.stage, deal.push_count) == (800, date(2026, 12, 20), stage, 1)
    assert {change.decision_id for change in Change.objects.all()} == {made.pk}
    assert [row["field"] for row in made.applied["changes"]] == ["amount", "expected_close", "stage"]
    assert NextStep.objects.get().due_on == IN_A_WEEK


def test_dropping_loses_the_deal_with_its_reason_and_its_steps(
    item: AgendaItem, deal: Opportunity, sara: User, nader: User
) -> None:
    make_next_step(sara, opportunity=deal)
    decide(item, nader, kind="drop", lost_reason="بودجه نداشتند", due_on=IN_A_WEEK)
    deal.refresh_from_db()
    assert (deal.is_open, deal.lost_reason, deal.closed_on) == (False, "بودجه نداشتند", date(2026, 11, 21))
    assert NextStep.objects.filter(done_at=None, dropped_at=None).count() == 0


def test_the_decision_keeps_what_was_seen_even_when_the_deal_changes_later(
    item: AgendaItem, deal: Opportunity, nader: User
) -> None:
    made = decide(item, nader, kind="change_forecast", new_amount=Decimal(800))
    seen = {row["code"]: row["value"] for row in made.evidence}
    assert (seen["amount"], seen["expected_close"], seen["flags"]) == ("1000.00", "2026-12-01", ["no_next_step"])
    tiles = {tile.code: tile.value for tile in facts.lines(made.evidence, made.decided_on)}
    assert tiles["amount"] == "۱۰۰ تومان"


def test_the_day_to_look_back_follows_the_due_day(item: AgendaItem, nader: User) -> None:
    made = decide(item, nader, kind="new_plan", due_on=IN_A_WEEK)
    assert (made.review_state, made.review_on) == ("scheduled", IN_A_WEEK + timedelta(days=14))


def test_what_cannot_be_measured_needs_no_day_to_look_back(item: AgendaItem, nader: User) -> None:
    made = decide(item, nader, kind="new_plan", due_on=IN_A_WEEK, expected="", not_measurable_because="رابطه است")
    assert (made.review_state, made.review_on, made.not_measurable_because) == ("none", None, "رابطه است")


REFUSED: dict[str, tuple[dict[str, Any], type[Exception]]] = {
    "a plan without a day": ({"kind": "new_plan"}, DayPast),
    "a plan for yesterday": ({"kind": "new_plan", "due_on": date(2026, 11, 20)}, DayPast),
    "help without a day": ({"kind": "help"}, DayPast),
    "no expectation": ({"kind": "new_plan", "due_on": IN_A_WEEK, "expected": ""}, ExpectationMissing),
    "no new owner": ({"kind": "change_owner"}, NothingToChange),
    "nothing different": ({"kind": "change_forecast", "new_amount": Decimal(1000)}, NothingToChange),
    "dropping without a reason": ({"kind": "drop"}, ReasonNeeded),
    "a kind that is not for deals": ({"kind": "corrective"}, ValueError),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_writes_nothing_at_all(case: str, item: AgendaItem, deal: Opportunity, nader: User) -> None:
    wanted, error = REFUSED[case]
    before = Opportunity.objects.values().get(pk=deal.pk)
    with pytest.raises(error):
        decide(item, nader, **wanted)
    item.refresh_from_db()
    assert item.outcome == ""
    assert Opportunity.objects.values().get(pk=deal.pk) == before
    assert [model.objects.count() for model in (Decision, ActionItem, NextStep, Change)] == [0, 0, 0, 0]
    assert not DecisionNumber.objects.exists()


def test_a_stage_that_needs_fields_rolls_back_the_amount_too(sara: User, nader: User, today: date) -> None:
    install_playbook()
    deal = make_opportunity("قرارداد", amount=Decimal(1000), owner=sara)
    item = make_item(opportunity=deal)
    negotiation = Stage.objects.get(name="مذاکره")
    with pytest.raises(StageNeeds) as refused:
        decide(item, nader, kind="change_forecast", new_amount=Decimal(900), new_stage=negotiation)
    deal.refresh_from_db()
    assert refused.value.missing == ("expected_close",)
    assert (deal.amount, Change.objects.count(), Decision.objects.count()) == (1000, 0, 0)


def test_a_deal_that_was_won_meanwhile_is_not_decided_about(item: AgendaItem, deal: Opportunity, nader: User) -> None:
    Opportunity.objects.filter(pk=deal.pk).update(is_open=False, closed_on=date(2026, 11, 21))
    with pytest.raises(DealGone):
        decide(item, nader, kind="new_plan", due_on=IN_A_WEEK)


def test_an_item_is_decided_once(item: AgendaItem, nader: User) -> None:
    decide(item, nader, kind="new_plan", due_on=IN_A_WEEK)
    with pytest.raises(AlreadySettled):
        decide(item, nader, kind="help", due_on=IN_A_WEEK)
    assert Decision.objects.count() == 1


def test_numbers_count_up_in_the_firms_year_and_begin_again_with_the_next() -> None:
    assert [decision.draw_number(date(2026, 11, 21)) for _ in range(2)] == [(1405, 1), (1405, 2)]
    assert decision.draw_number(date(2027, 3, 21)) == (1406, 1)
    assert decision.draw_number(date(2027, 3, 20)) == (1405, 3)


@pytest.mark.django_db(transaction=True)
def test_two_meetings_at_the_same_moment_never_share_a_number(nader: User, today: date) -> None:
    items = [make_item(make_meeting(make_ritual(), state=MeetingState.RUNNING)) for _ in range(2)]
    tenant, gate = connection.tenant, threading.Barrier(2)  # type: ignore[attr-defined]

    def press(item: AgendaItem) -> None:
        connection.set_tenant(tenant)  # type: ignore[attr-defined]
        gate.wait(timeout=10)
        try:
            decision.decide_topic(item=item, text="نام می‌ماند", owner=nader, expected="آرامش", by=nader, today=today)
        finally:
            connection.close()

    people = [threading.Thread(target=press, args=(item,)) for item in items]
    for person in people:
        person.start()
    for person in people:
        person.join(timeout=20)
    assert sorted(Decision.objects.values_list("number", flat=True)) == [1, 2]


class TestCorrectives:
    @pytest.fixture
    def results(self, key_result: KeyResult) -> list[AgendaItem]:
        meeting = make_meeting(make_ritual(RitualKind.OKR), state=MeetingState.RUNNING)
        return [
            make_item(meeting, key_result=key_result, source_key=f"key_result:{number}", facts={})
            for number in range(3)
        ]

    @pytest.fixture
    def key_result(self, sara: User, today: date) -> KeyResult:
        from okr.models import Cycle, Objective

        cycle = Cycle.objects.create(name="پاییز", starts_on=today, ends_on=today + timedelta(days=60))
        objective = Objective.objects.create(cycle=cycle, title="رشد", owner=sara)
        return KeyResult.objects.create(
            objective=objective, title="قرارداد تازه", unit="عدد", baseline=0, target=10, owner=sara
        )

    def correct(self, item: AgendaItem, sara: User, cause: str = Cause.CAPACITY) -> Decision:
        return decision.decide_corrective(
            item=item,
            cause=cause,
            text="دو تماس در روز",
            owner=sara,
            due_on=IN_A_WEEK,
            expected="۴ قرارداد",
            by=sara,
            today=date(2026, 11, 21),
        )

    def test_it_is_a_promise_with_its_cause(self, results: list[AgendaItem], key_result: KeyResult, sara: User) -> None:
        made = self.correct(results[0], sara)
        promise = ActionItem.objects.get()
        assert (promise.cause, promise.key_result, promise.decision) == (Cause.CAPACITY, key_result, made)
        assert (made.kind, made.key_result, made.applied) == ("corrective", key_result, {"action": promise.pk})

    def test_a_third_is_refused(self, results: list[AgendaItem], sara: User) -> None:
        self.correct(results[0], sara)
        self.correct(results[1], sara)
        with pytest.raises(TooManyCorrectives):
            self.correct(results[2], sara)
        assert Decision.objects.count() == 2

    def test_the_cause_is_asked_for(self, results: list[AgendaItem], sara: User) -> None:
        with pytest.raises(NoCause):
            self.correct(results[0], sara, cause="")
