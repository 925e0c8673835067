"""Who may see and change which records. What one does not see is 404; what one sees but may not change is 403.

**Seeing** follows the firm's setting (`Tenant.visibility`). Admins and executives always see everything.

| setting | a rep sees records of      | a manager sees records of        |
|---------|----------------------------|----------------------------------|
| all     | everybody                  | everybody                        |
| team    | himself, his team, nobody  | the team, nobody; without a team everybody |
| own     | himself, nobody            | the team, nobody; without a team everybody |

"Records of nobody" are the ownerless ones, which wait for somebody to take them. Whom a member sees is his scope; then

- a lead or deal is seen when its owner is in scope;
- a customer when its owner or service owner is, or when somebody of the scope owns a live deal, lead or case of it;
- a case when its owner is in scope, or when an owner or service owner of its customer is;
- a contact with its customer;
- an interaction, next step or file with the nearest record it hangs on: the deal, else the lead, else the customer. A
  step that one has promised oneself is always seen, with the name of what it is about: whoever is given work is told
  on what.

**Changing**: a rep changes his own and ownerless records (a service owner his customer too), a manager and an admin all
they see, an executive none.
"""

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from crm.models import (
    Attachment,
    Case,
    CaseState,
    Change,
    Contact,
    Customer,
    ImportJob,
    Interaction,
    Lead,
    LeadStatus,
    NextStep,
    Opportunity,
)
from members.access import roles
from members.models import Role, User
from tenants import schema
from tenants.models import Visibility

# The mark of views that change records: everybody but executives.
writers = roles(Role.REP, Role.MANAGER, Role.ADMIN)

Record = TypeVar("Record", Customer, Lead, Opportunity, NextStep, Case)


# --- Seeing -------------------------------------------------------------------------------------------------------
def sees_all(user: User) -> bool:
    """Costs no query: the setting comes with the firm of the request or task."""
    if user.role in (Role.ADMIN, Role.EXECUTIVE):
        return True
    if schema.current_tenant().visibility == Visibility.ALL:
        return True
    return user.role == Role.MANAGER and user.team_id is None


def owned_in_scope(user: User, field: str = "owner", *, ownerless: bool = True) -> Q:
    """Rows whose owner the user may look over the shoulder of; with `ownerless`, those of nobody too."""
    if sees_all(user):
        return Q() if ownerless else Q(**{f"{field}__isnull": False})
    found = Q(**{f"{field}__in": _team(user)}) if _with_team(user) else Q(**{field: user.pk})
    return found | Q(**{f"{field}__isnull": True}) if ownerless else found


def _with_team(user: User) -> bool:
    if user.team_id is None:
        return False
    return user.role == Role.MANAGER or schema.current_tenant().visibility == Visibility.TEAM


def _team(user: User) -> QuerySet[User, Any]:
    """Ids of the team and of the user, who need not be asked for twice."""
    return User.objects.filter(Q(team=user.team_id) | Q(pk=user.pk)).order_by().values("pk")


def colleagues(user: User) -> QuerySet[User]:
    """The people whose records one sees."""
    return User.objects.all() if sees_all(user) else User.objects.filter(owned_in_scope(user, "pk", ownerless=False))


def leads(user: User) -> QuerySet[Lead]:
    return Lead.objects.filter(owned_in_scope(user))


def opportunities(user: User) -> QuerySet[Opportunity]:
    return Opportunity.objects.filter(owned_in_scope(user))


def customers(user: User) -> QuerySet[Customer]:
    return Customer.objects.filter(_customer_in_scope(user))


def contacts(user: User) -> QuerySet[Contact]:
    return Contact.objects.filter(_of_customer(user))


def cases(user: User) -> QuerySet[Case]:
    return Case.objects.filter(_case_in_scope(user))


def interactions(user: User) -> QuerySet[Interaction]:
    if sees_all(user):
        return Interaction.objects.all()
    talks = Q(case__isnull=True) | Q(case__in=cases(user).order_by().values("pk"))
    return Interaction.objects.filter(talks, _of_nearest(user))


def next_steps(user: User) -> QuerySet[NextStep]:
    if sees_all(user):
        return NextStep.objects.all()
    return NextStep.objects.filter(Q(owner=user.pk) | _of_nearest(user))


def changes(user: User) -> QuerySet[Change]:
    """The change log of the deals one sees; with those in the bin, for what happened has happened."""
    if sees_all(user):
        return Change.objects.all()
    return Change.objects.filter(opportunity__in=_deal_ids(user))


def attachments(user: User) -> QuerySet[Attachment]:
    if sees_all(user):
        return Attachment.objects.all()
    return Attachment.objects.filter(
        Q(case__isnull=False, case__in=cases(user).order_by().values("pk")) | Q(case__isnull=True) & _of_nearest(user)
    )


def records(user: User, entity: str) -> QuerySet[Any]:
    """What one sees of a kind ("lead", "customer", "opportunity", "contact", "case")."""
    _model, seen = _kinds(user)[entity]
    return _model.objects.filter(seen)  # type: ignore[no-any-return]


def binned(user: User, entity: str) -> QuerySet[Any]:
    """What lies in the bin, of the records one would see if they were not there."""
    model, seen = _kinds(user)[entity]
    return model.with_binned.filter(seen, deleted_at__isnull=False)  # type: ignore[no-any-return]


