"""Reads a playbook (a TOML file) and lays its stages, key decisions and asked fields in a new workspace."""

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from charter.models import KeyDecision
from crm.models import FieldRule, Stage
from members.models import User

FOLDER = Path(__file__).resolve().parent.parent / "playbooks"
LANGUAGES = ("fa", "en")


def read(playbook: str, language: str) -> dict[str, Any]:
    """The playbook with its two-language texts reduced to one. Raises FileNotFoundError for an unknown name."""
    with (FOLDER / f"{playbook}.toml").open("rb") as file:
        plan: dict[str, Any] = _in_language(tomllib.load(file), LANGUAGES.index(language))
    return plan


@transaction.atomic
def install(*, playbook: str, language: str, admin: User) -> None:
    """Makes the stages, key decisions (owned by `admin`) and field rules of a playbook in an empty workspace."""
    plan = read(playbook, language)
    decisions = [
        KeyDecision.objects.create(slot=slot, owner=admin, **row) for slot, row in enumerate(plan["key_decisions"], 1)
    ]
    stages = Stage.objects.bulk_create(
        Stage(position=position, **row) for position, row in enumerate(plan["stages"], 1)
    )
    slots: dict[str, int] = {}
    for row in plan["fields"]:
        slots[row["entity"]] = slots.get(row["entity"], 0) + 1
        FieldRule.objects.create(
            entity=row["entity"],
            field=row["field"],
            slot=slots[row["entity"]],
            from_stage=stages[row["from_stage"] - 1] if "from_stage" in row else None,
            serves=decisions[row["serves"] - 1],
        )


def _in_language(value: Any, index: int) -> Any:
    if isinstance(value, dict):
        return {key: item if key == "needs" else _in_language(item, index) for key, item in value.items()}
    if isinstance(value, list):
        if len(value) == len(LANGUAGES) and all(isinstance(item, str) for item in value):
            return value[index]
        return [_in_language(item, index) for item in value]
    return value
