from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.errors import AlreadyClosed, AlreadyTaken
from crm.fields.catalog import CUSTOM
from crm.intake.arrival import arrive
from crm.models import Batch, Lead, LeadStatus, Via
from crm.services.records import put_all, write
from members.models import User
from tenants import clock

FIELDS = ("name", "company", "phone", "email", "source", "category", "owner")


@transaction.atomic
def create(
    *, name: str, by: User | None, owner: User | None = None, captured_at: datetime | None = None, **values: Any
) -> Lead:
    """Takes a lead in: it gets a category, a clock and, where its category says so, an owner (`crm.intake.arrival`).

    `values` may be any other of FIELDS or own fields (`custom.<key>`); anything else is a TypeError.
    """
    if unknown := {field for field in values if not field.startswith(CUSTOM)} - set(FIELDS):
        raise TypeError(f"Unknown: {', '.join(sorted(unknown))}")
    lead = Lead(name=name, owner=owner, created_by=by, captured_at=captured_at or clock.now())
    put_all(lead, values)
    arrive([lead])
    lead.save()
    return lead


@transaction.atomic
def change(
    lead: Lead,
    *,
    by: User,
    values: Mapping[str, Any],
    version: int | None = None,
    via: Via = Via.FORM,
    batch: Batch | None = None,
) -> list[str]:
    """Sets any of FIELDS and own fields, leaving an `Edit`; returns the names of those that changed.

    Raises ValueError for other names, and Stale if the record has left `version` and differs.
    """
    return write(lead, values, allowed=FIELDS, by=by, version=version, via=via, batch=batch)


def drop(lead: Lead, *, because: str) -> None:
    """Gives a lead up. The reason may be empty. Raises AlreadyClosed if it was converted or dropped meanwhile."""
    live = Lead.objects.filter(pk=lead.pk, status__in=LeadStatus.live())
    if not live.update(status=LeadStatus.DROPPED, dropped_because=because, updated_at=clock.now()):
        raise AlreadyClosed
    lead.refresh_from_db()


@transaction.atomic
def take(lead: Lead, *, by: User) -> None:
    """Makes a lead that nobody has one's own. Raises AlreadyTaken if somebody was faster."""
    if not Lead.objects.select_for_update().filter(pk=lead.pk, owner=None).exists():
        raise AlreadyTaken
    change(lead, by=by, values={"owner": by})
