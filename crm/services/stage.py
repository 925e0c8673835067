"""The steps of the pipeline: named, ordered, added and removed by the admin. Won and lost are always there, last."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F

from crm.errors import DealsInTheWay, NameTaken, StageKept, StageNeeds
from crm.fields import asked, needs
from crm.models import FieldRule, Opportunity, Stage
from crm.services import opportunity as opportunities
from members.models import User

MOST_MOVED = 500
_ASIDE = 1000


def add(*, name: str, meaning: str = "", probability: int = 0, stale_after: int = 14) -> Stage:
    """Adds an open stage after the last open one. Raises NameTaken."""
    try:
        with transaction.atomic():
            order = _locked()
            stage = Stage.objects.create(
                name=name, meaning=meaning, probability=probability, stale_after=stale_after, position=_ASIDE
            )
            opened = [one for one in order if one.is_open]
            _number([*opened, stage, *(one for one in order if not one.is_open)])
    except IntegrityError:
        raise NameTaken from None
    return stage


def change(stage: Stage, *, name: str, meaning: str, probability: int, stale_after: int) -> None:
    """Renames and describes a stage; everything that points to it stays. Raises NameTaken."""
    stage.name, stage.meaning, stage.probability, stage.stale_after = name, meaning, probability, stale_after
    try:
        with transaction.atomic():
            stage.save(update_fields=["name", "meaning", "probability", "stale_after"])
    except IntegrityError:
        raise NameTaken from None


@transaction.atomic
def move(stage: Stage, *, up: bool) -> None:
    """Swaps an open stage with its open neighbour; at the ends nothing happens."""
    order = _locked()
    place = next((index for index, one in enumerate(order) if one.pk == stage.pk), None)
    if place is None:
        return
    other = place - 1 if up else place + 1
    if 0 <= other < len(order) and order[place].is_open and order[other].is_open:
        order[place], order[other] = order[other], order[place]
        _number(order)


@transaction.atomic
def remove(stage: Stage, *, by: User, today: date, to: Stage | None = None) -> int:
    """Removes an open stage; its deals go to `to` as by hand, and its rules to the next stage. Returns how many moved.

    Raises StageKept for won, lost and the last open one; DealsInTheWay when there are deals and no `to`, when they are
    more than MOST_MOVED, or when some lack what `to` needs (`lacking` counts these).
    """
    order = _locked()
    opened = [one for one in order if one.is_open and one.pk != stage.pk]
    if not stage.is_open or not opened:
        raise StageKept
    moved = _empty(stage, to, by=by, today=today)
    after = order[[one.pk for one in order].index(stage.pk) + 1]
    FieldRule.objects.filter(from_stage=stage).update(from_stage=after)
    rest = [one for one in order if one.pk != stage.pk]
    stage.delete()
    _number(rest)
    return moved


def _empty(stage: Stage, to: Stage | None, *, by: User, today: date) -> int:
    everyone = Opportunity.with_binned.filter(stage=stage)
    count = everyone.count()
    if not count:
        return 0
    if to is None or to.pk == stage.pk or not to.is_open or count > MOST_MOVED:
        raise DealsInTheWay(count)
    lacking = 0
    for deal in everyone.filter(deleted_at=None).select_related("stage"):
        try:
            opportunities.move(deal, to=to, by=by, today=today)
        except StageNeeds:
            lacking += 1
    if lacking:
        raise DealsInTheWay(count, lacking)
    # What lies in the bin goes along quietly: nobody works on it.
    everyone.update(stage=to)
    return count


def _locked() -> list[Stage]:
    return list(Stage.objects.select_for_update().order_by("position"))


def _number(order: list[Stage]) -> None:
    # Positions are unique, so all step aside before any is taken.
    Stage.objects.filter(position__lt=_ASIDE).update(position=F("position") + _ASIDE + 1)
    for position, stage in enumerate(order, 1):
        stage.position = position
    Stage.objects.bulk_update(order, ["position"])
    needs.forget()
    asked.forget()
