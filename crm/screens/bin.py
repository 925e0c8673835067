"""The bin, and what is asked before something goes into it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import ngettext

from crm import access
from crm.kinds import ICONS, Record, kind_of
from crm.listing import COUNTED, Order, count_up_to, keyset_page
from crm.models import RecordKind
from crm.record_access import may_change
from crm.services.bin import KEPT, goes_along
from l10n import formats
from members.models import Role, User

ORDER = Order("deleted_at", descending=True)
RELATED = {
    RecordKind.LEAD: ("owner", "deleted_by"),
    RecordKind.OPPORTUNITY: ("owner", "customer", "deleted_by"),
    RecordKind.CUSTOMER: ("owner", "deleted_by"),
    RecordKind.CONTACT: ("customer__owner", "deleted_by"),
    RecordKind.CASE: ("owner", "customer", "deleted_by"),
}


@dataclass(frozen=True)
class KindTab:
    kind: RecordKind
    count: int
    current: bool

    @property
    def is_many(self) -> bool:
        return self.count > COUNTED


@dataclass(frozen=True)
class Row:
    record: Any
    kind: RecordKind
    along: str
    days_left: int
    may_restore: bool


@dataclass(frozen=True)
class BinScreen:
    icon: str
    tabs: list[KindTab]
    rows: list[Row]
    next: str
    previous: str


@dataclass(frozen=True)
class AskScreen:
    """`others` counts what belongs to colleagues: with it a rep may not throw the customer away."""

    record: Record
    kind: RecordKind
    along: str
    others: int

    @property
    def is_allowed(self) -> bool:
        return not self.others


def bin_screen(user: User, *, now: datetime, kind: str = "", after: str = "", before: str = "") -> BinScreen:
    """The thrown-away records one sees, the newest first; what went along with a customer stands under it."""
    heads = {one: _heads(user, one, now) for one in (RecordKind.CUSTOMER, *RELATED)}
    counts = {one: count_up_to(rows) for one, rows in heads.items()}
    chosen = RecordKind(kind) if kind in RecordKind.values else next((one for one in counts if counts[one]), None)
    tabs = [KindTab(one, counts[one], one == chosen) for one in counts if counts[one] or one == chosen]
    if chosen is None:
        return BinScreen("trash", tabs, [], "", "")
    shown = access.binned(user, chosen).select_related(*RELATED[chosen])
    page = keyset_page(heads[chosen], shown, ORDER, after=after, before=before)
    along = _went_along(page.object_list) if chosen == RecordKind.CUSTOMER else {}
    rows = [_row(user, record, chosen, along.get(record.pk, ""), now) for record in page.object_list]
    return BinScreen(ICONS[chosen], tabs, rows, page.next, page.previous)


def ask_screen(user: User, record: Record) -> AskScreen:
    """What throwing this record away means."""
    kind = kind_of(record)
    if kind != RecordKind.CUSTOMER:
        return AskScreen(record, kind, "", 0)
    along = goes_along([record.pk])
    counts = {one: rows.count() for one, rows in along.items()}
    others = 0
    if user.role == Role.REP:
        owned = (along[RecordKind.OPPORTUNITY], along[RecordKind.CASE], along[RecordKind.LEAD])
        others = sum(rows.exclude(owner=None).exclude(owner=user).count() for rows in owned)
    return AskScreen(record, kind, in_words(counts), others)


def in_words(counts: Mapping[RecordKind, int]) -> str:
    """«2 deals, 1 contact»; "" for nothing."""
    words = {
        RecordKind.OPPORTUNITY: ngettext("%(n)s deal", "%(n)s deals", counts.get(RecordKind.OPPORTUNITY, 0)),
        RecordKind.CONTACT: ngettext("%(n)s contact", "%(n)s contacts", counts.get(RecordKind.CONTACT, 0)),
        RecordKind.CASE: ngettext("%(n)s request", "%(n)s requests", counts.get(RecordKind.CASE, 0)),
        RecordKind.LEAD: ngettext("%(n)s lead", "%(n)s leads", counts.get(RecordKind.LEAD, 0)),
    }
    said = [word % {"n": formats.num(counts[kind])} for kind, word in words.items() if counts.get(kind)]
    return " · ".join(said)


def _heads(user: User, kind: RecordKind, now: datetime) -> QuerySet[Any]:
    rows = access.binned(user, kind).filter(deleted_at__gt=now - KEPT)
    if kind == RecordKind.CUSTOMER:
        return rows
    return rows.exclude(customer__isnull=False, customer__deleted_at=F("deleted_at"))


def _row(user: User, record: Any, kind: RecordKind, along: str, now: datetime) -> Row:
    left = record.deleted_at + KEPT - now
    return Row(record, kind, along, -(-left // timedelta(days=1)), may_change(user, record))


def _went_along(customers: Iterable[Any]) -> dict[int, str]:
    """By customer, in words; one statement for each kind."""
    moments = {customer.pk: customer.deleted_at for customer in customers}
    found: dict[int, Counter[RecordKind]] = {pk: Counter() for pk in moments}
    for kind, rows in goes_along(moments).items():
        gone = rows.model.with_binned.filter(customer__in=list(moments), deleted_at__isnull=False)
        for pk, moment in gone.order_by().values_list("customer", "deleted_at"):
            found[pk][kind] += int(moments[pk] == moment)
    return {pk: in_words(counts) for pk, counts in found.items()}
