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


class AlreadyTaken(Exception):
    """Somebody else took the lead meanwhile."""


class AlreadyUndone(Exception):
    """Somebody has taken this batch back already."""


class IdTaken(Exception):
    """Another record has the same id of another system by now."""


class NameTaken(Exception):
    """Another one of its kind has this name."""


class ListFull(Exception):
    """The short list is as long as it may be; one has to go before another comes."""


class StageKept(Exception):
    """Won, lost and the last open stage stay."""


class DealsInTheWay(Exception):
    """A stage with `deals` in it is not removed until they have gone elsewhere; `lacking` do not get in there."""

    def __init__(self, deals: int, lacking: int = 0) -> None:
        self.deals, self.lacking = deals, lacking
        super().__init__(f"{deals} deals, {lacking} lacking")


class Stale(Exception):
    """The record was changed after the form was opened. `record` holds what stands in it now."""

    def __init__(self, record: Model) -> None:
        self.record = record
        super().__init__(str(record))
