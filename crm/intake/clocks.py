"""The clock of a lead: it runs from coming in to the first answer, and what happens when that comes too late."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from crm.intake.assignment import next_person_but
from crm.models import Breach, InteractionKind, Lead, LeadStatus
from members.models import User
from tenants import clock, schema
from tenants.working_time import WorkingTime

RUNNING = Q(status=LeadStatus.NEW, first_response_at=None, respond_by__isnull=False)
AT_ONCE = 200


def waiting(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    """Those nobody has answered, the least time left first; leads without a clock come last, the oldest first."""
    return leads.filter(status=LeadStatus.NEW).order_by(F("respond_by").asc(nulls_last=True), "captured_at", "pk")


def late(leads: QuerySet[Lead], now: datetime) -> QuerySet[Lead]:
    return leads.filter(RUNNING, respond_by__lt=now)


def is_answer(kind: str) -> bool:
    """A note is something one tells oneself; everything else reaches the person."""
    return kind != InteractionKind.NOTE


def answered(lead: Lead, *, at: datetime) -> bool:
    """Stops the clock of a new lead; says whether it was still new. What is answered stays answered."""
    at = max(at, lead.captured_at)
    values = {
        "status": LeadStatus.CONTACTED,
        "first_response_at": at,
        "answered_in": working_time().minutes_between(lead.captured_at, at),
        "updated_at": clock.now(),
    }
    if not Lead.objects.filter(pk=lead.pk, status=LeadStatus.NEW).update(**values):
        return False
    for name, value in values.items():
        setattr(lead, name, value)
    return True


def escalate(*, now: datetime) -> int:
    """Marks leads whose time has passed and gives them on where their category says so; returns how many.

    Each lead once in its life. Safe to run twice, and beside itself.
    """
    done = 0
    while batch := _escalate_some(now):
        done += batch
    return done


@transaction.atomic
def _escalate_some(now: datetime) -> int:
    overdue = late(Lead.objects.filter(escalated_at=None), now).select_related("category").order_by("respond_by", "pk")
    rows = list(overdue.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    for lead in rows:
        lead.escalated_at = now
        if heir := _heir(lead):
            lead.owner, lead.version, lead.updated_at = heir, lead.version + 1, now
    Lead.objects.bulk_update(rows, ["escalated_at", "owner", "version", "updated_at"])
    return len(rows)


def _heir(lead: Lead) -> User | None:
    if lead.category is None or lead.category.on_breach != Breach.NEXT:
        return None
    return next_person_but(lead.category, lead.owner_id)


def working_time() -> WorkingTime:
    return WorkingTime.of(schema.current_tenant())
