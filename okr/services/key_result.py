from decimal import Decimal

from django.db import IntegrityError, transaction

from members.models import User
from okr.errors import TooManyKeyResults
from okr.models import KEY_RESULTS, Direction, KeyResult, Objective


def add(
    objective: Objective,
    *,
    title: str,
    unit: str,
    baseline: Decimal,
    target: Decimal,
    owner: User,
    source: str = "",
    guard: str = "",
) -> KeyResult:
    """Adds a measured result in the next free place. Its direction follows from baseline and target, which must differ.

    Raises TooManyKeyResults for a sixth one.
    """
    for _attempt in range(KEY_RESULTS):
        try:
            with transaction.atomic():
                return KeyResult.objects.create(
                    objective=objective,
                    position=_free_position(objective),
                    title=title,
                    unit=unit,
                    baseline=baseline,
                    target=target,
                    direction=direction_of(baseline, target),
                    owner=owner,
                    source=source,
                    guard=guard,
                )
        except IntegrityError:
            # Somebody else took the place meanwhile; whatever else the database refuses stays refused.
            if baseline == target:
                raise
    raise TooManyKeyResults


def edit(
    key_result: KeyResult,
    *,
    title: str,
    unit: str,
    baseline: Decimal,
    target: Decimal,
    owner: User,
    source: str = "",
    guard: str = "",
) -> None:
    """Rewrites the key result; its check-ins stay and are measured against the new way."""
    key_result.title, key_result.unit, key_result.owner = title, unit, owner
    key_result.baseline, key_result.target = baseline, target
    key_result.direction = direction_of(baseline, target)
    key_result.source, key_result.guard = source, guard
    key_result.save()


def direction_of(baseline: Decimal, target: Decimal) -> Direction:
    return Direction.UP if target > baseline else Direction.DOWN


def _free_position(objective: Objective) -> int:
    taken = set(objective.key_results.values_list("position", flat=True))
    free = [place for place in range(1, KEY_RESULTS + 1) if place not in taken]
    if not free:
        raise TooManyKeyResults
    return free[0]
