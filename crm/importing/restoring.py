"""Gives the records that an import changed their values of before."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, ForeignKey, OuterRef, Q

from crm.fields import values as fields
from crm.fields.catalog import CUSTOM
from crm.importing import bulk
from crm.importing.deal_writer import TRACKED, Copied, change_of, copy_changes
from crm.importing.plan import in_chunks
from crm.models import Batch, ChangeField, Edit, Opportunity, RecordKind, Stage, Via
from crm.services.records import KINDS
from members.models import User
from tenants import clock

MODELS = {kind: model for model, kind in KINDS.items()}


def restore(batch: Batch, *, by: User, today: date, all_of_it: bool) -> tuple[int, int]:
    """How many records have their old values again, and how many were left because they were edited since."""
    edits = batch.edits.order_by("pk")
    kept = 0
    if not all_of_it:
        later = Edit.objects.filter(
            Q(batch=None) | ~Q(batch=batch),
            entity=OuterRef("entity"),
            record_id=OuterRef("record_id"),
            pk__gt=OuterRef("pk"),
        )
        edits = edits.annotate(edited_since=Exists(later))
        kept = edits.filter(edited_since=True).count()
        edits = edits.filter(edited_since=False)
    restored, rows = 0, _Rows()
    for chunk in in_chunks(edits.iterator(chunk_size=2000)):
        by_kind: dict[str, dict[int, Edit]] = defaultdict(dict)
        for edit in chunk:
            by_kind[edit.entity][edit.record_id] = edit
        restored += sum(_restore(RecordKind(kind), found, by, today, rows) for kind, found in by_kind.items())
    return restored, kept


def _restore(kind: RecordKind, edits: dict[int, Edit], by: User, today: date, rows: "_Rows") -> int:
    model = MODELS[kind]
    related = ("stage", "owner") if model is Opportunity else ()
    records: Sequence[Any] = list(
        model._default_manager.select_related(*related).select_for_update(of=("self",)).filter(pk__in=edits)
    )
    now = clock.now()
    written: list[Edit] = []
    changes: list[Copied] = []
    for record in records:
        old = {name: before for name, (before, _after) in edits[record.pk].values.items()}
        was = {name: [fields.to_json(_now(record, name)), value] for name, value in old.items()}
        written.append(Edit(entity=kind, record_id=record.pk, values=was, at=now, by=by, via=Via.UNDO))
        if isinstance(record, Opportunity):
            changes += _changes(record, old, by, rows)
        for name, value in old.items():
            _put(record, name, value)
        if isinstance(record, Opportunity) and "stage" in old:
            _settle(record, today)
        record.version += 1
        record.updated_at = now
    bulk.insert(written)
    bulk.update(records, [*_columns(edits), "version", "updated_at", "search", *_derived(model), *_of_stage(kind)])
    copy_changes(changes)
    return len(records)


def _columns(edits: dict[int, Edit]) -> list[str]:
    named = {"custom" if name.startswith(CUSTOM) else name for edit in edits.values() for name in edit.values}
    return sorted(named - {"is_open", "stage_since", "closed_on"})


def _derived(model: type[Any]) -> list[str]:
    return ["sort_key"] if any(column.name == "sort_key" for column in model._meta.concrete_fields) else []


def _of_stage(kind: RecordKind) -> list[str]:
    return ["is_open", "stage_since", "closed_on"] if kind == RecordKind.OPPORTUNITY else []


def _now(record: Any, name: str) -> Any:
    """The present value, a row as its id."""
    if name.startswith(CUSTOM):
        return fields.get(record, name)
    return getattr(record, record._meta.get_field(name).attname)


def _put(record: Any, name: str, value: Any) -> None:
    if name.startswith(CUSTOM):
        fields.put(record, name, value)
        return
    column = record._meta.get_field(name)
    setattr(record, column.attname, value if isinstance(column, ForeignKey) else _python(column, value))


def _python(column: Any, value: Any) -> Any:
    """As the database would give it: an amount with its decimals."""
    plain = column.to_python(value)
    return plain.quantize(Decimal(1).scaleb(-column.decimal_places)) if isinstance(plain, Decimal) else plain


def _settle(deal: Opportunity, today: date) -> None:
    deal.is_open = deal.stage.is_open
    deal.stage_since = today
    if deal.is_open:
        deal.closed_on = None
    elif deal.closed_on is None:
        deal.closed_on = today


class _Rows:
    """Stages and people by id, as they are needed to say what was before."""

    def __init__(self) -> None:
        self.stages = Stage.objects.in_bulk()
        self.people = User.objects.in_bulk()

    def read(self, deal: Opportunity, name: str, value: Any) -> object:
        if value is None:
            return None
        if name == ChangeField.STAGE:
            return self.stages.get(value)
        if name == ChangeField.OWNER:
            return self.people.get(value)
        found: object = _python(deal._meta.get_field(name), value)
        return found


def _changes(deal: Opportunity, old: dict[str, Any], by: User, rows: _Rows) -> Iterator[Copied]:
    for name in TRACKED:
        if name in old:
            before = rows.read(deal, name, old[name])
            yield change_of(deal, ChangeField(name), getattr(deal, name), before, at=clock.now(), by=by)
