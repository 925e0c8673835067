"""The columns of a list: the value of a row for files, and its cell for the page.

Cells are written here and not in a template: a page has hundreds, and each would cost a render of its own.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from crm.fields import values
from crm.fields.catalog import FieldInfo, Kind
from crm.templatetags.crm import due
from l10n import formats
from l10n.templatetags.parts import avatar
from members.models import User

Row = Any
Rows = QuerySet[Any]
NOTHING = mark_safe("—")


@dataclass(frozen=True)
class Writing:
    """What the cells of one page share: today, and words that would otherwise be looked up for each row."""

    today: date
    words: dict[str, str] = field(default_factory=dict)

    @property
    def no_owner(self) -> str:
        return self.words.get("no_owner") or self.words.setdefault("no_owner", escape(_("No owner")))


@dataclass(frozen=True)
class Column:
    """`value` is for files and sums, `cell` for the page. `sort` names an order of the list.

    `prepare` adds to the queryset what the column reads: joins and annotations that other columns do not need.
    """

    name: str
    label: StrOrPromise
    value: Callable[[Row], Any]
    cell: Callable[[Row, Writing], str]
    sort: str = ""
    end: bool = False
    prepare: Callable[[Rows, "Reading"], Rows] | None = None


@dataclass(frozen=True)
class Reading:
    """For whom and on which day the rows are read."""

    user: User
    today: date


# What a cell never reads of a joined row; reading moments in Python is what costs most of a row.
UNREAD = {
    "customer": ("created_at", "updated_at", "deleted_at", "note", "custom", "search", "sort_key"),
    "owner": ("last_login", "date_joined", "password", "sort_key"),
    "service_owner": ("last_login", "date_joined", "password", "sort_key"),
}


def joined(*names: str) -> Callable[[Rows, Reading], Rows]:
    unread = [f"{name}__{column}" for name in names for column in UNREAD.get(name, ())]
    return lambda rows, _reading: rows.select_related(*names).defer(*unread)


def prepared(rows: Rows, columns: Iterable[Column], reading: Reading) -> Rows:
    for column in columns:
        if column.prepare:
            rows = column.prepare(rows, reading)
    return rows


def row_cells(row: Row, columns: Sequence[Column], heads: Sequence[str], writing: Writing) -> SafeString:
    """All cells of a row. `heads` are the openings of the cells (`opening_of`), the same for each row."""
    cells = (f"{head}{column.cell(row, writing)}</td>" for head, column in zip(heads, columns, strict=True))
    return SafeString("".join(cells))


def opening_of(column: Column, *, first: bool) -> str:
    """`<td …>`; the label is printed on the phone, where a row is a card headed by its first cell."""
    style = ' class="num end"' if column.end else ""
    return f"<td{style}>" if first else f'<td{style} data-label="{escape(str(column.label))}">'


# --- Cells --------------------------------------------------------------------------------------------------------
def bdi(text: str) -> str:
    return f"<bdi>{escape(text)}</bdi>" if text else NOTHING


def link(row: Row, title: str, below: str = "") -> str:
    small = f"<small><bdi>{escape(below)}</bdi></small>" if below else ""
    return f'<a class="title" href="{row.get_absolute_url()}"><bdi>{escape(title)}</bdi></a>{small}'


def who(user: Any) -> str:
    if user is None:
        return NOTHING
    return f'<span class="who">{avatar(user.name, "small")}<bdi>{escape(user.name)}</bdi></span>'


def owner(row: Row, writing: Writing) -> str:
    return who(row.owner) if row.owner else f'<span class="tag wait">{writing.no_owner}</span>'


def tag(text: str, tone: str = "") -> str:
    return f'<span class="tag {tone}"><bdi>{escape(text)}</bdi></span>'


def day(value: date | None, writing: Writing) -> str:
    if value is None:
        return NOTHING
    shown = formats.day_short(value, writing.today)
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), formats.day_long(value), shown)


def due_day(value: date | None, writing: Writing, *, is_open: bool = True) -> str:
    return due(value, writing.today, is_open=is_open) if value else NOTHING


def next_step(row: Row, writing: Writing) -> str:
    if not row.next_what:
        return NOTHING
    what = row.next_what if len(row.next_what) <= 40 else f"{row.next_what[:39]}…"
    return f'<span class="row tight"><bdi>{escape(what)}</bdi> {due(row.next_due, writing.today)}</span>'


def phone(number: str) -> str:
    return f'<bdi dir="ltr">{escape(formats.phone_text(number))}</bdi>' if number else NOTHING


# --- Any field ----------------------------------------------------------------------------------------------------
JOINED = (Kind.USER, Kind.CATEGORY, Kind.CUSTOMER, Kind.STAGE)
NUMBERS = (Kind.MONEY, Kind.NUMBER)


def column_of(info: FieldInfo) -> Column:
    """A column for a field that the list says nothing special about."""
    return Column(
        info.name,
        info.label,
        value=lambda row: plain(info, row),
        cell=lambda row, writing: cell_of(info, values.get(row, info.name), writing),
        end=info.kind in NUMBERS,
        prepare=joined(info.name) if info.kind in JOINED and info.custom is None else None,
    )


def plain(info: FieldInfo, row: Row) -> Any:
    """The Python value of a field; rows by their name."""
    value = values.get(row, info.name)
    if info.custom is not None:
        return values.from_json(info, value)
    return str(value) if info.kind in JOINED and value is not None else value


def cell_of(info: FieldInfo, value: Any, writing: Writing) -> str:
    if value in values.EMPTY:
        return NOTHING
    if info.kind == Kind.USER:
        return who(value)
    if info.kind == Kind.PHONE:
        return phone(value)
    if info.kind == Kind.DATE:
        return day(date.fromisoformat(value) if isinstance(value, str) else value, writing)
    if info.kind == Kind.LONG_TEXT:
        return bdi(value if len(value) <= 60 else f"{value[:59]}…")
    if info.kind == Kind.CUSTOMER:
        return f'<a href="{value.get_absolute_url()}"><bdi>{escape(value.name)}</bdi></a>'
    shown = values.shown(info, value)
    return f"<bdi>{conditional_escape(shown)}</bdi>"
