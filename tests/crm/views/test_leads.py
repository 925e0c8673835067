from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from crm.models import Customer, Lead, Opportunity
from crm.services import lead as services
from members.models import User
from tests.cast import NOW, ClientOf, FirmClient
from tests.crm.views.conftest import HTMX
from tests.factories.crm import make_customer, make_interaction, make_lead, make_next_step, make_stages

pytestmark = pytest.mark.django_db


def listed(client: FirmClient, query: str = "") -> list[str]:
    return [row.name for row in client.get(f"/leads/?{query}").context["list"].page.object_list]


def test_the_list_shows_live_ones_newest_first(sara: User, client_of: ClientOf) -> None:
    make_lead("کهنه", owner=sara, captured_at=NOW - timedelta(days=2), company="شرکت کاوه")
    make_lead("تازه", owner=sara)
    make_lead("رهاشده", owner=sara, status="dropped")
    make_lead("بی‌مالک", status="contacted")
    client = client_of(sara)
    assert listed(client) == ["تازه", "کهنه"]
    assert listed(client, "status=dropped") == ["رهاشده"]
    assert listed(client, "owner=none") == ["بی‌مالک"]
    assert listed(client, "owner=all&status=contacted") == ["بی‌مالک"]
    assert listed(client, "q=كاوه") == ["کهنه"]


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_list_and_page(
    rows: int, sara: User, client_of: ClientOf, queries_of: Callable[[FirmClient, str], int]
) -> None:
    lead = make_lead(owner=sara)
    for _row in range(rows):
        make_next_step(sara, lead=make_lead(owner=sara))
        make_next_step(sara, lead=lead)
        make_interaction(sara, lead=lead)
    client = client_of(sara)
    assert queries_of(client, "/leads/") == 6
    assert queries_of(client, lead.get_absolute_url()) == 8


def test_new_edit_and_conflict(sara: User, client_of: ClientOf) -> None:
    client = client_of(sara)
    assert client.post("/leads/new/", {"name": "", "company": "کاوه"}).status_code == 422
    response = client.post("/leads/new/", {"name": "خانم آرمان", "company": "کاوه", "owner": str(sara.pk)})
    lead = Lead.objects.get()
    assert (response["Location"], lead.status, lead.captured_at) == (lead.get_absolute_url(), "new", NOW)
    url, posted = f"/leads/{lead.pk}/edit/", {"name": "خانم آرمان", "source": "نمایشگاه", "owner": str(sara.pk)}
    assert client.post(url, {**posted, "version": "1"}).status_code == 303
    stale = client.post(url, {**posted, "source": "معرفی", "version": "1"}, headers=HTMX)
    assert (stale.status_code, "نمایشگاه" in stale.content.decode()) == (422, True)


def test_convert_retypes_nothing_and_offers_the_known_customer(sara: User, client_of: ClientOf) -> None:
    make_stages()
    known = make_customer("شرکت کاوه", phone="+982122230000")
    lead = make_lead("خانم رضایی", company="کاوهٔ نو", phone="+982122230000", owner=sara)
    client, url = client_of(sara), f"/leads/{lead.pk}/convert/"
    page = client.get(url).content.decode()
    assert ("شرکت کاوه" in page, "کاوهٔ نو" in page, "checked" in page) == (True, True, True)
    assert client.post(url, {"title": "", "customer": known.pk}).status_code == 422
    response = client.post(url, {"title": "خط", "customer": known.pk, "amount": "۵ میلیون"}, headers=HTMX)
    deal = Opportunity.objects.get()
    assert response["HX-Redirect"] == deal.get_absolute_url()
    assert (deal.customer, deal.amount, deal.owner) == (known, Decimal(50_000_000), sara)
    assert list(known.contacts.values_list("name", flat=True)) == ["خانم رضایی"]
    assert "این سرنخ حالا فرصت است" in client.get(lead.get_absolute_url()).content.decode()


def test_convert_into_a_new_customer_although_one_is_known(sara: User, client_of: ClientOf) -> None:
    make_stages()
    make_customer("کاوه")
    lead = make_lead("خانم رضایی", company="کاوه", owner=sara)
    assert client_of(sara).post(f"/leads/{lead.pk}/convert/", {"title": "خط", "customer": ""}).status_code == 303
    assert Customer.objects.filter(name="کاوه").count() == 2


def test_only_offered_customers_can_be_chosen(sara: User, client_of: ClientOf) -> None:
    make_stages()
    make_customer("کاوه")
    stranger = make_customer("البرز")
    lead = make_lead("خانم رضایی", company="کاوه", owner=sara)
    posted = {"title": "خط", "customer": stranger.pk}
    assert client_of(sara).post(f"/leads/{lead.pk}/convert/", posted).status_code == 422


def test_drop(sara: User, client_of: ClientOf) -> None:
    lead = make_lead(owner=sara)
    client, url = client_of(sara), f"/leads/{lead.pk}/drop/"
    assert 'id="dialog-title"' in client.get(url, headers=HTMX).content.decode()
    assert "<html" in client.get(url).content.decode()
    assert client.post(url, {"because": "بودجه ندارد"})["Location"] == lead.get_absolute_url()
    lead.refresh_from_db()
    assert (lead.status, lead.dropped_because) == ("dropped", "بودجه ندارد")
    page = client.get(lead.get_absolute_url()).content.decode()
    assert ("/convert/" in page, "بودجه ندارد" in page) == (False, True)


def test_somebody_was_faster(sara: User, client_of: ClientOf) -> None:
    make_stages()
    lead = make_lead(owner=sara)
    services.drop(lead, because="")
    client = client_of(sara)
    for url, posted in ((f"/leads/{lead.pk}/convert/", {"title": "خط"}), (f"/leads/{lead.pk}/drop/", {})):
        response = client.post(url, posted, follow=True)
        assert response.redirect_chain == [(lead.get_absolute_url(), 303)]
        assert "toast warning" in response.content.decode()
    assert not Opportunity.objects.exists()


def test_rights(sara: User, reza: User, leila: User, client_of: ClientOf) -> None:
    lead = make_lead(owner=reza)
    for user in (sara, leila):
        client = client_of(user)
        assert client.get(lead.get_absolute_url()).status_code == 200
        for action in ("edit", "convert", "drop"):
            assert client.get(f"/leads/{lead.pk}/{action}/").status_code == 403
    assert client_of(reza).get("/leads/999999/convert/").status_code == 404
    assert client_of(reza).post("/leads/").status_code == 405
