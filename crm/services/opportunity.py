"""The one door for changes of a deal. Each changed value of stage, amount, close date and owner leaves a `Change`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from crm.errors import ReasonNeeded, StageNeeds, Stale
from crm.fields import values as fields
from crm.fields.needs import missing_for as missing_for
from crm.models import Batch, Change, ChangeField, Customer, NextStep, Opportunity, Stage, StageKind, Via
from crm.services import lost_reason as lost_reasons
from crm.services import records
from members.models import User
from tenants import clock

PLAIN = ("title", "customer")
TRACKED = (ChangeField.AMOUNT, ChangeField.EXPECTED_CLOSE, ChangeField.OWNER)


@dataclass(frozen=True)
class Cause:
    """The meeting and decision that a change comes from."""

    meeting_id: int | None = None
    decision_id: int | None = None


NO_CAUSE = Cause()


@transaction.atomic
def create(
    *,
    title: str,
    by: User,
    today: date,
    stage: Stage | None = None,
    customer: Customer | None = None,
    amount: Decimal | None = None,
    expected_close: date | None = None,
    owner: User | None = None,
    cause: Cause = NO_CAUSE,
    **own: Any,
) -> Opportunity:
    """Opens a deal in `stage` (the first one if not given). Nothing but the title is needed there.

    `own` are values of own fields (`custom.<key>`). Writes the deal and its first `Change`. Raises StageNeeds for a
    guarded stage, and Stage.DoesNotExist in a workspace without stages.
    """
    records.refuse_unknown(own, ())
    stage = stage or Stage.objects.filter(kind=StageKind.OPEN).earliest("position")
    opportunity = Opportunity(
        title=title,
        customer=customer,
        amount=amount,
        stage=stage,
        stage_since=today,
        expected_close=expected_close,
        owner=owner,
        is_open=stage.is_open,
        closed_on=None if stage.is_open else today,
        created_by=by,
    )
    records.put_all(opportunity, own)
    if missing := missing_for(opportunity, stage):
        raise StageNeeds(missing)
    opportunity.save()
    _record(opportunity, ChangeField.CREATED, None, stage, by=by, cause=cause)
    return opportunity


@transaction.atomic
def change(
    opportunity: Opportunity,
    *,
    by: User,
    values: Mapping[str, Any],
    cause: Cause = NO_CAUSE,
    version: int | None = None,
    via: Via = Via.FORM,
    batch: Batch | None = None,
) -> list[Change]:
    """Sets any of title, customer, amount, expected_close, owner and own fields; refuses other names with ValueError.

    Locks the row, writes only what differs, leaves one `Edit`, and one `Change` per tracked value; counts a later close
    date as a push. The passed object is brought up to date. Stages move through `move`. With `version`, raises Stale if
    the deal is at another one and differs from `values`.
    """
    records.refuse_unknown(values, (*PLAIN, *TRACKED))
    locked = Opportunity.objects.select_for_update(of=("self",)).select_related("owner").get(pk=opportunity.pk)
    differing = records.differing_of(locked, values)
    if not differing:
        return []
    if version not in (None, locked.version):
        raise Stale(locked)
    records.note_edit(locked, differing, by=by, via=_via(via, cause), batch=batch)
    changes = []
    for name, value in differing.items():
        old = fields.get(locked, name)
        if name in TRACKED:
            changes.append(_record(locked, ChangeField(name), old, value, by=by, cause=cause))
        if name == ChangeField.EXPECTED_CLOSE and old and value and value > old:
            locked.push_count += 1
        fields.put(locked, name, value)
    records.save(locked, differing, "push_count")
    records.refresh(opportunity, locked)
    return changes


@transaction.atomic
def move(
    opportunity: Opportunity,
    *,
    to: Stage,
    by: User,
    today: date,
    values: Mapping[str, Any] | None = None,
    lost_reason: str = "",
    cause: Cause = NO_CAUSE,
    via: Via = Via.FORM,
    batch: Batch | None = None,
) -> Change | None:
    """Moves a deal to another stage; `values` may fill what the stage needs in the same step.

    Raises StageNeeds with the names of the fields still empty, and ReasonNeeded for a loss without a reason; nothing is
    written then. Winning or losing sets the closing day and drops the open next steps; moving back reopens the deal.
    Returns None if the deal is already there.
    """
    if values:
        change(opportunity, by=by, values=values, cause=cause, via=via, batch=batch)
    locked = Opportunity.objects.select_for_update(of=("self",)).select_related("stage").get(pk=opportunity.pk)
    if locked.stage_id == to.pk:
        return None
    if missing := missing_for(locked, to):
        raise StageNeeds(missing)
    if to.kind == StageKind.LOST and not lost_reasons.explains(lost_reason):
        raise ReasonNeeded
    lost_reason = lost_reason if to.kind == StageKind.LOST else ""
    moved = records.differing_of(locked, {"stage": to, "lost_reason": lost_reason})
    records.note_edit(locked, moved, by=by, via=_via(via, cause), batch=batch)
    recorded = _record(locked, ChangeField.STAGE, locked.stage, to, by=by, cause=cause)
    locked.stage, locked.stage_since = to, today
    locked.is_open = to.is_open
    locked.closed_on = None if to.is_open else today
    locked.lost_reason = lost_reason
    records.save(locked, ["stage", "stage_since", "is_open", "closed_on", "lost_reason"])
    if not locked.is_open:
        NextStep.objects.filter(opportunity=locked, done_at=None, dropped_at=None).update(
            dropped_at=clock.now(), dropped_because=to.name
        )
    records.refresh(opportunity, locked)
    return recorded


def _record(
    opportunity: Opportunity, field: ChangeField, old: object, new: object, *, by: User, cause: Cause
) -> Change:
    return Change.objects.create(
        opportunity=opportunity,
        field=field,
        old=_canonical(old),
        new=_canonical(new),
        old_label=_label(old),
        new_label=_label(new),
        at=clock.now(),
        by=by,
        meeting_id=cause.meeting_id,
        decision_id=cause.decision_id,
    )


def _canonical(value: object) -> str:
    if value is None:
        return ""
    return str(value.pk) if isinstance(value, Stage | User) else str(value)


def _label(value: object) -> str:
    if isinstance(value, User):
        return value.name
    return "" if value is None else str(value)


def _via(via: Via, cause: Cause) -> Via:
    return Via.MEETING if cause.meeting_id else via
