"""Taking edits back: one field of a record, or a whole batch. Both are edits themselves, so nothing is ever lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db import transaction

from crm.errors import AlreadyUndone, IdTaken, ReasonNeeded, StageNeeds
from crm.fields import values as fields
from crm.fields.catalog import CUSTOM
from crm.models import Batch, Edit, Opportunity, RecordKind, Via
from crm.services import bin as bins
from crm.services import opportunity, records
from crm.services.records import KINDS, Record
from members.models import User
from tenants import clock

MODELS: dict[RecordKind, type[Record]] = {kind: model for model, kind in KINDS.items()}


class Why(StrEnum):
    """Why a value stayed as it is."""

    CHANGED_SINCE = "changed_since"
    GONE = "gone"
    GUARDED = "guarded"


@dataclass(frozen=True)
class Kept:
    """A value that an undo left alone. `record` is None when it is gone."""

    record: Record | None
    field: str
    why: Why


@dataclass(frozen=True)
class Undone:
    restored: int
    kept: list[Kept]


@transaction.atomic
def undo(batch: Batch, *, by: User, today: date) -> Undone:
    """Gives every value of a batch back that nobody has changed since; lists the others. `restored` counts records.

    Records are never made or removed here. Raises AlreadyUndone if somebody was faster.
    """
    standing = Batch.objects.filter(pk=batch.pk, undone_at=None)
    if not standing.update(undone_at=clock.now(), undone_by=by):
        raise AlreadyUndone
    batch.refresh_from_db()
    restored, kept = set(), []
    for edit in batch.edits.order_by("-pk"):
        left = _undo_edit(edit, by=by, today=today)
        kept += left
        if len(left) < len(edit.values):
            restored.add((edit.entity, edit.record_id))
    return Undone(len(restored), kept)


@transaction.atomic
def restore(record: Record, edit: Edit, field: str, *, by: User, today: date) -> None:
    """Gives one field the value it had before `edit`.

    Raises KeyError if the edit did not touch it, and StageNeeds or ReasonNeeded when a stage cannot be had back.
    """
    put(record, {field: edit.values[field][0]}, by=by, today=today, via=Via.RESTORE)


def put(record: Record, values: Mapping[str, Any], *, by: User, today: date, via: Via) -> None:
    """Writes canonical JSON values through the record's own service, guards included."""
    plain = {name: loaded(record, name, value) for name, value in values.items()}
    stage, lost_reason = plain.pop("stage", None), plain.pop("lost_reason", "")
    if not isinstance(record, Opportunity):
        records.write(record, plain, allowed=tuple(plain), by=by, via=via)
        return
    if plain:
        opportunity.change(record, by=by, values=plain, via=via)
    if stage:
        opportunity.move(record, to=stage, by=by, today=today, lost_reason=lost_reason or "", via=via)


def loaded(record: Record, name: str, value: Any) -> Any:
    """The Python value of a column from its canonical JSON: rows by id, own fields as they are."""
    if name.startswith(CUSTOM):
        return value
    column = record._meta.get_field(name)
    related = getattr(column, "related_model", None)
    if value is None:
        return None
    return related._base_manager.get(pk=value) if related else column.to_python(value)  # type: ignore[union-attr]


def _undo_edit(edit: Edit, *, by: User, today: date) -> list[Kept]:
    if bins.FIELD in edit.values:
        return _undo_binning(edit, by=by)
    record = MODELS[RecordKind(edit.entity)]._default_manager.filter(pk=edit.record_id).first()
    if record is None:
        return [Kept(None, name, Why.GONE) for name in edit.values]
    same = {name: old for name, (old, new) in edit.values.items() if fields.to_json(fields.get(record, name)) == new}
    kept = [Kept(record, name, Why.CHANGED_SINCE) for name in edit.values if name not in same]
    try:
        with transaction.atomic():
            put(record, same, by=by, today=today, via=Via.UNDO)
    except (StageNeeds, ReasonNeeded):
        return [*kept, *(Kept(record, name, Why.GUARDED) for name in same)]
    return kept


def _undo_binning(edit: Edit, *, by: User) -> list[Kept]:
    """What the batch threw away comes back. What is back already, or purged, or has lost its id is listed."""
    record = MODELS[RecordKind(edit.entity)].with_binned.filter(pk=edit.record_id).first()
    if record is None:
        return [Kept(None, bins.FIELD, Why.GONE)]
    if record.deleted_at is None or edit.values[bins.FIELD][1] != record.deleted_at.isoformat():
        return [] if record.deleted_at is None else [Kept(record, bins.FIELD, Why.CHANGED_SINCE)]
    try:
        bins.bring_back(record, by=by, via=Via.UNDO)
    except IdTaken:
        return [Kept(record, bins.FIELD, Why.CHANGED_SINCE)]
    return []
