"""When a decision or an agenda last read a field: a field that none reads may go."""

from collections.abc import Iterable
from datetime import datetime

from crm.models import Entity, FieldReading


def note(entity: Entity | str, names: Iterable[str], *, reader: str, at: datetime) -> None:
    """Writes down that `reader` ("agenda", "decision") read these fields; one statement. Keeps the latest reading."""
    rows = [FieldReading(entity=entity, field=name, read_at=at, reader=reader) for name in dict.fromkeys(names)]
    FieldReading.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["entity", "field"], update_fields=["read_at", "reader"]
    )


def last() -> dict[tuple[str, str], FieldReading]:
    return {(row.entity, row.field): row for row in FieldReading.objects.all()}
