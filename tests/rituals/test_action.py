from datetime import date, timedelta

import pytest

from crm.models import NextStep
from crm.services import next_step as next_steps
from members.models import User
from rituals import queries
from rituals.errors import AlreadyApplied, AlreadySettled, DayPast, ReasonMissing, WrongState
from rituals.models import ActionAppearance, ActionItem, ActionState, ItemKind, Meeting, MeetingState, Section
from rituals.services import action, agenda
from rituals.services import meeting as meetings
from tenants import clock
from tests.cast import NOW
from tests.factories.crm import make_next_step
from tests.factories.rituals import make_action, make_appearance, make_item, make_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def promise(sara: User) -> ActionItem:
    """Made last week, with a step, due today."""
    held = make_meeting(day=date(2026, 11, 14), state=MeetingState.CLOSED)
    return make_action(held, sara, due_in=0, next_step=make_next_step(sara, due_in=0))


@pytest.fixture
def shown(promise: ActionItem) -> ActionAppearance:
    assert promise.meeting is not None
    meeting = make_meeting(promise.meeting.ritual, state=MeetingState.RUNNING)
    make_item(meeting, kind=ItemKind.ACTIONS, section=Section.ACTIONS, needs_decision=False)
    return make_appearance(promise, meeting)


def test_done_ticks_the_step_too(shown: ActionAppearance, promise: ActionItem, nader: User, today: date) -> None:
    action.answer(shown, answer="done", by=nader, today=today)
    promise.refresh_from_db()
    assert promise.next_step is not None
    assert (promise.state, promise.closed_at, promise.closed_by) == (ActionState.DONE, NOW, nader)
    assert (promise.next_step.done_at, promise.next_step.done_by) == (NOW, nader)
    assert (shown.answer, shown.answered_by) == ("done", nader)


def test_still_open_moves_the_day_and_keeps_the_first_one(
    shown: ActionAppearance, promise: ActionItem, nader: User, today: date
) -> None:
    later = today + timedelta(days=7)
    action.answer(shown, answer="still_open", new_due_on=later, reason="مشتری سفر بود", by=nader, today=today)
    promise.refresh_from_db()
    assert promise.next_step is not None
    assert (promise.due_on, promise.original_due_on, promise.slips) == (later, today, 1)
    assert (promise.next_step.due_on, promise.state) == (later, ActionState.OPEN)
    assert (shown.due_then, shown.new_due_on, shown.reason) == (today, later, "مشتری سفر بود")


def test_dropped_drops_the_step_with_the_same_reason(
    shown: ActionAppearance, promise: ActionItem, nader: User, today: date
) -> None:
    action.answer(shown, answer="dropped", reason="دیگر لازم نیست", by=nader, today=today)
    promise.refresh_from_db()
    assert promise.next_step is not None
    assert (promise.state, promise.dropped_because) == (ActionState.DROPPED, "دیگر لازم نیست")
    assert promise.next_step.dropped_because == "دیگر لازم نیست"


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ({"answer": "still_open", "new_due_on": date(2026, 12, 1)}, ReasonMissing),
        ({"answer": "still_open", "reason": "مشتری نبود"}, DayPast),
        ({"answer": "still_open", "reason": "مشتری نبود", "new_due_on": date(2026, 11, 20)}, DayPast),
        ({"answer": "dropped"}, ReasonMissing),
        ({"answer": "perhaps"}, ValueError),
    ],
)
def test_half_an_answer_is_refused(
    wanted: dict[str, object], error: type[Exception], shown: ActionAppearance, nader: User, today: date
) -> None:
    with pytest.raises(error):
        action.answer(shown, by=nader, today=today, **wanted)  # type: ignore[arg-type]
    shown.refresh_from_db()
    assert shown.answer == ""


def test_an_answer_is_given_once_and_only_in_the_meeting(shown: ActionAppearance, nader: User, today: date) -> None:
    Meeting.objects.filter(pk=shown.meeting_id).update(state=MeetingState.PREPARING)
    with pytest.raises(WrongState):
        action.answer(shown, answer="done", by=nader, today=today)
    Meeting.objects.filter(pk=shown.meeting_id).update(state=MeetingState.RUNNING)
    action.answer(shown, answer="done", by=nader, today=today)
    with pytest.raises(AlreadySettled):
        action.answer(shown, answer="done", by=nader, today=today)


