"""Composable reads: queryset in, queryset out. Days are days of the tenant's calendar."""

from datetime import date
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import DateField, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.lookups import GreaterThanOrEqual

from crm.models import Contact, Customer, NextStep, Opportunity
from l10n import text


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
    annotated: QuerySet[Opportunity] = with_earliest_step(deals, "opportunity")
    return annotated


def with_earliest_step(records: Any, link: str) -> Any:
    """The same for a queryset of any record; `link` is the field of NextStep that points to it."""
    earliest = open_steps().filter(**{link: OuterRef("pk")}).order_by("due_on", "pk")
    return records.annotate(
        next_what=Subquery(earliest.values("what")[:1]), next_due=Subquery(earliest.values("due_on")[:1])
    )


def rotting(deals: QuerySet[Opportunity], today: date) -> QuerySet[Opportunity]:
    return deals.filter(rots(today))


def rots(today: date) -> Q:
    """As long in its stage, and as long without a word, as the stage calls stale; unless it rests on purpose.

    A deal rests while it is snoozed, and while a step is planned for today or later.
    """
    limit = F("stage__stale_after")
    still = Q(GreaterThanOrEqual(days_since("stage_since", today), limit))
    quiet = Q(last_interaction_on__isnull=True) | Q(GreaterThanOrEqual(days_since("last_interaction_on", today), limit))
    planned = Exists(open_steps().filter(opportunity=OuterRef("pk"), due_on__gte=today))
    return still & quiet & awake(today) & ~Q(planned)


def awake(today: date) -> Q:
    """Not snoozed; a deal wakes on the day it was snoozed until."""
    return Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=today)


def without_step(today: date) -> Q:
    """Without an open step, and not snoozed: a day to wake on is what a snoozed deal has instead."""
    return awake(today) & ~Q(Exists(open_steps().filter(opportunity=OuterRef("pk"))))


def with_decider(deals: QuerySet[Opportunity]) -> QuerySet[Opportunity]:
    """Adds `has_decider`: somebody at the customer is marked as deciding."""
    return deals.annotate(has_decider=Exists(Contact.objects.filter(customer=OuterRef("customer"), decides=True)))


def days_since(field: str, today: date) -> Func:
    """Whole days from a date column to `today`, an integer (Django's own date − date would be an interval)."""
    return Func(
        Value(today, DateField()), F(field), template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField()
    )


FEW_CUSTOMERS = 500


def find_deals(deals: QuerySet[Opportunity], query: str) -> QuerySet[Opportunity]:
    """Deals in whose title or customer (name, phone, e-mail) each word of the query stands. No query keeps all."""
    terms = text.search_terms(query)
    if not terms:
        return deals.none() if query.strip() else deals
    other = text.keyboard_terms(query)
    wanted = in_deal_or_customer(terms)
    return deals.filter(wanted | in_deal_or_customer(other) if other else wanted)


def in_deal_or_customer(terms: list[str]) -> Q:
    """Asks the database once, which customers the words mean.

    A few are named by their ids, so that two indexes find the deals; many are compared on the way through the deals,
    which soon meets enough of them.
    """
    meant = _customers_called(terms)
    return reduce(and_, (Q(search__contains=term) | of for term, of in zip(terms, meant, strict=True)), Q())


def _customers_called(terms: list[str]) -> list[Q]:
    customers = Customer.objects.order_by()
    called = [
        customers.filter(search__contains=term).annotate(place=Value(place)).values_list("place", "pk")
        for place, term in enumerate(terms)
    ]
    if not called:
        return []
    first, *others = (rows[: FEW_CUSTOMERS + 1] for rows in called)
    ids: list[list[int]] = [[] for _term in terms]
    for place, pk in first.union(*others, all=True) if others else first:
        ids[place].append(pk)
    return [
        Q(customer__in=found) if len(found) <= FEW_CUSTOMERS else Q(customer__search__contains=term)
        for term, found in zip(terms, ids, strict=True)
    ]


def like_customer(*, name: str = "", phone: str = "", email: str = "") -> Q:
    """Customers that may be the same: of this name however spelt, or of this phone or e-mail."""
    same = called(name)
    if phone:
        same |= Q(phone=phone)
    if email:
        same |= Q(email=email)
    return same


def called(name: str) -> Q:
    """Rows whose name is this one, however it is spelt or spaced (it is the first source of their search field)."""
    squeezed = text.squeeze(name)
    return Q(search=squeezed) | Q(search__startswith=f"{squeezed}|") if squeezed else Q(pk=None)
