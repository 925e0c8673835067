from datetime import datetime

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Router, Status

from api import records, values
from api.auth import asking, check_writes
from api.schemas import (
    ContactChange,
    ContactOut,
    ContactPage,
    CustomerChange,
    CustomerOut,
    CustomerPage,
    NewContact,
    NewCustomer,
)
from crm import access
from crm.models import Contact, Customer, Entity, Via
from crm.services import contact as contacts
from crm.services import customer as customers

router = Router(tags=["customers"])


@router.get("/customers", response=CustomerPage, summary=gettext_noop("Customers, oldest first"))
def list_customers(
    request: HttpRequest,
    after: int = 0,
    limit: int = 50,
    updated_since: datetime | None = None,
    owner_id: int | None = None,
) -> CustomerPage:
    rows = records.changed_since(access.customers(asking(request).user), updated_since)
    if owner_id is not None:
        rows = rows.filter(owner=owner_id)
    found, following = records.page(rows, after=after, limit=limit)
    return CustomerPage(items=[shown(row) for row in found], next=following)


@router.get("/customers/{int:pk}", response=CustomerOut, summary=gettext_noop("One customer"))
def get_customer(request: HttpRequest, pk: int) -> CustomerOut:
    return shown(access.customer(asking(request).user, pk))


@router.post("/customers", response={200: CustomerOut, 201: CustomerOut}, summary=gettext_noop("A new customer"))
def create_customer(request: HttpRequest, data: NewCustomer) -> Status[CustomerOut]:
    by = check_writes(request).user
    given = values.read(Entity.CUSTOMER, data.given(), by)
    status, customer = records.once(access.customers(by), data.external_id, lambda: customers.create(by=by, **given))
    return Status(status, shown(customer))


@router.patch(
    "/customers/{int:pk}", response=CustomerOut, summary=gettext_noop("Changes what is sent, and nothing else")
)
@transaction.atomic
def change_customer(request: HttpRequest, pk: int, data: CustomerChange) -> CustomerOut:
    by = check_writes(request).user
    customer = access.customer_for_change(by, pk)
    given = values.read(Entity.CUSTOMER, data.given(), by)
    customers.change(customer, by=by, values=given, version=data.version, via=Via.API)
    return shown(customer)


@router.get("/contacts", response=ContactPage, summary=gettext_noop("Contacts, oldest first"))
def list_contacts(
    request: HttpRequest,
    after: int = 0,
    limit: int = 50,
    updated_since: datetime | None = None,
    customer_id: int | None = None,
) -> ContactPage:
    rows = records.changed_since(access.contacts(asking(request).user), updated_since)
    if customer_id is not None:
        rows = rows.filter(customer=customer_id)
    found, following = records.page(rows, after=after, limit=limit)
    return ContactPage(items=[shown_contact(row) for row in found], next=following)


@router.get("/contacts/{int:pk}", response=ContactOut, summary=gettext_noop("One contact"))
def get_contact(request: HttpRequest, pk: int) -> ContactOut:
    return shown_contact(access.contact(asking(request).user, pk))


@router.post(
    "/contacts", response={200: ContactOut, 201: ContactOut}, summary=gettext_noop("A new contact of a customer")
)
def create_contact(request: HttpRequest, data: NewContact) -> Status[ContactOut]:
    by = check_writes(request).user
    customer = access.customer_for_change(by, data.customer_id)
    given = {name: value for name, value in values.plain(data.given()).items() if name != "customer_id"}
    status, contact = records.once(
        access.contacts(by), data.external_id, lambda: contacts.create(customer=customer, **given)
    )
    return Status(status, shown_contact(contact))


@router.patch("/contacts/{int:pk}", response=ContactOut, summary=gettext_noop("Changes what is sent, and nothing else"))
@transaction.atomic
def change_contact(request: HttpRequest, pk: int, data: ContactChange) -> ContactOut:
    by = check_writes(request).user
    contact = access.contact_for_change(by, pk)
    contacts.change(contact, by=by, values=values.plain(data.given()), version=data.version, via=Via.API)
    return shown_contact(contact)


def shown(customer: Customer) -> CustomerOut:
    return CustomerOut(
        id=customer.pk,
        external_id=customer.external_id,
        version=customer.version,
        created_at=customer.created_at,
        updated_at=customer.updated_at,
        name=customer.name,
        sector=customer.sector,
        city=customer.city,
        phone=customer.phone,
        email=customer.email,
        note=customer.note,
        owner_id=customer.owner_id,
        service_owner_id=customer.service_owner_id,
        custom=values.own(customer),
    )


def shown_contact(contact: Contact) -> ContactOut:
    return ContactOut(
        id=contact.pk,
        external_id=contact.external_id,
        version=contact.version,
        created_at=contact.created_at,
        updated_at=contact.updated_at,
        customer_id=contact.customer_id,
        name=contact.name,
        title=contact.title,
        phone=contact.phone,
        email=contact.email,
        decides=contact.decides,
    )
