"""One value of a record as a small form in its place: the field of the whole form, alone."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404

from crm.fields.catalog import CUSTOM
from crm.forms.base import RecordForm
from crm.forms.records import ContactForm, CustomerForm, DealForm, LeadForm
from crm.kinds import Record, kind_of
from crm.models import RecordKind
from members.models import User

FORMS: Mapping[RecordKind, type[RecordForm[Any]]] = {
    RecordKind.CUSTOMER: CustomerForm,
    RecordKind.CONTACT: ContactForm,
    RecordKind.LEAD: LeadForm,
    RecordKind.OPPORTUNITY: DealForm,
}


def cell_form(record: Record, name: str, data: Any, *, user: User) -> RecordForm[Any]:
    """404 for a field that is not edited by hand."""
    kind = kind_of(record)
    form = FORMS[kind](data, user=user, record=record) if kind in FORMS else None
    if form is None or name not in form.names or name not in form.fields:
        raise Http404
    form.names = (name,)
    form.fields = {one: field for one, field in form.fields.items() if one in (name, "version")}
    return form


def is_editable(kind: RecordKind, name: str) -> bool:
    return kind in FORMS and (name.startswith(CUSTOM) or name in FORMS[kind].names)
