from datetime import date

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from members.models import User
from tenants.models import Tenant


class MemberRequest(HttpRequest):
    """What a view gets once `members.access` has let the request in."""

    user: User
    tenant: Tenant
    today: date
    htmx: HtmxDetails
