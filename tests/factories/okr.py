"""Rows of the objectives, around the tests' day 2026-11-21: a cycle of 100 days of which 50 have passed."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from members.models import User
from okr.models import CheckIn, Cycle, CycleState, KeyResult, Objective, ObjectiveState
from okr.services.key_result import direction_of
from tenants import clock
from tests.factories.crm import TODAY

FIRST, LAST = TODAY - timedelta(49), TODAY + timedelta(50)
_number = count(1)


def make_cycle(state: str = CycleState.ACTIVE, name: str = "", **fields: Any) -> Cycle:
    values = {"starts_on": FIRST, "ends_on": LAST, **fields}
    return Cycle.objects.create(name=name or f"دورهٔ {next(_number)}", state=state, **values)


def running_cycle() -> Cycle:
    return Cycle.objects.filter(state=CycleState.ACTIVE).first() or make_cycle()


def make_objective(owner: User, *, slot: int | None = None, **fields: Any) -> Objective:
    """A candidate, or with `slot` an active one."""
    values = {"title": f"هدف {next(_number)}", "owner": owner, **fields}
    values.setdefault("state", ObjectiveState.ACTIVE if slot else ObjectiveState.CANDIDATE)
    values.setdefault("cycle", None)
    values["cycle"] = values["cycle"] or running_cycle()
    return Objective.objects.create(slot=slot, **values)


def make_key_result(objective: Objective, *, baseline: int = 0, target: int = 100, **fields: Any) -> KeyResult:
    values = {
        "title": f"نتیجهٔ {next(_number)}",
        "unit": "قرارداد",
        "owner": objective.owner,
        "position": objective.key_results.count() + 1,
        "direction": direction_of(Decimal(baseline), Decimal(target)),
        **fields,
    }
    return KeyResult.objects.create(objective=objective, baseline=baseline, target=target, **values)


def make_check_in(key_result: KeyResult, value: int | Decimal, day: date = TODAY, **fields: Any) -> CheckIn:
    values = {"confidence": 8, "by": key_result.owner, "at": clock.now(), **fields}
    return CheckIn.objects.create(key_result=key_result, day=day, value=value, **values)
