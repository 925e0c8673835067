"""Rows into a table by COPY: what a generator does not name gets the model's own default, folded fields included."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model


def copy_in(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Writes `rows`, whose values stand in the order of `names` (column names), and moves the sequence behind them."""
    rest = {
        field.column: _written(field.get_default())
        for field in model._meta.concrete_fields
        if field.column not in names and not field.primary_key
    }
    constant = tuple(rest.values())
    columns = ", ".join(f'"{name}"' for name in (*names, *rest))
    count = 0
    with connection.cursor() as cursor:
        with cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row((*row, *constant))
                count += 1
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)
    return count


def _written(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value
