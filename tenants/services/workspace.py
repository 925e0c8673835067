from dataclasses import dataclass, fields
from datetime import date

from django.db import transaction

from tenants.models import Tenant
from tenants.services.provisioning import forget_host


@dataclass(frozen=True, kw_only=True)
class WorkspaceSettings:
    name: str
    language: str
    calendar: str
    timezone: str
    money_unit: str
    next_unit: str
    next_unit_on: date | None
    visibility: str
    weekend: list[int]
    week_start: int
    objective_cap: int


def change_workspace(*, tenant: Tenant, settings: WorkspaceSettings) -> None:
    """Changes how the firm writes and works, for everybody at once. The caller has checked that an admin asks.

    A unit of money that is to begin on a later day is kept apart and takes over by itself that day.
    """
    names = [field.name for field in fields(settings) if field.name not in ("next_unit", "next_unit_on")]
    for name in names:
        setattr(tenant, name, getattr(settings, name))
    # What is chosen here holds from now on, so units that have begun already are history.
    on = settings.next_unit_on
    tenant.money_unit_from = {on.isoformat(): settings.next_unit} if on and settings.next_unit else {}
    with transaction.atomic():
        tenant.save(update_fields=[*names, "money_unit_from"])
        transaction.on_commit(lambda: forget_host(tenant))
