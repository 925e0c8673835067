from datetime import date

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from tenants.models import Tenant


class TenantRequest(HttpRequest):
    """A request after the middleware: on a firm's host, or on the bare host with `Tenant.bare_host`."""

    tenant: Tenant
    today: date
    htmx: HtmxDetails
