"""The people of the two test firms, and clients that act for them.

`acme` (fa, B2B, Tehran) is open in every test that uses the database; `globex` (en, B2C, New York) is the other firm.
The clock stands at Saturday 2026-11-21 (۳۰ آبان ۱۴۰۵), 10:30 in Tehran.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, Protocol

import pytest
from django.core.cache import cache
from django.test import Client
from django_tenants.utils import tenant_context

from l10n import current
from members.models import Role, User
from tenants import clock, schema
from tenants.models import Tenant

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
# Of everybody in the cast. tests/settings.py has a hasher that costs nothing.
PASSWORD = "a-quiet-harbour-42"


class FirmClient(Client):
    """A test client that leaves the open schema as it found it."""

    def request(self, **request: Any) -> Any:
        before = schema.current_tenant()
        try:
            return super().request(**request)
        finally:
            schema.enter(before)


class ClientOf(Protocol):
    def __call__(self, user: User, **extra: Any) -> FirmClient: ...


@pytest.fixture(autouse=True)
def stopped_clock() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def today() -> date:
    return date(2026, 11, 21)


@pytest.fixture(autouse=True)
def acme_is_open(request: pytest.FixtureRequest) -> Iterator[None]:
    """Opens acme's schema and ways of writing for a test with a database, and closes both afterwards."""
    uses_database = request.node.get_closest_marker("django_db") or {"db", "transactional_db", "live_server"} & set(
        request.fixturenames
    )
    if uses_database:
        request.getfixturevalue("acme")
    yield
    if uses_database:
        schema.enter_public()
        cache.clear()
    current.deactivate()


@pytest.fixture
def acme(db: None) -> Tenant:
    tenant: Tenant = Tenant.objects.get(schema_name="acme")
    schema.enter(tenant)
    current.activate(tenant.formats())
    return tenant


@pytest.fixture
def globex(db: None) -> Tenant:
    tenant: Tenant = Tenant.objects.get(schema_name="globex")
    return tenant


def join(tenant: Tenant, email: str, name: str, role: Role) -> User:
    """Makes a member of a firm; the open schema stays open."""
    with tenant_context(tenant):
        return User.objects.create_user(email, PASSWORD, name=name, role=role)


@pytest.fixture
def sara(acme: Tenant) -> User:
    return join(acme, "sara@acme.example", "سارا کریمی", Role.REP)


@pytest.fixture
def reza(acme: Tenant) -> User:
    return join(acme, "reza@acme.example", "رضا مرادی", Role.REP)


@pytest.fixture
def nader(acme: Tenant) -> User:
    return join(acme, "nader@acme.example", "نادر احمدی", Role.MANAGER)


@pytest.fixture
def leila(acme: Tenant) -> User:
    return join(acme, "leila@acme.example", "لیلا فرهادی", Role.EXECUTIVE)


@pytest.fixture
def admin(acme: Tenant) -> User:
    return join(acme, "admin@acme.example", "امیر صادقی", Role.ADMIN)


@pytest.fixture
def gina(globex: Tenant) -> User:
    return join(globex, "gina@globex.example", "Gina Marsh", Role.MANAGER)


@pytest.fixture
def gabe(globex: Tenant) -> User:
    return join(globex, "gabe@globex.example", "Gabe Rowan", Role.REP)


@pytest.fixture
def grace(globex: Tenant) -> User:
    return join(globex, "grace@globex.example", "Grace Holt", Role.ADMIN)


def firm_of(user: User) -> Tenant:
    """Cast members say by their e-mail where they work: name@<schema>.example."""
    name = user.email.split("@", 1)[1].split(".", 1)[0]
    tenant: Tenant = Tenant.objects.get(schema_name=name)
    return tenant


@pytest.fixture
def client_of() -> ClientOf:
    """`client_of(sara)` is a browser on the host of sara's firm, with sara logged in."""

    def make(user: User, **extra: Any) -> FirmClient:
        tenant = firm_of(user)
        client = FirmClient(HTTP_HOST=f"{tenant.schema_name}.localhost", **extra)
        with tenant_context(tenant):
            client.force_login(user)
        return client

    return make


@pytest.fixture
def visitor() -> FirmClient:
    """Nobody in particular, on acme's host."""
    return FirmClient(HTTP_HOST="acme.localhost")


@pytest.fixture
def bare_client() -> FirmClient:
    """A visitor of the bare host, where firms sign up."""
    return FirmClient(HTTP_HOST="localhost")
