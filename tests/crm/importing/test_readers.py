import io
from datetime import date, datetime

import openpyxl
import pytest
from django.utils import translation

from crm.importing.readers import Unreadable, read_table, sniff

ROWS = [["نام", "شهر"], ["ایران‌خودرو", "تهران"], ["فولاد؛ کویر", "یزد, مرکز"]]


def table(text: str, encoding: str = "utf-8") -> list[list[str]]:
    found = read_table(text.encode(encoding), "t.csv")
    return [found.headings, *(list(row.cells) for row in found.rows())]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_in_any_dress(encoding: str, delimiter: str) -> None:
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in ROWS)

    assert table(text, encoding) == ROWS


def test_windows_1256_with_arabic_letters_becomes_persian() -> None:
    assert table("نام;شهر\nشركت يك;ري\n", "cp1256") == [["نام", "شهر"], ["شرکت یک", "ری"]]


def test_a_comma_inside_the_values_does_not_mislead() -> None:
    assert sniff("name;note\nA;one, two, three\nB;four\n") == ";"
    assert sniff("name\nA\n") == ","


def test_rows_keep_their_place_in_the_file() -> None:
    found = read_table(b"\nname,city\n\nA,X\n,\nB\nC,Y,extra\n", "t.csv")

    assert [(row.number, list(row.cells)) for row in found.rows()] == [(4, ["A", "X"]), (6, ["B", ""]), (7, ["C", "Y"])]


def test_headings_are_made_different() -> None:
    with translation.override("en"):
        found = read_table(b"name,,name,\nA,B,C\n", "t.csv")

    assert found.headings == ["name", "Column 2", "name (3)"]


def test_xlsx_gives_days_whole_numbers_and_text() -> None:
    book = openpyxl.Workbook()
    book.active.title = "empty"
    sheet = book.create_sheet("data")
    sheet.append(["name", "amount", "on", "at"])
    sheet.append(["شركت", 1500.0, date(2026, 3, 1), datetime(2026, 3, 1, 9, 30)])
    sheet.append(["B", 0.5, None, None])
    content = io.BytesIO()
    book.save(content)

    found = read_table(content.getvalue(), "t.xlsx")

    assert found.headings == ["name", "amount", "on", "at"]
    assert [list(row.cells) for row in found.rows()] == [
        ["شرکت", "1500", "2026-03-01", "2026-03-01T09:30:00"],
        ["B", "0.5", "", ""],
    ]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "t.csv"),
        (b"name,city\n", "t.csv"),
        (b"PK\x03\x04 not really a zip", "t.xlsx"),
        (b"\xd0\xcf\x11\xe0 old excel", "t.xls"),
        (b"%PDF-1.7\x00\x00", "t.pdf"),
        (",".join(f"c{n}" for n in range(121)).encode() + b"\nx\n", "t.csv"),
    ],
)
def test_what_is_no_table_is_said_kindly(content: bytes, name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_table(content, name)

    assert str(refused.value)
