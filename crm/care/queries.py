"""Composable reads of cases: queryset in, queryset out."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from crm.models import Case, CaseKind, CaseState, Customer
from members.models import User


def open_cases(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Open or waiting for the customer."""
    return cases.exclude(state=CaseState.DONE)


def late(cases: QuerySet[Case], today: date) -> QuerySet[Case]:
    return open_cases(cases).filter(due_on__lt=today)


def finished_since(cases: QuerySet[Case], day: date) -> QuerySet[Case]:
    """Finished on that day or later, by the firm's calendar."""
    return cases.filter(state=CaseState.DONE, done_at__date__gte=day)


def in_time() -> Q:
    """Of finished cases: done on the day it was due or earlier."""
    return Q(state=CaseState.DONE, due_on__isnull=False, done_at__date__lte=F("due_on"))


def due_soon(cases: QuerySet[Case], user: User, until: date) -> QuerySet[Case]:
    """What `user` has to finish by `until`."""
    return open_cases(cases).filter(owner=user, due_on__lte=until)


def open_complaint(link: str) -> Exists:
    """Whether a customer has a complaint that is not finished; `link` leads from the row to the customer's id."""
    return Exists(open_cases(Case.objects.filter(kind=CaseKind.COMPLAINT, customer=OuterRef(link))))


def of_customer(cases: QuerySet[Case], customer: Customer) -> QuerySet[Case]:
    """Open ones first, then the newest."""
    return cases.filter(customer=customer).order_by(F("done_at").desc(nulls_first=True), "-opened_at", "-pk")
