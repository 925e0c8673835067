"""Taking a decision: it gets its number, keeps its evidence, and is applied to the records, all in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from crm.errors import ReasonNeeded
from crm.fields import reading
from crm.models import Change, Entity, NextStep, Opportunity, Stage, StageKind
from crm.queries import open_steps
from crm.services import next_step as next_steps
from crm.services import opportunity as opportunities
from crm.services.opportunity import Cause as ChangeCause
from members.models import User
from rituals import facts, firm, queries
from rituals.errors import DayPast, DealGone, ExpectationMissing, NoCause, NothingToChange, TooManyCorrectives
from rituals.models import (
    ActionItem,
    AgendaItem,
    Cause,
    Decision,
    DecisionKind,
    DecisionNumber,
    Meeting,
    Outcome,
    ReviewState,
)
from rituals.services.gate import AT_MOST_CORRECTIVES
from rituals.services.outcome import lock_open, settle
from tenants import clock

REVIEW_AFTER = timedelta(days=14)


@dataclass(frozen=True)
class Wording:
    """What every decision says, whatever it is about."""

    text: str
    by: User
    today: date
    owner: User
    decider: User | None = None
    due_on: date | None = None
    expected: str = ""
    not_measurable_because: str = ""
    why: str = ""
    review_on: date | None = None


@dataclass(frozen=True)
class DealChange:
    """What a decision changes on the deal, by its kind."""

    amount: Decimal | None = None
    close: date | None = None
    stage: Stage | None = None
    owner: User | None = None
    lost_reason: str = ""


@transaction.atomic
def decide_on_deal(
    *,
    item: AgendaItem,
    kind: DecisionKind | str,
    text: str,
    by: User,
    today: date,
    owner: User | None = None,
    decider: User | None = None,
    due_on: date | None = None,
    expected: str = "",
    not_measurable_because: str = "",
    why: str = "",
    review_on: date | None = None,
    new_amount: Decimal | None = None,
    new_close: date | None = None,
    new_stage: Stage | None = None,
    new_owner: User | None = None,
    lost_reason: str = "",
) -> Decision:
    """Decides about the item's deal and changes the deal at once.

    new plan: overdue steps are replaced by a new one, with a promise · help: a step and promise for the helper ·
    change owner, change forecast (amount, close, stage): those values · drop: the deal is lost, with its reason. Kinds
    that need no step get one when `due_on` is given and the deal stays open. A review is planned for `review_on`, or
    two weeks after `due_on`, unless the effect cannot be measured.

    Raises AlreadySettled, WrongState, DealGone, DayPast, ExpectationMissing, NothingToChange, and from the deal's own
    service StageNeeds and ReasonNeeded; then nothing at all is written.
    """
    kind = DecisionKind(kind)
    if kind not in DecisionKind.for_deal():
        raise ValueError(f"Not a decision about a deal: {kind}")
    meeting, locked = lock_open(item)
    deal = locked.opportunity
    if deal is None or not deal.is_open:
        raise DealGone
    change = DealChange(new_amount, new_close, new_stage, new_owner, lost_reason)
    wording = Wording(
        text, by, today, owner or _owner(kind, deal, change, by), decider, due_on, expected, not_measurable_because,
        why, review_on,
    )  # fmt: skip
    if kind in (DecisionKind.NEW_PLAN, DecisionKind.HELP) and due_on is None:
        raise DayPast
    decision = _record(meeting, locked, kind, wording)
    decision.applied = _apply(kind, decision, deal, wording, change)
    reading.note(Entity.OPPORTUNITY, facts.FIELDS_READ, reader="decision", at=clock.now())
    return _finish(meeting, locked, decision, by=by, item=item)


@transaction.atomic
def decide_corrective(
    *,
    item: AgendaItem,
    cause: Cause | str,
    text: str,
    owner: User,
    due_on: date,
    by: User,
    today: date,
    decider: User | None = None,
    expected: str = "",
    not_measurable_because: str = "",
    why: str = "",
    review_on: date | None = None,
) -> Decision:
    """Decides on a corrective action for the item's key result, with its cause; a review takes one or two, not three.

    Raises TooManyCorrectives, NoCause, and as `decide_on_deal`.
    """
    if not cause:
        raise NoCause
    meeting, locked = lock_open(item)
    if queries.correctives(meeting).count() >= AT_MOST_CORRECTIVES:
        raise TooManyCorrectives
    wording = Wording(text, by, today, owner, decider, due_on, expected, not_measurable_because, why, review_on)
    decision = _record(meeting, locked, DecisionKind.CORRECTIVE, wording)
    decision.applied = {"action": _promise(decision, wording, step=None, cause=Cause(cause)).pk}
    return _finish(meeting, locked, decision, by=by, item=item)


@transaction.atomic
def decide_topic(
    *,
    item: AgendaItem,
    text: str,
    owner: User,
    by: User,
    today: date,
    due_on: date | None = None,
    decider: User | None = None,
    expected: str = "",
    not_measurable_because: str = "",
    why: str = "",
    review_on: date | None = None,
) -> Decision:
    """Decides about a subject that somebody put on the agenda; with a day it becomes a promise of the owner."""
    meeting, locked = lock_open(item)
    wording = Wording(text, by, today, owner, decider, due_on, expected, not_measurable_because, why, review_on)
    decision = _record(meeting, locked, DecisionKind.OTHER, wording)
    decision.applied = {"action": _promise(decision, wording, step=None).pk} if due_on else {}
    return _finish(meeting, locked, decision, by=by, item=item)


def draw_number(today: date) -> tuple[int, int]:
    """The next (year, number) of the firm's calendar; the row stays locked until the transaction ends."""
    year = firm.year_of(today)
    DecisionNumber.objects.get_or_create(year=year)
    counter = DecisionNumber.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return year, counter.last


