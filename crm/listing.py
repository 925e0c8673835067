"""A page of a list: ids first by an index, then only these rows with what they show. Deep pages stay fast.

`keyset_page` is for lists that grow without end: it goes on from the last row seen instead of counting rows off.
`page_of` numbers its pages, for lists that stay small.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import F, Model, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

M = TypeVar("M", bound=Model)
PER_PAGE = 25
COUNTED = 1000


@dataclass(frozen=True)
class Tab:
    """`value` goes into the address under the name of the group; "" is the default and stays out of it."""

    value: str
    label: str
    current: bool


def tabs(choices: Sequence[tuple[str, str]], chosen: str) -> list[Tab]:
    return [Tab(value, label, value == chosen) for value, label in choices]


def one_of(asked: str | None, choices: Sequence[tuple[str, str]], otherwise: str) -> str:
    return asked if asked in {value for value, _label in choices} else otherwise


def page_of(wanted: QuerySet[M], shown: QuerySet[M], number: Any) -> Page[M]:
    """Three queries however deep: the count of `wanted`, the ids of the page, and these rows of `shown` in order."""
    paginator: Paginator[Any] = Paginator(wanted.values_list("pk", flat=True), PER_PAGE)
    page = paginator.get_page(number)
    page.object_list = rows_of(shown, list(page.object_list))
    return page


def rows_of(shown: QuerySet[M], ids: Sequence[Any]) -> list[M]:
    """The rows with these ids, in their order."""
    rows = shown.in_bulk(list(ids))
    return [rows[pk] for pk in ids if pk in rows]


# --- Keyset -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Order:
    """By one column and then the id, both in the same direction. Empty values stand at the end, whatever the direction.

    Wants a plain index on (`field`, id): it is read in either direction, and split into values and empty ones.
    """

    field: str
    descending: bool = False
    nullable: bool = False

    def reversed(self) -> "Order":
        return Order(self.field, not self.descending, self.nullable)


@dataclass(frozen=True)
class Cursor:
    """A place in an order: what the row there is sorted by, and its id."""

    value: Any
    pk: int

    def __str__(self) -> str:
        value = self.value.isoformat() if isinstance(self.value, date) else self.value
        plain = json.dumps([value if value is None else str(value), self.pk], ensure_ascii=False)
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, model: type[Model], order: Order) -> "Cursor | None":
        """None for what is no cursor of this order: then the list begins at its beginning."""
        try:
            value, pk = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            if not isinstance(pk, int) or (value is None and not order.nullable):
                return None
            column: Any = model._meta.get_field(order.field)
            return cls(column.to_python(value), pk)
        except (binascii.Error, ValueError, TypeError, ValidationError):
            return None


@dataclass(frozen=True)
class KeysetPage(Generic[M]):
    """`next` and `previous` are cursors for the address: after the last row, before the first; "" for none."""

    object_list: list[M]
    next: str
    previous: str


def keyset_page(
    wanted: QuerySet[M],
    shown: QuerySet[M],
    order: Order,
    *,
    after: str = "",
    before: str = "",
    size: int = PER_PAGE,
    known: Sequence[Cursor] | None = None,
) -> KeysetPage[M]:
    """The rows after or before a cursor. Two queries, three when the order has empty values.

    `known` holds the cursors of all rows of `wanted`, where these are few: then one query does.
    """
    find = partial(_keys, wanted, order) if known is None else partial(_known_keys, known, order)
    cursor = Cursor.read(before or after, wanted.model, order) if before or after else None
    backwards = bool(before and cursor)
    keys = find(cursor, backwards, size + 1)
    if cursor and (not keys or (backwards and len(keys) <= size)):
        # Back at the beginning, or what followed is gone: a whole first page.
        cursor, backwards = None, False
        keys = find(None, False, size + 1)
    more, keys = len(keys) > size, keys[:size]
    if backwards:
        keys.reverse()
    has_next = bool(keys) and (more or backwards)
    has_previous = bool(keys) and (more if backwards else cursor is not None)
    return KeysetPage(
        rows_of(shown, [key.pk for key in keys]),
        str(keys[-1]) if has_next else "",
        str(keys[0]) if has_previous else "",
    )


def count_up_to(wanted: QuerySet[M], most: int = COUNTED) -> int:
    """How many, but `most` + 1 for any number above; never counts further than that."""
    return wanted.order_by()[: most + 1].count()


def _keys(wanted: QuerySet[M], order: Order, cursor: Cursor | None, backwards: bool, size: int) -> list[Cursor]:
    halves = [False, True] if order.nullable else [False]
    if backwards:
        halves.reverse()
    if cursor:
        halves = halves[halves.index(cursor.value is None) :]
    descending = order.descending != backwards
    sign = "-" if descending else ""
    keys: list[Cursor] = []
    for empty in halves:
        rows = wanted.order_by(f"{sign}{order.field}", f"{sign}pk")
        if order.nullable:
            rows = rows.filter(**{f"{order.field}__isnull": empty})
        if cursor and empty == (cursor.value is None):
            rows = _beyond(rows, order, cursor, descending)
        keys += [Cursor(value, pk) for value, pk in rows.values_list(order.field, "pk")[: size - len(keys)]]
        if len(keys) >= size:
            break
    return keys


def _known_keys(
    known: Sequence[Cursor], order: Order, cursor: Cursor | None, backwards: bool, size: int
) -> list[Cursor]:
    """The same among cursors at hand."""

    def place(key: Cursor) -> tuple[Any, int]:
        return (key.value, key.pk)

    filled = sorted((key for key in known if key.value is not None), key=place, reverse=order.descending)
    empty = sorted((key for key in known if key.value is None), key=lambda key: key.pk, reverse=order.descending)
    keys = [*filled, *empty]
    if backwards:
        keys.reverse()
    if cursor:
        descending = order.descending != backwards
        keys = [key for key in keys if _is_beyond(key, cursor, descending, backwards)]
    return keys[:size]


def _is_beyond(key: Cursor, cursor: Cursor, descending: bool, backwards: bool) -> bool:
    if (key.value is None) != (cursor.value is None):
        return (key.value is None) != backwards
    here, there = (key.value, key.pk), (cursor.value, cursor.pk)
    if key.value is None:
        here, there = ((0, key.pk), (0, cursor.pk))
    return bool(here < there) if descending else bool(here > there)


def _beyond(rows: QuerySet[M], order: Order, cursor: Cursor, descending: bool) -> QuerySet[M]:
    if cursor.value is None:
        return rows.filter(**{"pk__lt" if descending else "pk__gt": cursor.pk})
    # One comparison of rows, which an index answers at once even where thousands of values are equal.
    beyond = TupleLessThan if descending else TupleGreaterThan
    return rows.filter(beyond(Tuple(F(order.field), F("pk")), (cursor.value, cursor.pk)))
