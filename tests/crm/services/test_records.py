"""Customers, contacts and leads: create, change, version."""

import pytest

from crm.errors import Stale
from crm.models import Customer
from crm.services import contact as contacts
from crm.services import customer as customers
from crm.services import lead as leads
from members.models import User
from tests.cast import NOW
from tests.factories.crm import make_contact, make_customer, make_lead

pytestmark = pytest.mark.django_db


def test_create_customer(sara: User) -> None:
    customer = customers.create(name="کاوه", by=sara, owner=sara, city="اصفهان")
    assert (customer.owner, customer.created_by, customer.city, customer.version) == (sara, sara, "اصفهان", 1)
    with pytest.raises(ValueError, match="colour"):
        customers.create(name="کاوه", by=sara, colour="red")


def test_change_customer_keeps_search_and_order_true(sara: User) -> None:
    customer = make_customer("کاوه")
    assert customers.change(customer, by=sara, values={"name": "البرز", "city": ""}) == ["name"]
    stored = Customer.objects.get(pk=customer.pk)
    assert (stored.search, customer.version, stored.version) == ("البرز", 2, 2)
    assert stored.sort_key == make_customer("البرز").sort_key


def test_a_stale_form_is_refused_only_when_it_differs(sara: User) -> None:
    customer = make_customer("کاوه")
    customers.change(customer, by=sara, values={"city": "تهران"}, version=1)
    with pytest.raises(Stale) as caught:
        customers.change(customer, by=sara, values={"city": "یزد"}, version=1)
    assert isinstance(caught.value.record, Customer)
    assert caught.value.record.city == "تهران"
    assert customers.change(customer, by=sara, values={"city": "تهران"}, version=1) == []
    assert customers.change(customer, by=sara, values={"city": "یزد"}, version=2) == ["city"]


def test_unknown_names_are_refused(sara: User) -> None:
    values = {"external_id": "9"}
    with pytest.raises(ValueError, match="external_id"):
        customers.change(make_customer(), by=sara, values=values)
    with pytest.raises(ValueError, match="external_id"):
        contacts.change(make_contact(), by=sara, values=values)
    with pytest.raises(ValueError, match="external_id"):
        leads.change(make_lead(), by=sara, values=values)


def test_contacts(sara: User) -> None:
    customer = make_customer()
    contact = contacts.create(customer=customer, name="خانم رضایی", decides=True)
    assert contacts.change(contact, by=sara, values={"title": "مدیر خرید", "decides": True}) == ["title"]
    assert list(customer.contacts.values_list("name", "title", "decides")) == [("خانم رضایی", "مدیر خرید", True)]


def test_create_lead(sara: User) -> None:
    lead = leads.create(name="آرمان", by=sara, owner=sara, source="وب‌سایت")
    assert (lead.status, lead.captured_at, lead.owner) == ("new", NOW, sara)
    with pytest.raises(TypeError, match="status"):
        leads.create(name="آرمان", by=sara, status="converted")
