"""Writes everything of the open firm into one zip: a CSV per table, the files, and a readme in the firm's language."""

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.db import connection, transaction
from django.db.models import Field, ForeignKey, Model
from django.template.loader import render_to_string
from django.utils import timezone

from crm.exporting.registry import NEVER, Table, tables
from crm.fields.catalog import custom_fields
from crm.importing.rejects import harmless
from crm.models import Attachment
from tenants.schema import current_tenant

Counts = dict[str, int]
Tell = Callable[[int], None]
AT_ONCE = 2000


def write(target: IO[bytes], *, today: date, tell: Tell) -> Counts:
    """Rows by table, as they all stood at one moment. `tell` hears how far it is, in percent."""
    with transaction.atomic():
        _one_moment()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            counts: Counts = {}
            everything = tables()
            for done, table in enumerate(everything):
                counts[table.file] = _write_table(archive, table)
                tell(90 * (done + 1) // len(everything))
            _write_files(archive)
            archive.writestr("README.txt", "\ufeff" + _readme(counts, today))
    return counts


def _one_moment() -> None:
    """Only an outermost transaction can be told, and only before it has read anything."""
    if not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _write_table(archive: zipfile.ZipFile, table: Table) -> int:
    model = table.model_class
    columns = [column for column in model._meta.concrete_fields if column.name not in NEVER | table.without]
    own = _own_keys(model)
    related = [column.name for column in columns if isinstance(column, ForeignKey)]
    count = 0
    with archive.open(f"{table.file}.csv", "w", force_zip64=True) as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
        writer = csv.writer(text)
        writer.writerow([heading for column in columns for heading in _headings(column, own)])
        rows = model._base_manager.select_related(*related).order_by("pk").iterator(chunk_size=AT_ONCE)
        for record in rows:
            count += 1
            writer.writerow([cell for column in columns for cell in _cells(column, record, own)])
        text.flush()
        text.detach()
    return count


def _own_keys(model: type[Model]) -> list[str]:
    return sorted(row.key for row in custom_fields() if row.entity == model._meta.model_name)


def _headings(column: "Field[Any, Any]", own: Sequence[str]) -> list[str]:
    if isinstance(column, ForeignKey):
        return [f"{column.name}_id", column.name]
    if column.name == "custom":
        return [f"custom.{key}" for key in own]
    return [column.name]


def _cells(column: "Field[Any, Any]", record: Model, own: Sequence[str]) -> Iterator[str]:
    value = getattr(record, column.attname)
    if isinstance(column, ForeignKey):
        yield _text(value)
        yield harmless(str(getattr(record, column.name) or "")) if value is not None else ""
    elif column.name == "custom":
        for key in own:
            yield harmless(_text((value or {}).get(key)))
    else:
        yield harmless(_text(value)) if isinstance(value, str) else _text(value)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)


def _write_files(archive: zipfile.ZipFile) -> None:
    for attachment in Attachment.objects.order_by("pk").iterator(chunk_size=AT_ONCE):
        safe = attachment.name.replace("/", "_").replace("\\", "_")
        try:
            file = attachment.file.open("rb")
        except OSError:
            continue
        with file, archive.open(f"files/{attachment.pk}-{safe}", "w", force_zip64=True) as target:
            shutil.copyfileobj(file, target)


def _readme(counts: Counts, today: date) -> str:
    listed = [(table.file, table.label, counts[table.file]) for table in tables()]
    return render_to_string("crm/export_readme.txt", {"firm": current_tenant(), "tables": listed, "day": today})
