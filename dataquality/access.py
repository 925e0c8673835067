"""Whose records one may repair is decided by the room of the records; here are the doors by kind."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404

from crm import access
from crm.models import Entity
from dataquality.rules import ActiveRule, active_rules
from members.models import User

READ: dict[Entity, Callable[[User, int], Any]] = {
    Entity.OPPORTUNITY: access.opportunity,
    Entity.LEAD: access.lead,
    Entity.CUSTOMER: access.customer,
}
CHANGE: dict[Entity, Callable[[User, int], Any]] = {
    Entity.OPPORTUNITY: access.opportunity_for_change,
    Entity.LEAD: access.lead_for_change,
    Entity.CUSTOMER: access.customer_for_change,
}


def record(user: User, entity: Entity, pk: int) -> Any:
    return READ[entity](user, pk)


def record_for_change(user: User, entity: str, pk: int) -> Any:
    if entity not in Entity.values:
        raise Http404
    return CHANGE[Entity(entity)](user, pk)


def rule(entity: str, name: str, today: date) -> ActiveRule:
    """The rule as it holds today; 404 for one that does not hold in this firm."""
    for found in active_rules(today)[Entity(entity)]:
        if found.name == name:
            return found
    raise Http404
