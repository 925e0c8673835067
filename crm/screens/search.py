"""Search over all records: the best hits of each kind, for the page and for the palette."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from operator import and_
from typing import Any

from django.db.models import F, Model, Q, QuerySet
from django.db.models.lookups import StartsWith
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from crm import access, queries
from crm.models import Case, Contact, Customer, Lead, Opportunity
from l10n import text
from members.models import User

PALETTE, ON_PAGE = 4, 10
# Of a word that half of the records have, so many are looked at for the best.
LOOKED_AT = 200
# Shorter words are sought at the beginning of a name only: there is no index for letters in the middle.
SHORT = 3
Found = Customer | Opportunity | Lead | Contact | Case


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


Fits = Callable[[list[str]], Q]


def _in_search(terms: list[str]) -> Q:
    return reduce(and_, (Q(search__contains=term) for term in terms), Q())


def search_screen(user: User, query: str, each: int = ON_PAGE) -> Search:
    """A group knows the list that shows all of its hits. Sees what the user sees."""
    if not text.search_terms(query):
        return Search(query, [])
    group = partial(_group, query=query, each=each)
    deals = access.opportunities(user).select_related("customer", "stage")
    contacts = access.contacts(user).select_related("customer")
    cases = access.cases(user).select_related("customer")
    groups = [
        group(_("Customers"), "customers", access.customers(user), list_url=_list("crm:customers", query)),
        group(_("Contacts"), "contact", contacts),
        group(
            _("Deals"),
            "deals",
            deals,
            first=("-is_open",),
            fits=queries.in_deal_or_customer,
            list_url=_list("crm:deals", query, state="all"),
        ),
        group(_("Leads"), "leads", access.leads(user), list_url=_list("crm:leads", query, status="all")),
        group(_("Requests"), "inbox", cases, then=("-opened_at", "-pk")),
    ]
    return Search(query, [group for group in groups if group.hits])


def _group(
    label: str,
    icon: str,
    rows: QuerySet[Any],
    *,
    query: str,
    each: int,
    list_url: str = "",
    fits: Fits = _in_search,
    first: tuple[str, ...] = (),
    then: tuple[str, ...] = ("sort_key", "pk"),
) -> Group:
    starts = StartsWith(F("search"), text.search_terms(query)[0]).desc()
    near = rows.filter(pk__in=_candidates(rows, query, fits))
    best: Sequence[Model] = list(near.order_by(*first, starts, *then)[: each + 1])
    return Group(label, icon, [_hit(row) for row in best[:each]], list_url if len(best) > each else "")


def _candidates(rows: QuerySet[Any], query: str, fits: Fits) -> QuerySet[Any]:
    """Ids of rows that fit, in either language of the keyboard; those that begin with the first word are among them."""
    rows = rows.order_by().select_related(None)
    looked_at = []
    for terms in filter(None, (text.search_terms(query), text.keyboard_terms(query))):
        looked_at.append(rows.filter(_begins(terms[0]) & fits(terms[1:])))
        if any(len(term) >= SHORT for term in terms):
            looked_at.append(rows.filter(fits(terms)))
    first, *others = (found.values("pk")[:LOOKED_AT] for found in looked_at)
    return first.union(*others, all=True) if others else first


def _begins(term: str) -> Q:
    """One of the texts that are searched begins with it."""
    return Q(search__startswith=term) | Q(search__contains=f"|{term}")


def _hit(row: Model) -> Hit:
    assert isinstance(row, Customer | Opportunity | Lead | Contact | Case)
    return Hit(str(row), " · ".join(filter(None, _notes(row))), row.get_absolute_url())


def _notes(row: Found) -> tuple[str, ...]:
    if isinstance(row, Opportunity):
        return (row.customer.name if row.customer else "", row.stage.name)
    if isinstance(row, Lead):
        return (row.company, row.get_status_display())
    if isinstance(row, Contact):
        return (row.title, row.customer.name)
    if isinstance(row, Case):
        return (row.customer.name, row.get_state_display())
    return (row.sector, row.city)


def _list(view: str, query: str, **more: str) -> str:
    return f"{reverse(view)}?{urlencode({'q': query, 'owner': 'all', **more})}"
