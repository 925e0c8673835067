from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from crm.models import Customer, Edit
from crm.services import contact as contacts
from crm.services import customer as customers
from crm.services import lead as leads
from members.models import User
from tests.cast import ClientOf, FirmClient
from tests.crm.views.conftest import HTMX
from tests.factories.crm import (
    make_attachment,
    make_case,
    make_contact,
    make_customer,
    make_interaction,
    make_lead,
    make_next_step,
    make_opportunity,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("kind", "field", "typed", "held", "shown"),
    [
        ("customer", "city", "کرج", "کرج", "کرج"),
        ("customer", "phone", "۰۲۱۸۸۷۷۶۶۵۵", "+982188776655", "tel:+982188776655"),
        ("lead", "company", "فولاد کاوه", "فولاد کاوه", "فولاد کاوه"),
        ("contact", "email", "r@kaveh.example", "r@kaveh.example", "mailto:r@kaveh.example"),
    ],
)
def test_every_kind_is_edited_in_its_place(
    kind: str, field: str, typed: str, held: str, shown: str, sara: User, client_of: ClientOf
) -> None:
    makers: dict[str, Callable[[], Any]] = {"customer": make_customer, "lead": make_lead, "contact": make_contact}
    made = makers[kind]()
    client, url = client_of(sara), f"/records/{kind}/{made.pk}/cell/{field}/"
    form = client.get(url, headers=HTMX).content.decode()
    assert (f'id="fact-{kind}-{made.pk}-{field}"' in form, "data-leave" in form) == (True, True)
    response = client.post(url, {field: typed, "version": "1"}, headers=HTMX)
    assert (response.status_code, response["HX-Trigger"], shown in response.content.decode()) == (
        200,
        "record-changed",
        True,
    )
    made.refresh_from_db()
    assert (getattr(made, field), made.version, Edit.objects.get().entity) == (held, 2, kind)


def test_a_bad_value_is_422_and_kept(sara: User, client_of: ClientOf) -> None:
    customer = make_customer()
    url = f"/records/customer/{customer.pk}/cell/email/"
    for headers in ({}, HTMX):
        response = client_of(sara).post(url, {"email": "نشد", "version": "1"}, headers=headers)
        assert (response.status_code, 'value="نشد"' in response.content.decode()) == (422, True)


