"""A stage guards itself in an import too, and losing asks why, by the same rule as at every other door."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from crm.fields import values
from crm.fields.needs import missing_from, needs_of
from crm.importing.plan import Action, Item
from crm.models import Opportunity, Stage, StageKind


class Guard:
    """Looks at a row once its deal is known, so that what the deal holds already counts.

    An open deal that lacks something goes into the nearest stage before that needs nothing more, never back from where
    it stands; this is reported. A win that lacks something stays out, and so does the loss of an open deal without a
    reason. A deal that comes in lost is history: nobody was asked then.
    """

    def __init__(self, stages: Sequence[Stage]) -> None:
        self._open = [stage for stage in stages if stage.is_open]

    def hold(self, item: Item) -> None:
        stage: Stage | None = item.shown.get("stage")
        record: Opportunity | None = item.record
        if item.action == Action.REJECTED or stage is None or (record and record.stage_id == stage.pk):
            return
        if stage.kind == StageKind.LOST:
            if record and record.is_open and not item.shown.get("lost_reason"):
                item.reject("lost_reason", _("An open deal is lost for a reason: the row names none."))
        elif not missing_from(_known(item, stage), stage):
            return
        elif stage.is_open:
            self._hold_back(item, stage)
        else:
            item.reject("stage", _lacks(stage))

    def _hold_back(self, item: Item, stage: Stage) -> None:
        before = [one for one in self._open if one.position < stage.position]
        reached = (one for one in reversed(before) if not missing_from(_known(item, one), one))
        nearest = next(reached, self._open[0])
        if item.record and item.record.is_open and item.record.stage.position >= nearest.position:
            nearest = item.record.stage
        item.shown["stage"] = nearest
        if nearest != stage:
            words = {"stage": stage, "nearest": nearest}
            item.report("stage", _("“%(stage)s” needs more than the row has: put into “%(nearest)s”.") % words)


def _known(item: Item, stage: Stage) -> dict[str, Any]:
    """What the deal will hold of what the stage needs. The day a deal was closed says when it was to close."""
    held = item.record
    known = {name: item.shown.get(name) or (values.get(held, name) if held else None) for name in needs_of(stage)}
    if not known.get("expected_close"):
        known["expected_close"] = item.shown.get("closed_on")
    return known


def _lacks(stage: Stage) -> str:
    return _("“%(stage)s” needs more than the row has.") % {"stage": stage}