def _kinds(user: User) -> dict[str, tuple[Any, Q]]:
    return {
        "lead": (Lead, owned_in_scope(user)),
        "opportunity": (Opportunity, owned_in_scope(user)),
        "customer": (Customer, _customer_in_scope(user)),
        "contact": (Contact, _of_customer(user)),
        "case": (Case, _case_in_scope(user)),
    }


def _customer_in_scope(user: User) -> Q:
    if sees_all(user):
        return Q()
    owned = owned_in_scope(user, ownerless=False)
    # Subqueries, not joins: PostgreSQL hashes each once, and no customer comes twice.
    deals = Opportunity.objects.order_by().filter(owned, is_open=True, customer__isnull=False)
    live = Lead.objects.order_by().filter(owned, status__in=LeadStatus.live(), customer__isnull=False)
    open_cases = Case.objects.order_by().filter(owned).exclude(state=CaseState.DONE)
    return (
        owned_in_scope(user)
        | owned_in_scope(user, "service_owner", ownerless=False)
        | Q(pk__in=deals.values("customer"))
        | Q(pk__in=live.values("customer"))
        | Q(pk__in=open_cases.values("customer"))
    )


def _case_in_scope(user: User) -> Q:
    if sees_all(user):
        return Q()
    served = Customer.with_binned.order_by().filter(
        owned_in_scope(user, ownerless=False) | owned_in_scope(user, "service_owner", ownerless=False)
    )
    return owned_in_scope(user) | Q(customer__in=served.values("pk"))


def _of_customer(user: User) -> Q:
    if sees_all(user):
        return Q()
    return Q(customer__in=Customer.with_binned.order_by().filter(_customer_in_scope(user)).values("pk"))


def _of_nearest(user: User) -> Q:
    if sees_all(user):
        return Q()
    seen_leads = Lead.with_binned.order_by().filter(owned_in_scope(user)).values("pk")
    return (
        Q(opportunity__isnull=False, opportunity__in=_deal_ids(user))
        | Q(opportunity__isnull=True, lead__isnull=False, lead__in=seen_leads)
        | Q(opportunity__isnull=True, lead__isnull=True) & _of_customer(user)
    )


def _deal_ids(user: User) -> QuerySet[Opportunity, Any]:
    return Opportunity.with_binned.order_by().filter(owned_in_scope(user)).values("pk")


# --- Changing -----------------------------------------------------------------------------------------------------
def may_write(user: User) -> bool:
    return user.role != Role.EXECUTIVE


def may_change(user: User, record: Customer | Lead | Opportunity | NextStep | Case) -> bool:
    """Of a record that the user sees."""
    if user.role in (Role.MANAGER, Role.ADMIN):
        return True
    if user.role != Role.REP:
        return False
    return record.owner_id in (None, user.pk) or user.pk == getattr(record, "service_owner_id", None)


def writer(user: User) -> None:
    """Raises PermissionDenied for those who only read."""
    if not may_write(user):
        raise PermissionDenied


def _changeable(user: User, record: Record) -> Record:
    if not may_change(user, record):
        raise PermissionDenied
    return record


# --- One record ---------------------------------------------------------------------------------------------------
def customer(user: User, pk: int) -> Customer:
    return get_object_or_404(customers(user).select_related("owner", "service_owner"), pk=pk)


def lead(user: User, pk: int) -> Lead:
    return get_object_or_404(leads(user).select_related("owner", "customer", "opportunity"), pk=pk)


def opportunity(user: User, pk: int) -> Opportunity:
    return get_object_or_404(opportunities(user).select_related("owner", "customer", "stage"), pk=pk)


def case(user: User, pk: int) -> Case:
    return get_object_or_404(cases(user).select_related("owner", "customer", "contact", "opportunity"), pk=pk)


def attachment(user: User, pk: int) -> Attachment:
    return get_object_or_404(attachments(user), pk=pk)


def contact(user: User, pk: int) -> Contact:
    return get_object_or_404(contacts(user).select_related("customer"), pk=pk)


def customer_for_change(user: User, pk: int) -> Customer:
    return _changeable(user, customer(user, pk))


def lead_for_change(user: User, pk: int) -> Lead:
    return _changeable(user, lead(user, pk))


def opportunity_for_change(user: User, pk: int) -> Opportunity:
    return _changeable(user, opportunity(user, pk))


def case_for_change(user: User, pk: int) -> Case:
    return _changeable(user, case(user, pk))


def contact_for_change(user: User, pk: int) -> Contact:
    contact = get_object_or_404(contacts(user).select_related("customer__owner"), pk=pk)
    _changeable(user, contact.customer)
    return contact


def next_step_for_change(user: User, pk: int) -> NextStep:
    steps = next_steps(user).select_related("owner", "customer", "lead", "opportunity")
    return _changeable(user, get_object_or_404(steps, pk=pk))


def import_job(user: User, pk: int) -> ImportJob:
    """Where one does not see everything, an import is its maker's: its rows name records of others."""
    mine = ImportJob.objects.all() if sees_all(user) else ImportJob.objects.filter(created_by=user)
    return get_object_or_404(mine, pk=pk)
