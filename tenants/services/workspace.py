from dataclasses import dataclass, fields

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
    weekend: list[int]
    week_start: int
    objective_cap: int


def change_workspace(*, tenant: Tenant, settings: WorkspaceSettings) -> None:
    """Changes how the firm writes and works, for everybody at once. The caller has checked that an admin asks."""
    names = [field.name for field in fields(settings)]
    for name in names:
        setattr(tenant, name, getattr(settings, name))
    with transaction.atomic():
        tenant.save(update_fields=names)
        transaction.on_commit(lambda: forget_host(tenant))
