"""The categories of leads, and which sources are whose."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, QuerySet

from crm.models import Lead, LeadCategory
from l10n import text
from members.models import User

FIELDS = ("name", "sources", "respond_within", "assignment", "on_breach", "is_default")
SOURCES_OFFERED = 12


class SourceTaken(Exception):
    """Another category has this source already."""

    def __init__(self, source: str, category: LeadCategory) -> None:
        self.source, self.category = source, category
        super().__init__(source)


class DefaultKept(Exception):
    """There is always one category for all other leads, so another has to become it first."""


def save(category: LeadCategory | None, *, values: Mapping[str, Any], people: Iterable[User]) -> LeadCategory:
    """Makes or changes a category; clocks that run already keep what was promised. `values` are any of FIELDS.

    The first category is the default one. Raises SourceTaken, DefaultKept, and IntegrityError for a name that is taken.
    """
    with transaction.atomic():
        rows = LeadCategory.objects.select_for_update()
        others = list(rows.exclude(pk=category.pk) if category else rows)
        _check_sources(values["sources"], others)
        is_default = values["is_default"] or not any(row.is_default for row in others)
        if category and category.is_default and not values["is_default"]:
            raise DefaultKept
        if is_default:
            LeadCategory.objects.filter(is_default=True).update(is_default=False)
        row = category or LeadCategory(position=_next_position())
        for name in FIELDS:
            setattr(row, name, values[name])
        row.is_default = is_default
        row.save()
        row.people.set(people)
        return row


@transaction.atomic
def remove(category: LeadCategory) -> None:
    """Its leads keep their clocks and go on without a category. Raises DefaultKept for the default one."""
    row = LeadCategory.objects.select_for_update().get(pk=category.pk)
    if row.is_default:
        raise DefaultKept
    row.delete()


def free_sources() -> list[str]:
    """The commonest sources of leads that no category names, as they were written."""
    taken = {text.squeeze(source) for sources in _all_sources() for source in sources}
    counted: QuerySet[Any, Any] = Lead.objects.exclude(source="").order_by().values_list("source")
    rows = counted.annotate(count=Count("pk")).order_by("-count", "source")[: SOURCES_OFFERED * 4]
    return [source for source, _count in rows if text.squeeze(source) not in taken][:SOURCES_OFFERED]


def _all_sources() -> QuerySet[LeadCategory, list[str]]:
    return LeadCategory.objects.order_by().values_list("sources", flat=True)


def _check_sources(sources: Iterable[str], others: Iterable[LeadCategory]) -> None:
    taken = {text.squeeze(source): row for row in others for source in row.sources}
    for source in sources:
        if row := taken.get(text.squeeze(source)):
            raise SourceTaken(source, row)


def _next_position() -> int:
    return (LeadCategory.objects.aggregate(last=Max("position"))["last"] or 0) + 1
