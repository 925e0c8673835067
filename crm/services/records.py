"""What the services of all records share: one locked, versioned write that leaves an `Edit`."""

from collections.abc import Iterable, Mapping
from typing import Any

from crm.errors import Stale
from crm.fields import values as fields
from crm.fields.catalog import CUSTOM
from crm.models import Batch, Case, Contact, Customer, Edit, Lead, Opportunity, RecordKind, Via
from members.models import User
from tenants import clock

Plain = Customer | Contact | Lead | Case
Record = Customer | Contact | Lead | Opportunity | Case

KINDS: dict[type[Record], RecordKind] = {
    Customer: RecordKind.CUSTOMER,
    Contact: RecordKind.CONTACT,
    Lead: RecordKind.LEAD,
    Opportunity: RecordKind.OPPORTUNITY,
    Case: RecordKind.CASE,
}
DERIVED = ("search", "sort_key")


def write(
    record: Plain,
    values: Mapping[str, Any],
    *,
    allowed: tuple[str, ...],
    by: User,
    via: Via = Via.FORM,
    batch: Batch | None = None,
    version: int | None = None,
) -> list[str]:
    """Writes what differs and returns its names; bumps `version` and leaves one `Edit` when something did.

    Call it in a transaction. Names are of `allowed` or own fields (`custom.<key>`); others raise ValueError. With
    `version`, raises Stale if the record is at another one and differs from `values`. The passed object is brought up
    to date.
    """
    refuse_unknown(values, allowed)
    locked = type(record)._base_manager.select_for_update().get(pk=record.pk)
    differing = differing_of(locked, values)
    if differing and version not in (None, locked.version):
        raise Stale(locked)
    if differing:
        note_edit(locked, differing, by=by, via=via, batch=batch)
        put_all(locked, differing)
        save(locked, differing)
    refresh(record, locked)
    return list(differing)


def refuse_unknown(values: Iterable[str], allowed: tuple[str, ...]) -> None:
    if unknown := {name for name in values if not name.startswith(CUSTOM)} - set(allowed):
        raise ValueError(f"Not changeable here: {', '.join(sorted(unknown))}")


def differing_of(record: Record, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of `values` that the record does not hold yet; null and "" of an own field are the same."""
    return {name: value for name, value in values.items() if _differs(fields.get(record, name), value, name)}


def note_edit(
    record: Record, values: Mapping[str, Any], *, by: User, via: Via = Via.FORM, batch: Batch | None = None
) -> Edit:
    """Writes down what is about to change: call it before the record takes `values`."""
    changed = {name: [fields.to_json(fields.get(record, name)), fields.to_json(new)] for name, new in values.items()}
    return Edit.objects.create(
        entity=KINDS[type(record)], record_id=record.pk, values=changed, at=clock.now(), by=by, via=via, batch=batch
    )


def put_all(record: Record, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        fields.put(record, name, value)


def save(record: Record, names: Iterable[str], *more: str) -> None:
    """Saves these columns, what is derived from them and the version."""
    columns = {"custom" if name.startswith(CUSTOM) else name for name in names}
    derived = {name for name in DERIVED if hasattr(record, name)}
    record.version += 1
    record.updated_at = clock.now()
    record.save(update_fields=[*columns, *derived, *more, "version", "updated_at"])


def refresh(stale: Record, fresh: Record) -> None:
    """Brings the caller's object up to date without another query."""
    for field in fresh._meta.concrete_fields:
        setattr(stale, field.attname, getattr(fresh, field.attname))
    stale._state.fields_cache.clear()


def _differs(held: Any, value: Any, name: str) -> bool:
    if name.startswith(CUSTOM):
        # Null and "" are the same nothing, but "no" is an answer.
        held, value = (None if one in fields.EMPTY else fields.to_json(one) for one in (held, value))
    return bool(held != value)
