"""A list as the page shows it: tabs, chips, heads, rows, and the way on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import Model
from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm import access
from crm.listing import COUNTED, Cursor, KeysetPage, Tab, count_up_to, keyset_page, tabs
from crm.lists import layouts, saved
from crm.lists.asking import Asked, ask, owners, plain_address
from crm.lists.columns import Column, Reading, Writing, opening_of, prepared, row_cells
from crm.lists.filters import Condition
from crm.lists.specs import Spec, spec_of
from crm.models import SavedView
from l10n import formats
from members.models import User

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Head:
    """`url` sorts by it, or turns the order round; `sorted` is for aria-sort."""

    label: str
    end: bool
    url: str
    sorted: str


@dataclass(frozen=True)
class Line:
    pk: int
    title: str
    cells: SafeString


@dataclass(frozen=True)
class Chip:
    name: str
    text: str
    error: str
    without: str


@dataclass(frozen=True)
class ViewTab:
    pk: int
    name: str
    url: str
    current: bool
    shared: bool


@dataclass(frozen=True)
class Total:
    """`text` says how many there are; `exact_url` counts them all, when that was not done yet."""

    text: str
    exact_url: str = ""


@dataclass(frozen=True)
class RecordList(Generic[M]):
    kind: str
    search_hint: str
    page: KeysetPage[M]
    total: Total
    query: str
    owners: list[Tab]
    state_key: str
    states: list[Tab]
    heads: list[Head]
    lines: list[Line]
    chips: list[Chip]
    views: list[ViewTab]
    view: SavedView | None
    view_changed: bool
    may_change: bool
    address: str
    all_url: str
    next_url: str
    previous_url: str
    is_filtered: bool


def record_list(kind: str, user: User, params: QueryDict, today: date) -> RecordList[Any]:
    spec = spec_of(kind)
    asked = ask(spec, user, params, today)
    columns = layouts.chosen(spec, user, params)
    page, total = _page(asked, columns, user, today)
    views = list(saved.of(user, spec.kind))
    view = next((view for view in views if str(view.pk) == params.get("view")), None)
    address = plain_address(params)
    return RecordList(
        kind=spec.kind.value,
        search_hint=str(spec.search_hint),
        page=page,
        total=total,
        query=asked.query,
        owners=tabs(owners(user), asked.owner),
        state_key=spec.state_key,
        states=tabs(spec.states(), asked.state) if spec.state_key else [],
        heads=list(_heads(asked, columns)),
        lines=list(_lines(page.object_list, columns, Writing(today))),
        chips=[_chip(condition, params) for condition in asked.conditions],
        views=[_view_tab(spec, one, view) for one in views],
        view=view,
        view_changed=view is not None and not _same(view.query, plain_address(params, "view")),
        may_change=access.may_write(user),
        address=address,
        all_url=f"?owner=all&{spec.state_key}=all" if spec.state_key else "?owner=all",
        next_url=_to(address, "after", page.next),
        previous_url=_to(address, "before", page.previous),
        is_filtered=asked.is_narrowed,
    )


def _page(asked: Asked, columns: Sequence[Column], user: User, today: date) -> tuple[KeysetPage[Any], Total]:
    """Where few rows fit, they are put in order here and now.

    So no guess of the database's planner about a search can make it walk through the whole table.
    """
    order, few = asked.order, None
    if asked.is_narrowed:
        found = asked.rows.order_by().values_list(order.field, "pk")[: COUNTED + 1]
        few = [Cursor(value, pk) for value, pk in found]
    counted = count_up_to(asked.rows, COUNTED) if few is None else len(few)
    shown = prepared(asked.spec.rows(user), columns, Reading(user, today))
    after, before = asked.params.get("after", ""), asked.params.get("before", "")
    known = few if counted <= COUNTED else None
    page = keyset_page(asked.rows, shown, order, after=after, before=before, known=known)
    return page, _total(asked, counted)


def _total(asked: Asked, counted: int) -> Total:
    if counted > COUNTED:
        if asked.params.get("count") != "all":
            more = _("more than %(count)s records") % {"count": formats.num(COUNTED)}
            return Total(more, f"?{asked.params.urlencode()}&count=all")
        counted = asked.rows.count()
    text = ngettext("%(count)s record", "%(count)s records", counted) % {"count": formats.num(counted)}
    return Total(text)


def _heads(asked: Asked, columns: Iterable[Column]) -> Iterable[Head]:
    for column in columns:
        url = is_sorted = ""
        if column.sort:
            is_current = asked.sort.removeprefix("-") == column.sort
            turned = is_current and not asked.sort.startswith("-")
            url = "?" + plain_address(asked.params, put={"sort": f"-{column.sort}" if turned else column.sort})
            if is_current:
                is_sorted = "descending" if asked.order.descending else "ascending"
        yield Head(str(column.label), column.end, url, is_sorted)


def _lines(rows: Iterable[Any], columns: Sequence[Column], writing: Writing) -> Iterable[Line]:
    openings = [opening_of(column, first=number == 0) for number, column in enumerate(columns)]
    for row in rows:
        yield Line(row.pk, str(row), row_cells(row, columns, openings, writing))


def _chip(condition: Condition, params: QueryDict) -> Chip:
    one = condition.filter
    return Chip(one.name, condition.text, condition.error, "?" + plain_address(params, *one.keys))


def _view_tab(spec: Spec, view: SavedView, current: SavedView | None) -> ViewTab:
    words = "&".join(filter(None, (view.query, f"view={view.pk}")))
    return ViewTab(view.pk, view.name, f"{reverse(spec.url)}?{words}", view is current, view.shared)


def _same(kept: str, now: str) -> bool:
    """The same words, in whatever order."""
    return sorted(QueryDict(kept).lists()) == sorted(QueryDict(now).lists())


def _to(address: str, key: str, cursor: str) -> str:
    if not cursor:
        return ""
    return "?" + "&".join(filter(None, (address, f"{key}={cursor}")))
