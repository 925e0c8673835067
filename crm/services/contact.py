from collections.abc import Mapping
from typing import Any

from django.db import transaction

from crm.models import Contact, Customer
from crm.services.records import write

FIELDS = ("name", "title", "phone", "email", "decides")


def create(
    *, customer: Customer, name: str, title: str = "", phone: str = "", email: str = "", decides: bool = False
) -> Contact:
    return Contact.objects.create(customer=customer, name=name, title=title, phone=phone, email=email, decides=decides)


@transaction.atomic
def change(contact: Contact, *, values: Mapping[str, Any], version: int | None = None) -> list[str]:
    """Sets any of FIELDS; returns the names of those that changed.

    Raises ValueError for other names, and Stale if the record has left `version` and differs.
    """
    return write(contact, values, allowed=FIELDS, version=version)
