"""What became of a decision: the look back, its delay or waiver, and taking the decision back."""

from datetime import date

from django.db import transaction

from members.models import User
from rituals.errors import AlreadyReviewed, DayPast, DelayedTwice, NotStanding, ReasonMissing
from rituals.models import MOST_DELAYS, Decision, DecisionEvent, DecisionState, DecisionStep, ReviewState, Verdict
from tenants import clock


@transaction.atomic
def review(
    decision: Decision,
    *,
    by: User,
    today: date,
    happened: str,
    verdict: Verdict | str,
    lesson: str = "",
    again_on: date | None = None,
) -> Decision:
    """Writes down what really happened. `cannot_tell` moves the review to `again_on`, at most twice.

    Raises AlreadyReviewed, ReasonMissing without `happened`, DayPast for a day that is not ahead, DelayedTwice.
    """
    if not happened:
        raise ReasonMissing
    locked = _awaiting(decision)
    locked.happened = happened
    if Verdict(verdict) == Verdict.CANNOT_TELL:
        _delay(locked, again_on, today)
        step = DecisionStep.DELAYED
    else:
        locked.verdict, locked.lesson = Verdict(verdict), lesson
        locked.review_state = ReviewState.REVIEWED
        locked.reviewed_at, locked.reviewed_by = clock.now(), by
        step = DecisionStep.REVIEWED
    locked.save(
        update_fields=[
            "happened", "search", "verdict", "lesson", "review_state", "review_on", "review_delays", "reviewed_at",
            "reviewed_by",
        ]
    )  # fmt: skip
    _note(locked, step, by=by, note=happened)
    decision.refresh_from_db()
    return decision


@transaction.atomic
def waive(decision: Decision, *, by: User, reason: str) -> Decision:
    """Does without the look back, and says why. Raises AlreadyReviewed, ReasonMissing."""
    if not reason:
        raise ReasonMissing
    locked = _awaiting(decision)
    locked.review_state = ReviewState.WAIVED
    locked.save(update_fields=["review_state"])
    _note(locked, DecisionStep.WAIVED, by=by, note=reason)
    decision.refresh_from_db()
    return decision


@transaction.atomic
def reverse(decision: Decision, *, by: User, reason: str) -> Decision:
    """Takes a decision back from now on. What it changed stays as it is, and so does the duty to look back.

    Raises NotStanding when it is reversed or superseded already, ReasonMissing.
    """
    if not reason:
        raise ReasonMissing
    locked = _standing(decision)
    locked.state, locked.state_reason = DecisionState.REVERSED, reason
    locked.save(update_fields=["state", "state_reason"])
    _note(locked, DecisionStep.REVERSED, by=by, note=reason)
    decision.refresh_from_db()
    return decision


@transaction.atomic
def supersede(decision: Decision, *, with_: Decision, by: User) -> Decision:
    """Links a decision to the one that replaces it. Raises NotStanding when it is reversed or superseded already."""
    locked = _standing(decision)
    locked.state, locked.superseded_by = DecisionState.SUPERSEDED, with_
    locked.save(update_fields=["state", "superseded_by"])
    _note(locked, DecisionStep.SUPERSEDED, by=by, note=with_.text)
    decision.refresh_from_db()
    return decision


def _delay(decision: Decision, again_on: date | None, today: date) -> None:
    if decision.review_delays >= MOST_DELAYS:
        raise DelayedTwice
    if again_on is None or again_on <= today:
        raise DayPast
    decision.review_on = again_on
    decision.review_delays += 1


def _awaiting(decision: Decision) -> Decision:
    locked = Decision.objects.select_for_update().get(pk=decision.pk)
    if not locked.awaits_review:
        raise AlreadyReviewed
    return locked


def _standing(decision: Decision) -> Decision:
    locked = Decision.objects.select_for_update().get(pk=decision.pk)
    if locked.state != DecisionState.DECIDED:
        raise NotStanding
    return locked


def _note(decision: Decision, step: DecisionStep, *, by: User, note: str) -> None:
    DecisionEvent.objects.create(decision=decision, step=step, at=clock.now(), by=by, note=note[:300])
