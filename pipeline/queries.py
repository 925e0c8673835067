"""What is stuck in the pipeline, ranked. Queryset in, queryset out; days are days of the tenant's calendar.

A deal needs a decision when it shows at least one of four flags. How loudly is its severity, the sum of `WEIGHTS`:
stalled or pushed three times, it is probably not what the list says it is (3 each); a close date that has passed is a
wrong number in the forecast (2); a missing next step one person can repair alone (1).

    rank = amount × severity

A deal without amount is ranked with the (lower) median amount of the open deals, so that it can neither hide nor rule.
"""

from datetime import date
from decimal import Decimal

from django.db.models import (
    BooleanField,
    Case,
    DecimalField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from crm.models import Opportunity
from crm.queries import rots, rotting, with_days_in_stage, with_next_step, with_quiet_days, without_step
from pipeline.changes import Changes as Changes
from pipeline.changes import what_changed as what_changed

PUSHED_TOO_OFTEN = 3
FLAGS = {
    "stalled": "is_stalled",
    "no_next_step": "is_without_step",
    "close_past": "is_close_past",
    "pushed": "is_pushed",
}
WEIGHTS = {"stalled": 3, "no_next_step": 1, "close_past": 2, "pushed": 3}
MONEY = DecimalField(max_digits=24, decimal_places=2)


def open_deals() -> QuerySet[Opportunity]:
    return Opportunity.objects.filter(is_open=True)


def stalled(deals: QuerySet[Opportunity], today: date) -> QuerySet[Opportunity]:
    """What `crm.queries.rots` says: too long still and silent, without resting on purpose."""
    return rotting(deals, today)


def without_next_step(deals: QuerySet[Opportunity], today: date) -> QuerySet[Opportunity]:
    return deals.filter(without_step(today))


def close_past(deals: QuerySet[Opportunity], today: date) -> QuerySet[Opportunity]:
    """A close date of today is not past yet."""
    return deals.filter(expected_close__lt=today)


def pushed(deals: QuerySet[Opportunity], times: int = PUSHED_TOO_OFTEN) -> QuerySet[Opportunity]:
    return deals.filter(push_count__gte=times)


def with_flags(deals: QuerySet[Opportunity], today: date) -> QuerySet[Opportunity]:
    """Adds days_in_stage, quiet_days, next_what, next_due, the four booleans of `FLAGS` and severity (0-9)."""
    known = with_next_step(with_quiet_days(with_days_in_stage(deals, today), today))
    flagged = known.annotate(
        is_stalled=_truth(rots(today)),
        is_without_step=_truth(without_step(today)),
        is_close_past=_truth(Q(expected_close__lt=today)),
        is_pushed=_truth(Q(push_count__gte=PUSHED_TOO_OFTEN)),
    )
    return flagged.annotate(severity=_severity())


def flagged_open_deals(today: date) -> QuerySet[Opportunity]:
    """Every open deal with the annotations of `with_flags`; customer, owner and stage come along."""
    return with_flags(open_deals(), today).select_related("customer", "owner", "stage")


def needing_decision(today: date) -> QuerySet[Opportunity]:
    """The open deals with a flag, the one that costs most to leave alone first; adds `rank`."""
    money = Coalesce(F("amount"), Subquery(_median_amount()), Value(Decimal(1)), output_field=MONEY)
    rank = ExpressionWrapper(money * F("severity"), output_field=MONEY)
    return flagged_open_deals(today).filter(Q(severity__gt=0)).annotate(rank=rank).order_by("-rank", "pk")


def flags_of(deal: Opportunity) -> list[str]:
    """The names of the flags a deal of `with_flags` shows, in the order of `FLAGS`."""
    return [name for name, annotation in FLAGS.items() if getattr(deal, annotation)]


def _truth(condition: Q | Combinable) -> Case:
    """True or False, never null."""
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _severity() -> Case:
    parts = [
        Case(When(**{FLAGS[name]: True}, then=Value(weight)), default=Value(0), output_field=IntegerField())
        for name, weight in WEIGHTS.items()
    ]
    return sum(parts[1:], start=parts[0])


def _median_amount() -> QuerySet[Opportunity, Decimal]:
    # A Func instead of an Aggregate: Django would group by the outer query's columns.
    median = Func(
        F("amount"),
        template="PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY %(expressions)s)",
        output_field=MONEY,
    )
    return open_deals().filter(amount__isnull=False).order_by().annotate(median=median).values_list("median", flat=True)
