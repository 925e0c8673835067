from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from crm import access, queries
from crm.intake import clocks
from crm.intake.screens import Waiting, mine_or_nobodys, waiting_rows
from crm.models import Lead, NextStep
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
    leads: list[Waiting]
    lead_count: int
    late: list[Waiting]
    late_count: int
    may_write: bool

    @property
    def step_count(self) -> int:
        return sum(group.count for group in self.groups)


def today_screen(user: User, today: date, now: datetime, *, everything: bool = False) -> Today:
    """The steps of seven days and the leads that wait for an answer; for who looks after others, also the late ones
    of the team. `everything` lifts the limit of each group of steps.
    """
    leads, lead_count = _first(clocks.waiting(mine_or_nobodys(user)))
    late, late_count = _first(_passed_on(user)) if user.is_manager_or_admin else ([], 0)
    return Today(
        groups=step_groups(user, today, limit=None if everything else SHOWN),
        leads=waiting_rows(leads, user, now),
        lead_count=lead_count,
        late=waiting_rows(late, user, now),
        late_count=late_count,
        may_write=access.may_write(user),
    )


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


def _passed_on(user: User) -> QuerySet[Lead]:
    """Leads of others that nobody answered in time, the latest first: they are the manager's business now."""
    theirs = access.leads(user).filter(clocks.RUNNING, escalated_at__isnull=False, owner__isnull=False)
    return theirs.exclude(owner=user).order_by("-respond_by", "-pk")


def _first(leads: QuerySet[Lead]) -> tuple[list[Lead], int]:
    """The first few, and how many there are; counted only when there are more."""
    some = list(leads.select_related("owner")[: LEADS_SHOWN + 1])
    return some[:LEADS_SHOWN], len(some) if len(some) <= LEADS_SHOWN else leads.count()
