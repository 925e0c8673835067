"""A lead becomes customer, contact and deal in one step, and within a day becomes a lead again.

Nothing is typed again: history, open steps, files and the firm's own fields of the same key move along.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone

from crm.errors import AlreadyClosed, AlreadyUndone
from crm.fields.catalog import CUSTOM, fields_of
from crm.intake import clocks
from crm.models import (
    Attachment,
    Case,
    ChangeField,
    Contact,
    Conversion,
    Customer,
    Edit,
    Entity,
    Interaction,
    Lead,
    LeadStatus,
    NextStep,
    Opportunity,
    RecordKind,
    Via,
)
from crm.services import bin as bins
from crm.services import opportunity as opportunities
from members.models import User
from tenants import clock

UNDO_WITHIN = timedelta(days=1)


class Since(StrEnum):
    """What was done with the deal since, so that its making cannot be taken back."""

    CHANGED = "changed"
    TALKED = "talked"
    PLANNED = "planned"
    FILES = "files"
    CASES = "cases"
    GONE = "gone"


class WorkedOnSince(Exception):
    """A conversion that other work rests on; `reasons` name it."""

    def __init__(self, reasons: Iterable[Since]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(", ".join(self.reasons))


class TooOld(Exception):
    """A conversion can be taken back for a day."""


@dataclass(frozen=True)
class Converted:
    customer: Customer
    contact: Contact | None
    opportunity: Opportunity
    conversion: Conversion


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
    """Makes customer, contact and deal out of a lead, and the `Conversion` that can be undone.

    `customer` names an existing one to use. A lead without a firm becomes a person who is the customer. Raises
    AlreadyClosed if the lead was converted or dropped meanwhile.
    """
    locked = Lead.objects.select_for_update(of=("self",)).filter(pk=lead.pk, status__in=LeadStatus.live()).first()
    if locked is None:
        raise AlreadyClosed
    old_status = locked.status
    owner = locked.owner or by
    known = customer
    customer = known or _new_customer(locked, owner, by)
    contact, made_contact = _contact(customer, locked)
    deal = opportunities.create(
        title=title, by=by, today=today, customer=customer, amount=amount, expected_close=expected_close, owner=owner
    )
    _take_own_fields(locked, deal)
    _move_history(locked, customer, deal, contact)
    if old_status == LeadStatus.NEW:
        clocks.answered(locked, at=clock.now())
    _close(locked, customer, deal)
    conversion = Conversion.objects.create(
        lead=locked,
        by=by,
        old_status=old_status,
        customer=customer,
        contact=contact,
        opportunity=deal,
        made_customer=known is None,
        made_contact=made_contact,
    )
    lead.refresh_from_db()
    return Converted(customer, contact, deal, conversion)


def standing(**of: Lead | Opportunity) -> Conversion | None:
    """The conversion of a lead, or the one that made a deal, unless it was taken back."""
    return Conversion.objects.filter(**of, undone_at=None).select_related("lead", "opportunity", "by").first()


def is_fresh(conversion: Conversion, now: datetime) -> bool:
    return now < conversion.at + UNDO_WITHIN


@transaction.atomic
def undo(conversion: Conversion, *, by: User, today: date) -> Lead:
    """Makes the deal a lead again: history, steps and files go back, what was made for it goes into the bin.

    A customer or contact that other records rest on by now stays. Raises TooOld after a day, AlreadyUndone if somebody
    was faster, and WorkedOnSince when the deal was worked on.
    """
    now = clock.now()
    if not is_fresh(conversion, now):
        raise TooOld
    if not Conversion.objects.filter(pk=conversion.pk, undone_at=None).update(undone_at=now, undone_by=by):
        raise AlreadyUndone
    # Locked like any change of the deal, so that nobody works on it between the look and the bin.
    deal = Opportunity.with_binned.select_for_update(of=("self",)).get(pk=conversion.opportunity_id)
    if reasons := list(_work_since(conversion, deal)):
        raise WorkedOnSince(reasons)
    lead = Lead.with_binned.select_for_update(of=("self",)).get(pk=conversion.lead_id)
    _give_back(lead, conversion)
    _throw_away(conversion, by=by, today=today)
    return lead


def _new_customer(lead: Lead, owner: User, by: User) -> Customer:
    customer = Customer(name=lead.company or lead.name, phone=lead.phone, email=lead.email, owner=owner, created_by=by)
    customer.custom = _shared_fields(lead, Entity.CUSTOMER)
    customer.save()
    return customer


def _contact(customer: Customer, lead: Lead) -> tuple[Contact | None, bool]:
    """The person at the customer, and whether he is new there; none when the person is the customer himself."""
    if not lead.company and customer.sort_key == lead.sort_key:
        return None, False
    same = Q(sort_key=lead.sort_key)
    if lead.phone:
        same |= Q(phone=lead.phone)
    if lead.email:
        same |= Q(email=lead.email)
    if known := customer.contacts.filter(same).first():
        return known, False
    return Contact.objects.create(customer=customer, name=lead.name, phone=lead.phone, email=lead.email), True


def _take_own_fields(lead: Lead, deal: Opportunity) -> None:
    if shared := _shared_fields(lead, Entity.OPPORTUNITY):
        deal.custom = shared
        deal.save(update_fields=["custom"])


def _shared_fields(lead: Lead, entity: Entity) -> dict[str, Any]:
    """The lead's values of own fields that the other record has too, by key and kind."""
    kinds = {info.name: info.kind for info in fields_of(Entity.LEAD) if info.custom}
    same = [info.name.removeprefix(CUSTOM) for info in fields_of(entity) if kinds.get(info.name) == info.kind]
    return {key: lead.custom[key] for key in same if key in lead.custom}


