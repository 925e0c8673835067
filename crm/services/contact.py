from collections.abc import Mapping
from typing import Any

from django.db import transaction

from crm.models import Batch, Contact, Customer, Via
from crm.services.records import write
from members.models import User

FIELDS = ("name", "title", "phone", "email", "decides")


def create(
    *, customer: Customer, name: str, title: str = "", phone: str = "", email: str = "", decides: bool = False
) -> Contact:
    return Contact.objects.create(customer=customer, name=name, title=title, phone=phone, email=email, decides=decides)


@transaction.atomic
def change(
    contact: Contact,
    *,
    by: User,
    values: Mapping[str, Any],
    version: int | None = None,
    via: Via = Via.FORM,
    batch: Batch | None = None,
) -> list[str]:
    """Sets any of FIELDS, leaving an `Edit`; returns the names of those that changed.

    Raises ValueError for other names, and Stale if the record has left `version` and differs.
    """
    return write(contact, values, allowed=FIELDS, by=by, version=version, via=via, batch=batch)
