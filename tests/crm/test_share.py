"""One's own week beside one's own last week."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.models import Lead
from crm.screens.share import share_screen
from crm.services import opportunity as opportunities
from members.models import User
from tenants import clock
from tests.cast import ClientOf
from tests.factories.crm import make_lead, make_opportunity, make_stages

pytestmark = pytest.mark.django_db
TEHRAN = ZoneInfo("Asia/Tehran")
# Tuesday; the week began on Saturday the 21st.
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=TEHRAN)


def answered(owner: User, at: datetime) -> Lead:
    return make_lead(owner=owner, status="contacted", first_response_at=at)


def test_this_week_stands_beside_the_same_days_of_last_week(sara: User, reza: User) -> None:
    first, second, *_more, won, _lost = make_stages()
    for at in (NOW, NOW - timedelta(days=3, hours=12), NOW - timedelta(days=7), NOW - timedelta(days=6)):
        answered(sara, at)  # the last one is of last week, but after this hour
    answered(reza, NOW)
    for owner, day, amount in ((sara, 0, 300), (sara, 7, 500), (sara, 6, 900), (reza, 0, 700)):
        make_opportunity(stage=won, owner=owner, amount=amount, closed_on=NOW.date() - timedelta(day))
    deal = make_opportunity(stage=first, owner=sara)
    for to in (second, first):
        with clock.stopped_at(NOW - timedelta(hours=1)):
            opportunities.move(deal, to=to, by=sara, today=NOW.date())
    figures = share_screen(sara, NOW.date(), NOW)
    assert [(one.now, one.before, one.tone) for one in figures[:3]] == [
        ("۲", "۱", "up"), ("۱", "۰", "up"), ("۱", "۱", ""),
    ]  # fmt: skip
    assert figures[3].tone == "down"


def test_it_is_for_oneself_and_not_for_those_who_only_read(client_of: ClientOf, sara: User, leila: User) -> None:
    page = client_of(sara).get("/today/share/")
    assert [one.now for one in page.context["figures"][:3]] == ["۰", "۰", "۰"]
    assert client_of(leila).get("/today/share/").status_code == 403


def test_it_costs_the_same_however_much_was_done(sara: User, django_assert_num_queries: object) -> None:
    _first, *_more, won, _lost = make_stages()
    for count in (1, 3):
        for _n in range(count):
            make_opportunity(stage=won, owner=sara, closed_on=date(2026, 11, 24))
        with django_assert_num_queries(6):  # type: ignore[operator]
            share_screen(sara, NOW.date(), NOW)
