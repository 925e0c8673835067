from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Model, QuerySet
from django.db.models.lookups import StartsWith
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from crm import access, queries
from crm.models import Contact, Customer, Lead, Opportunity
from l10n import text
from l10n.fields import search_filter
from members.models import User

PALETTE, ON_PAGE = 4, 10


@dataclass(frozen=True)
class Hit:
    title: str
    note: str
    url: str


@dataclass(frozen=True)
class Group:
    label: str
    icon: str
    hits: list[Hit]
    more_url: str


@dataclass(frozen=True)
class Search:
    query: str
    groups: list[Group]


def search_screen(user: User, query: str, each: int = ON_PAGE) -> Search:
    """The best hits of each kind; a group knows the list that shows all of its hits."""
    if not text.search_terms(query):
        return Search(query, [])
    deals = queries.find_deals(access.opportunities(user).select_related("customer", "stage"), query)
    customers = search_filter(access.customers(user), query)
    leads = search_filter(access.leads(user), query)
    contacts = search_filter(Contact.objects.select_related("customer"), query)
    groups = [
        _group(_("Customers"), "customers", _best(customers, query, each), each, _list("crm:customers", query)),
        _group(
            _("Deals"), "deals", _best(deals, query, each, "-is_open"), each, _list("crm:deals", query, state="all")
        ),
        _group(_("Leads"), "leads", _best(leads, query, each), each, _list("crm:leads", query)),
        _group(_("Contacts"), "contact", _best(contacts, query, each), each, ""),
    ]
    return Search(query, [group for group in groups if group.hits])


def _best(rows: QuerySet[Model], query: str, each: int, *first: str) -> Sequence[Model]:
    starts = StartsWith(F("search"), text.search_terms(query)[0]).desc()
    return list(rows.order_by(*first, starts, "sort_key", "pk")[: each + 1])


def _group(label: str, icon: str, rows: Sequence[Model], each: int, more_url: str) -> Group:
    return Group(label, icon, [_hit(row) for row in rows[:each]], more_url if len(rows) > each else "")


def _hit(row: Model) -> Hit:
    assert isinstance(row, Customer | Opportunity | Lead | Contact)
    return Hit(str(row), " · ".join(filter(None, _notes(row))), row.get_absolute_url())


def _notes(row: Customer | Opportunity | Lead | Contact) -> tuple[str, ...]:
    if isinstance(row, Opportunity):
        return (row.customer.name if row.customer else "", row.stage.name)
    if isinstance(row, Lead):
        return (row.company, row.get_status_display())
    if isinstance(row, Contact):
        return (row.title, row.customer.name)
    return (row.sector, row.city)


def _list(view: str, query: str, **more: str) -> str:
    return f"{reverse(view)}?{urlencode({'q': query, 'owner': 'all', **more})}"
