from collections.abc import Callable
from datetime import date, timedelta

import pytest

from crm.models import Customer, Lead, Opportunity, RecordKind
from crm.services import bin as bins
from members.models import User
from tenants import clock
from tests.cast import NOW, ClientOf, FirmClient
from tests.crm.views.conftest import HTMX
from tests.factories.crm import make_contact, make_customer, make_lead, make_opportunity

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def thrown(kind: RecordKind, pk: int, by: User) -> None:
    bins.throw_away(kind, [pk], by=by, today=TODAY)


def test_a_rep_throws_a_deal_of_his_own_away_and_brings_it_back(sara: User, client_of: ClientOf) -> None:
    deal = make_opportunity("خط", owner=sara)
    client, url = client_of(sara), f"/records/opportunity/{deal.pk}/bin/"
    asked = client.get(url, headers=HTMX).content.decode()
    assert ("<html" in asked, 'id="dialog-title"' in asked, "خط" in asked) == (False, True, True)
    response = client.post(url)
    assert (response.status_code, response["Location"]) == (303, "/deals/")
    there = client.get(deal.get_absolute_url())
    assert (there.status_code, f"/records/opportunity/{deal.pk}/restore/" in there.content.decode()) == (404, True)
    page = client.get("/bin/").content.decode()
    assert ("خط" in page, "۳۰ روز مانده" in page, "سارا کریمی" in page) == (True, True, True)
    response = client.post(f"/records/opportunity/{deal.pk}/restore/")
    assert response["Location"] == deal.get_absolute_url()
    assert client.get(deal.get_absolute_url()).status_code == 200


def test_the_question_names_what_goes_along(nader: User, sara: User, client_of: ClientOf) -> None:
    kaveh = make_customer("کاوه")
    make_opportunity(customer=kaveh, owner=sara)
    make_opportunity(customer=kaveh)
    make_contact(kaveh)
    page = client_of(nader).get(f"/records/customer/{kaveh.pk}/bin/").content.decode()
    assert "۲ فرصت · ۱ فرد مرتبط" in page


def test_a_rep_does_not_throw_away_what_is_a_colleagues(sara: User, reza: User, client_of: ClientOf) -> None:
    kaveh = make_customer("کاوه", owner=sara)
    make_opportunity(customer=kaveh, owner=reza)
    deal = make_opportunity(owner=reza)
    client = client_of(sara)
    assert client.post(f"/records/opportunity/{deal.pk}/bin/").status_code == 403
    response = client.post(f"/records/customer/{kaveh.pk}/bin/", headers=HTMX)
    assert (response.status_code, "۱ رکورد همکارتان" in response.content.decode()) == (422, True)
    assert (Customer.objects.count(), Opportunity.objects.count()) == (2, 2)


def test_an_executive_reads_the_bin_only(leila: User, sara: User, client_of: ClientOf) -> None:
    lead = make_lead("مریم", owner=sara)
    thrown(RecordKind.LEAD, lead.pk, sara)
    client = client_of(leila)
    page = client.get("/bin/").content.decode()
    assert ("مریم" in page, "/restore/" in page) == (True, False)
    assert client.post(f"/records/lead/{lead.pk}/restore/").status_code == 403


def test_a_colleagues_record_is_not_brought_back_by_a_rep(sara: User, reza: User, client_of: ClientOf) -> None:
    lead = make_lead(owner=reza)
    thrown(RecordKind.LEAD, lead.pk, reza)
    client = client_of(sara)
    assert "/restore/" not in client.get("/bin/").content.decode()
    assert client.post(f"/records/lead/{lead.pk}/restore/").status_code == 403


def test_what_went_along_stands_under_its_customer_only(nader: User, client_of: ClientOf) -> None:
    kaveh = make_customer("کاوه")
    make_opportunity("خط", customer=kaveh)
    thrown(RecordKind.CUSTOMER, kaveh.pk, nader)
    screen = client_of(nader).get("/bin/").context["screen"]
    assert [(tab.kind.value, tab.count) for tab in screen.tabs] == [("customer", 1)]
    assert [(str(row.record), row.along) for row in screen.rows] == [("کاوه", "۱ فرصت")]


def test_after_thirty_days_it_is_not_offered(nader: User, client_of: ClientOf) -> None:
    thrown(RecordKind.LEAD, make_lead().pk, nader)
    client = client_of(nader)
    with clock.stopped_at(NOW + timedelta(days=29)):
        assert [row.days_left for row in client.get("/bin/").context["screen"].rows] == [1]
    with clock.stopped_at(NOW + timedelta(days=30)):
        assert client.get("/bin/").context["screen"].rows == []


def test_an_id_given_again_is_said_kindly(nader: User, client_of: ClientOf) -> None:
    lead = make_lead("مریم", external_id="A-7")
    thrown(RecordKind.LEAD, lead.pk, nader)
    make_lead(external_id="A-7")
    response = client_of(nader).post(f"/records/lead/{lead.pk}/restore/", follow=True)
    assert "شناسهٔ بیرونی" in response.content.decode()
    assert Lead.objects.count() == 1


def test_unknown_kinds_and_records_are_404(nader: User, client_of: ClientOf) -> None:
    client = client_of(nader)
    lead = make_lead()
    for url in ("/records/user/1/bin/", "/records/lead/999999/bin/", f"/records/lead/{lead.pk}/restore/"):
        assert client.post(url).status_code == 404, url


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(rows: int, nader: User, client_of: ClientOf, queries_of: Callable[[FirmClient, str], int]) -> None:
    for _row in range(rows):
        customer = make_customer()
        make_opportunity(customer=customer)
        thrown(RecordKind.CUSTOMER, customer.pk, nader)
    assert queries_of(client_of(nader), "/bin/") == 12
