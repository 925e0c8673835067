"""Moving a deal on the board. The rules are those of `crm.services.opportunity`; here only what a board adds."""

from datetime import date

from django.db import transaction

from crm.errors import Stale
from crm.models import Change, Opportunity, Stage
from crm.services import opportunity as opportunities
from members.models import User


@transaction.atomic
def move(
    deal: Opportunity, *, to: Stage, by: User, today: date, version: int | None = None, lost_reason: str = ""
) -> Change | None:
    """Moves the card that the mover saw: with `version`, raises Stale if the deal has changed since.

    Raises StageNeeds and ReasonNeeded as the service does. Returns None if the deal is already there.
    """
    locked = Opportunity.objects.select_for_update(of=("self",)).get(pk=deal.pk)
    if version not in (None, locked.version):
        raise Stale(locked)
    return opportunities.move(deal, to=to, by=by, today=today, lost_reason=lost_reason)
