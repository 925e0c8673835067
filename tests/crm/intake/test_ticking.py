"""The clock that looks into every firm."""

from datetime import timedelta

import pytest
from django_tenants.utils import tenant_context

from crm.intake import ticking
from crm.models import Lead
from crm.tasks import tick_clocks
from tenants import clock, schema
from tenants.models import Tenant
from tests.cast import NOW
from tests.factories.crm import make_lead

pytestmark = pytest.mark.django_db


def test_only_firms_with_late_leads_are_visited_and_each_escalates_its_own(acme: Tenant, globex: Tenant) -> None:
    mine = make_lead(respond_by=NOW + timedelta(minutes=10))
    with tenant_context(globex):
        theirs = make_lead(respond_by=NOW + timedelta(hours=5))
    assert tick_clocks.apply().get() == 0
    with clock.stopped_at(NOW + timedelta(hours=1)):
        assert tick_clocks.apply().get() == 1
        assert tick_clocks.apply().get() == 0
    schema.enter(acme)
    mine.refresh_from_db()
    assert mine.escalated_at == NOW + timedelta(hours=1)
    with tenant_context(globex):
        assert Lead.objects.get(pk=theirs.pk).escalated_at is None


def test_a_late_lead_in_each_firm_sends_two_tasks(acme: Tenant, globex: Tenant) -> None:
    for firm in (acme, globex):
        with tenant_context(firm):
            make_lead(respond_by=NOW - timedelta(minutes=1))
    schema.enter_public()
    assert ticking.send_due(now=NOW) == 2
    for firm in (acme, globex):
        with tenant_context(firm):
            assert Lead.objects.get().escalated_at == NOW
