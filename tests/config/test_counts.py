import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.models import LeadStatus
from members.models import User
from tests.cast import ClientOf
from tests.factories.crm import make_lead, make_next_step, make_opportunity

pytestmark = pytest.mark.django_db


def shown(page: str) -> dict[str, str]:
    return dict(re.findall(r'hx-target="#count-(\w+)" hx-swap="innerHTML">([^<]*)<', page))


def test_what_waits_for_me_is_counted(client_of: ClientOf, sara: User, reza: User, today: date) -> None:
    deal = make_opportunity(owner=sara)
    make_next_step(sara, opportunity=deal, due_on=today)
    make_next_step(sara, opportunity=deal, due_on=today - timedelta(3))
    make_next_step(sara, opportunity=deal, due_on=today + timedelta(1))
    make_next_step(reza, opportunity=deal, due_on=today)
    make_lead(owner=sara)
    make_lead(owner=None)
    make_lead(owner=reza)
    make_lead(owner=sara, status=LeadStatus.CONTACTED)

    page = client_of(sara).get(reverse("counts")).content.decode()

    assert shown(page) == {"steps": "۲", "leads": "۲", "fixes": ""}


def test_what_is_more_than_a_hundred_is_only_said_to_be_more(client_of: ClientOf, sara: User, today: date) -> None:
    deal = make_opportunity(owner=sara)
    for _ in range(100):
        make_next_step(sara, opportunity=deal, due_on=today)

    assert shown(client_of(sara).get(reverse("counts")).content.decode())["steps"] == "۹۹+"


def test_three_counts_are_three_queries(client_of: ClientOf, sara: User) -> None:
    client = client_of(sara)
    client.get(reverse("counts"))
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("counts"))

    assert sum("COUNT" in query["sql"] for query in captured) == 3


def test_the_navigation_loads_them_for_members_only(client_of: ClientOf, sara: User) -> None:
    page = client_of(sara).get(reverse("members:profile")).content.decode()

    assert page.count(f'hx-get="{reverse("counts")}"') == 1
    assert 'id="count-steps"' in page