def _move_history(lead: Lead, customer: Customer, deal: Opportunity, contact: Contact | None) -> None:
    Interaction.objects.filter(lead=lead).update(customer=customer, opportunity=deal, contact=contact)
    NextStep.objects.filter(lead=lead).update(customer=customer, opportunity=deal)
    Attachment.objects.filter(lead=lead).update(customer=customer, opportunity=deal)
    if last := Interaction.objects.filter(opportunity=deal).order_by("-happened_at").first():
        deal.last_interaction_on = timezone.localdate(last.happened_at)
        deal.save(update_fields=["last_interaction_on"])


def _close(lead: Lead, customer: Customer, deal: Opportunity) -> None:
    lead.status, lead.customer, lead.opportunity = LeadStatus.CONVERTED, customer, deal
    lead.version, lead.updated_at = lead.version + 1, clock.now()
    lead.save(update_fields=["status", "customer", "opportunity", "version", "updated_at"])


def _work_since(conversion: Conversion, deal: Opportunity) -> Iterator[Since]:
    if deal.deleted_at:
        yield Since.GONE
        return
    after = conversion.at
    edits = Edit.objects.filter(entity=RecordKind.OPPORTUNITY, record_id=deal.pk)
    if deal.changes.exclude(field=ChangeField.CREATED).exists() or edits.exists():
        yield Since.CHANGED
    if deal.interactions.filter(logged_at__gt=after).exists():
        yield Since.TALKED
    steps = NextStep.objects.filter(opportunity=deal)
    if steps.filter(Q(created_at__gt=after) | Q(done_at__gt=after) | Q(dropped_at__gt=after)).exists():
        yield Since.PLANNED
    if deal.attachments.filter(at__gt=after).exists():
        yield Since.FILES
    if deal.cases.exists():
        yield Since.CASES


def _give_back(lead: Lead, conversion: Conversion) -> None:
    Interaction.objects.filter(lead=lead).update(customer=None, opportunity=None, contact=None)
    NextStep.objects.filter(lead=lead).update(customer=None, opportunity=None)
    Attachment.objects.filter(lead=lead).update(customer=None, opportunity=None)
    lead.status, lead.customer, lead.opportunity = conversion.old_status, None, None
    lead.deleted_at = lead.deleted_by = None
    if conversion.old_status == LeadStatus.NEW:
        # It was the conversion that counted as the answer.
        lead.first_response_at = lead.answered_in = None
    lead.version, lead.updated_at = lead.version + 1, clock.now()
    lead.save()


def _throw_away(conversion: Conversion, *, by: User, today: date) -> None:
    bins.throw_away(RecordKind.OPPORTUNITY, [conversion.opportunity_id], by=by, today=today, via=Via.UNDO)
    if conversion.made_contact and conversion.contact_id and not _rests_on_contact(conversion.contact_id):
        bins.throw_away(RecordKind.CONTACT, [conversion.contact_id], by=by, today=today, via=Via.UNDO)
    if conversion.made_customer and not _rests_on_customer(conversion.customer_id):
        bins.throw_away(RecordKind.CUSTOMER, [conversion.customer_id], by=by, today=today, via=Via.UNDO)


def _rests_on_contact(contact_id: int) -> bool:
    return _any_of((Interaction, Case), contact=contact_id)


def _rests_on_customer(customer_id: int) -> bool:
    models = (Opportunity, Contact, Case, Lead, Interaction, NextStep, Attachment)
    edited = Edit.objects.filter(entity=RecordKind.CUSTOMER, record_id=customer_id).exists()
    return edited or _any_of(models, customer=customer_id)


def _any_of(models: Iterable[type[Model]], **of: int) -> bool:
    return any(model._default_manager.filter(**of).exists() for model in models)
