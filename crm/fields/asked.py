"""Why a field is asked, who uses it and who sees it; and what a record still lacks."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.fields import asking, values
from crm.models import Asking, Contact, Entity, FieldRule, Opportunity
from tenants import memo, schema
from tenants.models import Visibility

_MEMO = "crm.field_rules"


@dataclass(frozen=True)
class Why:
    """What stands behind an asked field. `url` opens the card with more, where users mark it."""

    label: str
    feeds: str
    user: str
    url: str
    note: str = ""

    @classmethod
    def of(cls, rule: FieldRule) -> "Why":
        return cls(
            label=asking.label(rule.entity, rule.field),
            feeds=rule.serves.name,
            user=rule.serves.owner.name,
            url=reverse("crm:field_why", args=[rule.entity, rule.field]),
            note=note_of(rule),
        )


def rules_of(entity: Entity | str) -> dict[str, FieldRule]:
    """The asked fields of an entity by name, in their order. One query per request or task for all entities."""
    return {rule.field: rule for rule in _rules() if rule.entity == entity}


def missing(record: Any) -> list[Why]:
    """What is asked of this record and empty. Saving was never refused for it."""
    entity = entity_of(record)
    return [Why.of(rule) for rule in rules_of(entity).values() if counts(rule, record) and is_empty(record, rule.field)]


def panel(record: Any) -> dict[str, Any]:
    """For crm/parts/asked.html; one query. `url` brings it up to date after an edit in place."""
    lacking = missing(record)
    url = reverse("crm:record_asked", args=[entity_of(record).value, record.pk])
    return {"missing": lacking, "who_sees": who_sees() if lacking else "", "url": url}


def entity_of(record: Any) -> Entity:
    return Entity(record._meta.model_name)


def counts(rule: FieldRule, record: Any) -> bool:
    """A rule asks from its stage on; what is needed somewhere is asked everywhere."""
    if rule.from_stage is None or rule.mode == Asking.NEEDED or not isinstance(record, Opportunity):
        return True
    return record.is_open and record.stage.position >= rule.from_stage.position


def is_empty(record: Any, name: str) -> bool:
    if name == asking.DECIDER.name:
        known = record.customer_id
        return bool(known) and not Contact.objects.filter(customer_id=known, decides=True).exists()
    # The rule of a field that is gone asks for nothing.
    return asking.info(entity_of(record), name) is not None and values.is_empty(record, name)


def note_of(rule: FieldRule) -> str:
    if rule.from_stage is None:
        return ""
    words = {"stage": rule.from_stage.name}
    if rule.mode == Asking.NEEDED:
        return _("No deal enters “%(stage)s” without it.") % words
    return _("Asked from “%(stage)s” on.") % words


def who_sees() -> str:
    """Who reads what is entered, by the firm's setting; in one sentence."""
    visibility = schema.current_tenant().visibility
    if visibility == Visibility.OWN:
        return _("You, your manager, the executive and the admin see it; other reps do not.")
    if visibility == Visibility.TEAM:
        return _("Your team, the manager, the executive and the admin see it; other teams do not.")
    return _("Everybody in this workspace sees it, nobody outside.")


def forget() -> None:
    """To be called by the services that change field rules."""
    memo.forget(_MEMO)


def _rules() -> tuple[FieldRule, ...]:
    everything = FieldRule.objects.select_related("serves__owner", "from_stage")
    return memo.once(_MEMO, lambda: tuple(everything))
