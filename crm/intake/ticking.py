"""Looks into each firm for leads whose time has passed. Called in the public schema, every few minutes."""

from datetime import datetime

from celery import current_app
from django_tenants.utils import tenant_context

from crm.intake import clocks
from crm.models import Lead
from tenants.celery import HEADER
from tenants.models import Tenant


def send_due(*, now: datetime) -> int:
    """Sends the task that escalates to the firms that have something to escalate; returns to how many.

    The look is one question to a small index. A task that is lost or sent twice does no harm: the next tick looks
    again.
    """
    due = [tenant for tenant in Tenant.objects.live() if _has_late_leads(tenant, now)]
    for tenant in due:
        current_app.tasks["crm.tasks.escalate_leads"].apply_async(headers={HEADER: tenant.schema_name})
    return len(due)


def _has_late_leads(tenant: Tenant, now: datetime) -> bool:
    with tenant_context(tenant):
        return clocks.late(Lead.objects.filter(escalated_at=None), now).exists()
