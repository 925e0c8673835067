"""Letting a deal rest until a day, because: it is not called stale until then, and everybody sees why."""

from datetime import date, timedelta

from django.db import transaction

from crm.errors import AlreadyClosed
from crm.models import Opportunity
from crm.services import records
from members.models import User

LONGEST = timedelta(days=366)


class BadDay(Exception):
    """The day to wake on is not ahead, or further ahead than a year."""


@transaction.atomic
def snooze(deal: Opportunity, *, until: date, because: str, by: User, today: date) -> None:
    """Lets an open deal rest until `until`, or changes until when and why; leaves one `Edit`.

    Raises ValueError without a reason, BadDay, and AlreadyClosed when the deal was won or lost meanwhile.
    """
    if not because:
        raise ValueError("A deal rests for a reason.")
    if not today < until <= today + LONGEST:
        raise BadDay
    _put(deal, until, because, by)


@transaction.atomic
def wake(deal: Opportunity, *, by: User) -> None:
    """Ends the rest early; nothing happens to a deal that is awake. Raises AlreadyClosed for a won or lost one."""
    _put(deal, None, "", by)


def _put(deal: Opportunity, until: date | None, because: str, by: User) -> None:
    locked = Opportunity.objects.select_for_update(of=("self",)).filter(pk=deal.pk, is_open=True).first()
    if locked is None:
        raise AlreadyClosed
    values = {"snoozed_until": until, "snoozed_because": because}
    if differing := records.differing_of(locked, values):
        records.note_edit(locked, differing, by=by)
        records.put_all(locked, differing)
        records.save(locked, differing)
    records.refresh(deal, locked)
