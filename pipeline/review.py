"""What the page of changes prints: each group of `pipeline.changes` with its largest deals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from crm.models import Opportunity
from pipeline.changes import Changes, Group, what_changed

SPANS = (7, 14, 30, 90)
SHOWN = 10
# Name of the group → heading, icon, tone.
WORDS: dict[str, tuple[StrOrPromise, str, str]] = {
    "won": (_("Won"), "award", "ok"),
    "lost": (_("Lost"), "x-circle", "bad"),
    "new": (_("New deals"), "plus", "act"),
    "forward": (_("Moved forward"), "trend-up", "ok"),
    "back": (_("Moved back"), "trend-down", "bad"),
    "reopened": (_("Reopened"), "undo", "wait"),
    "pushed": (_("Close date pushed"), "pushed", "bad"),
    "pulled_in": (_("Close date pulled in"), "forecast", "ok"),
    "resized": (_("Amount changed"), "money", "wait"),
    "owner_changed": (_("Another owner"), "delegate", "wait"),
}


@dataclass(frozen=True)
class Section:
    name: str
    heading: StrOrPromise
    icon: str
    tone: str
    group: Group
    deals: Sequence[Opportunity]

    @property
    def rest(self) -> int:
        return self.group.count - len(self.deals)


@dataclass(frozen=True)
class Review:
    changes: Changes
    days: int
    sections: Sequence[Section]


def review_of(*, since: datetime, until: datetime, days: int) -> Review:
    """Four queries: three for the changes, one for the deals named."""
    changes = what_changed(since, until)
    groups = dict(changes.groups())
    named = {pk for group in groups.values() for pk in group.ids}
    deals = {
        deal.pk: deal for deal in Opportunity.objects.filter(pk__in=named).select_related("customer", "stage", "owner")
    }
    sections = [
        Section(name, *WORDS[name], groups[name], _largest(groups[name], deals)) for name in WORDS if name in groups
    ]
    return Review(changes, days, sections)


def _largest(group: Group, deals: dict[int, Opportunity]) -> list[Opportunity]:
    here = [deals[pk] for pk in group.ids if pk in deals]
    return sorted(here, key=lambda deal: (-(deal.amount or 0), deal.pk))[:SHOWN]
