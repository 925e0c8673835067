"""What a list shows as a file: its columns, filters, order and access, all rows.

CSV is for machines: ISO days and moments (in the firm's time zone), plain decimals in the base unit of the currency.
XLSX is for people: real dates and numbers, which the sheet shows its own way. Text that a spreadsheet would run as a
formula gets an apostrophe before it.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from tempfile import NamedTemporaryFile
from typing import IO, Any

from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.translation import get_language_bidi, gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from crm.lists.asking import Asked
from crm.lists.columns import Column, Reading, prepared
from crm.lists.specs import Spec
from l10n.current import current
from tenants.context import inside
from tenants.models import Tenant

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOM = "\ufeff"
CHUNK = 2000
# One sheet holds no more; the head takes one.
SHEET_ROWS = 1_048_575
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[+-]?[0-9][0-9 .,()/-]*")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Table:
    heads: list[str]
    columns: Sequence[Column]
    rows: QuerySet[Any]

    def lines(self) -> Iterator[list[Any]]:
        """Read in pieces by a cursor of the database: memory stays flat."""
        for row in self.rows.iterator(chunk_size=CHUNK):
            yield [column.value(row) for column in self.columns]


def table_of(asked: Asked, columns: Sequence[Column], reading: Reading) -> Table:
    order = asked.order
    by = F(order.field)
    first = OrderBy(by, descending=order.descending, nulls_last=True if order.nullable else None)
    rows = prepared(asked.rows, columns, reading).order_by(first, "-pk" if order.descending else "pk")
    return Table([str(column.label) for column in columns], columns, rows)


def file_name(spec: Spec, today: date) -> str:
    return f"{spec.kind.value}-{today.isoformat()}"


# --- CSV ----------------------------------------------------------------------------------------------------------
class _Echo:
    """Gives the csv writer's line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def csv_chunks(table: Table, tenant: Tenant) -> Iterator[bytes]:
    """The mark for Excel, the head, the rows. Runs after the view: it opens the firm again for itself."""
    writer = csv.writer(_Echo())
    yield (BOM + writer.writerow([guarded(head) for head in table.heads])).encode()
    with inside(tenant):
        waiting: list[str] = []
        for line in table.lines():
            waiting.append(writer.writerow([csv_value(value) for value in line]))
            if len(waiting) == CHUNK:
                yield "".join(waiting).encode()
                waiting.clear()
    yield "".join(waiting).encode()


def csv_value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.astimezone(current().timezone).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | int | float):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    return guarded(str(value))


def guarded(text: str) -> str:
    """Text as text: a phone number stays as it is, anything else that begins like a formula is quoted."""
    return f"'{text}" if text.startswith(FORMULA) and not NUMBER.fullmatch(text) else text


# --- XLSX ---------------------------------------------------------------------------------------------------------
def xlsx(table: Table) -> Iterator[bytes]:
    """The finished file in pieces, from disk: memory stays flat here too."""
    with ExitStack() as stack:
        file = NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 - closed by the generator that reads it
        stack.callback(file.close)
        _write(table, file)
        file.seek(0)
        stack.pop_all()
    return _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(1 << 16):
            yield piece


def _write(table: Table, file: IO[bytes]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(gettext("Records"))
    sheet.sheet_view.rightToLeft = get_language_bidi()
    sheet.freeze_panes = "B2"
    sheet.append([_head(sheet, head) for head in table.heads])
    for number, line in enumerate(table.lines()):
        if number == SHEET_ROWS:
            break
        sheet.append([xlsx_value(value) for value in line])
    book.save(file)


def _head(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=guarded(text))
    cell.font = Font(bold=True)
    return cell


def xlsx_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(current().timezone).replace(tzinfo=None, microsecond=0)
    if isinstance(value, str):
        return guarded(_ILLEGAL.sub("", value))
    return value
