"""The bin: what is thrown away is out of every list, sum and search for thirty days, and back by one click.

What goes along with a customer has its `deleted_at` to the microsecond: that is how it comes back with it. Open next
steps are dropped at that moment and planned again when the record returns.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from crm import bin_hooks
from crm.errors import IdTaken
from crm.kinds import MODELS, Record, kind_of
from crm.models import (
    Batch,
    Case,
    Contact,
    Customer,
    Edit,
    Lead,
    LeadStatus,
    NextStep,
    Opportunity,
    RecordKind,
    Via,
)
from members.models import User
from tenants import clock

KEPT = timedelta(days=30)
FIELD = "deleted_at"
Ids = dict[RecordKind, list[int]]


def goes_along(customers: Iterable[int]) -> dict[RecordKind, QuerySet[Any]]:
    """What live records go into the bin with these customers: all that is theirs."""
    of = list(customers)
    return {
        RecordKind.OPPORTUNITY: Opportunity.objects.filter(customer__in=of),
        RecordKind.CONTACT: Contact.objects.filter(customer__in=of),
        RecordKind.CASE: Case.objects.filter(customer__in=of),
        # A converted lead is the customer's past; it cannot be without one.
        RecordKind.LEAD: Lead.objects.filter(customer__in=of, status=LeadStatus.CONVERTED),
    }


@transaction.atomic
def throw_away(
    kind: RecordKind, pks: Iterable[int], *, by: User, today: date, via: Via = Via.FORM, batch: Batch | None = None
) -> Ids:
    """Puts live records into the bin, customers with all that is theirs; returns what went, by kind.

    Drops their open next steps and leaves one `Edit` each. A fixed number of statements for each kind.
    """
    at = clock.now()
    gone = {kind: _locked(MODELS[kind]._default_manager.filter(pk__in=list(pks)))}
    if kind == RecordKind.CUSTOMER:
        gone |= {other: _locked(rows) for other, rows in goes_along(gone[kind]).items()}
    gone = {one: ids for one, ids in gone.items() if ids}
    for one, ids in gone.items():
        _rows(one, ids).update(deleted_at=at, deleted_by=by, version=F("version") + 1)
        _note(one, {pk: [None, at.isoformat()] for pk in ids}, at, by, via, batch)
    _steps(gone).filter(done_at=None, dropped_at=None).update(dropped_at=at, dropped_because="")
    bin_hooks.run(gone, today)
    return gone


@transaction.atomic
def bring_back(record: Record, *, by: User, via: Via = Via.RESTORE) -> Ids:
    """Takes a record out of the bin, with all that went in at the same moment with its customer.

    A record whose customer lies in the bin brings the customer back. Raises IdTaken when meanwhile another record has
    the same id of another system; nothing is changed then. Returns what came back; nothing if it was not in the bin.
    """
    back, moments = _coming_back(record)
    at = clock.now()
    try:
        with transaction.atomic():
            for kind, held in back.items():
                _rows(kind, held).update(deleted_at=None, deleted_by=None, version=F("version") + 1)
                _note(kind, {pk: [then.isoformat(), None] for pk, then in held.items()}, at, by, via, None)
    except IntegrityError as error:
        raise IdTaken from error
    ids = {kind: list(held) for kind, held in back.items()}
    _steps(ids).filter(done_at=None, dropped_at__in=moments, dropped_because="").update(dropped_at=None)
    record.refresh_from_db(from_queryset=MODELS[kind_of(record)].with_binned.all())  # type: ignore[arg-type]
    return ids


def _coming_back(record: Record) -> tuple[dict[RecordKind, dict[int, datetime]], set[datetime]]:
    """The rows to bring back with the moment each was thrown away, and these moments."""
    customer = record if isinstance(record, Customer) else record.customer
    back: dict[RecordKind, dict[int, datetime]] = {}
    if customer is not None and customer.deleted_at is not None:
        back = _thrown_with(customer.pk)
    kind = kind_of(record)
    own = _moments(_rows(kind, [record.pk]))
    if own:
        back.setdefault(kind, {}).update(own)
    return back, {moment for held in back.values() for moment in held.values()}


def _thrown_with(customer: int) -> dict[RecordKind, dict[int, datetime]]:
    head = _moments(_rows(RecordKind.CUSTOMER, [customer]))
    if not head:
        return {}
    moment = head[customer]
    found = {kind: _moments(rows.filter(deleted_at=moment)) for kind, rows in _binned_of(customer).items()}
    return {RecordKind.CUSTOMER: head, **{kind: held for kind, held in found.items() if held}}


def _binned_of(customer: int) -> dict[RecordKind, QuerySet[Any]]:
    return {
        RecordKind.OPPORTUNITY: Opportunity.with_binned.filter(customer=customer),
        RecordKind.CONTACT: Contact.with_binned.filter(customer=customer),
        RecordKind.CASE: Case.with_binned.filter(customer=customer),
        RecordKind.LEAD: Lead.with_binned.filter(customer=customer),
    }


def _moments(rows: QuerySet[Any]) -> dict[int, datetime]:
    binned = rows.filter(deleted_at__isnull=False).order_by("pk").select_for_update(of=("self",))
    return dict(binned.values_list("pk", "deleted_at"))


def _locked(rows: QuerySet[Any]) -> list[int]:
    # In the order of their ids, so that two who throw away the same rows wait for each other instead of blocking.
    return list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


def _rows(kind: RecordKind, ids: Iterable[int]) -> QuerySet[Any]:
    return MODELS[kind].with_binned.filter(pk__in=list(ids))


def _steps(ids: Mapping[RecordKind, Iterable[int]]) -> QuerySet[NextStep]:
    links = {RecordKind.CUSTOMER: "customer", RecordKind.OPPORTUNITY: "opportunity", RecordKind.LEAD: "lead"}
    of = [Q(**{f"{link}__in": list(ids[kind])}) for kind, link in links.items() if kind in ids]
    return NextStep.objects.filter(reduce(or_, of)) if of else NextStep.objects.none()


def _note(
    kind: RecordKind,
    values: Mapping[int, list[str | None]],
    at: datetime,
    by: User,
    via: Via,
    batch: Batch | None,
) -> None:
    edits = (
        Edit(entity=kind, record_id=pk, values={FIELD: change}, at=at, by=by, via=via, batch=batch)
        for pk, change in values.items()
    )
    Edit.objects.bulk_create(edits, batch_size=2000)
