"""Many rows in one statement: INSERT by COPY, UPDATE from arrays. Much faster than a statement a row."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from django.db import connection
from django.db.models import Field, Model

if TYPE_CHECKING:
    Column = Field[Any, Any]


def insert(records: Sequence[Model]) -> None:
    """Writes new records of one model and gives them their ids. No signals; nothing is filled in but field defaults."""
    if not records:
        return
    model = type(records[0])
    for record in records:
        # What was assigned before it had an id.
        record._prepare_related_fields_for_save(operation_name="bulk_create")  # type: ignore[attr-defined]
    for record, pk in zip(records, _new_ids(model, len(records)), strict=True):
        record.pk = pk
    columns = cast("list[Column]", list(model._meta.concrete_fields))
    copy(
        model,
        [str(column.column) for column in columns],
        ([_value(column, record) for column in columns] for record in records),
    )
    for record in records:
        record._state.adding, record._state.db = False, connection.alias


def copy(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Raises IntegrityError as INSERT would."""
    names = ", ".join(f'"{column}"' for column in columns)
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as stream,
    ):
        for row in rows:
            stream.write_row(row)


def update(records: Sequence[Model], names: Sequence[str]) -> None:
    """Writes these fields of records that exist; `search` and `sort_key` are to be named like any other."""
    if not records:
        return
    model = type(records[0])
    columns = [cast("Column", model._meta.get_field(name)) for name in names]
    sets = ", ".join(f'"{column.column}" = given."{column.column}"' for column in columns)
    given = ", ".join(f'"{column.column}"' for column in columns)
    arrays = ", ".join(f"%s::{_type(column)}[]" for column in columns)
    params = [
        [record.pk for record in records],
        *([_value(column, record) for record in records] for column in columns),
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{model._meta.db_table}" AS kept SET {sets} '  # noqa: S608  (names of our own columns)
            f"FROM unnest(%s::bigint[], {arrays}) AS given(id, {given}) WHERE kept.id = given.id",
            params,
        )


def _new_ids(model: type[Model], count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [f'"{model._meta.db_table}"', count],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _value(column: "Column", record: Model) -> object:
    return column.get_db_prep_save(getattr(record, column.attname), connection)


def _type(column: "Column") -> str:
    return str(column.rel_db_type(connection)) if column.is_relation else str(column.db_type(connection))
