"""Decisions whose day of review has come: most get an honest answer, a few wait for the visitor."""

from datetime import date, timedelta

from demo.world import World
from rituals.models import Decision, ReviewState

LEFT_OPEN_FOR = timedelta(days=6)


def write_due(world: World, day: date) -> None:
    pass
