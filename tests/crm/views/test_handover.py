from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from crm.models import Customer, Handover, Lead
from crm.services import handover as services
from members.models import Team, User
from tenants import clock
from tenants.models import Tenant
from tests.cast import NOW, ClientOf, FirmClient
from tests.crm.views.conftest import HTMX
from tests.factories.crm import make_case, make_customer, make_lead, make_next_step, make_opportunity

pytestmark = pytest.mark.django_db


def test_a_book_is_seen_before_it_moves(nader: User, sara: User, reza: User, client_of: ClientOf) -> None:
    customer = make_customer("کاوه", owner=sara)
    make_lead(owner=sara)
    client = client_of(nader)
    chosen: dict[str, Any] = {"giver": sara.pk, "taker": reza.pk, "parts": ["customers", "leads", "deals"]}
    preview = client.get("/handovers/new/", chosen).context["preview"]
    assert [count for _label, count in preview.parts] == [1, 1, 0]
    assert (preview.customers, Customer.objects.get().owner) == ([customer], sara)
    posted = {**chosen, "note": "اول کاوه", f"note-{customer.pk}": "مدیرش عوض شده"}
    response = client.post("/handovers/new/", posted)
    assert (response.status_code, response["Location"]) == (303, "/handovers/")
    assert (Customer.objects.get().owner, Lead.objects.get().owner) == (reza, reza)
    page = client.get("/handovers/").content.decode()
    assert ("۲ رکورد" in page, "اول کاوه" in page, "هنوز نخوانده" in page) == (True, True, True)


def test_the_taker_reads_it_once_on_today(nader: User, sara: User, reza: User, client_of: ClientOf) -> None:
    customer = make_customer("کاوه", owner=sara)
    made = services.hand_over(giver=sara, taker=reza, by=nader, note="اول کاوه", notes={customer.pk: "مدیرش عوض شده"})
    client = client_of(reza)
    page = client.get("/handovers/today/").content.decode()
    assert ("سارا کریمی" in page, "اول کاوه" in page, "مدیرش عوض شده" in page) == (True, True, True)
    assert client_of(sara).post(f"/handovers/{made.pk}/read/").status_code == 403
    again = client.post(f"/handovers/{made.pk}/read/", headers=HTMX)
    assert (again.status_code, "اول کاوه" in again.content.decode()) == (200, False)
    made.refresh_from_db()
    assert made.seen_at == NOW
    assert "مدیرش عوض شده" in client.get(f"/records/customer/{customer.pk}/timeline/").content.decode()


def test_taking_back(nader: User, sara: User, reza: User, client_of: ClientOf) -> None:
    make_customer(owner=sara)
    made = services.hand_over(giver=sara, taker=reza, by=nader)
    client = client_of(nader)
    with clock.stopped_at(NOW + timedelta(hours=1)):
        page = client.post(f"/handovers/{made.pk}/undo/", follow=True).content.decode()
        assert ("۱ رکورد برگشت" in page, Customer.objects.get().owner) == (True, sara)
        assert "پیش‌تر پس گرفته" in client.post(f"/handovers/{made.pk}/undo/", follow=True).content.decode()


def test_a_wrong_choice_is_said_beside_the_field(nader: User, sara: User, client_of: ClientOf) -> None:
    client = client_of(nader)
    for chosen in ({"giver": sara.pk, "taker": sara.pk, "parts": "leads"}, {"giver": sara.pk, "taker": ""}):
        assert client.post("/handovers/new/", chosen).status_code == 422
    assert client.get("/handovers/new/").status_code == 200


def test_reps_and_executives_hand_over_nothing(sara: User, leila: User, client_of: ClientOf) -> None:
    for user in (sara, leila):
        client = client_of(user)
        assert client.get("/handovers/").status_code == 403
        assert client.post("/handovers/new/", {}).status_code == 403


def test_a_manager_hands_on_the_books_of_his_team_only(
    nader: User, sara: User, reza: User, client_of: ClientOf
) -> None:
    Tenant.objects.filter(schema_name="acme").update(visibility="team")
    team = Team.objects.create(name="شمال")
    User.objects.filter(pk__in=(nader.pk, sara.pk)).update(team=team)
    nader.refresh_from_db()
    client = client_of(nader)
    theirs = {"giver": reza.pk, "taker": sara.pk, "parts": "leads"}
    assert client.post("/handovers/new/", theirs).status_code == 422
    made = services.hand_over(giver=reza, taker=sara, by=nader)
    assert client.post(f"/handovers/{made.pk}/undo/").status_code == 404
    assert list(client.get("/handovers/").context["handovers"]) == []


def test_a_rep_takes_from_the_queue(sara: User, reza: User, client_of: ClientOf) -> None:
    free, taken = make_lead("مریم"), make_lead("دیگری", owner=reza)
    client = client_of(sara)
    screen = client.get("/ownerless/").context["screen"]
    assert ([str(row) for row in screen.rows], [tab.count for tab in screen.tabs]) == (["مریم"], [1, 0, 0, 0])
    posted = {"kind": "lead", "ids": [free.pk, taken.pk], "to": str(reza.pk), "back": "/ownerless/?kind=lead"}
    response = client.post("/ownerless/assign/", posted)
    assert (response.status_code, response["Location"]) == (303, "/ownerless/?kind=lead")
    free.refresh_from_db()
    taken.refresh_from_db()
    assert (free.owner, taken.owner) == (sara, reza)


def test_a_manager_assigns_many(nader: User, sara: User, client_of: ClientOf) -> None:
    deals = [make_opportunity(customer=None) for _one in range(2)]
    step = make_next_step(nader, opportunity=deals[0])
    client = client_of(nader)
    response = client.post(
        "/ownerless/assign/",
        {"kind": "opportunity", "ids": [deal.pk for deal in deals], "to": str(sara.pk)},
        follow=True,
    )
    assert "۲ رکورد حالا مال سارا کریمی است" in response.content.decode()
    for deal in deals:
        deal.refresh_from_db()
        assert (deal.owner, deal.version) == (sara, 2)
    step.refresh_from_db()
    assert step.owner == nader
    assert client.post("/ownerless/assign/", {"kind": "contact", "ids": "1"}).status_code == 404


def test_an_executive_sees_the_queue_without_buttons(leila: User, client_of: ClientOf) -> None:
    lead = make_lead("مریم")
    client = client_of(leila)
    page = client.get("/ownerless/").content.decode()
    assert ("مریم" in page, 'name="ids"' in page) == (True, False)
    assert client.post("/ownerless/assign/", {"kind": "lead", "ids": lead.pk}).status_code == 403
    assert "۱ رکورد منتظر مالک است" in client.get("/ownerless/count/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(
    rows: int, nader: User, sara: User, reza: User, client_of: ClientOf, queries_of: Callable[[FirmClient, str], int]
) -> None:
    for _row in range(rows):
        make_case(make_customer(), owner=None)
        customer = make_customer(owner=sara)
        services.hand_over(giver=sara, taker=reza, by=nader, notes={customer.pk: "مدیرش عوض شده"})
    client = client_of(nader)
    assert queries_of(client, "/ownerless/?kind=case") == 8
    assert queries_of(client, "/handovers/") == 2
    assert queries_of(client_of(reza), "/handovers/today/") == 4
    assert Handover.objects.count() == rows
