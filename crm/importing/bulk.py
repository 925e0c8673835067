"""Many rows in one statement: INSERT by COPY, UPDATE from arrays. Much faster than a statement a row."""

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, cast

from django.db import connection
from django.db.models import Field, JSONField, Lookup, Model
from psycopg.types.json import Jsonb

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
    read = _reader(columns)
    copy(model, [str(column.column) for column in columns], map(read, records))
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
    rows = list(map(_reader(columns), records))
    params = [[record.pk for record in records], *map(list, zip(*rows, strict=True))]
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


def _reader(columns: Sequence["Column"]) -> Callable[[Model], list[object]]:
    """Reads the values of a record as psycopg takes them, which knows all of our types but JSON and enumerations."""
    names = [column.attname for column in columns]
    turned: list[tuple[int, Callable[[Any], object]]] = [
        (place, Jsonb if isinstance(column, JSONField) else _plain)
        for place, column in enumerate(columns)
        if isinstance(column, JSONField) or column.choices
    ]

    def read(record: Model) -> list[object]:
        values = [getattr(record, name) for name in names]
        for place, turn in turned:
            values[place] = turn(values[place])
        return values

    return read


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value


def _type(column: "Column") -> str:
    return str(column.rel_db_type(connection)) if column.is_relation else str(column.db_type(connection))


@Field.register_lookup
class AnyOf(Lookup):
    """`phone__any_of=[…]`: as `in`, but one parameter however long the list."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", [*params, list(self.rhs)]
