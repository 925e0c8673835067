from datetime import UTC, date, datetime, timedelta

import pytest

from charter.models import KeyDecision
from members.models import User
from rituals.models import Meeting, MeetingState, Ritual, RitualKind
from rituals.services import nightly, schedule
from tenants import clock
from tests.factories.crm import install_playbook, make_opportunity
from tests.factories.rituals import make_meeting, make_ritual

pytestmark = pytest.mark.django_db


def test_the_playbook_lays_both_reviews_with_their_first_meetings(admin: User) -> None:
    install_playbook(admin=admin)
    schedule.install(playbook="b2b", language="fa", admin=admin)
    pipeline, okr = Ritual.objects.order_by("pk")
    assert (pipeline.kind, pipeline.name, pipeline.weekday, pipeline.minutes) == ("pipeline", "جلسهٔ قیف فروش", 5, 45)
    assert (okr.kind, okr.name, okr.weekday, okr.minutes) == ("okr", "بازبینی ماهانهٔ اهداف", 6, 60)
    assert pipeline.serves == KeyDecision.objects.get(slot=1)
    assert pipeline.facilitator == admin
    # Today's pipeline review began at 10:00, half an hour ago, so the first one is next Saturday.
    days = list(Meeting.objects.filter(ritual=pipeline).order_by("starts_at").values_list("original_day", flat=True))
    assert days == [date(2026, 11, 28) + timedelta(weeks=n) for n in range(5)]


def test_installing_again_adds_nothing(admin: User) -> None:
    install_playbook(admin=admin)
    schedule.install(playbook="b2b", language="fa", admin=admin)
    assert schedule.install(playbook="b2b", language="fa", admin=admin) == []
    assert Ritual.objects.count() == 2


def test_a_monthly_review_falls_into_the_first_week_of_the_jalali_month(today: date) -> None:
    okr = make_ritual(RitualKind.OKR, weekday=6)
    # 1 Azar 1405 is Sunday 22 November 2026; 6 Dey 1405 is Sunday 27 December.
    assert list(schedule.days(okr, today, date(2027, 1, 10))) == [date(2026, 11, 22), date(2026, 12, 27)]


def test_upcoming_meetings_are_made_once(today: date) -> None:
    make_ritual()
    assert schedule.ensure_upcoming(today=today) == 5
    assert schedule.ensure_upcoming(today=today) == 0
    first = Meeting.objects.earliest("starts_at")
    assert first.starts_at == datetime(2026, 11, 28, 6, 30, tzinfo=UTC)  # 10:00 in Tehran


def test_a_resting_ritual_gets_no_meetings(today: date) -> None:
    make_ritual(active=False)
    assert schedule.ensure_upcoming(today=today) == 0


def test_the_next_meeting_is_made_when_it_lies_beyond_the_horizon(today: date) -> None:
    meeting = make_meeting(state=MeetingState.RUNNING)
    following = schedule.next_of(meeting)
    assert following.original_day == date(2026, 11, 28)
    assert schedule.next_of(meeting) == following
    assert schedule.from_day(meeting.ritual, date(2026, 12, 9)).original_day == date(2026, 12, 12)


def test_a_skipped_day_is_not_used_for_what_is_put_off(today: date) -> None:
    meeting = make_meeting(state=MeetingState.RUNNING)
    make_meeting(meeting.ritual, day=date(2026, 11, 28), state=MeetingState.SKIPPED)
    assert schedule.next_of(meeting).original_day == date(2026, 12, 5)


def test_agendas_are_built_two_days_ahead_and_kept_fresh(today: date) -> None:
    ritual = make_ritual()
    near = make_meeting(ritual, day=date(2026, 11, 23))
    far = make_meeting(ritual, day=date(2026, 11, 24))
    past = make_meeting(ritual, day=date(2026, 11, 20))
    assert schedule.prepare_due(now=clock.now()) == 1
    near.refresh_from_db()
    assert near.state == MeetingState.PREPARING
    assert near.events.get().by is None
    make_opportunity(title="قرارداد سالانه")
    assert schedule.prepare_due(now=clock.now()) == 1
    assert near.items.filter(kind="deal").count() == 1
    assert {*Meeting.objects.filter(pk__in=[far.pk, past.pk]).values_list("state", flat=True)} == {"scheduled"}


def test_the_night_ends_forgotten_meetings_but_closes_none(today: date) -> None:
    forgotten = make_meeting(day=date(2026, 11, 20), state=MeetingState.RUNNING)
    fresh = make_meeting(forgotten.ritual, day=today, state=MeetingState.RUNNING)
    nightly.run(today)
    forgotten.refresh_from_db()
    fresh.refresh_from_db()
    assert (forgotten.state, fresh.state) == (MeetingState.WRAP_UP, MeetingState.RUNNING)
