from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from crm.models import Edit, Stage
from crm.services import customer as customers
from crm.services import opportunity as opportunities
from crm.services.opportunity import Cause
from members.models import User
from tests.cast import ClientOf, FirmClient
from tests.factories import rituals
from tests.factories.crm import make_customer, make_lead, make_opportunity, make_stages

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def lines(client: FirmClient, url: str) -> list[tuple[str, str, str, bool]]:
    entries = client.get(url).context["screen"].entries
    return [(c.label, c.old, c.new, c.may_restore) for entry in entries for c in entry.changes]


def test_each_change_of_a_deal_in_words(sara: User, reza: User, client_of: ClientOf) -> None:
    first, second, *_rest = make_stages()
    deal = make_opportunity(stage=first, owner=sara, amount=Decimal(10))
    changed = {"amount": Decimal(990), "expected_close": date(2026, 11, 20), "owner": reza}
    opportunities.change(deal, by=sara, values=changed)
    opportunities.move(deal, to=second, by=reza, today=TODAY)
    assert lines(client_of(reza), f"/records/opportunity/{deal.pk}/history/") == [
        ("مرحله", first.name, second.name, True),
        ("مبلغ", "۱ تومان", "۹۹ تومان", True),
        ("تاریخ بستن", "—", "۲۹ آبان ۱۴۰۵", True),
        ("مالک", "سارا کریمی", "رضا مرادی", True),
    ]


def test_a_value_is_restored_and_that_is_an_edit_too(sara: User, client_of: ClientOf) -> None:
    customer = make_customer("کاوه", owner=sara, city="تهران")
    customers.change(customer, by=sara, values={"city": "کرج", "name": "کاوه نو"})
    edit = Edit.objects.get()
    client = client_of(sara)
    url = f"/records/customer/{customer.pk}/history/"
    response = client.post(f"{url}{edit.pk}/", {"field": "city"})
    assert (response.status_code, response["Location"]) == (303, url)
    customer.refresh_from_db()
    assert (customer.city, customer.name) == ("تهران", "کاوه نو")
    newest = Edit.objects.first()
    assert newest
    assert (newest.values, newest.via, newest.by) == ({"city": ["کرج", "تهران"]}, "restore", sara)
    assert [line[3] for line in lines(client, url)] == [True, True, False]


def test_a_restored_stage_is_guarded(sara: User, client_of: ClientOf) -> None:
    first, _second, _third, _fourth, _won, lost = make_stages()
    deal = make_opportunity(stage=lost, owner=sara, lost_reason="قیمت")
    opportunities.move(deal, to=first, by=sara, today=TODAY)
    edit = Edit.objects.get()
    url = f"/records/opportunity/{deal.pk}/history/{edit.pk}/"
    response = client_of(sara).post(url, {"field": "stage"}, follow=True)
    deal.refresh_from_db()
    assert (deal.stage, "با دلیل" in response.content.decode()) == (first, True)


def test_the_meeting_is_named(sara: User, client_of: ClientOf) -> None:
    deal = make_opportunity(owner=sara)
    meeting = rituals.make_meeting()
    opportunities.change(deal, by=sara, values={"amount": Decimal(5)}, cause=Cause(meeting_id=meeting.pk))
    page = client_of(sara).get(f"/records/opportunity/{deal.pk}/history/").content.decode()
    assert f'href="/meetings/{meeting.pk}/"' in page


def test_who_may_not_change_reads_only(sara: User, reza: User, leila: User, client_of: ClientOf) -> None:
    lead = make_customer(owner=reza, city="تهران")
    customers.change(lead, by=reza, values={"city": "کرج"})
    edit = Edit.objects.get()
    url = f"/records/customer/{lead.pk}/history/"
    for user in (sara, leila):
        client = client_of(user)
        assert lines(client, url) == [("شهر", "تهران", "کرج", False)]
        assert client.post(f"{url}{edit.pk}/", {"field": "city"}).status_code == 403


def test_what_is_not_of_this_record_is_404(nader: User, client_of: ClientOf) -> None:
    customer, other = make_customer(city="تهران"), make_customer()
    customers.change(customer, by=nader, values={"city": "کرج"})
    edit = Edit.objects.get()
    client = client_of(nader)
    wrong = (("customer", other.pk, "city"), ("lead", customer.pk, "city"), ("customer", customer.pk, "name"))
    for kind, pk, field in wrong:
        assert client.post(f"/records/{kind}/{pk}/history/{edit.pk}/", {"field": field}).status_code == 404
    assert client.get("/records/user/1/history/").status_code == 404
    assert client.get(f"/records/customer/{other.pk}/history/").status_code == 200


def test_older_edits_follow(nader: User, client_of: ClientOf) -> None:
    lead = make_lead()
    Edit.objects.bulk_create(
        Edit(entity="lead", record_id=lead.pk, values={"company": [str(n), str(n + 1)]}, by=nader) for n in range(45)
    )
    client, url = client_of(nader), f"/records/lead/{lead.pk}/history/"
    first = client.get(url).context["screen"]
    assert [entry.changes[0].old for entry in first.entries][:2] == ["44", "43"]
    rest = client.get(f"{url}?before={first.older}").context["screen"]
    assert (len(first.entries), len(rest.entries), rest.older) == (40, 5, 0)


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(
    rows: int, sara: User, reza: User, client_of: ClientOf, queries_of: Callable[[FirmClient, str], int]
) -> None:
    stages = list(make_stages())
    deal = make_opportunity(owner=sara, stage=stages[0])
    for row in range(rows):
        opportunities.change(deal, by=sara, values={"owner": (reza, sara)[row % 2]})
        opportunities.move(deal, to=Stage.objects.get(pk=stages[row + 1].pk), by=sara, today=TODAY)
    assert queries_of(client_of(sara), f"/records/opportunity/{deal.pk}/history/") == 6