def _record(meeting: Meeting, item: AgendaItem, kind: DecisionKind, wording: Wording) -> Decision:
    if wording.due_on and wording.due_on < wording.today:
        raise DayPast
    if not (wording.expected or wording.not_measurable_because):
        raise ExpectationMissing
    year, number = draw_number(wording.today)
    review_on = wording.review_on
    if review_on is None and wording.expected:
        review_on = (wording.due_on or wording.today) + REVIEW_AFTER
    return Decision.objects.create(
        year=year,
        number=number,
        kind=kind,
        text=wording.text,
        why=wording.why,
        decider=wording.decider or wording.by,
        owner=wording.owner,
        due_on=wording.due_on,
        expected=wording.expected,
        not_measurable_because="" if wording.expected else wording.not_measurable_because,
        decided_on=wording.today,
        recorded_at=clock.now(),
        recorded_by=wording.by,
        meeting=meeting,
        item=item,
        serves_id=meeting.ritual.serves_id,
        opportunity_id=item.opportunity_id,
        key_result_id=item.key_result_id,
        evidence=facts.evidence(item.facts, item.flags),
        review_state=ReviewState.SCHEDULED if review_on else ReviewState.NONE,
        review_on=review_on,
    )


def _finish(meeting: Meeting, locked: AgendaItem, decision: Decision, *, by: User, item: AgendaItem) -> Decision:
    decision.save(update_fields=["applied"])
    settle(meeting, locked, Outcome.DECIDED, by=by)
    item.refresh_from_db()
    return decision


def _owner(kind: DecisionKind, deal: Opportunity, change: DealChange, by: User) -> User:
    """Who follows the decision up when nobody was named."""
    if kind == DecisionKind.CHANGE_OWNER and change.owner:
        return change.owner
    return by if kind == DecisionKind.HELP else deal.owner or by


def _apply(
    kind: DecisionKind, decision: Decision, deal: Opportunity, wording: Wording, change: DealChange
) -> dict[str, Any]:
    change_deal: dict[DecisionKind, Callable[..., list[Change]]] = {
        DecisionKind.CHANGE_OWNER: _change_owner,
        DecisionKind.CHANGE_FORECAST: _change_forecast,
        DecisionKind.DROP: _drop,
    }
    applied: dict[str, Any] = {}
    if kind in change_deal:
        cause = ChangeCause(meeting_id=decision.meeting_id, decision_id=decision.pk)
        changes = change_deal[kind](deal, change, by=wording.by, today=wording.today, cause=cause)
        if not changes:
            raise NothingToChange
        applied["changes"] = [{"field": row.field, "old": row.old_label, "new": row.new_label} for row in changes]
    if kind == DecisionKind.NEW_PLAN and (replaced := _replace_overdue(deal, wording)):
        applied["replaced_steps"] = replaced
    if wording.due_on and deal.is_open:
        step = next_steps.plan(
            what=wording.text[:200], due_on=wording.due_on, owner=wording.owner, by=wording.by, opportunity=deal
        )
        applied |= {"step": step.pk, "action": _promise(decision, wording, step=step).pk}
    return applied


def _change_owner(
    deal: Opportunity, change: DealChange, *, by: User, cause: ChangeCause, **_today: date
) -> list[Change]:
    if change.owner is None:
        raise NothingToChange
    return opportunities.change(deal, by=by, values={"owner": change.owner}, cause=cause)


def _change_forecast(
    deal: Opportunity, change: DealChange, *, by: User, today: date, cause: ChangeCause
) -> list[Change]:
    wanted = {"amount": change.amount, "expected_close": change.close}
    values = {name: value for name, value in wanted.items() if value is not None}
    changes = opportunities.change(deal, by=by, values=values, cause=cause)
    if change.stage and (moved := opportunities.move(deal, to=change.stage, by=by, today=today, cause=cause)):
        changes.append(moved)
    return changes


def _drop(deal: Opportunity, change: DealChange, *, by: User, today: date, cause: ChangeCause) -> list[Change]:
    if not change.lost_reason:
        raise ReasonNeeded
    lost = Stage.objects.get(kind=StageKind.LOST)
    moved = opportunities.move(deal, to=lost, by=by, today=today, lost_reason=change.lost_reason, cause=cause)
    return [moved] if moved else []


def _replace_overdue(deal: Opportunity, wording: Wording) -> list[int]:
    overdue: list[NextStep] = list(open_steps().filter(opportunity=deal, due_on__lt=wording.today))
    for step in overdue:
        next_steps.drop(step, because=wording.text[:200])
    return [step.pk for step in overdue]


def _promise(decision: Decision, wording: Wording, *, step: NextStep | None, cause: Cause | None = None) -> ActionItem:
    assert wording.due_on is not None  # a promise has a day; the callers see to it
    return ActionItem.objects.create(
        text=wording.text[:200],
        owner=wording.owner,
        due_on=wording.due_on,
        original_due_on=wording.due_on,
        decision=decision,
        meeting_id=decision.meeting_id,
        item_id=decision.item_id,
        opportunity_id=decision.opportunity_id,
        key_result_id=decision.key_result_id,
        next_step=step,
        cause=cause or "",
        created_at=clock.now(),
        created_by=wording.by,
    )
