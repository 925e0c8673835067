from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.http import urlencode

from crm.models import Change, Customer, Opportunity
from crm.services import opportunity as services
from members.models import User
from tenants import clock
from tests.cast import ClientOf, FirmClient
from tests.crm.views.conftest import HTMX
from tests.factories.crm import (
    a_stage,
    install_playbook,
    make_contact,
    make_customer,
    make_interaction,
    make_next_step,
    make_opportunity,
    make_stages,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def listed(client: FirmClient, **asked: str) -> list[str]:
    response = client.get(f"/deals/?{urlencode(asked)}")
    return [deal.title for deal in response.context["list"].page.object_list]


def test_the_list_filters_by_owner_and_state(sara: User, reza: User, nader: User, client_of: ClientOf) -> None:
    make_opportunity("مال من", owner=sara)
    make_opportunity("مال رضا", owner=reza)
    make_opportunity("بی‌مالک")
    make_opportunity("برده", owner=sara, stage=a_stage("won"))
    rep, manager = client_of(sara), client_of(nader)
    assert listed(rep) == ["مال من"]
    assert listed(manager) == ["بی‌مالک", "مال رضا", "مال من"]
    assert listed(rep, owner="none") == ["بی‌مالک"]
    assert listed(rep, owner="mine", state="won") == ["برده"]
    assert len(listed(rep, owner="all", state="all")) == 4
    assert listed(rep, owner="nonsense", state="nonsense", page="99") == ["مال من"]


def test_search_finds_titles_and_customers_however_spelt(sara: User, client_of: ClientOf) -> None:
    make_opportunity("خط بسته‌بندی", customer=make_customer("پتروشیمی کاوه"), owner=sara)
    make_opportunity("دستگاه", customer=None, owner=sara)
    client = client_of(sara)
    for query in ("بسته بندي", "كاوه", "کاوه خط", ";h,i", "بندی پتروشیمی"):
        assert listed(client, q=query) == ["خط بسته‌بندی"], query
    for query in ("کاوه دستگاه", "!!!", "ناموجود"):
        assert listed(client, q=query) == [], query


def test_orders(sara: User, client_of: ClientOf) -> None:
    make_opportunity("ب", owner=sara, amount=Decimal(5), expected_close=TODAY)
    make_opportunity("آ", owner=sara, amount=None, expected_close=None)
    make_opportunity("پ", owner=sara, amount=Decimal(9), expected_close=TODAY - timedelta(1))
    client = client_of(sara)
    assert listed(client, sort="title") == ["آ", "ب", "پ"]
    assert listed(client, sort="amount") == ["پ", "ب", "آ"]
    assert listed(client, sort="close") == ["پ", "ب", "آ"]


def test_rows_tell_what_is_late_and_quiet(sara: User, client_of: ClientOf) -> None:
    deal = make_opportunity(
        "خط", owner=sara, expected_close=TODAY - timedelta(10), last_interaction_on=TODAY - timedelta(22)
    )
    make_next_step(sara, opportunity=deal, due_in=-1, what="زنگ")
    page = client_of(sara).get("/deals/").content.decode()
    assert ("۱۰ روز دیر" in page, "۱ روز دیر" in page, '<span class="tag bad">۲۲ روز</span>' in page) == (True,) * 3


def test_pages_of_25(sara: User, client_of: ClientOf) -> None:
    for number in range(27):
        make_opportunity(f"{number:02}", owner=sara, customer=None)
    client = client_of(sara)
    assert len(listed(client)) == 25
    following = client.get("/deals/" + client.get("/deals/").context["list"].next_url)
    assert [deal.title for deal in following.context["list"].page.object_list] == ["01", "00"]


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_list_and_page(
    rows: int, sara: User, client_of: ClientOf, queries_of: Callable[[FirmClient, str], int]
) -> None:
    deal = make_opportunity(owner=sara)
    for _row in range(rows):
        make_opportunity(owner=sara)
        make_next_step(sara, opportunity=deal)
        make_interaction(sara, opportunity=deal, customer=deal.customer)
        make_contact(deal.customer)
        services.change(deal, by=sara, values={"amount": (deal.amount or 0) + 1})
    client = client_of(sara)
    assert queries_of(client, "/deals/") == 6
    assert queries_of(client, "/deals/?q=فرصت&owner=all&sort=amount") == 8
    # One of them looks whether a deal of today came of a lead and can go back.
    assert queries_of(client, deal.get_absolute_url()) == 11
    Opportunity.objects.update(created_at=clock.now() - timedelta(days=1))
    assert queries_of(client, deal.get_absolute_url()) == 10


def test_the_page_shows_stage_facts_steps_and_timeline(sara: User, client_of: ClientOf) -> None:
    make_stages()
    deal = services.create(title="خط", by=sara, today=TODAY, owner=sara, amount=Decimal(12_500_000))
    services.change(deal, by=sara, values={"expected_close": TODAY - timedelta(1), "amount": Decimal(20_000_000)})
    make_next_step(sara, opportunity=deal, what="زنگ")
    make_interaction(sara, opportunity=deal, sentence="قیمت خواستند")
    page = client_of(sara).get(deal.get_absolute_url()).content.decode()
    for text in ("۲٬۰۰۰٬۰۰۰ تومان", "۲۹ آبان ۱۴۰۵", "دیروز", "زنگ", "قیمت خواستند", "۱٬۲۵۰٬۰۰۰ تومان"):
        assert text in page, text


def test_a_colleagues_deal_is_read_only(sara: User, reza: User, leila: User, client_of: ClientOf) -> None:
    deal = make_opportunity(owner=reza)
    for user in (sara, leila):
        client = client_of(user)
        page = client.get(deal.get_absolute_url()).content.decode()
        assert ("/edit/" in page, "/move/" in page, "/cell/" in page) == (False, False, False)
        assert client.get(f"/deals/{deal.pk}/edit/").status_code == 403
        assert client.post(f"/records/opportunity/{deal.pk}/cell/amount/", {"amount": "1"}).status_code == 403
        assert client.post(f"/deals/{deal.pk}/move/", {"stage": deal.stage_id}).status_code == 403
    assert client_of(leila).get("/deals/new/").status_code == 403


def test_what_is_not_there_is_404(nader: User, client_of: ClientOf) -> None:
    deal, client = make_opportunity(), client_of(nader)
    for url in (
        "/deals/999999/",
        "/deals/999999/edit/",
        f"/records/opportunity/{deal.pk}/cell/stage/",
        "/records/opportunity/999999/timeline/",
    ):
        assert client.get(url).status_code == 404, url
    assert client.post(f"/deals/{deal.pk}/move/", {"stage": "999999"}).status_code == 404
    assert client.post(f"/deals/{deal.pk}/move/", {"stage": "x"}).status_code == 404
    assert client.get(f"/deals/{deal.pk}/move/").status_code == 405
    assert client.post(deal.get_absolute_url()).status_code == 405


def test_a_new_deal_with_a_new_customer(sara: User, client_of: ClientOf) -> None:
    second = make_stages()[1]
    posted = {
        "title": "خط", "customer_text": "کاوه", "customer": "new:customer", "amount": "۱۲ میلیون",
        "expected_close": "۱۲ آذر", "owner": str(sara.pk), "stage": str(second.pk),
    }  # fmt: skip
    response = client_of(sara).post("/deals/new/", posted)
    deal = Opportunity.objects.get()
    assert (response.status_code, response["Location"]) == (303, deal.get_absolute_url())
    assert (deal.amount, deal.expected_close, deal.stage) == (Decimal(120_000_000), date(2026, 12, 3), second)
    assert deal.customer == Customer.objects.get(name="کاوه", owner=sara)


def test_a_bad_new_deal_is_422_and_keeps_what_was_typed(sara: User, client_of: ClientOf) -> None:
    make_stages()
    posted = {"title": "", "customer_text": "کاوه", "customer": "", "amount": "خیلی", "stage": str(a_stage().pk)}
    response = client_of(sara).post("/deals/new/", posted, headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 422
    assert ('value="کاوه"' in page, 'value="خیلی"' in page, "new:customer" in page) == (True, True, True)
    assert not Opportunity.objects.exists()


def test_the_form_opens_for_a_customer(sara: User, client_of: ClientOf) -> None:
    make_stages()
    customer = make_customer("کاوه")
    page = client_of(sara).get(f"/deals/new/?customer={customer.pk}").content.decode()
    assert f'name="customer" value="customer:{customer.pk}"' in page
    assert client_of(sara).get("/deals/new/?customer=999999").status_code == 404


def edited(deal: Opportunity, **more: str) -> dict[str, str]:
    return {"title": deal.title, "customer_text": "", "amount": "", "version": str(deal.version), **more}


def test_edit(sara: User, client_of: ClientOf) -> None:
    deal = make_opportunity("خط", owner=sara)
    posted = edited(deal, title="خط ۲", customer=f"customer:{deal.customer_id}", owner=str(sara.pk), amount="5")
    response = client_of(sara).post(f"/deals/{deal.pk}/edit/", posted, headers=HTMX)
    assert response["HX-Redirect"] == deal.get_absolute_url()
    deal.refresh_from_db()
    assert (deal.title, deal.amount, deal.owner, deal.customer_id is None) == ("خط ۲", Decimal(50), sara, False)


def test_two_people_at_once_see_both_values_and_lose_nothing(sara: User, nader: User, client_of: ClientOf) -> None:
    deal = make_opportunity("خط", owner=sara, customer=None)
    stale = edited(deal, title="خط من", owner=str(sara.pk), amount="5")
    services.change(deal, by=nader, values={"amount": Decimal(990)})
    client = client_of(sara)
    response = client.post(f"/deals/{deal.pk}/edit/", stale)
    page = response.content.decode()
    assert response.status_code == 422
    assert ('value="خط من"' in page, "۹۹ تومان" in page, "۵ تومان" in page) == (True, True, True)
    assert ('name="keep.amount"' in page, 'name="keep.title"' in page, "نادر احمدی" in page) == (True, False, True)
    deal.refresh_from_db()
    assert (deal.title, deal.amount) == ("خط", Decimal(990))
    chosen = {**stale, "settled_at": "2", "keep.amount": "mine"}
    assert client.post(f"/deals/{deal.pk}/edit/", chosen).status_code == 303
    deal.refresh_from_db()
    assert (deal.title, deal.amount) == ("خط من", Decimal(50))


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("amount", "۱۲ میلیون", "۱۲٬۰۰۰٬۰۰۰ تومان"),
        ("expected_close", "فردا", "۱ آذر ۱۴۰۵"),
        ("owner", "", "افزودن"),
    ],
)
def test_a_fact_is_edited_in_its_place(field: str, value: str, shown: str, sara: User, client_of: ClientOf) -> None:
    deal = make_opportunity(owner=sara)
    client, url = client_of(sara), f"/records/opportunity/{deal.pk}/cell/{field}/"
    form = client.get(url, headers=HTMX).content.decode()
    assert (f'id="fact-opportunity-{deal.pk}-{field}"' in form, "autofocus" in form, "<html" in form) == (
        True,
        True,
        False,
    )
    response = client.post(url, {field: value, "version": "1"}, headers=HTMX)
    page = response.content.decode()
    assert (response.status_code, response["HX-Trigger"]) == (200, "record-changed")
    assert (shown in page, " autofocus" in page) == (True, True)
    assert Change.objects.filter(opportunity=deal, field=field).count() == 1


