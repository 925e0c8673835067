"""What the services of this room refuse. Each says why in a sentence that a view may show as it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rituals.models import AgendaItem, MeetingState


class Refused(Exception):
    """The base of them all."""

    @property
    def text(self) -> str:
        return _("This is not possible now.")


class WrongState(Refused):
    """The meeting is in a state that does not allow this step; somebody else may have moved it meanwhile."""

    def __init__(self, state: str) -> None:
        self.state = MeetingState(state)
        super().__init__(state)

    @property
    def text(self) -> str:
        return _("The meeting is now “%(state)s”, so this is not possible any more.") % {"state": self.state.label}


class Stale(Refused):
    """The caller saw an older version of the meeting."""

    @property
    def text(self) -> str:
        return _("Somebody changed this meeting meanwhile. Please look again and repeat.")


class AlreadySettled(Refused):
    @property
    def text(self) -> str:
        return _("This item has its outcome already.")


class DeferredTwice(Refused):
    @property
    def text(self) -> str:
        return _("This was put off twice already. Decide it, hand it over, or say why there is no decision.")


class TooManyCorrectives(Refused):
    @property
    def text(self) -> str:
        return _("Two corrective actions are enough for one review. Finish these first.")


class NothingToChange(Refused):
    @property
    def text(self) -> str:
        return _("Nothing would change. Please enter what shall be different.")


class DealGone(Refused):
    """The deal was won, lost or deleted since the agenda was made."""

    @property
    def text(self) -> str:
        return _("This deal is closed already; mark the item as needing no decision.")


class NeedsDecision(Refused):
    @property
    def text(self) -> str:
        return _("This item wants a decision, or a reason for none.")


class AlreadyApplied(Refused):
    @property
    def text(self) -> str:
        return _("The decision is already applied to the records. A new decision can replace it.")


class ChildTaken(Refused):
    @property
    def text(self) -> str:
        return _("The next meeting is already working on it.")


class TooLate(Refused):
    @property
    def text(self) -> str:
        return _("Minutes can be corrected within 14 days after the meeting.")


class ReasonMissing(Refused):
    @property
    def text(self) -> str:
        return _("Please say why, in one line.")


class ExpectationMissing(Refused):
    @property
    def text(self) -> str:
        return _("Please say what you expect, or why it cannot be measured.")


class NoCause(Refused):
    @property
    def text(self) -> str:
        return _("Please name the cause; “still looking into it” is one, too.")


class DayPast(Refused):
    @property
    def text(self) -> str:
        return _("Please choose a day from today on.")


@dataclass(frozen=True)
class Missing:
    """What stands between a meeting and its end. `code` is the gate's rule (G1-G6), `item` where to repair it."""

    code: str
    item: AgendaItem | None
    text: str


class GateNotPassed(Refused):
    def __init__(self, missing: Sequence[Missing]) -> None:
        self.missing = tuple(missing)
        super().__init__(", ".join(line.code for line in self.missing))

    @property
    def text(self) -> str:
        return _("The meeting cannot be closed yet.")


class AlreadyReviewed(Refused):
    @property
    def text(self) -> str:
        return _("Somebody looked back on this decision already.")


class DelayedTwice(Refused):
    @property
    def text(self) -> str:
        return _("The review was moved twice already. Please settle it now.")


class NotStanding(Refused):
    @property
    def text(self) -> str:
        return _("This decision does not stand any more.")
