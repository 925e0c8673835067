"""Known customers that a lead may be, each with why."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from crm import access, queries
from crm.models import Contact, Customer, Lead
from members.models import User

MOST = 5


@dataclass(frozen=True)
class Match:
    customer: Customer
    reasons: list[str]

    @property
    def why(self) -> str:
        return _(", ").join(self.reasons)


def matches(lead: Lead, user: User) -> list[Match]:
    """Customers that `user` sees with the lead's phone, e-mail or name, or with a contact of the same; most reasons
    first.
    """
    contacts = _contacts(lead, user)
    name = queries.called(lead.company or lead.name)
    like = access.customers(user).filter(name | _reached(lead) | Q(pk__in=list(contacts)))
    named = set(access.customers(user).filter(name).values_list("pk", flat=True)[: MOST * 2])
    found = [
        Match(customer, list(dict.fromkeys(_reasons(lead, customer, contacts[customer.pk], customer.pk in named))))
        for customer in like.order_by("sort_key", "pk")[: MOST * 2]
    ]
    return sorted(found, key=lambda match: -len(match.reasons))[:MOST]


def _reached(lead: Lead) -> Q:
    """By the same phone or e-mail; nothing without either."""
    same = Q(pk=None)
    if lead.phone:
        same |= Q(phone=lead.phone)
    if lead.email:
        same |= Q(email=lead.email)
    return same


def _contacts(lead: Lead, user: User) -> dict[int, list[Contact]]:
    rows: QuerySet[Contact] = access.contacts(user).filter(_reached(lead)).order_by("pk")
    of: dict[int, list[Contact]] = defaultdict(list)
    for row in rows[: MOST * 2]:
        of[row.customer_id].append(row)
    return of


def _reasons(lead: Lead, customer: Customer, contacts: list[Contact], is_named: bool) -> Iterator[str]:
    if lead.phone and customer.phone == lead.phone:
        yield _("same phone")
    if lead.email and customer.email == lead.email:
        yield _("same e-mail")
    if is_named:
        yield _("same name")
    for contact in contacts:
        if lead.phone and contact.phone == lead.phone:
            yield _("phone of %(name)s there") % {"name": contact.name}
        if lead.email and contact.email == lead.email:
            yield _("e-mail of %(name)s there") % {"name": contact.name}
