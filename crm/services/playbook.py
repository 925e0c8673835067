"""Reads a playbook (a TOML file) and lays what is in it in a new workspace."""

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from charter.models import KeyDecision
from crm.fields import asking
from crm.models import Assignment, Breach, Entity, FieldRule, LeadCategory, LostReason, Stage
from members.models import User

FOLDER = Path(__file__).resolve().parent.parent / "playbooks"
LANGUAGES = ("fa", "en")
UNITS = {
    "percent": _("percent"),
    "days": _("days"),
    "minutes": _("minutes of working time"),
    "points": _("points"),
    "money": _("money"),
}


def read(playbook: str, language: str) -> dict[str, Any]:
    """The playbook with its two-language texts reduced to one. Raises FileNotFoundError for an unknown name."""
    with (FOLDER / f"{playbook}.toml").open("rb") as file:
        plan: dict[str, Any] = _in_language(tomllib.load(file), LANGUAGES.index(language))
    return plan


def readable(plan: dict[str, Any]) -> dict[str, Any]:
    """For a page: each field with its label and the names, not the places, of its stage and key decision."""
    decisions, stages = plan["key_decisions"], plan["stages"]
    fields = [
        {
            **row,
            "label": asking.label(row["entity"], row["field"]),
            "entity_label": Entity(row["entity"]).label,
            "decision": decisions[row["serves"] - 1]["name"],
            "stage": stages[row["from_stage"] - 1]["name"] if "from_stage" in row else "",
        }
        for row in plan["fields"]
    ]
    categories = [
        {
            **row,
            "assignment_label": Assignment(row["assignment"]).label,
            "breach_label": Breach(row["on_breach"]).label,
        }
        for row in plan["lead_categories"]
    ]
    figures = [{**row, "unit_label": UNITS[row["unit"]]} for row in plan["kpis"]]
    return {**plan, "fields": fields, "lead_categories": categories, "kpis": figures}


@transaction.atomic
def install(*, playbook: str, language: str, admin: User) -> None:
    """Makes what a playbook plans in an empty workspace: key decisions (owned by `admin`), stages, field rules,
    reasons for losing and lead categories.
    """
    plan = read(playbook, language)
    decisions = [
        KeyDecision.objects.create(slot=slot, owner=admin, **row) for slot, row in enumerate(plan["key_decisions"], 1)
    ]
    stages = Stage.objects.bulk_create(
        Stage(position=position, **row) for position, row in enumerate(plan["stages"], 1)
    )
    _lay_fields(plan["fields"], decisions, stages)
    LostReason.objects.bulk_create(
        LostReason(position=position, name=name) for position, name in enumerate(plan["lost"]["reasons"], 1)
    )
    LeadCategory.objects.bulk_create(
        LeadCategory(position=position, **row) for position, row in enumerate(plan["lead_categories"], 1)
    )


def _lay_fields(rows: list[dict[str, Any]], decisions: list[KeyDecision], stages: list[Stage]) -> None:
    slots: dict[str, int] = {}
    for row in rows:
        entity, stage = row["entity"], row.get("from_stage")
        slots[entity] = slots.get(entity, 0) + 1
        FieldRule.objects.create(
            **{**row, "from_stage": stages[stage - 1] if stage else None, "serves": decisions[row["serves"] - 1]},
            slot=slots[entity],
        )


def _in_language(value: Any, index: int) -> Any:
    if isinstance(value, dict):
        return {key: _in_language(item, index) for key, item in value.items()}
    if isinstance(value, list):
        if len(value) == len(LANGUAGES) and all(isinstance(item, str) for item in value):
            return value[index]
        return [_in_language(item, index) for item in value]
    return value
