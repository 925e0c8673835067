"""What happens to a lead when it comes in, by whichever door: a category, a promise, and somebody who keeps it.

A clock starts only for a promise that can still be kept: a lead whose time has run out before it is written down
(history that is imported, a card found in a drawer) gets its category and nothing else, no clock and no turn.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from crm.intake.assignment import next_people
from crm.models import Lead, LeadCategory, LeadStatus
from l10n import text
from tenants import clock, schema
from tenants.working_time import WorkingTime


def arrive(leads: Sequence[Lead], *, start_clocks: bool = True) -> None:
    """Sets category, `respond_by` and owner of leads that are about to be saved for the first time.

    Sets only, for the caller to save in the same transaction; what is set already stays. A fixed number of statements
    for each category, however many leads. `start_clocks=False` is for a table of unknown age.
    """
    categories = Categories(LeadCategory.objects.all())
    for lead in leads:
        lead.category = lead.category or categories.of(lead.source)
    if start_clocks:
        _promise(leads)
        _assign(leads)


class Categories:
    """Finds the category of a source, however it is spelt; the default one takes the rest."""

    def __init__(self, rows: Iterable[LeadCategory]) -> None:
        rows = list(rows)
        self._by_source = {text.squeeze(source): row for row in reversed(rows) for source in row.sources}
        self._default = next((row for row in rows if row.is_default), None)

    def of(self, source: str) -> LeadCategory | None:
        return self._by_source.get(text.squeeze(source), self._default)


def _promise(leads: Iterable[Lead]) -> None:
    now = clock.now()
    working = WorkingTime.of(schema.current_tenant())
    for lead in leads:
        if lead.category is None or lead.status != LeadStatus.NEW or lead.respond_by or lead.first_response_at:
            continue
        promised = working.add_minutes(lead.captured_at, lead.category.respond_within)
        if promised > now:
            lead.respond_by = promised


def _assign(leads: Iterable[Lead]) -> None:
    waiting: dict[LeadCategory, list[Lead]] = defaultdict(list)
    for lead in leads:
        if lead.category and lead.respond_by and lead.owner_id is None:
            waiting[lead.category].append(lead)
    # In one order always, so that two imports cannot wait for each other's categories.
    for category in sorted(waiting, key=lambda one: one.pk):
        for lead, person in zip(waiting[category], next_people(category, len(waiting[category])), strict=True):
            lead.owner = person
