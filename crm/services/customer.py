from collections.abc import Mapping
from typing import Any

from django.db import transaction

from crm.models import Batch, Customer, Via
from crm.services.records import put_all, refuse_unknown, write
from members.models import User

FIELDS = ("name", "sector", "city", "phone", "email", "note", "owner", "service_owner")


def create(*, name: str, by: User, owner: User | None = None, **values: Any) -> Customer:
    """Writes a customer down. `values` may be any other of FIELDS or own fields; anything else is a ValueError."""
    refuse_unknown(values, FIELDS)
    customer = Customer(name=name, owner=owner, created_by=by)
    put_all(customer, values)
    customer.save()
    return customer


@transaction.atomic
def change(
    customer: Customer,
    *,
    by: User,
    values: Mapping[str, Any],
    version: int | None = None,
    via: Via = Via.FORM,
    batch: Batch | None = None,
) -> list[str]:
    """Sets any of FIELDS and own fields, leaving an `Edit`; returns the names of those that changed.

    Raises ValueError for other names, and Stale if the record has left `version` and differs.
    """
    return write(customer, values, allowed=FIELDS, by=by, version=version, via=via, batch=batch)
