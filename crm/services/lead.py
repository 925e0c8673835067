from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from crm.errors import AlreadyClosed
from crm.models import (
    Batch,
    Contact,
    Customer,
    Interaction,
    Lead,
    LeadStatus,
    NextStep,
    Opportunity,
    Via,
)
from crm.services import opportunity as opportunities
from crm.services.records import write
from members.models import User
from tenants import clock

FIELDS = ("name", "company", "phone", "email", "source", "category", "owner")


@dataclass(frozen=True)
class Converted:
    customer: Customer
    contact: Contact | None
    opportunity: Opportunity


def create(
    *, name: str, by: User | None, owner: User | None = None, captured_at: datetime | None = None, **values: Any
) -> Lead:
    """Takes a lead in. `values` may be any other of FIELDS; anything else is a TypeError."""
    if unknown := set(values) - set(FIELDS):
        raise TypeError(f"Unknown: {', '.join(sorted(unknown))}")
    return Lead.objects.create(name=name, owner=owner, created_by=by, captured_at=captured_at or clock.now(), **values)


@transaction.atomic
def change(
    lead: Lead,
    *,
    by: User,
    values: Mapping[str, Any],
    version: int | None = None,
    via: Via = Via.FORM,
    batch: Batch | None = None,
) -> list[str]:
    """Sets any of FIELDS and own fields, leaving an `Edit`; returns the names of those that changed.

    Raises ValueError for other names, and Stale if the record has left `version` and differs.
    """
    return write(lead, values, allowed=FIELDS, by=by, version=version, via=via, batch=batch)


@transaction.atomic
def convert(
    lead: Lead,
    *,
    by: User,
    today: date,
    title: str,
    amount: Decimal | None = None,
    expected_close: date | None = None,
    customer: Customer | None = None,
) -> Converted:
    """Makes customer, contact and deal out of a lead in one step, without retyping; history and open steps move along.

    `customer` names an existing one to use. Raises AlreadyClosed if the lead was converted or dropped meanwhile.
    """
    locked = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    if locked.status not in LeadStatus.live():
        raise AlreadyClosed
    owner = locked.owner or by
    contact = None
    if customer is None:
        customer = Customer.objects.create(
            name=locked.company or locked.name, phone=locked.phone, email=locked.email, owner=owner, created_by=by
        )
    if locked.company or customer.name != locked.name:
        contact = _known_contact(customer, locked) or Contact.objects.create(
            customer=customer, name=locked.name, phone=locked.phone, email=locked.email
        )
    deal = opportunities.create(
        title=title, by=by, today=today, customer=customer, amount=amount, expected_close=expected_close, owner=owner
    )
    _move_history(locked, customer, deal, contact)
    locked.status, locked.customer, locked.opportunity, locked.updated_at = (
        LeadStatus.CONVERTED,
        customer,
        deal,
        clock.now(),
    )
    locked.save(update_fields=["status", "customer", "opportunity", "updated_at"])
    lead.refresh_from_db()
    return Converted(customer, contact, deal)


def _known_contact(customer: Customer, lead: Lead) -> Contact | None:
    same = Q(sort_key=lead.sort_key)
    if lead.phone:
        same |= Q(phone=lead.phone)
    if lead.email:
        same |= Q(email=lead.email)
    return customer.contacts.filter(same).first()


def drop(lead: Lead, *, because: str) -> None:
    """Gives a lead up. The reason may be empty. Raises AlreadyClosed if it was converted or dropped meanwhile."""
    live = Lead.objects.filter(pk=lead.pk, status__in=LeadStatus.live())
    if not live.update(status=LeadStatus.DROPPED, dropped_because=because, updated_at=clock.now()):
        raise AlreadyClosed
    lead.refresh_from_db()


def _move_history(lead: Lead, customer: Customer, deal: Opportunity, contact: Contact | None) -> None:
    Interaction.objects.filter(lead=lead).update(customer=customer, opportunity=deal, contact=contact)
    NextStep.objects.filter(lead=lead).update(customer=customer, opportunity=deal)
    if last := Interaction.objects.filter(opportunity=deal).order_by("-happened_at").first():
        deal.last_interaction_on = timezone.localdate(last.happened_at)
        deal.save(update_fields=["last_interaction_on"])
