import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.models import Stage
from crm.services import opportunity as opportunities
from members.models import User
from tests.cast import ClientOf
from tests.factories.crm import make_next_step, make_opportunity, make_stages

pytestmark = pytest.mark.django_db


@pytest.fixture
def stages() -> list[Stage]:
    return make_stages()


def clean_deal(stage: Stage, owner: User, today: date, amount: int) -> None:
    deal = make_opportunity(
        stage=stage, owner=owner, amount=Decimal(amount), expected_close=today + timedelta(9), last_interaction_on=today
    )
    make_next_step(owner, opportunity=deal, due_on=today + timedelta(3))


def trusts(page: str) -> dict[str, str]:
    return dict(re.findall(r'hx-target="#trust-(\w+)".*?<span class="num">(.*?)</span>', page, re.DOTALL))


def test_each_open_column_says_how_far_its_sum_is_trusted(
    client_of: ClientOf, nader: User, sara: User, stages: list[Stage], today: date
) -> None:
    clean_deal(stages[0], sara, today, 300)
    make_opportunity(stage=stages[0], owner=sara, amount=Decimal(100), expected_close=today - timedelta(1))
    make_opportunity(stage=stages[1], owner=nader, amount=Decimal(100), expected_close=today - timedelta(1))
    make_opportunity(stage=stages[4], owner=sara, amount=Decimal(100))
    client, url = client_of(nader), reverse("dataquality:board_trust")

    whole = trusts(client.get(url, {"owner": "all"}).content.decode())
    assert whole == {str(stages[0].pk): "٪۷۵", str(stages[1].pk): "٪۰"}

    own = trusts(client.get(url, {"owner": "mine"}).content.decode())
    assert own == {str(stages[1].pk): "٪۰"}


def test_each_group_of_changes_says_it_too(
    client_of: ClientOf, nader: User, sara: User, stages: list[Stage], today: date
) -> None:
    clean_deal(stages[0], sara, today, 300)
    new = opportunities.create(title="تازه", by=sara, today=today, amount=Decimal(100), owner=None)

    page = client_of(nader).get(reverse("dataquality:changes_trust")).content.decode()

    assert trusts(page) == {"new": "٪۰"}
    opportunities.change(new, by=sara, values={"owner": sara, "expected_close": today + timedelta(9)})
    make_next_step(sara, opportunity=new, due_on=today + timedelta(3))
    assert trusts(client_of(nader).get(reverse("dataquality:changes_trust")).content.decode())["new"] == "٪۱۰۰"


@pytest.mark.parametrize(("name", "expected"), [("board_trust", 5), ("changes_trust", 7)])
def test_the_same_queries_for_one_deal_and_many(
    client_of: ClientOf, nader: User, sara: User, stages: list[Stage], today: date, name: str, expected: int
) -> None:
    client, url = client_of(nader), reverse(f"dataquality:{name}")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    opportunities.create(title="یک", by=sara, today=today, stage=stages[0], amount=Decimal(7))
    queries()
    assert queries() == expected
    for _ in range(3):
        opportunities.create(title="باز", by=sara, today=today, stage=stages[1], amount=Decimal(7))
    assert queries() == expected
