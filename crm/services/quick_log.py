"""The quick log: one sentence about a record that may not exist yet, and what comes next."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction

from crm.models import Customer, Interaction, Lead, NextStep, Opportunity
from crm.picking import NewRecord, Picked, Record
from crm.services import customer as customers
from crm.services import interaction as interactions
from crm.services import lead as leads
from members.models import User
from tenants import schema


@dataclass(frozen=True)
class Logged:
    record: Record
    interaction: Interaction
    step: NextStep | None
    is_new: bool


@transaction.atomic
def log(
    *,
    by: User,
    who: Picked,
    kind: str,
    sentence: str,
    next_what: str = "",
    next_due_on: date | None = None,
    happened_on: date | None = None,
) -> Logged:
    """Writes an interaction down, with its step and, for a `NewRecord`, the lead or customer (owned by `by`).

    What happened on an earlier day counts as of its noon; when it was written down is kept apart.
    """
    record = _made(who, by) if isinstance(who, NewRecord) else who
    interaction, step = interactions.log(
        by=by,
        kind=kind,
        sentence=sentence,
        customer=record if isinstance(record, Customer) else None,
        lead=record if isinstance(record, Lead) else None,
        opportunity=record if isinstance(record, Opportunity) else None,
        next_what=next_what,
        next_due_on=next_due_on,
        happened_at=_noon(happened_on) if happened_on else None,
    )
    return Logged(record, interaction, step, isinstance(who, NewRecord))


def _noon(day: date) -> datetime | None:
    """None for today, which means now."""
    tenant = schema.current_tenant()
    return None if day == tenant.today() else datetime.combine(day, time(12), tzinfo=tenant.zone)


def _made(new: NewRecord, by: User) -> Customer | Lead:
    if new.kind == "lead":
        return leads.create(name=new.name, by=by, owner=by)
    return customers.create(name=new.name, by=by, owner=by)
