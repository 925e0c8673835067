"""The list of meetings, the form of a ritual, and what other pages show of meetings."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Opportunity
from members.models import User
from rituals.models import Meeting, MeetingState, Ritual
from tests.cast import ClientOf
from tests.factories.crm import make_customer, make_next_step, make_opportunity
from tests.factories.rituals import make_action, make_decision, make_meeting, make_ritual

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(sara: User) -> Opportunity:
    return make_opportunity(
        "قرارداد سالانه", amount=Decimal(12_500_000_000), owner=sara, customer=make_customer("پتروشیمی کاوه")
    )


def page(client: Any, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return str(response.content.decode())


class TestLists:
    def test_meetings_are_listed_by_what_they_need(self, nader: User, sara: User, client_of: ClientOf) -> None:
        ritual = make_ritual()
        held = make_meeting(ritual, day=date(2026, 11, 7), state=MeetingState.CLOSED)
        make_decision(sara, meeting=held)
        make_meeting(ritual, day=date(2026, 11, 14), state=MeetingState.SKIPPED)
        missed = make_meeting(ritual, day=date(2026, 11, 18))
        running = make_meeting(ritual, day=date(2026, 11, 21), state=MeetingState.RUNNING)
        coming = make_meeting(ritual, day=date(2026, 11, 28))
        response = client_of(nader).get("/meetings/")
        screen = response.context["screen"]
        assert (screen.live, screen.upcoming) == ([running], [coming])
        assert [row.original_day.day for row in screen.past] == [18, 14, 7]
        assert (screen.past[0], screen.past[2].decisions_count) == (missed, 1)
        [rhythm] = screen.rhythm
        assert (rhythm.held, len(rhythm.marks)) == (1, 3)
        assert "هر شنبه، ساعت ۱۰:۰۰" in response.content.decode()

    def test_the_list_costs_the_same_for_one_meeting_and_for_three(self, leila: User, client_of: ClientOf) -> None:
        ritual, client, counts = make_ritual(), client_of(leila), []
        for weeks in ((1,), (2, 3)):
            for week in weeks:
                make_meeting(ritual, day=date(2026, 11, 21) - timedelta(weeks=week), state=MeetingState.CLOSED)
                make_meeting(ritual, day=date(2026, 11, 21) + timedelta(weeks=week))
            page(client, "/meetings/")
            with CaptureQueriesContext(connection) as captured:
                page(client, "/meetings/")
            counts.append(len(captured))
        assert counts[0] == counts[1]

    def test_a_ritual_is_moved_and_its_coming_meetings_with_it(
        self, nader: User, sara: User, client_of: ClientOf
    ) -> None:
        ritual = make_ritual()
        kept = make_meeting(ritual, day=date(2026, 11, 28), state=MeetingState.PREPARING)
        moved = make_meeting(ritual, day=date(2026, 12, 5))
        client = client_of(nader)
        assert 'name="weekday"' in page(client, f"/rituals/{ritual.pk}/")
        typed = {
            "name": "مرور هفتگی",
            "weekday": 0,
            "starts_at": "09:15",
            "minutes": "۳۰",
            "facilitator": nader.pk,
            "members": [sara.pk],
        }
        assert client.post(f"/rituals/{ritual.pk}/", typed).status_code == 303
        ritual = Ritual.objects.get(pk=ritual.pk)
        assert (ritual.name, ritual.weekday, ritual.minutes) == ("مرور هفتگی", 0, 30)
        assert list(ritual.members.all()) == [sara]
        days = set(Meeting.objects.filter(ritual=ritual).values_list("original_day", flat=True))
        assert kept.original_day in days
        assert moved.original_day not in days
        assert date(2026, 11, 23) in days
        assert client_of(sara).get(f"/rituals/{ritual.pk}/").status_code == 403


class TestFragments:
    def test_a_deal_shows_what_was_decided_about_it(
        self, deal: Opportunity, sara: User, nader: User, client_of: ClientOf
    ) -> None:
        assert page(client_of(sara), f"/deals/{deal.pk}/decisions/").strip() == ""
        make_decision(nader, opportunity=deal, text="تخفیف پلکانی")
        make_decision(nader, text="دربارهٔ چیز دیگر")
        shown = page(client_of(sara), f"/deals/{deal.pk}/decisions/")
        assert "تخفیف پلکانی" in shown
        assert "دربارهٔ چیز دیگر" not in shown

    def test_today_shows_decisions_on_ones_own_data_and_promises_without_a_step(
        self, deal: Opportunity, sara: User, reza: User, nader: User, client_of: ClientOf
    ) -> None:
        make_decision(nader, opportunity=deal, text="تخفیف پلکانی")
        meeting = make_meeting(state=MeetingState.CLOSED)
        make_action(meeting, sara, text="آموزش تیم")
        make_action(meeting, sara, text="با گام", next_step=make_next_step(sara))
        shown = page(client_of(sara), "/my-decisions/")
        assert "تخفیف پلکانی" in shown
        assert "آموزش تیم" in shown
        assert "با گام" not in shown
        assert page(client_of(reza), "/my-decisions/").strip() == ""
