from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from crm.intake import clocks
from crm.models import (
    Case,
    Contact,
    Customer,
    Interaction,
    InteractionKind,
    Lead,
    LeadStatus,
    NextStep,
    Opportunity,
)
from crm.services import next_step as next_steps
from members.models import User
from tenants import clock


@transaction.atomic
def log(
    *,
    by: User,
    kind: InteractionKind | str,
    sentence: str,
    customer: Customer | None = None,
    lead: Lead | None = None,
    opportunity: Opportunity | None = None,
    contact: Contact | None = None,
    case: Case | None = None,
    happened_at: datetime | None = None,
    next_what: str = "",
    next_due_on: date | None = None,
) -> tuple[Interaction, NextStep | None]:
    """Writes down what happened, and the next step when it has a text and a day.

    A customer with exactly one open deal gets it on that deal, unless it is about a `case`. The first interaction on a
    new lead answers it, unless it is a note.
    Raises ValueError when there is neither a lead, a customer nor a deal.
    """
    if opportunity and not customer:
        customer = opportunity.customer
    if customer and not opportunity and not lead and not case:
        opportunity = _only_open_deal(customer)
    now = clock.now()
    happened_at = min(happened_at or now, now)
    if not (customer or lead or opportunity):
        raise ValueError("An interaction hangs on a lead, a customer or a deal.")
    interaction = Interaction.objects.create(
        kind=kind,
        sentence=sentence,
        by=by,
        happened_at=happened_at,
        logged_at=now,
        customer=customer,
        lead=lead,
        opportunity=opportunity,
        contact=contact,
        case=case,
    )
    _touch(opportunity, lead, str(kind), happened_at)
    step = None
    if next_what and next_due_on:
        step = next_steps.plan(
            what=next_what, due_on=next_due_on, owner=by, by=by, customer=customer, lead=lead, opportunity=opportunity
        )
    return interaction, step


def _only_open_deal(customer: Customer) -> Opportunity | None:
    deals = list(customer.opportunities.filter(is_open=True)[:2])
    return deals[0] if len(deals) == 1 else None


def _touch(opportunity: Opportunity | None, lead: Lead | None, kind: str, happened_at: datetime) -> None:
    day = timezone.localdate(happened_at)
    if opportunity and (opportunity.last_interaction_on is None or opportunity.last_interaction_on < day):
        opportunity.last_interaction_on = day
        opportunity.updated_at = clock.now()
        opportunity.save(update_fields=["last_interaction_on", "updated_at"])
    if lead and lead.status == LeadStatus.NEW and clocks.is_answer(kind):
        clocks.answered(lead, at=happened_at)
