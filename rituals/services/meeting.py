"""The life of a meeting: scheduled, agenda ready, running, wrapping up, closed; or skipped. One function for each step.

Each locks the row, writes a MeetingEvent in the same transaction, and raises WrongState when the meeting is elsewhere
already (two people pressed the button), or Stale when the caller passes a `version` that is not the present one.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from members.models import User
from rituals.errors import GateNotPassed, ReasonMissing, TooLate
from rituals.models import AgendaItem, Attendance, ItemKind, Meeting, MeetingState, NoDecisionCode
from rituals.services import agenda, gate, minutes, row, schedule
from rituals.services.action import tick_item
from tenants import clock

FORGOTTEN_AFTER = timedelta(minutes=60)
CORRECTABLE_FOR = timedelta(days=14)


def prepare(meeting: Meeting, *, today: date, by: User | None = None) -> Meeting:
    """Builds the agenda now, or again. Raises WrongState once the meeting runs."""
    return agenda.build(meeting, today=today, now=clock.now(), by=by)


@transaction.atomic
def start(meeting: Meeting, *, present: Iterable[User], by: User, today: date, version: int | None = None) -> Meeting:
    """Begins: the agenda is built a last time, its facts are frozen, who is there is noted, the first item is open."""
    row.lock(meeting, *MeetingState.before(), version=version)
    agenda.build(meeting, today=today, now=clock.now(), by=by)
    locked = row.lock(meeting)
    note_attendance(locked, present=present)
    locked.started_at = locked.current_since = clock.now()
    tick_item(locked, by=by)
    locked.current_item = _next_open(locked, after=0)
    row.move(locked, MeetingState.RUNNING, "started_at", "current_item", "current_since", by=by)
    row.refresh(meeting, locked)
    return meeting


@transaction.atomic
def go_to(item: AgendaItem) -> Meeting:
    """Opens an item for everybody in the room and starts its clock. Raises WrongState unless the meeting runs."""
    locked = row.lock(item.meeting_id, MeetingState.RUNNING)
    if locked.current_item_id != item.pk:
        locked.current_item, locked.current_since = item, clock.now()
        row.save(locked, "current_item", "current_since")
    return locked


def advance(meeting: Meeting, *, past: AgendaItem) -> None:
    """Opens the next item without outcome, after one that just got its own. For services that hold the lock."""
    if meeting.state != MeetingState.RUNNING or meeting.current_item_id != past.pk:
        row.save(meeting)
        return
    meeting.current_item, meeting.current_since = _next_open(meeting, after=past.position) or past, clock.now()
    row.save(meeting, "current_item", "current_since")


@transaction.atomic
def end(meeting: Meeting, *, by: User | None, version: int | None = None) -> Meeting:
    """Stops the clock. From here on nothing is added to the agenda; outcomes and answers can still be given."""
    locked = row.lock(meeting, MeetingState.RUNNING, version=version)
    locked.ended_at = clock.now()
    locked.current_item = None
    row.move(locked, MeetingState.WRAP_UP, "ended_at", "current_item", by=by)
    row.refresh(meeting, locked)
    return meeting


@transaction.atomic
def attend(meeting: Meeting, *, present: Iterable[User]) -> Meeting:
    """Corrects who was there, until the meeting is closed."""
    locked = row.lock(meeting, *MeetingState.during())
    note_attendance(locked, present=present)
    row.save(locked)
    row.refresh(meeting, locked)
    return meeting


@transaction.atomic
def close(
    meeting: Meeting,
    *,
    by: User,
    no_decision_code: NoDecisionCode | str = "",
    no_decision_reason: str = "",
    version: int | None = None,
) -> Meeting:
    """Closes a meeting in wrap-up and issues its minutes. Raises GateNotPassed, writing nothing."""
    locked = row.lock(meeting, MeetingState.WRAP_UP, version=version)
    if no_decision_code:
        locked.no_decision_code, locked.no_decision_reason = no_decision_code, no_decision_reason
    if missing := gate.missing(locked):
        raise GateNotPassed(missing)
    locked.closed_at = clock.now()
    row.move(locked, MeetingState.CLOSED, "closed_at", "no_decision_code", "no_decision_reason", by=by)
    minutes.issue(locked, by=by, now=locked.closed_at)
    row.refresh(meeting, locked)
    return meeting


@transaction.atomic
def reopen(meeting: Meeting, *, reason: str, by: User) -> Meeting:
    """Takes a closed meeting back to wrap-up, for corrections within 14 days. Its decisions stay decided.

    Raises ReasonMissing or TooLate.
    """
    if not reason:
        raise ReasonMissing
    locked = row.lock(meeting, MeetingState.CLOSED)
    if locked.closed_at is None or clock.now() - locked.closed_at > CORRECTABLE_FOR:
        raise TooLate
    row.move(locked, MeetingState.WRAP_UP, by=by, reason=reason)
    row.refresh(meeting, locked)
    return meeting


@transaction.atomic
def skip(meeting: Meeting, *, reason: str, by: User) -> Meeting:
    """Calls a meeting off that has not begun. What was put off to it, or added by hand, goes to the next one."""
    if not reason:
        raise ReasonMissing
    locked = row.lock(meeting, *MeetingState.before())
    locked.skipped_because = reason
    row.move(locked, MeetingState.SKIPPED, "skipped_because", by=by, reason=reason)
    _hand_over(locked)
    row.refresh(meeting, locked)
    return meeting


def end_forgotten(*, now: datetime) -> int:
    """Moves meetings to wrap-up that should have ended an hour ago and still run; none closes by itself."""
    running = Meeting.objects.filter(state=MeetingState.RUNNING).select_related("ritual")
    forgotten = [meeting for meeting in running if meeting.planned_end + FORGOTTEN_AFTER < now]
    for meeting in forgotten:
        end(meeting, by=None)
    return len(forgotten)


def note_attendance(meeting: Meeting, *, present: Iterable[User]) -> None:
    """Who is there. People noted before who are not any more are kept as absent."""
    here = {member.pk for member in present}
    Attendance.objects.filter(meeting=meeting).exclude(member_id__in=here).update(present=False)
    Attendance.objects.bulk_create(
        (Attendance(meeting=meeting, member_id=pk, present=True) for pk in sorted(here)),
        update_conflicts=True,
        unique_fields=["meeting", "member"],
        update_fields=["present"],
    )


def _next_open(meeting: Meeting, *, after: int) -> AgendaItem | None:
    waiting = meeting.items.filter(outcome="").exclude(kind=ItemKind.REST).order_by("position")
    return waiting.filter(position__gt=after).first() or waiting.first()


def _hand_over(meeting: Meeting) -> None:
    kept = [item for item in meeting.items.all() if item.is_open and (item.times_deferred or item.added_by_id)]
    if not kept:
        return
    following = schedule.next_of(meeting)
    for item in kept:
        AgendaItem.objects.filter(meeting=following, source_key=item.source_key, outcome="").delete()
        item.meeting = following
        item.save(update_fields=["meeting"])
