from collections.abc import Callable
from datetime import date, timedelta

import pytest

from members.models import User
from tests.cast import NOW, ClientOf, FirmClient
from tests.factories.crm import a_stage, make_case, make_customer, make_opportunity

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(rows: int, nader: User, client_of: ClientOf, queries_of: Callable[[FirmClient, str], int]) -> None:
    for _row in range(rows):
        customer = make_customer(owner=nader, service_owner=nader)
        make_case(customer, state="done", satisfaction=1)
        make_opportunity(customer=customer, stage=a_stage("won"), closed_on=date(2026, 11, 11))
    client = client_of(nader)
    assert queries_of(client, "/care/") == 4
    assert queries_of(client, "/care/customers/") == 4


def test_each_number_opens_its_rows(nader: User, client_of: ClientOf) -> None:
    make_case(
        subject="دیر",
        state="done",
        satisfaction=1,
        due_on=date(2026, 11, 1),
        opened_at=NOW - timedelta(days=3),
        done_at=NOW,
    )
    page = client_of(nader).get("/care/").content.decode()
    links = [part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:]]
    wanted = [link for link in links if link.startswith("/requests/?") and "state=done" in link]
    assert len(wanted) == 4
    for link in wanted:
        rows = client_of(nader).get(link).context["list"].page.object_list
        assert [row.subject for row in rows] == ["دیر"]


def test_reps_have_no_report(sara: User, leila: User, client_of: ClientOf) -> None:
    assert client_of(sara).get("/care/").status_code == 403
    assert client_of(leila).get("/care/customers/?group=quiet").status_code == 200
