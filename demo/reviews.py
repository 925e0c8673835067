"""Decisions whose day of review has come: most get an honest answer, the latest wait for the visitor."""

from datetime import date, timedelta

from demo.world import World
from rituals.models import Decision, Verdict
from rituals.queries_decisions import due_for_review
from rituals.services.review import review

LEFT_FOR_THE_VISITOR = timedelta(days=6)
ANSWERS = {Verdict.BETTER: "worked", Verdict.AS_EXPECTED: "as_expected", Verdict.WORSE: "failed"}


def write_due(world: World, day: date) -> None:
    if day > world.today - LEFT_FOR_THE_VISITOR:
        return
    for number, decision in enumerate(due_for_review(Decision.objects.select_related("owner"), day).order_by("pk")):
        with world.moment(world.at(day, 13, number)):
            _look_back(world, decision, day)


def _look_back(world: World, decision: Decision, day: date) -> None:
    told = world.story["decisions"]
    verdict = world.chance.choices(list(ANSWERS), weights=(3, 6, 3))[0]
    review(
        decision,
        by=decision.decider,
        today=day,
        happened=world.chance.choice(told[ANSWERS[verdict]]),
        verdict=verdict,
        lesson=world.chance.choice(told["lessons"]) if world.chance.random() < 0.5 else "",
    )
