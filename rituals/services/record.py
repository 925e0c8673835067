"""A decision taken outside a meeting: written down so that it has a number, an owner and a day to look back."""

from datetime import date

from django.db import transaction

from charter.models import KeyDecision
from members.models import User
from rituals.errors import DayPast, ExpectationMissing
from rituals.models import ActionItem, Decision, DecisionKind, ReviewState
from rituals.services.decision import REVIEW_AFTER, draw_number
from rituals.services.review import supersede
from tenants import clock


@transaction.atomic
def record(
    *,
    text: str,
    by: User,
    today: date,
    owner: User,
    decider: User | None = None,
    decided_on: date | None = None,
    due_on: date | None = None,
    expected: str = "",
    not_measurable_because: str = "",
    why: str = "",
    review_on: date | None = None,
    serves: KeyDecision | None = None,
    replaces: Decision | None = None,
) -> Decision:
    """Numbers and keeps the decision; with a day it is also a promise of its owner. May replace an earlier one.

    Raises ExpectationMissing, DayPast (a day of deciding ahead, or a promise behind), NotStanding for `replaces`.
    """
    if not (expected or not_measurable_because):
        raise ExpectationMissing
    decided_on = decided_on or today
    if decided_on > today or (due_on and due_on < today):
        raise DayPast
    if review_on is None and expected:
        review_on = (due_on or today) + REVIEW_AFTER
    year, number = draw_number(today)
    decision = Decision.objects.create(
        year=year,
        number=number,
        kind=DecisionKind.OTHER,
        text=text,
        why=why,
        decider=decider or by,
        owner=owner,
        due_on=due_on,
        expected=expected,
        not_measurable_because="" if expected else not_measurable_because,
        decided_on=decided_on,
        recorded_at=clock.now(),
        recorded_by=by,
        serves=serves,
        review_state=ReviewState.SCHEDULED if review_on else ReviewState.NONE,
        review_on=review_on,
    )
    if due_on:
        _promise(decision, due_on, by)
    if replaces:
        supersede(replaces, with_=decision, by=by)
    return decision


def _promise(decision: Decision, due_on: date, by: User) -> None:
    ActionItem.objects.create(
        text=decision.text[:200],
        owner=decision.owner,
        due_on=due_on,
        original_due_on=due_on,
        decision=decision,
        created_at=clock.now(),
        created_by=by,
    )
