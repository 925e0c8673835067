"""Repairs what one rule found, through the services of the records, and looks at the record again."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from crm.errors import AlreadyClosed
from crm.models import Entity, Lead, NextStep, Opportunity
from crm.picking import NewRecord
from crm.queries import open_steps
from crm.services import contact, customer, interaction, lead, next_step, opportunity
from dataquality.models import Rule
from dataquality.rules import ActiveRule
from dataquality.services import scoring
from members.models import User

Values = Mapping[str, Any]
Repair = Callable[[Any, Values, User, date], object]


@transaction.atomic
def apply(*, rule: ActiveRule, record: Any, values: Values, by: User, today: date) -> None:
    """Writes the cleaned values of the rule's form (dataquality.forms) and re-checks the record's issues at once.

    A step that somebody else finished meanwhile counts as repaired.
    """
    definition = rule.definition
    REPAIRS[definition.entity, definition.rule](record, values, by, today)
    scoring.recheck(record, today=today)


def overdue_step(record: Opportunity | Lead, today: date) -> NextStep | None:
    """The open step that is late the longest."""
    which = {"lead": record} if isinstance(record, Lead) else {"opportunity": record}
    return open_steps().filter(**which, due_on__lt=today).order_by("due_on", "pk").first()


def _set_on_deal(field: str) -> Repair:
    return lambda record, values, by, _today: opportunity.change(record, by=by, values={field: values[field]})


def _set_on_lead(field: str) -> Repair:
    return lambda record, values, by, _today: lead.change(record, by=by, values={field: values[field]})


def _set_on_customer(field: str) -> Repair:
    return lambda record, values, by, _today: customer.change(record, by=by, values={field: values[field]})


def _customer_of_deal(record: Opportunity, values: Values, by: User, _today: date) -> None:
    picked = values["customer"]
    if isinstance(picked, NewRecord):
        picked = customer.create(name=picked.name, by=by, owner=record.owner)
    opportunity.change(record, by=by, values={"customer": picked})


def _decider(record: Opportunity, values: Values, by: User, _today: date) -> None:
    assert record.customer
    if known := values.get("contact"):
        contact.change(known, by=by, values={"decides": True})
    else:
        contact.create(customer=record.customer, name=values["name"], title=values["title"], decides=True)


def _talk(record: Opportunity | Lead, values: Values, by: User, _today: date) -> None:
    interaction.log(by=by, kind=values["kind"], sentence=values["sentence"], **_hangs_on(record))


def _plan(record: Opportunity | Lead, values: Values, by: User, _today: date) -> None:
    next_step.plan(what=values["what"], due_on=values["due_on"], owner=record.owner or by, by=by, **_hangs_on(record))


def _finish_or_move(record: Opportunity | Lead, values: Values, by: User, today: date) -> None:
    step = overdue_step(record, today)
    if step is None:
        return
    try:
        if values["due_on"]:
            next_step.reschedule(step, due_on=values["due_on"])
        else:
            next_step.complete(step, by=by)
    except AlreadyClosed:
        step.refresh_from_db()


def _hangs_on(record: Opportunity | Lead) -> dict[str, Any]:
    return {"lead": record} if isinstance(record, Lead) else {"opportunity": record}


REPAIRS: dict[tuple[Entity, Rule], Repair] = {
    (Entity.OPPORTUNITY, Rule.NO_CUSTOMER): _customer_of_deal,
    (Entity.OPPORTUNITY, Rule.NO_AMOUNT): _set_on_deal("amount"),
    (Entity.OPPORTUNITY, Rule.NO_CLOSE_DATE): _set_on_deal("expected_close"),
    (Entity.OPPORTUNITY, Rule.CLOSE_PAST): _set_on_deal("expected_close"),
    (Entity.OPPORTUNITY, Rule.NO_OWNER): _set_on_deal("owner"),
    (Entity.OPPORTUNITY, Rule.NO_DECIDER): _decider,
    (Entity.OPPORTUNITY, Rule.STALE): _talk,
    (Entity.OPPORTUNITY, Rule.NO_NEXT_STEP): _plan,
    (Entity.OPPORTUNITY, Rule.STEP_OVERDUE): _finish_or_move,
    (Entity.LEAD, Rule.LEAD_NO_WAY): _set_on_lead("phone"),
    (Entity.LEAD, Rule.LEAD_NO_SOURCE): _set_on_lead("source"),
    (Entity.LEAD, Rule.NO_OWNER): _set_on_lead("owner"),
    (Entity.LEAD, Rule.LEAD_UNANSWERED): _talk,
    (Entity.LEAD, Rule.NO_NEXT_STEP): _plan,
    (Entity.LEAD, Rule.STEP_OVERDUE): _finish_or_move,
    (Entity.CUSTOMER, Rule.CUSTOMER_NO_PHONE): _set_on_customer("phone"),
    (Entity.CUSTOMER, Rule.NO_OWNER): _set_on_customer("owner"),
    (Entity.OPPORTUNITY, Rule.ASKED_EMPTY): lambda record, values, by, _today: opportunity.change(
        record, by=by, values=values
    ),
    (Entity.LEAD, Rule.ASKED_EMPTY): lambda record, values, by, _today: lead.change(record, by=by, values=values),
    (Entity.CUSTOMER, Rule.ASKED_EMPTY): lambda record, values, by, _today: customer.change(
        record, by=by, values=values
    ),
}
