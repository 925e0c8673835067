"""Complaints and requests: taken in, talked about, finished with an outcome, rated, opened again if it was not over."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from crm.care import due
from crm.errors import AlreadyClosed
from crm.models import (
    Batch,
    Case,
    CaseKind,
    CaseState,
    Contact,
    Customer,
    Interaction,
    InteractionKind,
    NextStep,
    Opportunity,
    Via,
)
from crm.services import interaction as interactions
from crm.services import next_step as next_steps
from crm.services.records import write
from members.models import User
from tenants import clock
from tenants.schema import current_tenant

FIELDS = ("kind", "subject", "owner", "due_on", "contact", "opportunity")
PROGRESS = ("state", "outcome", "done_at", "satisfaction")
UNFINISHED = (CaseState.OPEN, CaseState.WAITING)


def take_in(
    *,
    customer: Customer,
    kind: CaseKind | str,
    subject: str,
    by: User,
    today: date,
    owner: User | None = None,
    due_on: date | None = None,
    contact: Contact | None = None,
    opportunity: Opportunity | None = None,
) -> Case:
    """Writes a complaint or request down.

    Without `owner` it goes to the customer's service owner, else to `by`; without `due_on` it is due some working days
    later, by its kind.
    """
    return Case.objects.create(
        customer=customer,
        kind=kind,
        subject=subject,
        owner=owner or owner_for(customer, by),
        due_on=due_on or due.due_day(kind, today, current_tenant()),
        contact=contact,
        opportunity=opportunity,
        opened_at=clock.now(),
        created_by=by,
    )


def owner_for(customer: Customer, by: User) -> User:
    """Who gets a new case of this customer."""
    serves = customer.service_owner
    return serves if serves and serves.is_active else by


@transaction.atomic
def change(
    case: Case,
    *,
    values: Mapping[str, Any],
    by: User,
    via: Via = Via.FORM,
    batch: Batch | None = None,
    version: int | None = None,
) -> list[str]:
    """Sets any of FIELDS; returns the names of those that changed.

    Raises ValueError for other names, and Stale if the case has left `version` and differs.
    """
    return write(case, values, allowed=FIELDS, by=by, via=via, batch=batch, version=version)


@transaction.atomic
def note(
    case: Case,
    *,
    by: User,
    kind: InteractionKind | str,
    sentence: str,
    next_what: str = "",
    next_due_on: date | None = None,
) -> tuple[Interaction, NextStep | None]:
    """Writes down what happened, on the case and its customer, and the next step when it has a text and a day."""
    return interactions.log(
        by=by,
        kind=kind,
        sentence=sentence,
        customer=case.customer,
        opportunity=case.opportunity,
        contact=case.contact,
        case=case,
        next_what=next_what,
        next_due_on=next_due_on,
    )


@transaction.atomic
def wait(case: Case, *, by: User) -> None:
    """The customer has to answer first. Raises AlreadyClosed if it was finished meanwhile."""
    _progress(case, {"state": CaseState.WAITING}, by, UNFINISHED)


@transaction.atomic
def resume(case: Case, *, by: User) -> None:
    """It is our turn again. Raises AlreadyClosed if it was finished meanwhile."""
    _progress(case, {"state": CaseState.OPEN}, by, UNFINISHED)


@transaction.atomic
def finish(
    case: Case, *, outcome: str, by: User, next_what: str = "", next_due_on: date | None = None
) -> NextStep | None:
    """Finishes the case with what came of it, and plans the follow-up when it has a text and a day.

    Raises ValueError without an outcome, AlreadyClosed if it was finished meanwhile.
    """
    if not outcome:
        raise ValueError("A case is finished with an outcome.")
    done = {"state": CaseState.DONE, "outcome": outcome, "done_at": max(clock.now(), case.opened_at)}
    _progress(case, done, by, UNFINISHED)
    if not (next_what and next_due_on):
        return None
    return next_steps.plan(
        what=next_what,
        due_on=next_due_on,
        owner=case.owner or by,
        by=by,
        customer=case.customer,
        opportunity=case.opportunity,
    )


@transaction.atomic
def reopen(case: Case, *, because: str, by: User) -> None:
    """It was not over: open again, with the reason as a note. Its rating was of an end that was none.

    Raises AlreadyClosed if it is open already.
    """
    again = {"state": CaseState.OPEN, "outcome": "", "done_at": None, "satisfaction": None}
    _progress(case, again, by, (CaseState.DONE,))
    note(case, by=by, kind=InteractionKind.NOTE, sentence=because)


@transaction.atomic
def rate(case: Case, *, satisfaction: int, by: User) -> None:
    """How satisfied the customer is with what was done, 1 to 5. Raises AlreadyClosed if it is open again."""
    _progress(case, {"satisfaction": satisfaction}, by, (CaseState.DONE,))


def _progress(case: Case, values: Mapping[str, Any], by: User, expected: tuple[CaseState, ...]) -> None:
    now = Case.objects.select_for_update().values_list("state", flat=True).get(pk=case.pk)
    if now not in expected:
        raise AlreadyClosed
    write(case, values, allowed=PROGRESS, by=by)
