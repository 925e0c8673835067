"""Reads CSV (UTF-8, UTF-16, Windows-1256; comma, semicolon, tab or bar) and XLSX into rows of cleaned text."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from itertools import islice

from django.utils.translation import gettext as _

from l10n.text import clean_line

DELIMITERS = ",;\t|"
PEEKED_LINES = 30
# A zipped sheet of some megabytes can unfold to more than a machine has.
MAX_UNPACKED_BYTES = 600 * 1024 * 1024
MAX_COLUMNS = 120
csv.field_size_limit(1024 * 1024)


class Unreadable(ValueError):
    """The file is not a table that we can read; the text says why, to the user."""


@dataclass(frozen=True)
class Row:
    """`number` is the row's place in the file; the headings are row 1."""

    number: int
    cells: Sequence[str]


@dataclass
class Table:
    headings: list[str]
    rows: list[Row] = field(default_factory=list)

    def column(self, index: int) -> Iterator[str]:
        return (row.cells[index] for row in self.rows)

    def samples(self, index: int, count: int = 3) -> list[str]:
        """The first different values."""
        return list(islice(dict.fromkeys(value for value in self.column(index) if value), count))


def read_table(content: bytes, name: str) -> Table:
    """Raises Unreadable. Empty rows are left out; short rows are filled up, cells beyond the headings fall away."""
    records = _sheet(content) if content[:4] == b"PK\x03\x04" else _delimited(content, name)
    numbered = ((number, [_tidy(cell) for cell in cells]) for number, cells in enumerate(records, 1))
    filled = ((number, cells) for number, cells in numbered if any(cells))
    _first, raw = next(filled, (0, []))
    while raw and not raw[-1]:
        raw.pop()
    if not raw:
        raise Unreadable(_("The file is empty."))
    if len(raw) > MAX_COLUMNS:
        raise Unreadable(_("The first row has more than 120 columns. Does it really hold the headings?"))
    headings = _distinct(raw)
    width = len(headings)
    rows = [Row(number, (cells + [""] * width)[:width]) for number, cells in filled]
    if not rows:
        raise Unreadable(_("There are headings but no rows below them."))
    return Table(headings, rows)


def _distinct(raw: Sequence[str]) -> list[str]:
    """A heading names its column, so an empty or repeated one gets a number."""
    headings: list[str] = []
    for place, text in enumerate(raw, 1):
        heading = text[:100] or _("Column %(number)s") % {"number": place}
        headings.append(f"{heading} ({place})" if heading in headings else heading)
    return headings


@lru_cache(maxsize=65536)
def _tidy(cell: str) -> str:
    return clean_line(cell)


def _delimited(content: bytes, name: str) -> Iterator[list[str]]:
    if name.lower().endswith(".xls") or content[:4] == b"\xd0\xcf\x11\xe0":
        raise Unreadable(_("This is an old Excel file (XLS). Save it as XLSX or CSV and upload that."))
    text = decode(content)
    if "\x00" in text:
        raise Unreadable(_("This is neither a CSV nor an XLSX file."))
    return csv.reader(io.StringIO(text, newline=""), delimiter=sniff(text))


def decode(content: bytes) -> str:
    """UTF-8 and UTF-16 are recognised for certain; any other bytes are read as Windows-1256, Persian Excel's habit."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1256", errors="replace")


def sniff(text: str) -> str:
    """The delimiter that cuts the first lines into the most columns, and into the same number each."""
    lines = list(islice(io.StringIO(text, newline=""), PEEKED_LINES))
    return max(DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))


def _evenness(lines: Sequence[str], delimiter: str) -> tuple[float, int]:
    try:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells]
    except csv.Error:
        return 0.0, 0
    if not widths or widths[0] == 1:
        return 0.0, 0
    return sum(width == widths[0] for width in widths) / len(widths), widths[0]


def _sheet(content: bytes) -> Iterator[list[str]]:
    """The first sheet that holds anything."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise Unreadable(_("This workbook is too large when unpacked. Please split it."))
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = [sheet for sheet in book.worksheets if next(sheet.iter_rows(max_row=1), None)]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(_("This XLSX file cannot be opened. It may be damaged or protected by a password.")) from error
    if not sheets:
        raise Unreadable(_("The file is empty."))
    return _cells(sheets[0].iter_rows(values_only=True))


def _cells(rows: Iterable[Sequence[object]]) -> Iterator[list[str]]:
    for cells in rows:
        yield [_written(cell) for cell in cells]


def _written(value: object) -> str:
    """A cell as text: whole numbers without ".0", days in ISO form."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value.replace(tzinfo=None)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
