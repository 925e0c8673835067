"""What the services of this room refuse, in words that a view can turn into a message beside a field."""

from collections.abc import Sequence

from django.db.models import Model


class StageNeeds(Exception):
    """The stage asks for fields that are empty. `missing` names them, so that a dialog can ask for just these."""

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(", ".join(missing))


class ReasonNeeded(Exception):
    """Losing a deal wants a reason."""


class AlreadyClosed(Exception):
    """The step or lead was finished by somebody else meanwhile."""


class AlreadyUndone(Exception):
    """Somebody has taken this batch back already."""


class IdTaken(Exception):
    """Another record has the same id of another system by now."""


class Stale(Exception):
    """The record was changed after the form was opened. `record` holds what stands in it now."""

    def __init__(self, record: Model) -> None:
        self.record = record
        super().__init__(str(record))
