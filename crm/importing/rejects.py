"""The rows that stayed out, in the file's own format and columns with the reason behind."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.importing.choices import layout_of
from crm.importing.readers import Layout, Table
from crm.importing.running import opened, table_of
from crm.models import ImportJob

# Letters that Windows-1256 has in their Arabic form only; reading makes them Persian again.
_TO_1256 = str.maketrans({"ی": "ي", "\u200c": " ", **{chr(0x6F0 + digit): str(digit) for digit in range(10)}})


@dataclass(frozen=True)
class File:
    content: bytes
    name: str
    content_type: str


def rejected(job: ImportJob) -> File:
    """Raises Unreadable when the file is gone."""
    reasons = _reasons(job, only_rejected=True)
    with opened(job) as file:
        table = table_of(job, file.file)
        rows = [[*table.headings, _("Why it stayed out")], *_with_reason(table, reasons)]
    return _written(rows, layout_of(job), f"rejected-{job.pk}")


def _with_reason(table: Table, reasons: dict[int, str]) -> Iterator[list[str]]:
    for row in table.rows():
        if row.number in reasons:
            yield [*row.cells, reasons[row.number]]


def problem_rows(job: ImportJob) -> Iterator[list[str]]:
    """All rows with a remark as they stood in the file, those that came in too."""
    reasons, out = _reasons(job, only_rejected=False), _reasons(job, only_rejected=True)
    with opened(job) as file:
        table = table_of(job, file.file)
        yield [_("Row"), _("Imported"), _("Problem"), *table.headings]
        for row in table.rows():
            if row.number in reasons:
                imported = _("No") if row.number in out else _("Yes")
                yield [str(row.number), imported, reasons[row.number], *map(harmless, row.cells)]


def _reasons(job: ImportJob, *, only_rejected: bool) -> dict[int, str]:
    problems = job.problems.filter(rejects=True) if only_rejected else job.problems.all()
    said: dict[int, list[str]] = {}
    for row, column, message in problems.values_list("row", "column", "message"):
        said.setdefault(row, []).append(f"{column}: {message}" if column else message)
    return {row: " · ".join(parts) for row, parts in said.items()}


def _written(rows: Iterable[list[str]], layout: Layout, name: str) -> File:
    safe = ([harmless(cell) for cell in row] for row in rows)
    if layout.is_workbook:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return File(_workbook(safe, layout.sheet), f"{name}.xlsx", kind)
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=layout.delimiter or ",").writerows(safe)
    charset = "utf-8" if layout.encoding == "utf-8" else layout.encoding
    return File(_encoded(text.getvalue(), layout.encoding), f"{name}.csv", f"text/csv; charset={charset}")


def _encoded(text: str, encoding: str) -> bytes:
    if encoding == "cp1256":
        return text.translate(_TO_1256).encode("cp1256", errors="replace")
    # With the mark at the beginning Excel reads Persian as UTF-8.
    return text.encode("utf-16" if encoding == "utf-16" else "utf-8-sig")


def _workbook(rows: Iterable[list[str]], title: str) -> bytes:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in rows:
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def harmless(cell: str) -> str:
    """A spreadsheet runs what begins like a formula."""
    begins_formula = cell[:1] in "=@\t\r" or (cell[:1] in "+-" and not cell[1:2].isdigit())
    return f"'{cell}" if cell and begins_formula else cell
