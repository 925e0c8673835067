"""Hand-overs, and the queue of records that nobody owns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django_stubs_ext import StrOrPromise

from crm import access
from crm.forms.handover import givers, takers
from crm.kinds import ICONS
from crm.listing import COUNTED, Order, count_up_to, keyset_page
from crm.models import CaseState, Customer, Handover, LeadStatus, RecordKind
from crm.services.handover import LABELS, Part, book
from members.models import Role, User

NOTED = 30
SHOWN = 50
QUEUED = (RecordKind.LEAD, RecordKind.OPPORTUNITY, RecordKind.CUSTOMER, RecordKind.CASE)
NEWEST = Order("id", descending=True)


@dataclass(frozen=True)
class Preview:
    """What a hand-over would move, and the customers that may get a note of their own."""

    giver: User
    taker: User | None
    parts: Sequence[tuple[StrOrPromise, int]]
    customers: list[Customer]
    steps_stay: int

    @property
    def total(self) -> int:
        return sum(count for _label, count in self.parts)


@dataclass(frozen=True)
class QueueTab:
    kind: RecordKind
    count: int
    current: bool

    @property
    def is_many(self) -> bool:
        return self.count > COUNTED


@dataclass(frozen=True)
class Queue:
    """The ownerless records of one kind; `people` are those that a manager may give them to."""

    kind: RecordKind
    icon: str
    tabs: list[QueueTab]
    rows: list[Any]
    next: str
    previous: str
    may_take: bool
    people: Sequence[User]

    @property
    def total(self) -> int:
        return sum(tab.count for tab in self.tabs)


def preview(giver: User, taker: User | None, parts: Sequence[Part]) -> Preview:
    found = book(giver)
    chosen = [part for part in Part if part in parts and not (part == Part.STEPS and taker is None)]
    counted = [(LABELS[part], found[part].count()) for part in chosen]
    customers = list(found[Part.CUSTOMERS].order_by("-updated_at", "-pk")[:NOTED]) if Part.CUSTOMERS in parts else []
    stay = found[Part.STEPS].count() if taker is None and Part.STEPS in parts else 0
    return Preview(giver, taker, counted, customers, stay)


def handovers(by: User) -> list[Handover]:
    rows = Handover.objects.filter(giver__in=givers(by).order_by().values("pk"))
    return list(rows.select_related("giver", "taker", "by", "batch")[:SHOWN])


def unread(user: User) -> list[Handover]:
    """What was handed to the user and not read yet, with the notes."""
    rows = Handover.objects.filter(taker=user, seen_at=None, batch__undone_at=None).exclude(by=user)
    return list(rows.select_related("giver", "by", "batch").prefetch_related("notes__customer")[:5])


def ownerless(user: User, kind: RecordKind) -> QuerySet[Any]:
    """The records of a kind that wait for an owner, as far as the user sees them; what is closed waits for nothing."""
    rows = access.records(user, kind).filter(owner=None)
    if kind == RecordKind.LEAD:
        return rows.filter(status__in=LeadStatus.live())
    if kind == RecordKind.OPPORTUNITY:
        return rows.filter(is_open=True)
    return rows.exclude(state=CaseState.DONE) if kind == RecordKind.CASE else rows


def ownerless_counts(user: User) -> dict[RecordKind, int]:
    """Each up to a thousand; one statement for each kind."""
    return {kind: count_up_to(ownerless(user, kind)) for kind in QUEUED}


def queue_screen(user: User, *, kind: str = "", after: str = "", before: str = "") -> Queue:
    counts = ownerless_counts(user)
    chosen = RecordKind(kind) if kind in QUEUED else next((one for one in QUEUED if counts[one]), RecordKind.LEAD)
    rows = ownerless(user, chosen)
    related = ("customer",) if chosen in (RecordKind.OPPORTUNITY, RecordKind.CASE) else ()
    page = keyset_page(rows, rows.select_related(*related), NEWEST, after=after, before=before)
    leads = user.role in (Role.MANAGER, Role.ADMIN)
    return Queue(
        kind=chosen,
        icon=ICONS[chosen],
        tabs=[QueueTab(one, counts[one], one == chosen) for one in QUEUED],
        rows=page.object_list,
        next=page.next,
        previous=page.previous,
        may_take=access.may_write(user),
        people=list(takers()) if leads else [],
    )
