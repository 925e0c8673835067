"""Reads CSV (UTF-8, UTF-16, Windows-1256; comma, semicolon, tab or bar) and XLSX row by row."""

import codecs
import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from itertools import islice
from typing import IO, Any

from django.utils.translation import gettext as _

from l10n.text import clean_line

DELIMITERS = ",;\t|"
ENCODINGS = ("utf-8", "utf-16", "cp1256")
PEEKED_LINES = 30
PEEKED_BYTES = 1024 * 1024
# A zipped sheet of some megabytes can unfold to more than a machine has.
MAX_UNPACKED_BYTES = 600 * 1024 * 1024
MAX_COLUMNS = 120
csv.field_size_limit(1024 * 1024)


class Unreadable(ValueError):
    """The file is not a table that we can read; the text says why, to the user."""


@dataclass(frozen=True)
class Row:
    """`number` is the row's place in the file; the headings are row 1. `unwrapped`: see `_unwrap`."""

    number: int
    cells: Sequence[str]
    unwrapped: bool = False


@dataclass(frozen=True)
class Layout:
    """How to read a file: `encoding` and `delimiter` of a text file, or the `sheet` of a workbook (both empty then)."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()

    @property
    def is_workbook(self) -> bool:
        return bool(self.sheet)


class Table:
    """Headings, and the rows as often as asked for; each time they are read from the file anew."""

    def __init__(self, records: Callable[[], Iterator[list[str]]], layout: Layout) -> None:
        self.layout, self._records = layout, records
        self.first_row, raw = next(_filled(records()), (0, []))
        while raw and not raw[-1]:
            raw.pop()
        if not raw:
            raise Unreadable(_("The file is empty."))
        if len(raw) > MAX_COLUMNS:
            raise Unreadable(_("The first row has more than 120 columns. Does it really hold the headings?"))
        self.headings = _distinct(raw)
        if next(iter(self.rows()), None) is None:
            raise Unreadable(_("There are headings but no rows below them."))

    def rows(self) -> Iterator[Row]:
        """Empty rows are left out; short rows are filled up, cells beyond the headings fall away."""
        width = len(self.headings)
        delimiter = self.layout.delimiter
        for number, cells in _filled(self._records()):
            if number == self.first_row:
                continue
            if whole := _unwrap(cells, delimiter, width):
                yield Row(number, whole, unwrapped=True)
            else:
                yield Row(number, cells if len(cells) == width else (cells + [""] * width)[:width])

    def column(self, index: int) -> Iterator[str]:
        return (row.cells[index] for row in self.rows())

    def samples(self, index: int, count: int = 3) -> list[str]:
        """The first different values."""
        return list(islice(dict.fromkeys(value for value in self.column(index) if value), count))


def read_table(content: bytes, name: str, chosen: Layout | None = None) -> Table:
    """Raises Unreadable."""
    return open_table(io.BytesIO(content), name, chosen)


def open_table(file: IO[bytes], name: str, chosen: Layout | None = None) -> Table:
    """The file has to stay open as long as rows are read. Raises Unreadable."""
    head = file.read(4)
    file.seek(0)
    if head == b"PK\x03\x04":
        return _workbook(file, chosen)
    if name.lower().endswith(".xls") or head == b"\xd0\xcf\x11\xe0":
        raise Unreadable(_("This is an old Excel file (XLS). Save it as XLSX or CSV and upload that."))
    encoding = chosen.encoding if chosen and chosen.encoding in ENCODINGS else find_encoding(file)
    with_mark = "utf-8-sig" if encoding == "utf-8" else encoding
    peeked = _decoded(_peek(file), with_mark)
    if "\x00" in peeked:
        raise Unreadable(_("This is neither a CSV nor an XLSX file."))
    delimiter = chosen.delimiter if chosen and chosen.delimiter else sniff(peeked)

    def records() -> Iterator[list[str]]:
        file.seek(0)
        text = io.TextIOWrapper(file, encoding=with_mark, errors="replace", newline="")
        try:
            for cells in csv.reader(text, delimiter=delimiter):
                yield [_tidy(cell) for cell in cells]
        except csv.Error as error:
            raise Unreadable(_("A row of this file cannot be read. Save it as CSV once more, or as XLSX.")) from error
        finally:
            # The wrapper would close the file when it goes. A reader that was left half-way may outlive the file.
            if not file.closed:
                text.detach()

    return Table(records, Layout(encoding, delimiter))


def _filled(records: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    return ((number, cells) for number, cells in enumerate(records, 1) if any(cells))


def _unwrap(row: Sequence[str], delimiter: str, width: int) -> list[str]:
    """The cells of a line that stands in quotation marks as a whole, as a sheet saved twice leaves it; else none."""
    if len(row) != 1 or width == 1 or not delimiter or delimiter not in row[0]:
        return []
    cells = next(csv.reader([row[0]], delimiter=delimiter), [])
    return [_tidy(one) for one in cells] if len(cells) == width else []


def _distinct(raw: Sequence[str]) -> list[str]:
    """A heading names its column, so an empty or repeated one gets a number."""
    headings: list[str] = []
    for place, text in enumerate(raw, 1):
        heading = text[:100] or _("Column %(number)s") % {"number": place}
        headings.append(f"{heading} ({place})" if heading in headings else heading)
    return headings


def _tidy(cell: str) -> str:
    if cell.isascii() and cell.isprintable():
        return " ".join(cell.split()) if " " in cell else cell
    return _tidy_any(cell)


@lru_cache(maxsize=32768)
def _tidy_any(cell: str) -> str:
    return clean_line(cell)


# --- Text ---------------------------------------------------------------------------------------------------------
def find_encoding(file: IO[bytes]) -> str:
    """UTF-8 and UTF-16 are recognised for certain; any other bytes are read as Windows-1256, Persian Excel's habit."""
    file.seek(0)
    if file.read(2) in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := file.read(PEEKED_BYTES):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1256"
    return "utf-8"


def _peek(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(PEEKED_BYTES)


def _decoded(content: bytes, encoding: str) -> str:
    return content.decode(encoding, errors="replace")


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


# --- Workbooks ----------------------------------------------------------------------------------------------------
def _workbook(file: IO[bytes], chosen: Layout | None) -> Table:
    """The chosen sheet, else the first that holds anything."""
    book = _opened(file)
    filled = [sheet for sheet in book.worksheets if next(sheet.iter_rows(max_row=1), None)]
    if not filled:
        raise Unreadable(_("The file is empty."))
    sheet = next((one for one in filled if chosen and one.title == chosen.sheet), filled[0])

    def records() -> Iterator[list[str]]:
        for cells in sheet.iter_rows(values_only=True):
            yield [_tidy(_written(cell)) for cell in cells]

    return Table(records, Layout(sheet=sheet.title, sheets=tuple(one.title for one in filled)))


def _opened(file: IO[bytes]) -> Any:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(file) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise Unreadable(_("This workbook is too large when unpacked. Please split it."))
        file.seek(0)
        return openpyxl.load_workbook(file, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(_("This XLSX file cannot be opened. It may be damaged or protected by a password.")) from error


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