def test_a_cell_shows_both_values_and_keeps_what_is_chosen(sara: User, nader: User, client_of: ClientOf) -> None:
    customer = make_customer(city="تهران")
    customers.change(customer, by=nader, values={"city": "کرج"})
    client, url = client_of(sara), f"/records/customer/{customer.pk}/cell/city/"
    mine = {"city": "قم", "version": "1"}
    response = client.post(url, mine, headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 422
    assert ("کرج" in page, "قم" in page, "نادر احمدی" in page, 'name="keep.city"' in page) == (True,) * 4
    client.post(url, {**mine, "settled_at": "2", "keep.city": "theirs"}, headers=HTMX)
    customer.refresh_from_db()
    assert (customer.city, customer.version) == ("کرج", 2)
    client.post(url, {**mine, "settled_at": "2", "keep.city": "mine"}, headers=HTMX)
    customer.refresh_from_db()
    assert (customer.city, customer.version) == ("قم", 3)


def test_forms_merge_what_does_not_overlap(sara: User, nader: User, client_of: ClientOf) -> None:
    lead = make_lead("مریم", owner=sara, company="کاوه", source="نمایشگاه")
    leads.change(lead, by=nader, values={"source": "سایت"})
    typed = {"name": "مریم راد", "company": "کاوه", "source": "نمایشگاه", "owner": str(sara.pk), "version": "1"}
    response = client_of(sara).post(f"/leads/{lead.pk}/edit/", typed, follow=True)
    lead.refresh_from_db()
    assert (lead.name, lead.source) == ("مریم راد", "سایت")
    assert "راه آشنایی (نادر احمدی)" in response.content.decode()


def test_a_contacts_form_conflicts_too(sara: User, nader: User, client_of: ClientOf) -> None:
    contact = make_contact(name="رضایی")
    contacts.change(contact, by=nader, values={"title": "مدیر خرید"})
    client, url = client_of(sara), f"/contacts/{contact.pk}/edit/"
    typed = {"name": "رضایی", "title": "مدیر فنی", "version": "1"}
    assert client.post(url, typed).status_code == 422
    assert client.post(url, {**typed, "settled_at": "2", "keep.title": "theirs"}).status_code == 303
    contact.refresh_from_db()
    assert contact.title == "مدیر خرید"


def test_a_refused_deal_leaves_no_new_customer_behind(sara: User, nader: User, client_of: ClientOf) -> None:
    deal = make_opportunity("خط", owner=sara, customer=None)
    client, url = client_of(sara), f"/deals/{deal.pk}/edit/"
    from crm.services import opportunity

    opportunity.change(deal, by=nader, values={"customer": make_customer("کاوه")})
    typed = {
        "title": "خط", "customer": "new:customer", "customer_text": "تازه", "owner": str(sara.pk), "version": "1",
    }  # fmt: skip
    page = client.post(url, typed).content.decode()
    assert ("تازه" in page, "کاوه" in page, Customer.objects.count()) == (True, True, 1)
    assert client.post(url, {**typed, "settled_at": "2", "keep.customer": "mine"}).status_code == 303
    deal.refresh_from_db()
    assert deal.customer == Customer.objects.get(name="تازه")


def test_who_may_not_change_gets_no_cell(sara: User, reza: User, leila: User, client_of: ClientOf) -> None:
    customer = make_customer(owner=reza, city="تهران")
    for user in (sara, leila):
        client = client_of(user)
        assert "/cell/" not in client.get(customer.get_absolute_url()).content.decode()
        assert client.get(f"/records/customer/{customer.pk}/cell/city/").status_code == 403
        assert client.get(f"/records/customer/{customer.pk}/fact/city/").status_code == 403
        assert client.get(f"/records/customer/{customer.pk}/facts/").status_code == 200


def test_unknown_fields_and_kinds_are_404(nader: User, client_of: ClientOf) -> None:
    customer, client = make_customer(), client_of(nader)
    for url in ("cell/search/", "cell/deleted_at/", "fact/search/"):
        assert client.get(f"/records/customer/{customer.pk}/{url}").status_code == 404, url
    for url in ("/records/user/1/facts/", "/records/contact/1/timeline/", "/records/customer/999999/timeline/"):
        assert client.get(url).status_code == 404, url


def test_the_timeline_goes_on_in_parts(sara: User, client_of: ClientOf) -> None:
    customer = make_customer(owner=sara)
    for number in range(17):
        make_interaction(sara, customer=customer, sentence=f"تماس {number:02}")
    client, url = client_of(sara), f"/records/customer/{customer.pk}/timeline/"
    first = client.get(url, headers=HTMX)
    older = first.context["timeline"].older
    rest = client.get(url, {"before": older}, headers=HTMX)
    page = rest.content.decode()
    assert ("تماس 01" in page, "تماس 00" in page, "تماس 02" in page, "<nav" in page) == (True, True, False, False)
    whole = client.get(customer.get_absolute_url(), {"before": older}).content.decode()
    assert ("تماس 01" in whole, "تماس 02" in whole) == (True, False)
    assert "تماس 16" not in client.get(url, {"kind": "file"}).content.decode()


def test_a_colleagues_deal_stays_out_of_the_timeline_where_all_is_ones_own(
    acme: object, sara: User, reza: User, client_of: ClientOf, settings: object
) -> None:
    from tenants.models import Tenant

    Tenant.objects.filter(schema_name="acme").update(visibility="own")
    customer = make_customer(owner=sara)
    theirs = make_opportunity(customer=customer, owner=reza)
    make_interaction(reza, customer=customer, opportunity=theirs, sentence="قیمت محرمانه")
    make_interaction(reza, customer=customer, sentence="سلام کردیم")
    page = client_of(sara).get(f"/records/customer/{customer.pk}/timeline/").content.decode()
    assert ("قیمت محرمانه" in page, "سلام کردیم" in page) == (False, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_pages(
    rows: int, sara: User, client_of: ClientOf, queries_of: Callable[[FirmClient, str], int]
) -> None:
    customer, lead = make_customer(owner=sara), make_lead(owner=sara)
    deal = make_opportunity(owner=sara, customer=customer)
    for row in range(rows):
        for record, service in ((customer, customers), (lead, leads)):
            service.change(record, by=sara, values={"owner": (None, sara)[row % 2]})
        for of in ({"customer": customer, "opportunity": deal}, {"lead": lead}):
            make_interaction(sara, **of)
            make_next_step(sara, **of)
            make_attachment(sara, lead if "lead" in of else deal)
        make_case(customer, opportunity=deal)
        make_contact(customer)
    client = client_of(sara)
    pages = (deal, customer, lead)
    assert [queries_of(client, one.get_absolute_url()) for one in pages] == [12, 13, 11]
