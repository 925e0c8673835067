"""What a deal must have to enter a stage: the one truth behind form, drag, menu, bulk edit, import, API and meeting."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Subquery

from crm.fields import values
from crm.models import Asking, Entity, FieldRule, Opportunity, Stage, StageKind
from tenants import memo

_MEMO = "crm.needs"


def needs_of(stage: Stage) -> list[str]:
    """Names of the fields that a deal needs to enter `stage`, those of earlier stages first.

    Losing needs none; nor does the first stage, where every deal begins (a rule from there on guards the second). One
    query per request or task, however many stages and deals are asked for.
    """
    if stage.kind == StageKind.LOST:
        return []
    return [name for name, position, first in _needed() if position <= stage.position != first]


def missing_for(opportunity: Opportunity, stage: Stage) -> list[str]:
    """Names of the fields that `stage` needs and the deal lacks."""
    return [name for name in needs_of(stage) if values.is_empty(opportunity, name)]


def missing_from(known: Mapping[str, Any], stage: Stage) -> list[str]:
    """The same for a deal that is not made yet: `known` holds its values by field name."""
    return [name for name in needs_of(stage) if known.get(name) in values.EMPTY]


def forget() -> None:
    """To be called by the services that change field rules or the order of stages."""
    memo.forget(_MEMO)


def _needed() -> tuple[tuple[str, int, int], ...]:
    return memo.once(_MEMO, lambda: tuple(_read()))


def _read() -> list[tuple[str, int, int]]:
    """The name of each needed field, the position of its stage, and that of the first stage."""
    opened = Stage.objects.filter(kind=StageKind.OPEN).order_by("position")
    rules = FieldRule.objects.filter(entity=Entity.OPPORTUNITY, mode=Asking.NEEDED)
    found = rules.annotate(first=Subquery(opened.values("position")[:1])).order_by("from_stage__position", "slot")
    return list(found.values_list("field", "from_stage__position", "first"))
