"""The test set-up itself: what a test leaves behind must not reach the next one."""

import pytest
from django.db import connection

from tenants.models import Tenant


@pytest.mark.django_db
def test_both_firms_have_their_schemas():
    assert sorted(Tenant.objects.live().values_list("schema_name", flat=True)) == ["acme", "globex"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_regclass('acme.members_user') IS NOT NULL, to_regclass('public.members_user') IS NULL"
        )
        assert cursor.fetchone() == (True, True)


@pytest.mark.django_db(transaction=True)
def test_a_committing_test_changes_a_firm():
    Tenant.objects.filter(schema_name="globex").update(name="Changed for good")
    assert Tenant.objects.get(schema_name="globex").name == "Changed for good"


@pytest.mark.django_db
def test_and_the_next_test_finds_it_as_it_was():
    assert Tenant.objects.get(schema_name="globex").name == "Globex"
