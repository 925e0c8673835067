"""How an agenda item ends when it does not end in a decision, and taking an outcome back."""

from datetime import date

from django.db import transaction

from crm.services import next_step as next_steps
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
from rituals.models import (
    ActionItem,
    AgendaItem,
    Decision,
    DecisionState,
    Meeting,
    MeetingState,
    NoDecisionCode,
    Outcome,
)
from rituals.services import meeting as meetings
from rituals.services import row, schedule
from rituals.services.agenda import carry_child
from tenants import clock

AT_MOST_DEFERRED = 2


@transaction.atomic
def defer(item: AgendaItem, *, reason: str, by: User, today: date, until: date | None = None) -> AgendaItem:
    """Puts the item off to the ritual's next meeting, or the first one from `until` on, and returns its child there.

    Raises DeferredTwice when that was done twice before, ReasonMissing, DayPast, AlreadySettled, WrongState.
    """
    if not reason:
        raise ReasonMissing
    if until and until <= today:
        raise DayPast
    meeting, locked = lock_open(item)
    if locked.times_deferred >= AT_MOST_DEFERRED:
        raise DeferredTwice
    target = schedule.from_day(meeting.ritual, until) if until else schedule.next_of(meeting)
    child = carry_child(locked, to=target)
    locked.until = target.original_day
    settle(meeting, locked, Outcome.DEFERRED, by=by, reason=reason)
    item.refresh_from_db()
    return child


@transaction.atomic
def defer_rest(meeting: Meeting, *, reason: str, by: User, today: date) -> list[AgendaItem]:
    """Puts all open items off to the next meeting with one reason; those put off twice already stay open.

    Raises ReasonMissing, WrongState.
    """
    row.lock(meeting, *MeetingState.during())
    waiting = meeting.items.filter(needs_decision=True, outcome="", times_deferred__lt=AT_MOST_DEFERRED)
    return [defer(item, reason=reason, by=by, today=today) for item in waiting]


@transaction.atomic
def delegate(item: AgendaItem, *, to: User, until: date, by: User, today: date, reason: str = "") -> ActionItem:
    """Hands the item to one person, to settle by a day; a promise, and on an open deal a next step, stand for it."""
    if until < today:
        raise DayPast
    meeting, locked = lock_open(item)
    deal = locked.opportunity
    step = None
    text = (reason or str(locked))[:200]
    if deal and deal.is_open:
        step = next_steps.plan(what=text, due_on=until, owner=to, by=by, opportunity=deal)
    action = ActionItem.objects.create(
        text=text,
        owner=to,
        due_on=until,
        original_due_on=until,
        meeting=meeting,
        item=locked,
        opportunity=deal,
        key_result_id=locked.key_result_id,
        next_step=step,
        created_at=clock.now(),
        created_by=by,
    )
    locked.delegated_to, locked.until = to, until
    settle(meeting, locked, Outcome.DELEGATED, by=by, reason=reason)
    item.refresh_from_db()
    return action


@transaction.atomic
def no_decision(item: AgendaItem, *, code: NoDecisionCode | str, reason: str, by: User) -> AgendaItem:
    """Ends the item without a decision, and says why. Raises ReasonMissing, AlreadySettled, WrongState."""
    if not reason:
        raise ReasonMissing
    meeting, locked = lock_open(item)
    locked.outcome_code = NoDecisionCode(code)
    settle(meeting, locked, Outcome.NO_DECISION, by=by, reason=reason)
    item.refresh_from_db()
    return item


@transaction.atomic
def mark_seen(item: AgendaItem, *, by: User) -> AgendaItem:
    """Ticks off an item that only informs. Raises NeedsDecision for the others."""
    meeting, locked = lock_open(item)
    if locked.needs_decision:
        raise NeedsDecision
    settle(meeting, locked, Outcome.SEEN, by=by)
    item.refresh_from_db()
    return item


@transaction.atomic
def undo_outcome(item: AgendaItem) -> AgendaItem:
    """Opens the item again, if nothing has followed from its outcome yet.

    Raises AlreadyApplied when a decision changed records or a handed-over task is done, and ChildTaken when the meeting
    it was put off to has begun.
    """
    meeting = row.lock(item.meeting_id, *MeetingState.during())
    locked = AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    match locked.outcome:
        case Outcome.DECIDED:
            _take_back_decision(locked)
        case Outcome.DEFERRED:
            _take_back_child(locked)
        case Outcome.DELEGATED:
            _take_back_action(locked)
    locked.outcome = locked.outcome_code = locked.outcome_reason = ""
    locked.outcome_at = locked.outcome_by = locked.delegated_to = locked.until = None
    _write(locked)
    row.save(meeting)
    item.refresh_from_db()
    return item


def lock_open(item: AgendaItem) -> tuple[Meeting, AgendaItem]:
    """The locked meeting and item. Raises AlreadySettled, or WrongState outside the meeting."""
    meeting = row.lock(item.meeting_id, *MeetingState.during())
    locked = (
        AgendaItem.objects.select_for_update(of=("self",))
        .select_related("opportunity__owner", "opportunity__stage", "key_result")
        .get(pk=item.pk)
    )
    if locked.outcome:
        raise AlreadySettled
    return meeting, locked


def settle(meeting: Meeting, item: AgendaItem, outcome: Outcome, *, by: User, reason: str = "") -> None:
    """Writes the outcome of a locked item and opens the next one for the room."""
    item.outcome, item.outcome_reason = outcome, reason
    item.outcome_at, item.outcome_by = clock.now(), by
    _write(item)
    meetings.advance(meeting, past=item)


def _write(item: AgendaItem) -> None:
    item.save(
        update_fields=[
            "outcome", "outcome_code", "outcome_reason", "outcome_at", "outcome_by", "delegated_to", "until",
        ]
    )  # fmt: skip


def _take_back_decision(item: AgendaItem) -> None:
    """A decision that changed nothing yet is reversed; it keeps its number, which may have been said aloud already."""
    for decision in Decision.objects.select_for_update().filter(item=item, state=DecisionState.DECIDED):
        if decision.applied:
            raise AlreadyApplied
        decision.state, decision.state_reason = DecisionState.REVERSED, "taken_back"
        decision.save(update_fields=["state", "state_reason"])


def _take_back_child(item: AgendaItem) -> None:
    children = AgendaItem.objects.filter(deferred_from=item)
    if children.exclude(outcome="").exists() or children.exclude(meeting__state__in=MeetingState.before()).exists():
        raise ChildTaken
    children.filter(added_by__isnull=False).update(deferred_from=None, times_deferred=0)
    children.filter(added_by__isnull=True).delete()


def _take_back_action(item: AgendaItem) -> None:
    for action in ActionItem.objects.filter(item=item).select_related("next_step"):
        if not action.is_open or (action.next_step and not action.next_step.is_open):
            raise AlreadyApplied
        step = action.next_step
        action.delete()
        if step:
            step.delete()
