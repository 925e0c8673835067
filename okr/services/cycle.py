from datetime import date

from django.db import IntegrityError, transaction

from members.models import User
from okr.errors import AnotherCycleRuns, WrongState
from okr.models import Cycle, CycleState, Objective, ObjectiveEvent, ObjectiveState
from tenants import clock


def create(*, name: str, starts_on: date, ends_on: date) -> Cycle:
    """Drafts a season. A name that exists and an end before the start are refused by the database (IntegrityError)."""
    return Cycle.objects.create(name=name, starts_on=starts_on, ends_on=ends_on)


def activate(cycle: Cycle) -> None:
    """Starts a drafted cycle; candidates that never won a slot in closed ones come along.

    Raises AnotherCycleRuns (close that one first) and WrongState when it is no draft any more.
    """
    try:
        with transaction.atomic():
            _move(cycle, CycleState.DRAFT, CycleState.ACTIVE)
            left = Objective.objects.filter(state=ObjectiveState.CANDIDATE, cycle__state=CycleState.CLOSED)
            left.update(cycle=cycle)
    except IntegrityError as error:
        raise AnotherCycleRuns(Cycle.objects.get(state=CycleState.ACTIVE).name) from error


@transaction.atomic
def close(cycle: Cycle, *, by: User) -> None:
    """Ends the running cycle and its active objectives; check-ins stay. Raises WrongState when it does not run."""
    _move(cycle, CycleState.ACTIVE, CycleState.CLOSED)
    ended = list(cycle.objectives.select_for_update().filter(state=ObjectiveState.ACTIVE))
    Objective.objects.filter(pk__in=[row.pk for row in ended]).update(state=ObjectiveState.CLOSED, slot=None)
    ObjectiveEvent.objects.bulk_create(
        ObjectiveEvent(
            objective=row,
            at=clock.now(),
            by=by,
            old=ObjectiveState.ACTIVE,
            new=ObjectiveState.CLOSED,
            because=cycle.name,
        )
        for row in ended
    )


def _move(cycle: Cycle, old: CycleState, new: CycleState) -> None:
    # A conditional update instead of a check: two people may press the button at the same time.
    if not Cycle.objects.filter(pk=cycle.pk, state=old).update(state=new):
        raise WrongState
    cycle.state = new
