"""The five kinds of records by their name in addresses, in `Edit.entity` and in `access.records`."""

from typing import Final

from crm.models import Case, Contact, Customer, Lead, Opportunity, RecordKind

Record = Customer | Contact | Lead | Opportunity | Case

MODELS: Final[dict[RecordKind, type[Record]]] = {
    RecordKind.CUSTOMER: Customer,
    RecordKind.OPPORTUNITY: Opportunity,
    RecordKind.LEAD: Lead,
    RecordKind.CONTACT: Contact,
    RecordKind.CASE: Case,
}
# How the stylesheet calls their signs.
ICONS: Final[dict[RecordKind, str]] = {
    RecordKind.CUSTOMER: "customers",
    RecordKind.OPPORTUNITY: "deals",
    RecordKind.LEAD: "leads",
    RecordKind.CONTACT: "contact",
    RecordKind.CASE: "inbox",
}
LISTS: Final[dict[RecordKind, str]] = {
    RecordKind.CUSTOMER: "crm:customers",
    RecordKind.OPPORTUNITY: "crm:deals",
    RecordKind.LEAD: "crm:leads",
    RecordKind.CONTACT: "crm:customers",
    RecordKind.CASE: "crm:cases",
}


def kind_of(record: Record) -> RecordKind:
    return next(kind for kind, model in MODELS.items() if isinstance(record, model))
