"""The season's objectives: proposed, taken into slots, and checked in on the way."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from charter.models import KeyDecision
from demo.world import World
from l10n import calendars, formats
from members.models import Team
from okr.models import KeyResult, Objective
from okr.services import check_in, cycle, key_result, objective

RUNNING_FOR = 45
LAST_BEFORE = 2


def season(world: World) -> tuple[date, date]:
    """Three months of the firm's calendar that began about six weeks ago."""
    calendar = world.tenant.formats().calendar
    first, _last = calendars.month_bounds(world.today - timedelta(days=RUNNING_FOR), calendar)
    third = calendars.add_months(first, 2, calendar)
    return first, calendars.month_bounds(third, calendar)[1]


def set_up(world: World) -> None:
    """Opens the season on its first day with all its objectives."""
    first, last = season(world)
    with world.moment(world.at(first, 9)):
        name = f"{world.story['okr']['cycle']} · {formats.month_year(first)} – {formats.month_year(last)}"
        opened = cycle.create(name=name, starts_on=first, ends_on=last)
        cycle.activate(opened)
        for told in world.story["okr"]["objectives"]:
            _objective(world, opened, told, team=None)
        for told in world.story["okr"]["team_objectives"]:
            _objective(world, opened, told, team=Team.objects.get(name=told["team"]))


def check_in_due(world: World, day: date) -> None:
    """The owners' check-ins of a day, along each key result's path, a week apart; the owner of the last one lags."""
    first, _last = season(world)
    days = [world.workday(first + timedelta(days=7 * n + 2)) for n in range(1, 14)]
    days = [one for one in days if one <= world.today - timedelta(days=LAST_BEFORE)]
    if day not in days:
        return
    with world.moment(world.at(day, 16)):
        for result in KeyResult.objects.select_related("objective", "owner").order_by("pk"):
            lags = result.title == list(_told(world))[-1]
            if not (lags and day in days[-2:]):
                _check_in(world, result, day, days)


def _check_in(world: World, result: KeyResult, day: date, days: list[date]) -> None:
    told = _told(world)[result.title]
    place = days.index(day) * (len(told["path"]) - 1) // max(len(days) - 1, 1)
    check_in.record(
        key_result=result,
        day=day,
        value=Decimal(told["path"][place]),
        confidence=told["confidence"][place],
        by=result.owner,
    )


def _told(world: World) -> dict[str, Any]:
    told = [*world.story["okr"]["objectives"], *world.story["okr"]["team_objectives"]]
    return {row["title"]: row for objective_row in told for row in objective_row["key_results"]}


def _objective(world: World, opened: Any, told: dict[str, Any], *, team: Team | None) -> Objective:
    owner = world.people[told["owner"]]
    made = objective.propose(
        cycle=opened,
        title=told["title"],
        why=told["why"],
        owner=owner,
        by=owner,
        team=team,
        serves=KeyDecision.objects.filter(slot=told["serves"]).first(),
    )
    for row in told["key_results"]:
        key_result.add(
            made,
            title=row["title"],
            unit=row["unit"],
            baseline=Decimal(row["baseline"]),
            target=Decimal(row["target"]),
            owner=world.people[row["owner"]],
            guard=row["guard"],
        )
    objective.activate(made, cap=world.tenant.objective_cap, by=world.people["executive"])
    return made
