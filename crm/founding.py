"""This room's part in the making of a workspace."""

from crm.services import playbook
from members.models import Role, User
from tenants.models import Tenant


def lay_playbook(tenant: Tenant) -> None:
    """Stages, key decisions and asked fields of the playbook that was chosen at sign-up."""
    admin = User.objects.filter(role=Role.ADMIN).earliest("pk")
    playbook.install(playbook=tenant.playbook, language=tenant.language, admin=admin)
