from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from members.models import User
from rituals.errors import AlreadyReviewed, DayPast, DelayedTwice, ExpectationMissing, NotStanding, ReasonMissing
from rituals.models import ActionItem, Decision, DecisionEvent, DecisionState, DecisionStep, ReviewState, Verdict
from rituals.services import record, review
from tests.cast import NOW
from tests.factories.rituals import make_decision

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
NEXT_WEEK = date(2026, 11, 28)


@pytest.fixture
def due(nader: User) -> Decision:
    return make_decision(nader, review_state=ReviewState.SCHEDULED, review_on=TODAY)


def test_a_review_keeps_what_happened_who_wrote_it_and_an_event(due: Decision, leila: User) -> None:
    review.review(due, by=leila, today=TODAY, happened="امضا شد", verdict=Verdict.AS_EXPECTED, lesson="زودتر بپرسیم")
    due.refresh_from_db()
    assert (due.review_state, due.verdict, due.happened, due.lesson) == (
        ReviewState.REVIEWED, Verdict.AS_EXPECTED, "امضا شد", "زودتر بپرسیم",
    )  # fmt: skip
    assert (due.reviewed_by, due.reviewed_at) == (leila, NOW)
    event = DecisionEvent.objects.get()
    assert (event.decision, event.step, event.by, event.note, event.at) == (
        due, DecisionStep.REVIEWED, leila, "امضا شد", NOW,
    )  # fmt: skip


def test_a_second_review_is_refused(due: Decision, nader: User) -> None:
    review.review(due, by=nader, today=TODAY, happened="شد", verdict=Verdict.BETTER)
    with pytest.raises(AlreadyReviewed):
        review.review(due, by=nader, today=TODAY, happened="نشد", verdict=Verdict.WORSE)
    assert Decision.objects.get().verdict == Verdict.BETTER


def test_a_review_without_what_happened_is_refused(due: Decision, nader: User) -> None:
    with pytest.raises(ReasonMissing):
        review.review(due, by=nader, today=TODAY, happened="", verdict=Verdict.BETTER)


def test_cannot_tell_moves_the_review_twice_and_not_a_third_time(due: Decision, nader: User) -> None:
    for weeks in (1, 2):
        again = TODAY + timedelta(weeks=weeks)
        review.review(due, by=nader, today=TODAY, happened="هنوز نه", verdict=Verdict.CANNOT_TELL, again_on=again)
        assert (due.review_on, due.review_delays, due.review_state) == (again, weeks, ReviewState.SCHEDULED)
    with pytest.raises(DelayedTwice):
        review.review(due, by=nader, today=TODAY, happened="هنوز نه", verdict=Verdict.CANNOT_TELL, again_on=NEXT_WEEK)
    assert list(DecisionEvent.objects.values_list("step", flat=True)) == [DecisionStep.DELAYED] * 2


@pytest.mark.parametrize("again_on", [None, TODAY, TODAY - timedelta(1)])
def test_cannot_tell_wants_a_day_ahead(due: Decision, nader: User, again_on: date | None) -> None:
    with pytest.raises(DayPast):
        review.review(due, by=nader, today=TODAY, happened="نه", verdict=Verdict.CANNOT_TELL, again_on=again_on)
    due.refresh_from_db()
    assert (due.review_on, due.happened) == (TODAY, "")


def test_the_database_refuses_a_third_delay(due: Decision) -> None:
    Decision.objects.update(review_delays=2)
    with pytest.raises(IntegrityError, match="decision_review_delayed_twice"), transaction.atomic():
        Decision.objects.update(review_delays=3)


def test_waiving_says_why_and_ends_the_duty(due: Decision, nader: User) -> None:
    with pytest.raises(ReasonMissing):
        review.waive(due, by=nader, reason="")
    review.waive(due, by=nader, reason="مشتری رفت")
    assert (due.review_state, due.events.get().note) == (ReviewState.WAIVED, "مشتری رفت")
    with pytest.raises(AlreadyReviewed):
        review.waive(due, by=nader, reason="باز هم")


def test_taking_back_keeps_the_duty_to_look_back(due: Decision, nader: User) -> None:
    review.reverse(due, by=nader, reason="شرایط عوض شد")
    assert (due.state, due.state_reason, due.review_state) == (
        DecisionState.REVERSED, "شرایط عوض شد", ReviewState.SCHEDULED,
    )  # fmt: skip
    with pytest.raises(NotStanding):
        review.reverse(due, by=nader, reason="دوباره")


def test_a_decision_outside_a_meeting_is_numbered_and_promised(nader: User, sara: User) -> None:
    made = record.record(
        text="تخفیف پلکانی", by=nader, today=TODAY, owner=sara, due_on=NEXT_WEEK, expected="نرخ برد به ۴۰٪ برسد"
    )
    assert (made.year, made.number, made.decider, made.meeting) == (1405, 1, nader, None)
    assert (made.review_state, made.review_on) == (ReviewState.SCHEDULED, date(2026, 12, 12))
    promise = ActionItem.objects.get()
    assert (promise.decision, promise.owner, promise.due_on) == (made, sara, NEXT_WEEK)


def test_a_replaced_decision_points_to_the_new_one(due: Decision, nader: User) -> None:
    made = record.record(
        text="بدون تخفیف", by=nader, today=TODAY, owner=nader, not_measurable_because="اصل است", replaces=due
    )
    due.refresh_from_db()
    assert (due.state, due.superseded_by, due.review_state) == (DecisionState.SUPERSEDED, made, ReviewState.SCHEDULED)
    assert (made.review_state, made.review_on) == (ReviewState.NONE, None)


def test_recording_wants_an_expectation_and_days_that_can_be(nader: User) -> None:
    with pytest.raises(ExpectationMissing):
        record.record(text="چیزی", by=nader, today=TODAY, owner=nader)
    with pytest.raises(DayPast):
        record.record(text="چیزی", by=nader, today=TODAY, owner=nader, expected="ا", decided_on=NEXT_WEEK)
    with pytest.raises(DayPast):
        record.record(text="چیزی", by=nader, today=TODAY, owner=nader, expected="ا", due_on=date(2026, 11, 20))
    assert Decision.objects.count() == 0
