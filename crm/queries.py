"""Composable reads: queryset in, queryset out. Days are days of the tenant's calendar."""

from datetime import date

from django.db.models import DateField, Exists, F, Func, IntegerField, OuterRef, QuerySet, Subquery, Value

from crm.models import Contact, NextStep, Opportunity


def open_steps() -> QuerySet[NextStep]:
    return NextStep.objects.filter(done_at=None, dropped_at=None)


def with_days_in_stage(deals: QuerySet[Opportunity], today: date) -> QuerySet[Opportunity]:
    """Adds `days_in_stage`, an int ≥ 0."""
    return deals.annotate(days_in_stage=days_since("stage_since", today))


def with_quiet_days(deals: QuerySet[Opportunity], today: date) -> QuerySet[Opportunity]:
    """Adds `quiet_days`: days since the last interaction, or null without any."""
    return deals.annotate(quiet_days=days_since("last_interaction_on", today))


def with_next_step(deals: QuerySet[Opportunity]) -> QuerySet[Opportunity]:
    """Adds `next_what` and `next_due` of the earliest open step, or null."""
    earliest = open_steps().filter(opportunity=OuterRef("pk")).order_by("due_on", "pk")
    return deals.annotate(
        next_what=Subquery(earliest.values("what")[:1]), next_due=Subquery(earliest.values("due_on")[:1])
    )


def with_decider(deals: QuerySet[Opportunity]) -> QuerySet[Opportunity]:
    """Adds `has_decider`: somebody at the customer is marked as deciding."""
    return deals.annotate(has_decider=Exists(Contact.objects.filter(customer=OuterRef("customer"), decides=True)))


def days_since(field: str, today: date) -> Func:
    """Whole days from a date column to `today`, an integer (Django's own date − date would be an interval)."""
    return Func(
        Value(today, DateField()), F(field), template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField()
    )
