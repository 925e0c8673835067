from collections.abc import Callable

import pytest

from crm.models import Contact, Customer
from crm.services import customer as services
from members.models import User
from tests.cast import ClientOf, FirmClient
from tests.crm.views.conftest import HTMX
from tests.factories.crm import make_contact, make_customer, make_interaction, make_next_step, make_opportunity

pytestmark = pytest.mark.django_db


def listed(client: FirmClient, query: str = "") -> list[str]:
    return [row.name for row in client.get(f"/customers/?{query}").context["list"].page.object_list]


def test_the_list_is_in_persian_order_and_searches_phones(sara: User, client_of: ClientOf) -> None:
    for name in ("گلستان", "آبان", "کاوه", "چاپ نو"):
        make_customer(name, owner=sara, phone="+982122230000" if name == "کاوه" else "")
    client = client_of(sara)
    assert listed(client) == ["آبان", "چاپ نو", "کاوه", "گلستان"]
    assert listed(client, "q=2223 0000") == ["کاوه"]
    assert listed(client, "q=02122230000") == ["کاوه"]


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_list_and_page(
    rows: int, sara: User, client_of: ClientOf, queries_of: Callable[[FirmClient, str], int]
) -> None:
    customer = make_customer(owner=sara)
    for _row in range(rows):
        make_customer(owner=sara)
        deal = make_opportunity(customer=customer, owner=sara)
        make_next_step(sara, opportunity=deal)
        make_interaction(sara, customer=customer, opportunity=deal)
        make_contact(customer)
    client = client_of(sara)
    assert queries_of(client, "/customers/?q=شرکت") == 6
    assert queries_of(client, customer.get_absolute_url()) == 10


def test_the_page_shows_deals_contacts_and_what_happened(sara: User, client_of: ClientOf) -> None:
    customer = make_customer("کاوه", owner=sara, note="خط اول\nخط دوم")
    make_opportunity("خط بسته‌بندی", customer=customer)
    make_contact(customer, "خانم رضایی", decides=True, phone="+989121234567")
    make_interaction(sara, customer=customer, sentence="قیمت خواستند")
    page = client_of(sara).get(customer.get_absolute_url()).content.decode()
    for text in ("خط بسته‌بندی", "خانم رضایی", "تصمیم می‌گیرد", "قیمت خواستند", "خط اول<br>خط دوم", "۰۹۱۲ ۱۲۳ ۴۵۶۷"):
        assert text in page, text


def test_new(sara: User, client_of: ClientOf) -> None:
    posted = {"name": "  كاوه ", "phone": "۰۲۱ ۲۲۲۳ ۰۰۰۰", "email": "A@Kaveh.example", "owner": str(sara.pk)}
    response = client_of(sara).post("/customers/new/", posted)
    made = Customer.objects.get()
    assert (response.status_code, response["Location"]) == (303, made.get_absolute_url())
    assert (made.name, made.phone, made.email, made.owner) == ("کاوه", "+982122230000", "a@kaveh.example", sara)


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("phone", "abc"), ("email", "a@"), ("owner", "999999")])
def test_wrong_fields_are_422(field: str, value: str, sara: User, client_of: ClientOf) -> None:
    response = client_of(sara).post("/customers/new/", {"name": "کاوه", "city": "یزد", field: value})
    assert response.status_code == 422
    assert 'value="یزد"' in response.content.decode()
    assert not Customer.objects.exists()


def test_a_likely_duplicate_is_shown_first(sara: User, client_of: ClientOf) -> None:
    known = make_customer("ایران‌خودرو")
    client = client_of(sara)
    response = client.post("/customers/new/", {"name": "ايران خودرو"}, headers=HTMX)
    assert response.status_code == 422
    assert known.get_absolute_url() in response.content.decode()
    assert client.post("/customers/new/", {"name": "ايران خودرو", "anyway": "1"}).status_code == 303
    assert Customer.objects.count() == 2


def test_edit_and_conflict(sara: User, client_of: ClientOf) -> None:
    customer = make_customer("کاوه", owner=sara)
    client, url = client_of(sara), f"/customers/{customer.pk}/edit/"
    posted = {"name": "کاوه", "city": "یزد", "owner": str(sara.pk), "version": "1"}
    assert client.post(url, posted)["Location"] == customer.get_absolute_url()
    services.change(customer, by=sara, values={"city": "تبریز"})
    stale = client.post(url, {**posted, "city": "قم", "version": "2"})
    page = stale.content.decode()
    assert (stale.status_code, 'value="قم"' in page, "تبریز" in page, 'value="3"' in page) == (422, True, True, True)
    assert client.post(url, {**posted, "city": "قم", "version": "3"}).status_code == 303
    customer.refresh_from_db()
    assert customer.city == "قم"


def test_contacts(sara: User, client_of: ClientOf) -> None:
    customer = make_customer(owner=sara)
    client = client_of(sara)
    assert client.post(f"/customers/{customer.pk}/contacts/new/", {"name": ""}).status_code == 422
    posted = {"name": "خانم رضایی", "title": "مدیر خرید", "decides": "on"}
    response = client.post(f"/customers/{customer.pk}/contacts/new/", posted)
    contact = Contact.objects.get()
    assert (response["Location"], contact.decides) == (customer.get_absolute_url(), True)
    posted = {"name": "خانم رضایی", "title": "مدیر کارخانه", "version": "1"}
    assert client.post(f"/contacts/{contact.pk}/edit/", posted).status_code == 303
    contact.refresh_from_db()
    assert (contact.title, contact.decides) == ("مدیر کارخانه", False)


def test_rights(sara: User, reza: User, leila: User, client_of: ClientOf) -> None:
    customer = make_customer(owner=reza)
    contact = make_contact(customer)
    for user in (sara, leila):
        client = client_of(user)
        assert client.get(customer.get_absolute_url()).status_code == 200
        assert client.get(f"/customers/{customer.pk}/edit/").status_code == 403
        assert client.post(f"/customers/{customer.pk}/contacts/new/", {"name": "x"}).status_code == 403
        assert client.post(f"/contacts/{contact.pk}/edit/", {"name": "x"}).status_code == 403
    client = client_of(reza)
    for url in ("/customers/999999/", "/customers/999999/edit/", "/contacts/999999/edit/"):
        assert client.get(url).status_code == 404
    assert client.post("/customers/").status_code == 405
