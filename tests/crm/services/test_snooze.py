"""A deal rests until a day, because."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from crm.errors import AlreadyClosed
from crm.models import Edit, Opportunity
from crm.services import snooze as services
from members.models import User
from tests.cast import ClientOf
from tests.factories.crm import a_stage, make_opportunity

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
SPRING = date(2027, 3, 21)


def test_it_rests_and_wakes_and_each_leaves_an_edit(sara: User) -> None:
    deal = make_opportunity(owner=sara)
    services.snooze(deal, until=SPRING, because="بودجه", by=sara, today=TODAY)
    assert (deal.snoozed_until, deal.snoozed_because, deal.version) == (SPRING, "بودجه", 2)
    services.snooze(deal, until=SPRING, because="بودجه", by=sara, today=TODAY)
    services.wake(deal, by=sara)
    services.wake(deal, by=sara)
    assert (deal.snoozed_until, deal.snoozed_because, deal.version) == (None, "", 3)
    assert [edit.values for edit in Edit.objects.order_by("pk")] == [
        {"snoozed_until": [None, "2027-03-21"], "snoozed_because": ["", "بودجه"]},
        {"snoozed_until": ["2027-03-21", None], "snoozed_because": ["بودجه", ""]},
    ]


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_the_day_lies_ahead_and_within_a_year(sara: User, days: int) -> None:
    with pytest.raises(services.BadDay):
        services.snooze(make_opportunity(), until=TODAY + timedelta(days), because="x", by=sara, today=TODAY)


def test_a_reason_is_needed_by_service_and_database(sara: User) -> None:
    deal = make_opportunity()
    with pytest.raises(ValueError, match="reason"):
        services.snooze(deal, until=SPRING, because="", by=sara, today=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Opportunity.objects.filter(pk=deal.pk).update(snoozed_until=SPRING)


def test_a_closed_deal_does_not_rest(sara: User) -> None:
    won = make_opportunity(stage=a_stage("won"))
    with pytest.raises(AlreadyClosed):
        services.snooze(won, until=SPRING, because="x", by=sara, today=TODAY)


def test_the_page_says_until_when_and_why_and_wakes_it(client_of: ClientOf, sara: User, reza: User) -> None:
    deal = make_opportunity(owner=sara)
    url = f"/deals/{deal.pk}/snooze/"
    client = client_of(sara)
    wrong = client.post(url, {"until": "۱۴۰۵/۰۸/۰۱", "because": "بودجه‌شان"})
    assert wrong.status_code == 422
    assert 'value="بودجه‌شان"' in wrong.text
    assert client.post(url, {"until": "1406/01/01", "because": ""}).status_code == 422
    assert client.post(url, {"until": "1406/01/01", "because": "بودجه‌شان"})["Location"] == f"/deals/{deal.pk}/"
    page = client.get(f"/deals/{deal.pk}/").text
    assert "این فرصت تا ۱ فروردین ۱۴۰۶ کنار گذاشته شده" in page
    assert "بودجه‌شان" in page
    assert client_of(reza).post(f"/deals/{deal.pk}/wake/").status_code == 403
    client.post(f"/deals/{deal.pk}/wake/")
    deal.refresh_from_db()
    assert deal.snoozed_until is None
