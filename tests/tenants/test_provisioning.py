"""New firms: the fast way makes the same schema as the slow way, and a failure leaves nothing behind."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import connection
from django_tenants.utils import schema_exists, tenant_context

from members.models import User
from tenants import provisioning_hooks, schema
from tenants.middleware import key_of_host
from tenants.models import Domain, Tenant
from tenants.services import provisioning
from tenants.services.addresses import AddressRefused, Problem, problem_of
from tests.cast import NOW, PASSWORD, FirmClient

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def public(acme_is_open: None) -> None:
    schema.enter_public()


def create(address: str = "novin", **changes: Any) -> Tenant:
    facts = {
        "name": "نوین",
        "language": "fa",
        "calendar": "jalali",
        "currency": "IRR",
        "playbook": "b2b",
        "admin_name": "نیما یوسفی",
        "admin_email": "Nima@novin.example",
        "password_hash": make_password(PASSWORD),
        **changes,
    }
    return provisioning.create_workspace(address=address, **facts)


def test_a_new_firm_has_its_row_host_schema_and_admin() -> None:
    tenant = create("novin-tejarat")
    assert (tenant.schema_name, tenant.host) == ("novin_tejarat", "novin-tejarat.localhost")
    assert (tenant.money_unit, tenant.weekend, tenant.week_start) == ("toman", [3, 4], 5)
    with tenant_context(tenant):
        (admin,) = User.objects.all()
    assert (admin.email, admin.role, admin.check_password(PASSWORD)) == ("nima@novin.example", "admin", True)
    client = FirmClient(HTTP_HOST="novin-tejarat.localhost")
    assert "نوین" in client.get("/accounts/login/").text


def test_an_english_firm_gets_its_own_ways() -> None:
    tenant = create("hill", language="en", calendar="gregorian", currency="USD", timezone="America/New_York")
    assert (tenant.money_unit, tenant.weekend, tenant.week_start) == ("", [5, 6], 0)


def names_in(name: str) -> dict[str, set[tuple[str, ...]]]:
    queries = {
        "constraints": "SELECT c.relname, k.conname, k.contype::text, pg_get_constraintdef(k.oid)"
        " FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s",
        "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = %s",
        "columns": "SELECT table_name, column_name, data_type, is_nullable, coalesce(column_default, ''),"
        " coalesce(collation_name, ''), is_identity FROM information_schema.columns WHERE table_schema = %s",
        "triggers": "SELECT event_object_table, trigger_name, action_statement FROM information_schema.triggers"
        " WHERE trigger_schema = %s",
    }
    with connection.cursor() as cursor:
        found = {}
        for kind, query in queries.items():
            cursor.execute(query, [name])
            found[kind] = {tuple(str(value).replace(f"{name}.", "") for value in row) for row in cursor.fetchall()}
    return found


def migrations_of(name: str) -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT app, name FROM "{name}".django_migrations')
        return set(cursor.fetchall())


def test_a_copied_schema_is_the_same_as_a_migrated_one() -> None:
    """The template itself was migrated."""
    provisioning.clone_template("quickly")
    slow, quick = names_in("tmpl"), names_in("quickly")
    assert {kind: slow[kind] ^ quick[kind] for kind in slow} == {
        "constraints": set(),
        "indexes": set(),
        "columns": set(),
        "triggers": set(),
    }
    assert len(slow["constraints"]) > 100
    assert migrations_of("quickly") == migrations_of("tmpl")


@pytest.fixture
def failing_hook() -> Iterator[None]:
    def fail(tenant: Tenant) -> None:
        raise RuntimeError(f"no seeds for {tenant}")

    provisioning_hooks.register(fail)
    yield
    provisioning_hooks._hooks[:] = [hook for hook in provisioning_hooks._hooks if hook is not fail]


def test_a_failure_leaves_nothing_behind(failing_hook: None) -> None:
    with pytest.raises(RuntimeError, match="no seeds for نوین"):
        create()
    assert not schema_exists("novin")
    assert not Tenant.objects.filter(schema_name="novin").exists()
    assert not Domain.objects.filter(domain="novin.localhost").exists()
    provisioning_hooks._hooks.pop()
    assert create().schema_name == "novin"


def test_a_taken_address_is_refused_and_its_firm_untouched(acme: Tenant) -> None:
    schema.enter_public()
    with pytest.raises(AddressRefused) as refusal:
        create("acme")
    assert refusal.value.problem == Problem.TAKEN
    assert Tenant.objects.get(schema_name="acme").name == acme.name
    assert schema_exists("acme")


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("novin", None),
        ("n0vin-2", None),
        ("acme", "taken"),
        ("www", "reserved"),
        ("tmpl", "reserved"),
        ("public", "reserved"),
        ("pg-catalog", "reserved"),
        ("information-schema", "reserved"),
        ("no", "shape"),
        ("2novin", "shape"),
        ("no--vin", "shape"),
        ("novin-", "shape"),
        ("Novin", "shape"),
        ("نوین", "shape"),
        ("a" * 31, "shape"),
        ("no_vin", "shape"),
    ],
)
def test_addresses(address: str, problem: str | None) -> None:
    assert problem_of(address, now=NOW) == problem


def test_a_deleted_firm_is_gone_from_every_process() -> None:
    tenant = create()
    client = FirmClient(HTTP_HOST="novin.localhost")
    assert client.get("/accounts/login/").status_code == 200
    schema.enter_public()
    assert cache.get(key_of_host("novin.localhost")).pk == tenant.pk
    provisioning.delete_workspace(tenant=tenant)
    assert not schema_exists("novin")
    assert client.get("/accounts/login/").status_code == 404


def test_the_template_is_made_once() -> None:
    first, second = provisioning.ensure_template(), provisioning.ensure_template()
    assert (first.pk, first.schema_name) == (second.pk, "tmpl")
    assert first not in Tenant.objects.live()
