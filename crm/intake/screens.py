"""The queue of leads that wait for an answer, and how fast and how well they are answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, Exists, F, FloatField, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm import access
from crm.intake import clocks
from crm.models import Interaction, InteractionKind, Lead, LeadCategory, LeadStatus, NextStep
from l10n import formats
from members.models import Role, User
from tenants.working_time import WorkingTime

SHOWN = 15
SOON = 30
REPORT_DAYS = 30
SAMPLE = 5


@dataclass(frozen=True)
class Waiting:
    """A lead without an answer. `left` is in minutes of working time, negative when late, None without a clock."""

    lead: Lead
    left: int | None
    may_take: bool

    @property
    def tone(self) -> str:
        if self.left is None:
            return ""
        return "bad" if self.left < 0 else "wait" if self.left <= SOON else ""

    @property
    def is_late(self) -> bool:
        return self.left is not None and self.left < 0


@dataclass(frozen=True)
class Queue:
    """`hidden` wait behind those shown; `late` of all have passed their time."""

    rows: list[Waiting]
    hidden: int
    late: int
    is_all: bool
    may_choose: bool
    may_assign: bool
    people: list[User]


@dataclass(frozen=True)
class Answering:
    """One category in the days of the report. Shares are in percent, None where there was nothing to judge."""

    category: LeadCategory | None
    came: int
    waiting: int
    median: int | None
    in_time: int | None
    followed: int | None
    converted: int | None


@dataclass(frozen=True)
class Response:
    days: int
    rows: list[Answering]
    sample: list[Interaction]


def queue_screen(user: User, now: datetime, *, everybody: bool) -> Queue:
    """The user's own and nobody's, or everybody's for those who look after others; shortest time left first."""
    may_choose = user.role != Role.REP
    is_all = may_choose and everybody
    leads = mine_or_nobodys(user) if not is_all else access.leads(user)
    found = list(clocks.waiting(leads).select_related("owner", "category")[: SHOWN + 1])
    counts = leads.filter(status=LeadStatus.NEW).aggregate(
        all=Count("pk"), late=Count("pk", filter=clocks.RUNNING & Q(respond_by__lt=now))
    )
    may_assign = user.is_manager_or_admin
    people = list(User.objects.filter(is_active=True).exclude(role=Role.EXECUTIVE)) if may_assign else []
    rows = waiting_rows(found[:SHOWN], user, now)
    return Queue(rows, counts["all"] - len(rows), counts["late"], is_all, may_choose, may_assign, people)


def mine_or_nobodys(user: User) -> Any:
    return access.leads(user).filter(Q(owner=user) | Q(owner=None))


def waiting_rows(leads: list[Lead], user: User, now: datetime) -> list[Waiting]:
    working = clocks.working_time()
    may_write = access.may_write(user)
    return [Waiting(lead, time_left(lead, now, working), may_write and lead.owner_id is None) for lead in leads]


def time_left(lead: Lead, now: datetime, working: WorkingTime) -> int | None:
    if lead.respond_by is None:
        return None
    left = working.minutes_between(now, lead.respond_by)
    # Late from the first second on, also outside of the working hours.
    return min(left, -1) if lead.respond_by < now else left


def span(minutes: int) -> str:
    """«۴۵ دقیقه», "3 hours": an amount of working time."""
    if minutes < 60:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": formats.num(minutes)}
    hours = minutes // 60
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": formats.num(hours)}


def left_words(left: int | None) -> str:
    if left is None:
        return _("no clock")
    if left < 0:
        return _("%(time)s late") % {"time": span(-left)}
    return _("%(time)s left") % {"time": span(left)}


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def response_screen(user: User, now: datetime) -> Response:
    """How leads with a clock were answered in the last days, by category; never by person."""
    since = now - timedelta(days=REPORT_DAYS)
    leads = access.leads(user).filter(captured_at__gte=since, respond_by__isnull=False)
    counted: Any = leads.order_by().values("category").annotate(**_counts(now))
    by_category: dict[int | None, dict[str, Any]] = {row["category"]: row for row in counted}
    categories: list[LeadCategory | None] = list(LeadCategory.objects.all())
    known = [*categories, *([None] if None in by_category else [])]
    rows = [_answering(one, by_category.get(one.pk if one else None)) for one in known]
    return Response(REPORT_DAYS, rows, _sample(leads))


def _counts(now: datetime) -> dict[str, Any]:
    answered = Q(first_response_at__isnull=False)
    again = Interaction.objects.filter(lead=OuterRef("pk"), happened_at__gt=OuterRef("first_response_at"))
    went_on = Q(status=LeadStatus.CONVERTED) | Exists(again) | Exists(NextStep.objects.filter(lead=OuterRef("pk")))
    return {
        "came": Count("pk"),
        "waiting": Count("pk", filter=clocks.RUNNING),
        "median": Median("answered_in"),
        "answered": Count("pk", filter=answered),
        "judged": Count("pk", filter=answered | (clocks.RUNNING & Q(respond_by__lt=now))),
        "in_time": Count("pk", filter=answered & Q(first_response_at__lte=F("respond_by"))),
        "followed": Count("pk", filter=answered & went_on),
        "converted": Count("pk", filter=Q(status=LeadStatus.CONVERTED)),
    }


def _answering(category: LeadCategory | None, row: dict[str, Any] | None) -> Answering:
    if row is None:
        return Answering(category, 0, 0, None, None, None, None)
    return Answering(
        category=category,
        came=row["came"],
        waiting=row["waiting"],
        median=None if row["median"] is None else round(row["median"]),
        in_time=_share(row["in_time"], row["judged"]),
        followed=_share(row["followed"], row["answered"]),
        converted=_share(row["converted"], row["came"]),
    )


def _share(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def _sample(leads: Any) -> list[Interaction]:
    """What was said in the latest first answers, to be read and not only counted."""
    first = Interaction.objects.filter(lead__in=leads, happened_at=F("lead__first_response_at"))
    answers = first.exclude(kind=InteractionKind.NOTE).select_related("lead")
    return list(answers.order_by("-logged_at", "-pk")[:SAMPLE])
