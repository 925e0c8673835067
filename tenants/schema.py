"""Which schema the database connection stands in: django-tenants' methods, with types."""

from typing import TYPE_CHECKING, Any, cast

from django.db import connection
from django_tenants.utils import get_public_schema_name

if TYPE_CHECKING:
    from tenants.models import Tenant

_connection = cast(Any, connection)


def enter(tenant: "Tenant") -> None:
    _connection.set_tenant(tenant)


def enter_public() -> None:
    _connection.set_schema_to_public()


def current_tenant() -> "Tenant":
    """The firm whose schema is open. Call only where one is: behind the log-in, or in a tenant's task."""
    return cast("Tenant", _connection.tenant)


def current_schema() -> str:
    return str(_connection.schema_name)


def in_public() -> bool:
    return current_schema() == str(get_public_schema_name())
