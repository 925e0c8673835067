"""What the services of plain records (customer, contact, lead) share: one locked, versioned write."""

from collections.abc import Mapping
from typing import Any, TypeVar

from crm.errors import Stale
from crm.models import Contact, Customer, Lead
from tenants import clock

Plain = TypeVar("Plain", Customer, Contact, Lead)


def write(
    record: Plain, values: Mapping[str, Any], *, allowed: tuple[str, ...], version: int | None = None
) -> list[str]:
    """Writes what differs and returns its names; bumps `version` when something did. Call it in a transaction.

    Refuses names outside `allowed` with ValueError. With `version`, raises Stale if the record is at another one and
    differs from `values`. The passed object is brought up to date.
    """
    if unknown := set(values) - set(allowed):
        raise ValueError(f"Not changeable here: {', '.join(sorted(unknown))}")
    locked = type(record)._default_manager.select_for_update().get(pk=record.pk)
    differing: list[str] = [name for name, value in values.items() if getattr(locked, name) != value]
    if differing and version not in (None, locked.version):
        raise Stale(locked)
    if differing:
        for name in differing:
            setattr(locked, name, values[name])
        locked.version += 1
        locked.updated_at = clock.now()
        locked.save(update_fields=[*differing, "version", "updated_at", "search", "sort_key"])
    for field in locked._meta.concrete_fields:
        setattr(record, field.attname, getattr(locked, field.attname))
    record._state.fields_cache.clear()
    return differing