def test_a_fact_without_htmx_is_a_page_of_its_own(sara: User, client_of: ClientOf) -> None:
    deal = make_opportunity(owner=sara)
    client, url = client_of(sara), f"/records/opportunity/{deal.pk}/cell/amount/"
    page = client.get(url).content.decode()
    assert ("<html" in page, 'name="amount"' in page, 'name="title"' in page) == (True, True, False)
    assert client.post(url, {"amount": "7", "version": "1"})["Location"] == deal.get_absolute_url()
    assert client.post(url, {"amount": "x", "version": "2"}, headers=HTMX).status_code == 422
    assert client.post(url, {"amount": "9", "version": "1"}, headers=HTMX).status_code == 422
    assert "۷ تومان" in client.get(f"/records/opportunity/{deal.pk}/fact/amount/", headers=HTMX).content.decode()


def test_the_title_in_its_place_redraws_the_page(sara: User, client_of: ClientOf) -> None:
    deal = make_opportunity("خط", owner=sara)
    posted = {"title": "خط ۲", "version": "1"}
    response = client_of(sara).post(f"/records/opportunity/{deal.pk}/cell/title/", posted, headers=HTMX)
    assert response["HX-Redirect"] == deal.get_absolute_url()


def test_move(sara: User, client_of: ClientOf) -> None:
    stages = make_stages()
    deal = make_opportunity(owner=sara)
    response = client_of(sara).post(f"/deals/{deal.pk}/move/", {"stage": stages[1].pk, "back": "/deals/"})
    assert (response.status_code, response["Location"]) == (303, "/deals/")
    deal.refresh_from_db()
    assert deal.stage == stages[1]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_guarded_move_asks_exactly_what_is_missing_and_completes(
    headers: dict[str, str], sara: User, client_of: ClientOf
) -> None:
    negotiation = install_playbook()[3]
    deal = make_opportunity(owner=sara, amount=Decimal(5))
    client, url = client_of(sara), f"/deals/{deal.pk}/move/"
    asked = client.post(url, {"stage": negotiation.pk}, headers=headers)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert ('name="expected_close"' in page, 'name="amount"' in page) == (True, False)
    assert ("<html" in page, 'id="dialog-title"' in page) == (not headers, bool(headers))
    bad = client.post(url, {"stage": negotiation.pk, "asked": "1", "expected_close": "هرگز"}, headers=headers)
    assert bad.status_code == 422
    assert 'value="هرگز"' in bad.content.decode()
    client.post(url, {"stage": negotiation.pk, "asked": "1", "expected_close": "فردا"}, headers=headers)
    deal.refresh_from_db()
    assert (deal.stage, deal.expected_close) == (negotiation, date(2026, 11, 22))


def test_losing_asks_why(sara: User, client_of: ClientOf) -> None:
    lost = make_stages()[5]
    deal = make_opportunity(owner=sara)
    client, url = client_of(sara), f"/deals/{deal.pk}/move/"
    assert 'name="lost_reason"' in client.post(url, {"stage": lost.pk}, headers=HTMX).content.decode()
    assert client.post(url, {"stage": lost.pk, "asked": "1", "lost_reason": " "}).status_code == 422
    assert client.post(url, {"stage": lost.pk, "asked": "1", "lost_reason_other": "گران بود"}).status_code == 303
    deal.refresh_from_db()
    assert (deal.is_open, deal.lost_reason) == (False, "گران بود")
