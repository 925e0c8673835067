"""Owners of many records at once: set-based, with the same traces as one by one."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from crm.kinds import MODELS
from crm.models import Batch, BatchKind, Change, ChangeField, Edit, NextStep, RecordKind, Via
from members.models import User
from tenants import clock

AT_ONCE = 2000
LINKS = {RecordKind.CUSTOMER: "customer", RecordKind.OPPORTUNITY: "opportunity", RecordKind.LEAD: "lead"}


def give(
    kind: RecordKind,
    rows: QuerySet[Any],
    *,
    to: User | None,
    by: User,
    via: Via,
    batch: Batch | None = None,
    field: str = "owner",
) -> list[int]:
    """Makes `to` the owner of these live rows; returns the ids of those that had another one.

    One `Edit` each, a `Change` for a deal's owner, one version more. Five statements and the inserts, however many
    rows. Call it in a transaction: the rows are locked in the order of their ids.
    """
    locked = rows.exclude(**{field: to}) if to else rows.exclude(**{f"{field}__isnull": True})
    old = dict(locked.order_by("pk").select_for_update(of=("self",)).values_list("pk", field))
    at = clock.now()
    new = to.pk if to else None
    Edit.objects.bulk_create(
        (
            Edit(entity=kind, record_id=pk, values={field: [held, new]}, at=at, by=by, via=via, batch=batch)
            for pk, held in old.items()
        ),
        batch_size=AT_ONCE,
    )
    if kind == RecordKind.OPPORTUNITY:
        _log(old, to, by)
    MODELS[kind]._default_manager.filter(pk__in=list(old)).update(
        **{field: to}, version=F("version") + 1, updated_at=at
    )
    return list(old)


@transaction.atomic
def assign(kind: RecordKind, pks: Iterable[int], *, to: User, by: User) -> list[int]:
    """Gives ownerless records to somebody, with their open steps of people who have left; returns the ids given.

    What somebody else has taken meanwhile stays with that person.
    """
    rows: QuerySet[Any] = MODELS[kind]._default_manager.filter(pk__in=list(pks))
    ownerless = rows.filter(owner=None)
    batch = None
    if to != by:
        batch = Batch.objects.create(kind=BatchKind.HANDOVER, label=to.name, by=by)
    given = give(kind, ownerless, to=to, by=by, via=Via.HANDOVER if batch else Via.FORM, batch=batch)
    if batch:
        Batch.objects.filter(pk=batch.pk).update(records=len(given))
    if kind in LINKS:
        left = Q(owner__is_active=False, done_at=None, dropped_at=None)
        NextStep.objects.filter(left, **{f"{LINKS[kind]}__in": given}).update(owner=to)
    return given


def _log(old: Mapping[int, int | None], to: User | None, by: User) -> None:
    names = dict(User.objects.filter(pk__in={pk for pk in old.values() if pk}).values_list("pk", "name"))
    at = clock.now()
    Change.objects.bulk_create(
        (
            Change(
                opportunity_id=pk,
                field=ChangeField.OWNER,
                old=str(held or ""),
                new=str(to.pk) if to else "",
                old_label=names.get(held, "") if held else "",
                new_label=to.name if to else "",
                at=at,
                by=by,
            )
            for pk, held in old.items()
        ),
        batch_size=AT_ONCE,
    )
