from members.models import User
from tenants.http import TenantRequest


class MemberRequest(TenantRequest):
    """What a view gets once `members.access` has let the request in."""

    user: User
