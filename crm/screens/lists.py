"""The three lists: what is filtered, in which order, and which page of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.core.paginator import Page
from django.db.models import Count, F, Model, Q, QuerySet
from django.utils.translation import gettext as _

from crm import access, queries
from crm.listing import Tab, one_of, page_of, tabs
from crm.models import Customer, Lead, LeadStatus, Opportunity, StageKind
from l10n.fields import search_filter
from members.models import Role, User

M = TypeVar("M", bound=Model)
Choices = Sequence[tuple[str, str]]
DEAL_ORDERS: dict[str, Sequence[Any]] = {
    "recent": ("-updated_at", "-pk"),
    "title": ("sort_key", "pk"),
    "amount": (F("amount").desc(nulls_last=True), "-pk"),
    "close": (F("expected_close").asc(nulls_last=True), "pk"),
}


@dataclass(frozen=True)
class RecordList(Generic[M]):
    page: Page[M]
    query: str
    owners: list[Tab]
    states: list[Tab]
    sort: str = ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.query) or not self.owners[0].current


def deals(user: User, asked: Mapping[str, str], today: date) -> RecordList[Opportunity]:
    query, owner = asked.get("q", ""), _owner(user, asked)
    states: Choices = (("open", _("Open")), ("won", _("Won")), ("lost", _("Lost")), ("all", _("Any state")))
    state = one_of(asked.get("state"), states, "open")
    sort = one_of(asked.get("sort"), [(name, "") for name in DEAL_ORDERS], "recent")
    wanted = queries.find_deals(_of_owner(access.opportunities(user), user, owner), query)
    if state == "open":
        wanted = wanted.filter(is_open=True)
    elif state != "all":
        wanted = wanted.filter(stage__kind=StageKind(state))
    shown = access.opportunities(user).select_related("customer", "stage", "owner")
    shown = queries.with_next_step(queries.with_quiet_days(shown, today))
    page = page_of(wanted.order_by(*DEAL_ORDERS[sort]), shown, asked.get("page"))
    return RecordList(page, query, tabs(_owners(user), owner), tabs(states, state), sort)


def customers(user: User, asked: Mapping[str, str]) -> RecordList[Customer]:
    query, owner = asked.get("q", ""), _owner(user, asked)
    wanted = search_filter(_of_owner(access.customers(user), user, owner), query).order_by("sort_key", "pk")
    shown = access.customers(user).select_related("owner")
    page = page_of(wanted, with_open_deals(shown), asked.get("page"))
    return RecordList(page, query, tabs(_owners(user), owner), [])


def leads(user: User, asked: Mapping[str, str]) -> RecordList[Lead]:
    query, owner = asked.get("q", ""), _owner(user, asked)
    states: Choices = (("live", _("Live")), *[(value, str(label)) for value, label in LeadStatus.choices])
    state = one_of(asked.get("status"), states, "live")
    wanted = search_filter(_of_owner(access.leads(user), user, owner), query).order_by("-captured_at", "-pk")
    wanted = wanted.filter(status__in=LeadStatus.live() if state == "live" else [state])
    shown = with_next_due(access.leads(user).select_related("owner"))
    page = page_of(wanted, shown, asked.get("page"))
    return RecordList(page, query, tabs(_owners(user), owner), tabs(states, state))


def with_open_deals(shown: QuerySet[Customer]) -> QuerySet[Customer]:
    """Adds `open_deals`, an int."""
    return shown.annotate(open_deals=Count("opportunities", filter=Q(opportunities__is_open=True)))


def with_next_due(shown: QuerySet[Lead]) -> QuerySet[Lead]:
    """Adds `next_what` and `next_due` of the earliest open step, or null."""
    annotated: QuerySet[Lead] = queries.with_earliest_step(shown, "lead")
    return annotated


def _owners(user: User) -> Choices:
    mine, everybody, nobody = ("mine", _("Mine")), ("all", _("All")), ("none", _("No owner"))
    return (mine, everybody, nobody) if user.role == Role.REP else (everybody, mine, nobody)


def _owner(user: User, asked: Mapping[str, str]) -> str:
    choices = _owners(user)
    return one_of(asked.get("owner"), choices, choices[0][0])


def _of_owner(rows: QuerySet[M], user: User, owner: str) -> QuerySet[M]:
    if owner == "mine":
        return rows.filter(owner=user)
    return rows.filter(owner=None) if owner == "none" else rows
