"""How well customers are kept: complaints resolved, satisfaction, who bought again, and who may leave and why.

- Resolution: finished complaints of the last 90 days; the median of the days from coming in to the end, and the share
  that was done on the due day or earlier.
- Satisfaction: the mean of the marks (1 to 5) of cases finished in the same time, with how many were rated.
- Bought again: of the customers who bought something in the twelve months before the last twelve, the share that bought
  something in the last twelve.
- At risk: an open complaint, an unhappy last mark within a year, or a buyer of the last two years without a word for
  two months.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Aggregate, Avg, Count, DurationField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import access
from crm.care import queries
from crm.listing import Tab, one_of, page_of, tabs
from crm.models import Case, CaseKind, Customer, Interaction, Opportunity, StageKind
from members.models import User

PERIOD = 90
QUIET = timedelta(60)
YEAR = timedelta(365)
LOW = 2


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Share:
    """`part` of `whole`; no percentage of nothing."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        return self.part * 100 / self.whole if self.whole else None


@dataclass(frozen=True)
class Report:
    """`median_days` is null without a finished complaint, `satisfaction` without a mark."""

    days: int
    open_cases: int
    late_cases: int
    median_days: float | None
    in_time: Share
    satisfaction: float | None
    rated: Share
    unhappy: int
    again: Share
    risks: dict[str, int]


def report(user: User, today: date) -> Report:
    """Of the records that the user sees, in five queries."""
    cases = access.cases(user).order_by()
    unfinished = queries.open_cases(cases).aggregate(all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    finished = queries.finished_since(cases, today - timedelta(PERIOD))
    complaint = Q(kind=CaseKind.COMPLAINT)
    figures = finished.aggregate(
        complaints=Count("pk", filter=complaint),
        median=Median(F("done_at") - F("opened_at"), filter=complaint),
        in_time=Count("pk", filter=complaint & queries.in_time()),
        all=Count("pk"),
        rated=Count("satisfaction"),
        mean=Avg("satisfaction"),
        unhappy=Count("pk", filter=Q(satisfaction__lte=LOW)),
    )
    groups = {name: Count("pk", filter=Q(condition)) for name, condition in _conditions(today).items()}
    people = _customers(user, today).aggregate(**groups)
    return Report(
        days=PERIOD,
        open_cases=unfinished["all"],
        late_cases=unfinished["late"],
        median_days=figures["median"].total_seconds() / 86400 if figures["median"] is not None else None,
        in_time=Share(figures["in_time"], figures["complaints"]),
        satisfaction=figures["mean"],
        rated=Share(figures["rated"], figures["all"]),
        unhappy=figures["unhappy"],
        again=Share(people["again"], people["again"] + people["not_again"]),
        risks={name: people[name] for name in ("risk", "complaint", "unhappy", "quiet")},
    )


# --- The customers behind the numbers -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Kept:
    customer: Customer
    reasons: list[str]


@dataclass(frozen=True)
class CustomerPage:
    page: Any
    groups: list[Tab]
    rows: list[Kept]


def customer_page(user: User, asked: Any, today: date) -> CustomerPage:
    """One group of customers, those with the oldest last contact first."""
    choices = group_labels()
    group = one_of(asked.get("group"), choices, "risk")
    wanted = _customers(user, today).filter(_conditions(today)[group])
    won = Opportunity.objects.filter(customer=OuterRef("pk"), stage__kind=StageKind.WON).order_by("-closed_on")
    shown = _with_signs(access.customers(user), today).annotate(last_bought=Subquery(won.values("closed_on")[:1]))
    shown = shown.select_related("owner", "service_owner")
    page = page_of(wanted.order_by(F("last_contact").asc(nulls_first=True), "pk"), shown, asked.get("page"))
    return CustomerPage(page, tabs(choices, group), [Kept(row, _reasons(row, today)) for row in page.object_list])


def group_labels() -> Sequence[tuple[str, str]]:
    return (
        ("risk", _("All at risk")),
        ("complaint", _("Open complaint")),
        ("unhappy", _("Unhappy")),
        ("quiet", _("Quiet for long")),
        ("again", _("Bought again")),
        ("not_again", _("Have not bought again")),
    )


def _conditions(today: date) -> dict[str, Q]:
    """The groups, over what `_customers` adds."""
    complaint, unhappy = Q(has_complaint=True), Q(last_mark__lte=LOW)
    quiet = Q(bought_lately=True) & (Q(last_contact__date__lt=today - QUIET) | Q(last_contact__isnull=True))
    return {
        "risk": complaint | unhappy | quiet,
        "complaint": complaint,
        "unhappy": unhappy,
        "quiet": quiet,
        "again": Q(bought_before=True, bought_this_year=True),
        "not_again": Q(bought_before=True, bought_this_year=False),
    }


def _customers(user: User, today: date) -> QuerySet[Customer]:
    """Customers with what the groups ask for: purchases, the last word, complaints and the last mark."""
    bought = Opportunity.objects.order_by().filter(customer=OuterRef("pk"), stage__kind=StageKind.WON)
    annotated: QuerySet[Customer] = _with_signs(access.customers(user).order_by(), today).annotate(
        bought_lately=Exists(bought.filter(closed_on__gte=today - 2 * YEAR)),
        bought_this_year=Exists(bought.filter(closed_on__gte=today - YEAR)),
        bought_before=Exists(bought.filter(closed_on__gte=today - 2 * YEAR, closed_on__lt=today - YEAR)),
    )
    return annotated


def _with_signs(customers: QuerySet[Customer], today: date) -> QuerySet[Customer]:
    """Adds `last_contact`, `last_mark` (of a year) and `has_complaint`."""
    said = Interaction.objects.filter(customer=OuterRef("pk")).order_by("-happened_at")
    marks = Case.objects.filter(customer=OuterRef("pk"), satisfaction__isnull=False, done_at__date__gte=today - YEAR)
    annotated: QuerySet[Customer] = customers.annotate(
        last_contact=Subquery(said.values("happened_at")[:1]),
        last_mark=Subquery(marks.order_by("-done_at").values("satisfaction")[:1]),
        has_complaint=queries.open_complaint("pk"),
    )
    return annotated


def _reasons(row: Any, today: date) -> list[str]:
    reasons = []
    if row.has_complaint:
        reasons.append(_("open complaint"))
    if row.last_mark is not None and row.last_mark <= LOW:
        reasons.append(_("unhappy last time"))
    lately = row.last_bought is not None and row.last_bought >= today - 2 * YEAR
    if lately and (row.last_contact is None or timezone.localdate(row.last_contact) < today - QUIET):
        reasons.append(_("quiet for long"))
    return reasons
