"""Who may see and change which records.

Everybody in the workspace sees every record. A rep changes his own and ownerless ones, a manager and an admin all of
them, an executive none. What does not exist is 404; what exists but is not yours to change is 403.
"""

from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from crm.models import Contact, Customer, ImportJob, Lead, NextStep, Opportunity
from members.access import roles
from members.models import Role, User

# The mark of views that change records: everybody but executives.
writers = roles(Role.REP, Role.MANAGER, Role.ADMIN)

Record = TypeVar("Record", Customer, Lead, Opportunity, NextStep)


def customers(_user: User) -> QuerySet[Customer]:
    return Customer.objects.all()


def leads(_user: User) -> QuerySet[Lead]:
    return Lead.objects.all()


def opportunities(_user: User) -> QuerySet[Opportunity]:
    return Opportunity.objects.all()


def may_write(user: User) -> bool:
    return user.role != Role.EXECUTIVE


def may_change(user: User, record: Customer | Lead | Opportunity | NextStep) -> bool:
    if user.role in (Role.MANAGER, Role.ADMIN):
        return True
    return user.role == Role.REP and record.owner_id in (None, user.pk)


def customer(user: User, pk: int) -> Customer:
    return get_object_or_404(customers(user).select_related("owner"), pk=pk)


def lead(user: User, pk: int) -> Lead:
    return get_object_or_404(leads(user).select_related("owner", "customer", "opportunity"), pk=pk)


def opportunity(user: User, pk: int) -> Opportunity:
    return get_object_or_404(opportunities(user).select_related("owner", "customer", "stage"), pk=pk)


def customer_for_change(user: User, pk: int) -> Customer:
    return _changeable(user, customer(user, pk))


def lead_for_change(user: User, pk: int) -> Lead:
    return _changeable(user, lead(user, pk))


def opportunity_for_change(user: User, pk: int) -> Opportunity:
    return _changeable(user, opportunity(user, pk))


def contact_for_change(user: User, pk: int) -> Contact:
    contact = get_object_or_404(Contact.objects.select_related("customer__owner"), pk=pk)
    _changeable(user, contact.customer)
    return contact


def next_step_for_change(user: User, pk: int) -> NextStep:
    steps: QuerySet[NextStep] = NextStep.objects.select_related("owner", "customer", "lead", "opportunity")
    return _changeable(user, get_object_or_404(steps, pk=pk))


def writer(user: User) -> None:
    """Raises PermissionDenied for those who only read."""
    if not may_write(user):
        raise PermissionDenied


def import_job(_user: User, pk: int) -> ImportJob:
    return get_object_or_404(ImportJob, pk=pk)


def _changeable(user: User, record: Record) -> Record:
    if not may_change(user, record):
        raise PermissionDenied
    return record
