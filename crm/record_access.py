"""Who may see and change a record whose kind stands in the address (see `crm.access`)."""

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from crm import access
from crm.kinds import Record
from crm.models import Contact, RecordKind
from members.models import User

_NEEDED: Final[dict[RecordKind, tuple[str, ...]]] = {
    RecordKind.CUSTOMER: ("owner", "service_owner"),
    RecordKind.OPPORTUNITY: ("owner", "customer", "stage"),
    RecordKind.LEAD: ("owner", "customer", "opportunity"),
    RecordKind.CONTACT: ("customer__owner",),
    RecordKind.CASE: ("owner", "customer"),
}


def known(word: str) -> RecordKind:
    """The kind that an address names; 404 for another word."""
    if word not in RecordKind.values:
        raise Http404
    return RecordKind(word)


def seen(user: User, word: str, pk: int, *, binned: bool = False) -> Any:
    """A record that the user sees, live or (with `binned`) in the bin; else 404."""
    kind = known(word)
    rows = access.binned(user, kind) if binned else access.records(user, kind)
    return get_object_or_404(rows.select_related(*_NEEDED[kind]), pk=pk)


def for_change(user: User, word: str, pk: int, *, binned: bool = False) -> Any:
    record = seen(user, word, pk, binned=binned)
    if not may_change(user, record):
        raise PermissionDenied
    return record


def may_change(user: User, record: Record) -> bool:
    """A contact is changed by whoever may change its customer."""
    return access.may_change(user, record.customer if isinstance(record, Contact) else record)
