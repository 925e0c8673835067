"""The files of a record, with who may take them away."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from crm import access
from crm.models import Attachment, Case, Customer
from crm.services.attachment import LINKS, Record, may_remove
from members.models import User


@dataclass(frozen=True)
class FileRow:
    """`about` is the deal or case a file came with, when the page is another record's."""

    file: Attachment
    about: Record | None
    may_remove: bool


def files_of(user: User, record: Record) -> list[FileRow]:
    """Newest first. A customer also shows those of the customer's deals and cases that the user sees."""
    found = _of(user, record).select_related("by", "opportunity", "case", "customer", "lead").order_by("-at", "-pk")
    return [_row(user, record, file) for file in found]


def record_of(file: Attachment) -> Record:
    """The record that it was put on: the nearest one."""
    found: Record | None = file.case or file.opportunity or file.lead or file.customer
    assert found
    return found


def _of(user: User, record: Record) -> QuerySet[Attachment]:
    seen = access.attachments(user)
    if not isinstance(record, Customer):
        return seen.filter(**{LINKS[type(record)]: record})
    return seen.filter(
        Q(customer=record)
        | Q(opportunity__customer=record, opportunity__deleted_at=None)
        | Q(case__customer=record, case__deleted_at=None)
    )


def _row(user: User, record: Record, file: Attachment) -> FileRow:
    about = record_of(file)
    elsewhere = about if not isinstance(about, type(record)) and not isinstance(record, Case) else None
    return FileRow(file, elsewhere, access.may_write(user) and may_remove(file, user))
