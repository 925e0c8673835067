from datetime import time

import pytest

from crm.founding import lay_playbook
from crm.models import Stage
from members.models import User
from tenants import provisioning_hooks
from tenants.models import Tenant

pytestmark = pytest.mark.django_db


def test_a_new_workspace_gets_the_stages_of_its_playbook(acme: Tenant, admin: User) -> None:
    lay_playbook(acme)
    assert Stage.objects.first() == Stage.objects.get(name="شناسایی")
    assert lay_playbook in provisioning_hooks._hooks


def test_a_new_workspace_works_the_hours_of_its_playbook(acme: Tenant, admin: User) -> None:
    acme.playbook = "b2c"
    lay_playbook(acme)
    acme.refresh_from_db()
    assert (acme.opens_at, acme.closes_at) == (time(9), time(20))
