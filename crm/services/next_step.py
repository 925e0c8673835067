from datetime import date

from django.db import transaction

from crm.errors import AlreadyClosed
from crm.models import Customer, Lead, NextStep, Opportunity
from members.models import User
from tenants import clock


def plan(
    *,
    what: str,
    due_on: date,
    owner: User,
    by: User,
    customer: Customer | None = None,
    lead: Lead | None = None,
    opportunity: Opportunity | None = None,
) -> NextStep:
    """Promises a step. A step of a deal also hangs on the deal's customer, so that the customer's page shows it."""
    return NextStep.objects.create(
        what=what,
        due_on=due_on,
        owner=owner,
        created_by=by,
        created_at=clock.now(),
        customer=customer or (opportunity.customer if opportunity else None),
        lead=lead,
        opportunity=opportunity,
    )


@transaction.atomic
def complete(step: NextStep, *, by: User, next_what: str = "", next_due_on: date | None = None) -> NextStep | None:
    """Ticks the step off and plans the following one in one go. Raises AlreadyClosed if it was finished meanwhile."""
    _update_open(step, done_at=clock.now(), done_by=by)
    if not (next_what and next_due_on):
        return None
    return plan(
        what=next_what,
        due_on=next_due_on,
        owner=step.owner,
        by=by,
        customer=step.customer,
        lead=step.lead,
        opportunity=step.opportunity,
    )


def drop(step: NextStep, *, because: str) -> None:
    """Gives the step up. Raises AlreadyClosed if it was finished meanwhile."""
    _update_open(step, dropped_at=clock.now(), dropped_because=because)


def reopen(step: NextStep) -> None:
    """Takes a tick back (the undo of `complete`)."""
    NextStep.objects.filter(pk=step.pk).update(done_at=None, done_by=None, dropped_at=None, dropped_because="")
    step.refresh_from_db()


def reschedule(step: NextStep, *, due_on: date) -> None:
    """Moves an open step to another day. Raises AlreadyClosed if it was finished meanwhile."""
    _update_open(step, due_on=due_on)


def _update_open(step: NextStep, **values: object) -> None:
    # A conditional update instead of a check: two people may press the button at the same time.
    if not NextStep.objects.filter(pk=step.pk, done_at=None, dropped_at=None).update(**values):
        raise AlreadyClosed
    step.refresh_from_db()
