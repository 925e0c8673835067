from tenants.models.nightly import NightlyRun
from tenants.models.provisioning import Provisioning
from tenants.models.tenant import Calendar, Domain, Language, MoneyUnit, Playbook, Tenant, Visibility

__all__ = [
    "Calendar",
    "Domain",
    "Language",
    "MoneyUnit",
    "NightlyRun",
    "Playbook",
    "Provisioning",
    "Tenant",
    "Visibility",
]
