"""The three lists, declared: rows, orders, states, columns and filters. Everything else about a list is the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from crm import access, queries
from crm.fields import catalog
from crm.fields.catalog import FieldInfo, Kind
from crm.listing import Order
from crm.lists import cells_deals, cells_leads
from crm.lists.columns import Column, Reading, bdi, column_of, day, joined, link, owner, phone
from crm.lists.filters import Filter, FilterKind
from crm.lists.options import categories, members, stages
from crm.lists.targets import Column as ColumnTarget
from crm.lists.targets import CustomerColumn, Own, Target
from crm.models import Entity, LeadStatus, ListKind, RecordKind, StageKind
from l10n import formats
from l10n.fields import search_filter
from members.models import User

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Spec:
    """`state_key` is the address word of `states`; `states_q` turns one into a condition. `columns` are the usual ones.

    `extra_filters` are those that no field of the catalogue stands for.
    """

    kind: ListKind
    entity: Entity
    record: RecordKind
    url: str
    label: StrOrPromise
    search_hint: StrOrPromise
    rows: Callable[[User], QuerySet[Any]]
    find: Callable[[QuerySet[Any], str], QuerySet[Any]]
    orders: dict[str, Order]
    order: str
    special: tuple[Column, ...]
    columns: tuple[str, ...]
    state_key: str = ""
    states: Callable[[], Choices] = tuple
    states_q: Callable[[str], Q] = lambda _state: Q()
    extra_filters: tuple[Filter, ...] = ()

    @property
    def title_field(self) -> str:
        return "title" if self.entity == Entity.OPPORTUNITY else "name"


def spec_of(kind: str) -> Spec:
    return SPECS[ListKind(kind)]


# --- Columns ------------------------------------------------------------------------------------------------------
def columns_of(spec: Spec) -> dict[str, Column]:
    """Every column the list can have, by name: the special ones, then the other fields, own ones at the end."""
    known = {column.name: column for column in spec.special}
    others = (info for info in catalog.fields_of(spec.entity) if info.name not in known)
    return {**known, **{info.name: column_of(info) for info in others}}


def _with_open_deals(rows: QuerySet[Any], reading: Reading) -> QuerySet[Any]:
    """Adds `open_deals`: those that the user sees."""
    seen = access.opportunities(reading.user).filter(is_open=True, customer=OuterRef("pk")).order_by()
    counted = seen.values("customer").annotate(number=Count("pk")).values("number")
    annotated: QuerySet[Any] = rows.annotate(open_deals=Coalesce(Subquery(counted), 0))
    return annotated


OWNER = Column(
    "owner",
    gettext_lazy("Owner"),
    value=lambda row: row.owner.name if row.owner else None,
    cell=owner,
    prepare=joined("owner"),
)
PHONE = Column("phone", gettext_lazy("Phone"), lambda row: row.phone, lambda row, _writing: phone(row.phone))
UPDATED = Column(
    "updated_at",
    gettext_lazy("Last change"),
    value=lambda row: row.updated_at,
    cell=lambda row, writing: day(row.updated_at, writing),
    sort="recent",
)
CUSTOMER_COLUMNS = (
    Column(
        "name",
        gettext_lazy("Customer"),
        value=lambda row: row.name,
        cell=lambda row, _writing: link(row, row.name, " · ".join(filter(None, (row.sector, row.city)))),
        sort="name",
    ),
    PHONE,
    Column(
        "open_deals",
        gettext_lazy("Open deals"),
        value=lambda row: row.open_deals,
        cell=lambda row, _writing: formats.num(row.open_deals),
        end=True,
        prepare=_with_open_deals,
    ),
    OWNER,
    Column("email", gettext_lazy("E-mail"), lambda row: row.email, lambda row, _writing: bdi(row.email)),
    UPDATED,
)


# --- Filters ------------------------------------------------------------------------------------------------------
FILTER_KINDS = {
    Kind.TEXT: FilterKind.TEXT,
    Kind.LONG_TEXT: FilterKind.TEXT,
    Kind.EMAIL: FilterKind.TEXT,
    Kind.CUSTOMER: FilterKind.TEXT,
    Kind.PHONE: FilterKind.PHONE,
    Kind.MONEY: FilterKind.MONEY,
    Kind.NUMBER: FilterKind.NUMBER,
    Kind.DATE: FilterKind.DATE,
    Kind.CHOICE: FilterKind.ONE_OF,
    Kind.YES_NO: FilterKind.YES_NO,
    Kind.USER: FilterKind.ONE_OF,
    Kind.STAGE: FilterKind.ONE_OF,
    Kind.CATEGORY: FilterKind.ONE_OF,
}
OPTIONS = {Kind.USER: members, Kind.STAGE: stages, Kind.CATEGORY: categories}
TEXTS = (Kind.TEXT, Kind.LONG_TEXT, Kind.EMAIL, Kind.PHONE)


def filters_of(spec: Spec) -> list[Filter]:
    return [*(_filter_of(spec, info) for info in catalog.fields_of(spec.entity)), *spec.extra_filters]


def _filter_of(spec: Spec, info: FieldInfo) -> Filter:
    options = OPTIONS.get(info.kind)
    if info.kind == Kind.CHOICE:
        options = lambda: [(choice, choice) for choice in info.choices]  # noqa: E731
    return Filter(info.name, info.label, FILTER_KINDS[info.kind], _target(spec, info), options)


def _target(spec: Spec, info: FieldInfo) -> Target:
    if info.custom is not None:
        return Own(info.key, is_number=info.kind in (Kind.NUMBER, Kind.MONEY))
    if info.kind == Kind.CUSTOMER:
        return CustomerColumn(info.name)
    return ColumnTarget(info.name, is_text=info.kind in TEXTS, searched=info.name == spec.title_field)


def _days(name: str, label: StrOrPromise, *, is_moment: bool = False) -> Filter:
    return Filter(name, label, FilterKind.DATE, ColumnTarget(name, is_moment=is_moment))


CREATED = _days("created_at", gettext_lazy("Entered"), is_moment=True)


# --- The lists ----------------------------------------------------------------------------------------------------
def lead_states() -> Choices:
    statuses = [(value, str(label)) for value, label in LeadStatus.choices]
    return (("live", _("Live")), *statuses, ("all", _("Any status")))


def lead_state(state: str) -> Q:
    if state == "all":
        return Q()
    return Q(status__in=LeadStatus.live()) if state == "live" else Q(status=state)


def deal_states() -> Choices:
    return (("open", _("Open")), ("won", _("Won")), ("lost", _("Lost")), ("all", _("Any state")))


def deal_state(state: str) -> Q:
    if state == "all":
        return Q()
    return Q(is_open=True) if state == "open" else Q(stage__kind=StageKind(state))


SPECS: dict[ListKind, Spec] = {
    ListKind.LEADS: Spec(
        kind=ListKind.LEADS,
        entity=Entity.LEAD,
        record=RecordKind.LEAD,
        url="crm:leads",
        label=gettext_lazy("Leads"),
        search_hint=gettext_lazy("Search names, firms, phones"),
        rows=access.leads,
        find=search_filter,
        orders={"recent": Order("captured_at", descending=True), "name": Order("sort_key")},
        order="recent",
        special=(*cells_leads.COLUMNS, OWNER, PHONE),
        columns=("name", "status", "source", "captured_at", "next_step", "owner"),
        state_key="status",
        states=lead_states,
        states_q=lead_state,
        extra_filters=(_days("captured_at", gettext_lazy("Came in"), is_moment=True),),
    ),
    ListKind.CUSTOMERS: Spec(
        kind=ListKind.CUSTOMERS,
        entity=Entity.CUSTOMER,
        record=RecordKind.CUSTOMER,
        url="crm:customers",
        label=gettext_lazy("Customers"),
        search_hint=gettext_lazy("Search names, phones, e-mails"),
        rows=access.customers,
        find=search_filter,
        orders={"name": Order("sort_key"), "recent": Order("updated_at", descending=True)},
        order="name",
        special=CUSTOMER_COLUMNS,
        columns=("name", "phone", "open_deals", "owner"),
        extra_filters=(CREATED,),
    ),
    ListKind.DEALS: Spec(
        kind=ListKind.DEALS,
        entity=Entity.OPPORTUNITY,
        record=RecordKind.OPPORTUNITY,
        url="crm:deals",
        label=gettext_lazy("Deals"),
        search_hint=gettext_lazy("Search titles and customers"),
        rows=access.opportunities,
        find=queries.find_deals,
        orders={
            "recent": Order("updated_at", descending=True),
            "title": Order("sort_key"),
            "amount": Order("amount", descending=True, nullable=True),
            "close": Order("expected_close", nullable=True),
        },
        order="recent",
        special=(*cells_deals.COLUMNS, OWNER, UPDATED),
        columns=("title", "stage", "amount", "expected_close", "next_step", "owner", "quiet"),
        state_key="state",
        states=deal_states,
        states_q=deal_state,
        extra_filters=(
            _days("closed_on", gettext_lazy("Closed")),
            _days("last_interaction_on", gettext_lazy("Last interaction")),
            CREATED,
        ),
    ),
}
