from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from crm import access, queries
from crm.models import Lead, LeadStatus, NextStep
from members.models import User

SHOWN = 12
LEADS_SHOWN = 5
WEEK = timedelta(6)


@dataclass(frozen=True)
class Group:
    label: str
    tone: str
    steps: list[NextStep]
    count: int

    @property
    def hidden(self) -> int:
        return self.count - len(self.steps)


@dataclass(frozen=True)
class Today:
    groups: list[Group]
    leads: list[Lead]
    lead_count: int
    may_write: bool

    @property
    def step_count(self) -> int:
        return sum(group.count for group in self.groups)


def today_screen(user: User, today: date, *, everything: bool = False) -> Today:
    """The steps of seven days and the leads that wait for an answer. `everything` lifts the limit of each group."""
    new = unanswered(user)
    leads = list(new.order_by("captured_at", "pk").select_related("owner")[: LEADS_SHOWN + 1])
    count = len(leads) if len(leads) <= LEADS_SHOWN else new.count()
    groups = step_groups(user, today, limit=None if everything else SHOWN)
    return Today(groups, leads[:LEADS_SHOWN], count, access.may_write(user))


def step_groups(user: User, today: date, limit: int | None = SHOWN) -> list[Group]:
    """Overdue, today and the six days after it; groups without a step are left out."""
    week_end = today + WEEK
    spans = [
        ("overdue", _("Overdue"), "bad", Q(due_on__lt=today)),
        ("today", _("Today"), "wait", Q(due_on=today)),
        ("week", _("Within a week"), "", Q(due_on__gt=today, due_on__lte=week_end)),
    ]
    mine = queries.open_steps().filter(owner=user, due_on__lte=week_end)
    counts = mine.aggregate(**{name: Count("pk", filter=span) for name, _label, _tone, span in spans})
    related = mine.select_related("customer", "lead", "opportunity")
    return [
        Group(label, tone, list(related.filter(span).order_by("due_on", "pk")[:limit]), counts[name])
        for name, label, tone, span in spans
        if counts[name]
    ]


def step_count(user: User, today: date) -> int:
    """How many steps `step_groups` counts; for the number beside the heading."""
    return queries.open_steps().filter(owner=user, due_on__lte=today + WEEK).count()


def unanswered(user: User) -> "QuerySet[Lead]":
    """New leads that are the user's or nobody's."""
    return access.leads(user).filter(Q(owner=user) | Q(owner=None), status=LeadStatus.NEW)
