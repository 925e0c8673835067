"""What a deal must have to enter a stage: the one truth behind form, drag, menu, bulk edit, import, API and meeting."""

from collections.abc import Mapping
from typing import Any

from crm.fields import values
from crm.models import Asking, Entity, FieldRule, Opportunity, Stage, StageKind
from tenants import memo

_MEMO = "crm.needs"


def needs_of(stage: Stage) -> list[str]:
    """Names of the fields that a deal needs to enter `stage`, those of earlier stages first; losing needs none.

    One query per request or task, however many stages and deals are asked for.
    """
    if stage.kind == StageKind.LOST:
        return []
    return [name for name, position in _needed() if position <= stage.position]


def missing_for(opportunity: Opportunity, stage: Stage) -> list[str]:
    """Names of the fields that `stage` needs and the deal lacks."""
    return [name for name in needs_of(stage) if values.is_empty(opportunity, name)]


def missing_from(known: Mapping[str, Any], stage: Stage) -> list[str]:
    """The same for a deal that is not made yet: `known` holds its values by field name."""
    return [name for name in needs_of(stage) if known.get(name) in values.EMPTY]


def forget() -> None:
    """To be called by the services that change field rules or the order of stages."""
    memo.forget(_MEMO)


def _needed() -> tuple[tuple[str, int], ...]:
    return memo.once(_MEMO, lambda: tuple(_read()))


def _read() -> list[tuple[str, int]]:
    rules = FieldRule.objects.filter(entity=Entity.OPPORTUNITY, mode=Asking.NEEDED)
    return list(rules.order_by("from_stage__position", "slot").values_list("field", "from_stage__position"))
