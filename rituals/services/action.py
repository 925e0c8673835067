"""What became of a promise. A promise and its next step are one thing to people: what settles one settles the other."""

from datetime import date

from django.db import transaction
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from crm.models import NextStep
from crm.services import next_step as next_steps
from members.models import User
from rituals import queries
from rituals.errors import AlreadyApplied, AlreadySettled, DayPast, ReasonMissing
from rituals.models import (
    ActionAnswer,
    ActionAppearance,
    ActionItem,
    ActionState,
    AgendaItem,
    ItemKind,
    Meeting,
    MeetingState,
    Outcome,
)
from rituals.services import row
from tenants import clock


@transaction.atomic
def answer(
    appearance: ActionAppearance,
    *,
    answer: ActionAnswer | str,
    by: User,
    today: date,
    new_due_on: date | None = None,
    reason: str = "",
) -> ActionAppearance:
    """Notes in the meeting what became of a promise: done, still open (new day and why), or dropped (why).

    The promise stays one row however often it is carried; its next step is ticked, moved or dropped along. The last
    answer ticks the agenda's item off. Raises AlreadySettled, ReasonMissing, DayPast; WrongState outside the meeting.
    """
    answer = ActionAnswer(answer)
    if answer != ActionAnswer.DONE and not reason:
        raise ReasonMissing
    if answer == ActionAnswer.STILL_OPEN and (new_due_on is None or new_due_on < today):
        raise DayPast
    meeting = row.lock(appearance.meeting_id, *MeetingState.during())
    locked = ActionAppearance.objects.select_for_update().get(pk=appearance.pk)
    action = ActionItem.objects.select_for_update(of=("self",)).select_related("next_step").get(pk=locked.action_id)
    if locked.answer or action.state != ActionState.OPEN:
        raise AlreadySettled
    match answer:
        case ActionAnswer.DONE:
            _settle(action, ActionState.DONE, by=by)
        case ActionAnswer.DROPPED:
            _settle(action, ActionState.DROPPED, by=by, because=reason)
        case ActionAnswer.STILL_OPEN:
            assert new_due_on is not None  # checked above
            _carry(action, new_due_on)
            locked.new_due_on = new_due_on
    locked.answer, locked.reason, locked.answered_at, locked.answered_by = answer, reason, clock.now(), by
    locked.save(update_fields=["answer", "reason", "new_due_on", "answered_at", "answered_by"])
    tick_item(meeting, by=by)
    row.save(meeting)
    appearance.refresh_from_db()
    return appearance


@transaction.atomic
def take_back(appearance: ActionAppearance) -> ActionAppearance:
    """Undoes an answer given in this meeting: the promise and its step are as they were before it.

    Raises AlreadyApplied for a promise that was settled before the meeting.
    """
    meeting = row.lock(appearance.meeting_id, *MeetingState.during())
    locked = ActionAppearance.objects.select_for_update().get(pk=appearance.pk)
    action = ActionItem.objects.select_for_update(of=("self",)).select_related("next_step").get(pk=locked.action_id)
    if not locked.answer:
        return appearance
    if not locked.was_answered_in_the_meeting:
        raise AlreadyApplied
    if locked.answer == ActionAnswer.STILL_OPEN:
        action.slips -= 1
    action.state, action.closed_at, action.closed_by, action.dropped_because = ActionState.OPEN, None, None, ""
    action.due_on = locked.due_then
    action.save(update_fields=["state", "closed_at", "closed_by", "dropped_because", "due_on", "slips"])
    if step := action.next_step:
        next_steps.reopen(step)
        next_steps.reschedule(step, due_on=locked.due_then)
    ActionAppearance.objects.filter(pk=locked.pk).update(
        answer="", reason="", new_due_on=None, answered_at=None, answered_by=None
    )
    AgendaItem.objects.filter(meeting=meeting, kind=ItemKind.ACTIONS).update(
        outcome="", outcome_at=None, outcome_by=None
    )
    row.save(meeting)
    appearance.refresh_from_db()
    return appearance


@transaction.atomic
def complete(action: ActionItem, *, by: User) -> None:
    """Ticks a promise off outside a meeting, its next step along. Raises AlreadySettled if it is settled."""
    locked = ActionItem.objects.select_for_update(of=("self",)).select_related("next_step").get(pk=action.pk)
    if not locked.is_open:
        raise AlreadySettled
    _settle(locked, ActionState.DONE, by=by)
    action.refresh_from_db()


def reflect(meeting: Meeting) -> None:
    """Writes down for the ritual's promises what people did with their next steps since."""
    waiting = ActionItem.objects.filter(state=ActionState.OPEN, meeting__ritual=meeting.ritual_id)
    steps = NextStep.objects.filter(pk=OuterRef("next_step"))
    waiting.filter(next_step__done_at__isnull=False).update(
        state=ActionState.DONE,
        closed_at=Subquery(steps.values("done_at")[:1]),
        closed_by=Subquery(steps.values("done_by")[:1]),
    )
    said = NullIf(Subquery(steps.values("dropped_because")[:1]), Value(""))
    waiting.filter(next_step__dropped_at__isnull=False).update(
        state=ActionState.DROPPED,
        closed_at=Subquery(steps.values("dropped_at")[:1]),
        dropped_because=Coalesce(said, Value(_("The step was dropped"))),
    )


def tick_item(meeting: Meeting, *, by: User) -> None:
    """Marks the promises as gone through as soon as each has its answer."""
    if queries.unanswered(meeting).exists():
        return
    AgendaItem.objects.filter(meeting=meeting, kind=ItemKind.ACTIONS, outcome="").update(
        outcome=Outcome.SEEN, outcome_at=clock.now(), outcome_by=by
    )


def _settle(action: ActionItem, state: ActionState, *, by: User, because: str = "") -> None:
    action.state, action.closed_at, action.closed_by, action.dropped_because = state, clock.now(), by, because
    action.save(update_fields=["state", "closed_at", "closed_by", "dropped_because"])
    step = action.next_step
    if step is None or not step.is_open:
        return
    if state == ActionState.DONE:
        next_steps.complete(step, by=by)
    else:
        next_steps.drop(step, because=because[:200])


def _carry(action: ActionItem, new_due_on: date) -> None:
    action.due_on, action.slips = new_due_on, action.slips + 1
    action.save(update_fields=["due_on", "slips"])
    if action.next_step and action.next_step.is_open:
        next_steps.reschedule(action.next_step, due_on=new_due_on)
