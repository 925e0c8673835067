import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from members.models import User
from rituals.errors import GateNotPassed, ReasonMissing, Refused, Stale, TooLate, WrongState
from rituals.models import Attendance, Meeting, MeetingState, NoDecisionCode
from rituals.services import agenda, outcome
from rituals.services import meeting as meetings
from tenants import clock
from tests.cast import NOW
from tests.factories.crm import make_opportunity
from tests.factories.rituals import attend, make_item, make_meeting

pytestmark = pytest.mark.django_db
REASON = "همه‌چیز سر جای خودش بود و تصمیمی لازم نبود"


def closable(nader: User) -> Meeting:
    meeting = make_meeting(state=MeetingState.WRAP_UP)
    attend(meeting, nader)
    return meeting


def test_a_meeting_goes_its_whole_way_and_leaves_a_trace(nader: User, sara: User, today: date) -> None:
    make_opportunity("قرارداد سالانه")
    meeting = make_meeting()
    meetings.prepare(meeting, today=today, by=nader)
    meetings.start(meeting, present=[nader, sara], by=nader, today=today)
    assert (meeting.started_at, meeting.as_of, meeting.current_since) == (NOW, NOW, NOW)
    assert meeting.current_item is not None
    assert meeting.current_item.kind == "changes"
    assert Attendance.objects.filter(meeting=meeting, present=True).count() == 2
    deal = meeting.items.get(kind="deal")
    outcome.no_decision(deal, code=NoDecisionCode.NOTHING_NEEDED, reason="تازه ثبت شده", by=nader)
    meetings.end(meeting, by=nader)
    meetings.close(meeting, by=nader, no_decision_code=NoDecisionCode.NOTHING_NEEDED, no_decision_reason=REASON)
    assert (meeting.state, meeting.closed_at, meeting.no_decision_reason) == (MeetingState.CLOSED, NOW, REASON)
    trace = list(meeting.events.values_list("from_state", "to_state", "by"))
    assert trace == [
        ("scheduled", "preparing", nader.pk),
        ("preparing", "running", nader.pk),
        ("running", "wrap_up", nader.pk),
        ("wrap_up", "closed", nader.pk),
    ]


def test_a_meeting_may_start_without_a_prepared_agenda(nader: User, today: date) -> None:
    deal = make_opportunity("قرارداد")
    meeting = meetings.start(make_meeting(), present=[nader], by=nader, today=today)
    assert meeting.items.filter(opportunity=deal).exists()


STEPS: dict[str, tuple[Callable[[Meeting, User, date], object], set[str]]] = {
    "prepare": (lambda m, by, today: meetings.prepare(m, today=today, by=by), {"scheduled", "preparing"}),
    "start": (lambda m, by, today: meetings.start(m, present=[by], by=by, today=today), {"scheduled", "preparing"}),
    "end": (lambda m, by, today: meetings.end(m, by=by), {"running"}),
    "attend": (lambda m, by, today: meetings.attend(m, present=[by]), {"running", "wrap_up"}),
    "close": (
        lambda m, by, today: meetings.close(m, by=by, no_decision_code="other", no_decision_reason=REASON),
        {"wrap_up"},
    ),
    "reopen": (lambda m, by, today: meetings.reopen(m, reason="غلط تایپی", by=by), {"closed"}),
    "skip": (lambda m, by, today: meetings.skip(m, reason="تعطیل", by=by), {"scheduled", "preparing"}),
    "add topic": (
        lambda m, by, today: agenda.add_topic(m, title="تخفیف", by=by),
        {"scheduled", "preparing", "running"},
    ),
}


@pytest.mark.parametrize("state", MeetingState.values)
@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_possible_in_its_states_and_refused_in_all_others(
    step: str, state: str, nader: User, today: date
) -> None:
    meeting = make_meeting(state=MeetingState(state))
    attend(meeting, nader)
    take, allowed = STEPS[step]
    if state in allowed:
        take(meeting, nader, today)
        return
    with pytest.raises(WrongState) as refused:
        take(meeting, nader, today)
    assert refused.value.state == state
    meeting.refresh_from_db()
    assert meeting.state == state
    assert not meeting.events.exists()


@pytest.mark.parametrize("state", MeetingState.values)
def test_outcomes_are_taken_while_running_and_in_wrap_up_only(state: str, nader: User) -> None:
    item = make_item(make_meeting(state=MeetingState(state)))
    if state in ("running", "wrap_up"):
        outcome.no_decision(item, code="other", reason="بعداً", by=nader)
        assert item.outcome == "no_decision"
    else:
        with pytest.raises(WrongState):
            outcome.no_decision(item, code="other", reason="بعداً", by=nader)


