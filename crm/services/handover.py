"""A whole book changes hands: who takes it finds every record, every open promise, and what one has to know."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.errors import AlreadyUndone
from crm.kinds import MODELS
from crm.models import (
    Batch,
    BatchKind,
    Case,
    CaseState,
    Customer,
    Edit,
    Handover,
    HandoverNote,
    Lead,
    LeadStatus,
    NextStep,
    Opportunity,
    RecordKind,
    Via,
)
from crm.services.owning import give
from members.models import User
from tenants import clock


class Part(StrEnum):
    """What of a book changes hands."""

    CUSTOMERS = "customers"
    SERVICE = "service"
    LEADS = "leads"
    DEALS = "deals"
    CASES = "cases"
    STEPS = "steps"


LABELS = {
    Part.CUSTOMERS: gettext_lazy("Customers"),
    Part.SERVICE: gettext_lazy("Customers looked after"),
    Part.LEADS: gettext_lazy("Leads"),
    Part.DEALS: gettext_lazy("Open deals"),
    Part.CASES: gettext_lazy("Open requests"),
    Part.STEPS: gettext_lazy("Next steps"),
}
KINDS = {
    Part.CUSTOMERS: RecordKind.CUSTOMER,
    Part.SERVICE: RecordKind.CUSTOMER,
    Part.LEADS: RecordKind.LEAD,
    Part.DEALS: RecordKind.OPPORTUNITY,
    Part.CASES: RecordKind.CASE,
}


def book(giver: User) -> dict[Part, QuerySet[Any]]:
    """What somebody answers for now. What is closed stays with who closed it."""
    return {
        Part.CUSTOMERS: Customer.objects.filter(owner=giver),
        Part.SERVICE: Customer.objects.filter(service_owner=giver),
        Part.LEADS: Lead.objects.filter(owner=giver, status__in=LeadStatus.live()),
        Part.DEALS: Opportunity.objects.filter(owner=giver, is_open=True),
        Part.CASES: Case.objects.filter(owner=giver).exclude(state=CaseState.DONE),
        Part.STEPS: NextStep.objects.filter(owner=giver, done_at=None, dropped_at=None),
    }


def counts(giver: User) -> dict[Part, int]:
    return {part: rows.count() for part, rows in book(giver).items()}


@transaction.atomic
def hand_over(
    *,
    giver: User,
    taker: User | None,
    by: User,
    parts: Collection[Part] = tuple(Part),
    note: str = "",
    notes: Mapping[int, str] | None = None,
) -> Handover:
    """Moves the chosen parts of a book to `taker`, or with None to the queue of ownerless records.

    `notes` are by customer's id; those of customers that did not move are left out. Next steps have no queue: without a
    taker they stay, and follow their record when somebody takes it. Leaves one `Edit` for each record, in one batch.
    """
    label = f"{giver.name} ← {taker.name}" if taker else giver.name
    batch = Batch.objects.create(kind=BatchKind.HANDOVER, label=label, by=by)
    found = book(giver)
    moved = {part: _give(part, found[part], taker, by, batch) for part in Part if part in parts}
    steps = moved.get(Part.STEPS, [])
    batch.records = sum(map(len, moved.values())) - len(steps)
    batch.save(update_fields=["records"])
    made = Handover.objects.create(giver=giver, taker=taker, note=note, at=clock.now(), by=by, batch=batch, steps=steps)
    theirs = {*moved.get(Part.CUSTOMERS, []), *moved.get(Part.SERVICE, [])}
    said = ((pk, text.strip()[:500]) for pk, text in (notes or {}).items() if pk in theirs and text.strip())
    HandoverNote.objects.bulk_create(HandoverNote(handover=made, customer_id=pk, text=text) for pk, text in said)
    return made


@transaction.atomic
def undo(handover: Handover, *, by: User) -> tuple[int, int]:
    """Gives back what still belongs to the taker; returns how many records came back and how many had moved on.

    Raises AlreadyUndone if somebody was faster.
    """
    standing = Batch.objects.filter(pk=handover.batch_id, undone_at=None)
    if not standing.update(undone_at=clock.now(), undone_by=by):
        raise AlreadyUndone
    back = total = 0
    for kind, field, ids in _moved(handover):
        still = MODELS[kind]._default_manager.filter(pk__in=ids, **{field: handover.taker})
        back += len(give(kind, still, to=handover.giver, by=by, via=Via.UNDO, field=field))
        total += len(ids)
    open_steps = NextStep.objects.filter(pk__in=handover.steps, done_at=None, dropped_at=None, owner=handover.taker)
    open_steps.update(owner=handover.giver)
    return back, total - back


def read(handover: Handover) -> None:
    """The taker has seen it."""
    Handover.objects.filter(pk=handover.pk, seen_at=None).update(seen_at=clock.now())


def whom(handover: Handover) -> str:
    return handover.taker.name if handover.taker else _("the queue")


def _give(part: Part, rows: QuerySet[Any], taker: User | None, by: User, batch: Batch) -> list[int]:
    if part != Part.STEPS:
        field = "service_owner" if part == Part.SERVICE else "owner"
        return give(KINDS[part], rows, to=taker, by=by, via=Via.HANDOVER, batch=batch, field=field)
    if taker is None:
        return []
    ids = list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    NextStep.objects.filter(pk__in=ids).update(owner=taker)
    return ids


def _moved(handover: Handover) -> list[tuple[RecordKind, str, list[int]]]:
    """What the batch moved, by kind and by which owner."""
    found: dict[tuple[RecordKind, str], list[int]] = {}
    edits = Edit.objects.filter(batch=handover.batch_id).order_by("pk").values_list("entity", "record_id", "values")
    for entity, pk, values in edits:
        for field in values:
            found.setdefault((RecordKind(entity), field), []).append(pk)
    return [(kind, field, ids) for (kind, field), ids in found.items()]
