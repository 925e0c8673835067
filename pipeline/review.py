"""What the page of changes prints: each group of `pipeline.changes` with its largest deals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from crm import access
from crm.models import Opportunity
from members.models import User
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


def days_asked(asked: Mapping[str, str]) -> int:
    """One of SPANS; a week unless the address says otherwise."""
    days = asked.get("days", "")
    return int(days) if days in {str(span) for span in SPANS} else SPANS[0]


def changes_seen(user: User, *, since: datetime, until: datetime) -> Changes:
    return what_changed(since, until, access.changes(user))


def review_of(user: User, *, since: datetime, until: datetime, days: int) -> Review:
    """Four queries: three for the changes, one for the deals named."""
    changes = changes_seen(user, since=since, until=until)
    groups = dict(changes.groups())
    named = {name: _largest(group, changes.amounts) for name, group in groups.items()}
    shown = Opportunity.objects.select_related("customer", "stage", "owner")
    deals = shown.in_bulk({pk for ids in named.values() for pk in ids})
    sections = [
        Section(name, *WORDS[name], groups[name], [deals[pk] for pk in named[name] if pk in deals])
        for name in WORDS
        if name in groups
    ]
    return Review(changes, days, sections)


def _largest(group: Group, amounts: Mapping[int, Decimal | None]) -> list[int]:
    return sorted(group.ids, key=lambda pk: (-(amounts.get(pk) or 0), pk))[:SHOWN]