def test_the_second_of_two_who_press_close_is_told_so(nader: User, leila: User) -> None:
    meeting = closable(nader)
    same = Meeting.objects.get(pk=meeting.pk)
    meetings.close(meeting, by=nader, no_decision_code="other", no_decision_reason=REASON)
    with pytest.raises(WrongState):
        meetings.close(same, by=leila, no_decision_code="other", no_decision_reason=REASON)
    assert meeting.events.filter(to_state="closed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_close_at_the_same_moment_and_it_is_closed_once(nader: User, admin: User) -> None:
    meeting = closable(nader)
    tenant, results, gate = connection.tenant, [], threading.Barrier(2)  # type: ignore[attr-defined]

    def press(user: User) -> None:
        connection.set_tenant(tenant)  # type: ignore[attr-defined]
        gate.wait(timeout=10)
        try:
            meetings.close(meeting, by=user, no_decision_code="other", no_decision_reason=REASON)
            results.append("closed")
        except Refused as refused:
            results.append(type(refused).__name__)
        finally:
            connection.close()

    people = [threading.Thread(target=press, args=(user,)) for user in (nader, admin)]
    for person in people:
        person.start()
    for person in people:
        person.join(timeout=20)
    assert sorted(results) == ["WrongState", "closed"]
    assert meeting.events.filter(to_state="closed").count() == 1


def test_an_outdated_page_cannot_end_the_meeting(nader: User) -> None:
    meeting = make_meeting(state=MeetingState.RUNNING)
    seen = meeting.version
    agenda.add_topic(meeting, title="تخفیف", by=nader)
    with pytest.raises(Stale):
        meetings.end(meeting, by=nader, version=seen)
    meetings.end(meeting, by=nader, version=meeting.version)
    assert meeting.state == MeetingState.WRAP_UP


def test_a_refused_close_writes_nothing(nader: User) -> None:
    meeting = make_meeting(state=MeetingState.WRAP_UP)
    make_item(meeting, title="قرارداد")
    with pytest.raises(GateNotPassed) as refused:
        meetings.close(meeting, by=nader, no_decision_code="other", no_decision_reason=REASON)
    assert [line.code for line in refused.value.missing] == ["G1", "G5"]
    meeting.refresh_from_db()
    assert (meeting.state, meeting.no_decision_code, meeting.version) == (MeetingState.WRAP_UP, "", 1)


def test_corrections_are_possible_for_two_weeks_and_need_a_reason(nader: User) -> None:
    meeting = closable(nader)
    meetings.close(meeting, by=nader, no_decision_code="other", no_decision_reason=REASON)
    with pytest.raises(ReasonMissing):
        meetings.reopen(meeting, reason="", by=nader)
    with clock.stopped_at(NOW + timedelta(days=14, seconds=1)), pytest.raises(TooLate):
        meetings.reopen(meeting, reason="غلط تایپی", by=nader)
    with clock.stopped_at(NOW + timedelta(days=14)):
        meetings.reopen(meeting, reason="غلط تایپی", by=nader)
    assert meeting.state == MeetingState.WRAP_UP
    assert meeting.events.latest("at").reason == "غلط تایپی"
    # What was said about the missing decision is kept, so closing again asks for nothing new.
    meetings.close(meeting, by=nader)
    assert meeting.no_decision_reason == REASON


def test_what_was_put_off_to_a_skipped_meeting_goes_to_the_next(nader: User, sara: User, today: date) -> None:
    running = make_meeting(state=MeetingState.RUNNING)
    child = outcome.defer(make_item(running, title="تخفیف"), reason="وقت نشد", by=nader, today=today)
    skipped = child.meeting
    meetings.prepare(skipped, today=today)
    meetings.skip(skipped, reason="تعطیل رسمی", by=nader)
    child.refresh_from_db()
    assert child.meeting.original_day == skipped.original_day + timedelta(days=7)
    assert child.times_deferred == 1
    assert skipped.skipped_because == "تعطیل رسمی"


def test_going_to_an_item_restarts_the_clock(nader: User) -> None:
    meeting = make_meeting(state=MeetingState.RUNNING)
    item = make_item(meeting)
    later = NOW + timedelta(minutes=3)
    with clock.stopped_at(later):
        meetings.go_to(item)
    meeting.refresh_from_db()
    assert (meeting.current_item, meeting.current_since) == (item, later)


def test_an_outcome_opens_the_next_item(nader: User) -> None:
    meeting = make_meeting(state=MeetingState.RUNNING)
    first, second, third = (make_item(meeting) for _ in range(3))
    meetings.go_to(second)
    outcome.no_decision(second, code="other", reason="بعداً", by=nader)
    meeting.refresh_from_db()
    assert meeting.current_item == third
    outcome.no_decision(third, code="other", reason="بعداً", by=nader)
    meeting.refresh_from_db()
    assert meeting.current_item == first


def test_who_leaves_is_kept_as_absent(nader: User, sara: User) -> None:
    meeting = make_meeting(state=MeetingState.RUNNING)
    meetings.attend(meeting, present=[nader, sara])
    meetings.attend(meeting, present=[nader])
    assert dict(meeting.attendances.values_list("member", "present")) == {nader.pk: True, sara.pk: False}


def test_missed_is_derived() -> None:
    old = make_meeting(day=date(2026, 11, 19))
    recent = make_meeting(old.ritual, day=date(2026, 11, 20))
    held = make_meeting(old.ritual, day=date(2026, 11, 18), state=MeetingState.CLOSED)
    assert [meeting.is_missed(clock.now()) for meeting in (old, recent, held)] == [True, False, False]


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "closed", "closed_at": None},
        {"state": "skipped", "skipped_because": ""},
        {"no_decision_code": "other", "no_decision_reason": ""},
    ],
)
def test_the_database_refuses_half_a_state(fields: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_meeting(**{"state": MeetingState.SCHEDULED, **fields})  # type: ignore[arg-type]


def test_the_database_refuses_a_second_meeting_of_a_ritual_on_a_day() -> None:
    meeting = make_meeting()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_meeting(meeting.ritual)
