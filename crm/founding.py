"""This room's part in the making of a workspace."""

from crm.services import playbook
from members.models import Role, User
from tenants.models import Tenant


def lay_playbook(tenant: Tenant) -> None:
    """What the playbook that was chosen at sign-up plans, and the hours that such firms usually work."""
    admin = User.objects.filter(role=Role.ADMIN).earliest("pk")
    playbook.install(playbook=tenant.playbook, language=tenant.language, admin=admin)
    working = playbook.read(tenant.playbook, tenant.language)["working"]
    tenant.opens_at, tenant.closes_at = working["opens_at"], working["closes_at"]
    tenant.save(update_fields=["opens_at", "closes_at"])
