"""A page of a list: ids first by an index, then only these rows with what they show. Deep pages stay fast."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
PER_PAGE = 25


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
    ids = list(page.object_list)
    rows = shown.in_bulk(ids)
    page.object_list = [rows[pk] for pk in ids if pk in rows]
    return page