@pytest.mark.parametrize("answer", ["done", "still_open", "dropped"])
def test_an_answer_taken_back_leaves_everything_as_it_was(
    answer: str, shown: ActionAppearance, promise: ActionItem, nader: User, today: date
) -> None:
    before = ActionItem.objects.values().get(pk=promise.pk)
    step_before = NextStep.objects.values().get(action=promise)
    later = today + timedelta(days=3)
    action.answer(shown, answer=answer, new_due_on=later, reason="مشتری نبود", by=nader, today=today)
    action.take_back(shown)
    assert ActionItem.objects.values().get(pk=promise.pk) == before
    assert NextStep.objects.values().get(action=promise) == step_before
    assert (shown.answer, shown.reason, shown.new_due_on) == ("", "", None)


def test_the_last_answer_ticks_the_item_off(shown: ActionAppearance, sara: User, nader: User, today: date) -> None:
    assert shown.action.meeting is not None
    other = make_appearance(make_action(shown.action.meeting, sara), shown.meeting)
    item = shown.meeting.items.get(kind=ItemKind.ACTIONS)
    action.answer(shown, answer="done", by=nader, today=today)
    item.refresh_from_db()
    assert item.outcome == ""
    action.answer(other, answer="done", by=nader, today=today)
    item.refresh_from_db()
    assert (item.outcome, item.outcome_by) == ("seen", nader)
    action.take_back(other)
    item.refresh_from_db()
    assert item.outcome == ""


def test_an_action_carried_three_times_is_still_one_row(sara: User, nader: User) -> None:
    first = make_meeting(day=date(2026, 11, 21), state=MeetingState.CLOSED)
    promise = make_action(first, sara, due_in=7)
    for week in range(1, 4):
        day = date(2026, 11, 21) + timedelta(weeks=week)
        with clock.stopped_at(NOW + timedelta(weeks=week)):
            meeting = make_meeting(first.ritual, day=day)
            meetings.start(meeting, present=[nader], by=nader, today=day)
            action.answer(
                meeting.appearances.get(),
                answer="still_open",
                new_due_on=day + timedelta(weeks=1),
                reason="مشتری نبود",
                by=nader,
                today=day,
            )
            meetings.end(meeting, by=nader)
            meetings.close(meeting, by=nader, no_decision_code="other", no_decision_reason="این هفته تصمیمی نبود")
    promise.refresh_from_db()
    assert ActionItem.objects.count() == 1
    assert (promise.slips, promise.original_due_on, promise.due_on) == (3, date(2026, 11, 28), date(2026, 12, 19))
    assert list(promise.appearances.values_list("due_then", "new_due_on")) == [
        (date(2026, 11, 28), date(2026, 12, 5)),
        (date(2026, 12, 5), date(2026, 12, 12)),
        (date(2026, 12, 12), date(2026, 12, 19)),
    ]


def test_a_step_ticked_on_the_page_of_today_settles_the_promise_when_read(
    shown: ActionAppearance, promise: ActionItem, sara: User
) -> None:
    assert promise.next_step is not None
    assert queries.unanswered(shown.meeting).count() == 1
    next_steps.complete(promise.next_step, by=sara)
    assert queries.unanswered(shown.meeting).count() == 0
    assert queries.still_open().count() == 0


def test_a_dropped_step_is_written_down_with_its_reason(promise: ActionItem, today: date) -> None:
    assert promise.next_step is not None
    assert promise.meeting is not None
    next_steps.drop(promise.next_step, because="مشتری نمی‌خواهد")
    meeting = make_meeting(promise.meeting.ritual)
    agenda.build(meeting, today=today, now=NOW)
    promise.refresh_from_db()
    assert (promise.state, promise.dropped_because, promise.closed_at) == ("dropped", "مشتری نمی‌خواهد", NOW)
    assert meeting.appearances.get().answer == "dropped"


def test_a_promise_is_kept_outside_a_meeting_too(promise: ActionItem, sara: User) -> None:
    action.complete(promise, by=sara)
    assert promise.next_step is not None
    promise.next_step.refresh_from_db()
    assert (promise.state, promise.closed_by, promise.next_step.done_by) == (ActionState.DONE, sara, sara)
    with pytest.raises(AlreadySettled):
        action.complete(promise, by=sara)


def test_what_was_settled_before_the_meeting_is_not_taken_back(
    promise: ActionItem, nader: User, sara: User, today: date
) -> None:
    assert promise.meeting is not None
    with clock.stopped_at(NOW - timedelta(hours=1)):
        action.complete(promise, by=sara)
    meeting = make_meeting(promise.meeting.ritual)
    meetings.start(meeting, present=[nader], by=nader, today=today)
    with pytest.raises(AlreadyApplied):
        action.take_back(meeting.appearances.get())
