from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Opportunity, Stage
from crm.services import next_step as next_steps
from crm.services import opportunity as opportunities
from dataquality.models import Issue, OwnerScore
from members.models import User
from rituals.errors import AlreadySettled, WrongState
from rituals.models import ActionAnswer, ActionState, AgendaItem, ItemKind, Meeting, MeetingState
from rituals.services import agenda, outcome
from tenants import clock
from tests.factories.crm import make_customer, make_next_step, make_opportunity, make_stages
from tests.factories.rituals import make_action, make_item, make_meeting, make_ritual

pytestmark = pytest.mark.django_db
NEXT_WEEK = date(2026, 11, 28)


def stuck_deal(title: str, amount: int, **fields: object) -> Opportunity:
    """Without a next step: severity 1."""
    return make_opportunity(title, amount=Decimal(amount), **fields)


def build(meeting: Meeting) -> list[AgendaItem]:
    agenda.build(meeting, today=date(2026, 11, 21), now=clock.now())
    return list(meeting.items.all())


def test_the_deals_that_cost_most_to_leave_alone_come_first() -> None:
    small = stuck_deal("کوچک", 100)
    large = stuck_deal("بزرگ", 300)
    late = stuck_deal("دیر", 200, expected_close=date(2026, 11, 1))  # severity 1 + 2
    fine = stuck_deal("خوب", 900)
    make_next_step(make_user(), opportunity=fine)
    deals = [item for item in build(make_meeting(day=NEXT_WEEK)) if item.kind == ItemKind.DEAL]
    assert [(item.opportunity, item.rank) for item in deals] == [
        (late, Decimal(600)),
        (large, Decimal(300)),
        (small, Decimal(100)),
    ]
    assert deals[0].flags == ["no_next_step", "close_past"]
    assert all(item.needs_decision for item in deals)


def make_user() -> User:
    return User.objects.create(email="mina@acme.example", name="مینا", password="!x")


def test_seven_are_on_the_agenda_and_the_rest_is_listed_with_count_and_sum() -> None:
    for number in range(1, 11):
        stuck_deal(f"فرصت شماره {number}", number * 100)
    items = build(make_meeting(day=NEXT_WEEK))
    assert [item.kind for item in items] == ["changes", *["deal"] * 7, "rest"]
    rest = items[-1]
    assert (rest.facts["count"], rest.facts["amount"]) == (3, "600.00")
    assert [row["title"] for row in rest.facts["deals"]] == ["فرصت شماره 3", "فرصت شماره 2", "فرصت شماره 1"]
    assert rest.needs_decision is False


def test_the_planned_minutes_fit_into_the_meeting() -> None:
    for number in range(7):
        stuck_deal(f"فرصت {number}", 100)
    items = build(make_meeting(make_ritual(minutes=45), day=NEXT_WEEK))
    assert sum(item.planned_minutes for item in items) <= 40
    assert {item.kind: item.planned_minutes for item in items} == {"changes": 4, "deal": 5}


def test_facts_are_frozen_as_of_the_last_building(sara: User) -> None:
    customer = make_customer("پتروشیمی کاوه")
    deal = stuck_deal("قرارداد سالانه", 1_250_000, customer=customer, owner=sara, expected_close=date(2026, 12, 1))
    Opportunity.objects.filter(pk=deal.pk).update(last_interaction_on=date(2026, 11, 2), push_count=2)
    [_changes, item] = build(make_meeting(day=NEXT_WEEK))
    assert item.title == "پتروشیمی کاوه · قرارداد سالانه"
    assert item.facts == {
        "amount": "1250000.00",
        "stage": "شناسایی",
        "days_in_stage": 0,
        "expected_close": "2026-12-01",
        "pushes": 2,
        "last_interaction": "2026-11-02",
        "next_what": "",
        "next_due": "",
        "owner": "سارا کریمی",
        "customer": "پتروشیمی کاوه",
        "trust": None,
    }


def test_trust_of_a_deal_is_what_its_open_issues_leave(today: date) -> None:
    deal = stuck_deal("قرارداد", 100)
    OwnerScore.objects.create(owner=None, day=today, score=80, records=1, open_issues=1)
    Issue.objects.create(rule="no_customer", opportunity=deal, weight=38, found_on=today)
    Issue.objects.create(rule="stale", opportunity=deal, weight=30, found_on=today, resolved_on=today)
    [_changes, item] = build(make_meeting(day=NEXT_WEEK))
    assert item.facts["trust"] == 62


def test_building_again_doubles_nothing_and_drops_what_was_repaired(sara: User) -> None:
    repaired = stuck_deal("ترمیم‌شده", 200)
    stays = stuck_deal("مانده", 100)
    meeting = make_meeting(day=NEXT_WEEK)
    before = {item.source_key: item.pk for item in build(meeting)}
    next_steps.plan(what="تماس", due_on=NEXT_WEEK, owner=sara, by=sara, opportunity=repaired)
    after = {item.source_key: item.pk for item in build(meeting)}
    assert after == {key: pk for key, pk in before.items() if key != f"deal:{repaired.pk}"}
    assert f"deal:{stays.pk}" in after


def test_building_keeps_what_a_person_added(sara: User, today: date) -> None:
    meeting = make_meeting(day=NEXT_WEEK)
    topic = agenda.add_topic(meeting, title="تخفیف پلکانی", by=sara)
    deal = stuck_deal("افزوده", 100)
    make_next_step(sara, opportunity=deal)
    added = agenda.add_deal(meeting, opportunity=deal, by=sara, today=today)
    items = build(meeting)
    assert [item.pk for item in items][-2:] == [added.pk, topic.pk]
    with pytest.raises(AlreadySettled):
        agenda.add_deal(meeting, opportunity=deal, by=sara, today=today)


def test_building_is_refused_once_the_meeting_runs() -> None:
    with pytest.raises(WrongState):
        build(make_meeting(state=MeetingState.RUNNING))


def test_what_changed_is_measured_since_the_last_held_meeting_not_the_skipped_one(sara: User, today: date) -> None:
    stages = make_stages()
    ritual = make_ritual()
    make_meeting(ritual, day=date(2026, 11, 7), state=MeetingState.CLOSED)
    make_meeting(ritual, day=date(2026, 11, 14), state=MeetingState.SKIPPED)
    customer = make_customer("فولاد شرق")
    deal = make_opportunity("برنده", amount=Decimal(500), stage=stages[0], customer=customer)
    won = next(stage for stage in stages if stage.kind == "won")
    with clock.stopped_at(datetime(2026, 11, 10, 8, tzinfo=UTC)):
        opportunities.move(deal, to=Stage.objects.get(pk=won.pk), by=sara, today=date(2026, 11, 10))
    item = build(make_meeting(ritual, day=today))[0]
    assert datetime.fromisoformat(item.facts["since"]) == datetime(2026, 11, 7, 7, 15, tzinfo=UTC)
    assert item.facts["groups"] == [
        {
            "code": "won",
            "count": 1,
            "amount": "500.00",
            "deals": [{"id": deal.pk, "title": "برنده", "customer": "فولاد شرق", "amount": "500.00"}],
        }
    ]


def test_open_promises_come_back_until_they_are_settled(sara: User, today: date) -> None:
    held = make_meeting(day=date(2026, 11, 14), state=MeetingState.CLOSED)
    still_open = make_action(held, sara, text="ارسال پیشنهاد")
    kept = make_action(held, sara, text="تماس", next_step=make_next_step(sara))
    assert kept.next_step is not None
    next_steps.complete(kept.next_step, by=sara)
    other = make_meeting(make_ritual("okr"), day=date(2026, 11, 15), state=MeetingState.CLOSED)
    make_action(other, sara, text="از جلسه‌ای دیگر")
    meeting = make_meeting(held.ritual, day=today)
    first, *_others = build(meeting)
    assert first.kind == ItemKind.ACTIONS
    shown = {row.action.text: row.answer for row in meeting.appearances.select_related("action")}
    assert shown == {"ارسال پیشنهاد": "", "تماس": ActionAnswer.DONE}
    kept.refresh_from_db()
    assert (kept.state, kept.closed_by) == (ActionState.DONE, sara)
    assert still_open.appearances.count() == 1


def test_what_was_put_off_comes_first_next_time(sara: User, today: date) -> None:
    old = stuck_deal("کوچک و عقب‌افتاده", 1)
    stuck_deal("بزرگ", 1000)
    meeting = make_meeting(state=MeetingState.RUNNING)
    child = outcome.defer(make_item(meeting, opportunity=old), reason="مدیر مالی نیست", by=sara, today=today)
    items = build(child.meeting)
    assert [item.kind for item in items] == ["changes", "deal", "deal"]
    assert (items[1].pk, items[1].times_deferred, items[1].facts["amount"]) == (child.pk, 1, "1.00")


def test_a_child_whose_deal_is_healthy_again_stays(sara: User, today: date) -> None:
    deal = stuck_deal("خوب شد", 10)
    meeting = make_meeting(state=MeetingState.RUNNING)
    child = outcome.defer(make_item(meeting, opportunity=deal), reason="بعداً", by=sara, today=today)
    make_next_step(sara, opportunity=deal)
    assert child.pk in [item.pk for item in build(child.meeting)]


def test_the_agenda_costs_the_same_number_of_queries_however_much_is_stuck() -> None:
    counts = []
    for number in range(2):
        for _row in range(1 + 2 * number):
            stuck_deal("فرصت", 100)
        meeting = make_meeting(day=NEXT_WEEK + timedelta(weeks=number))
        with CaptureQueriesContext(connection) as captured:
            build(meeting)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_promise_put_off_twice_brings_its_deal_up(sara: User, today: date) -> None:
    held = make_meeting(day=date(2026, 11, 14), state=MeetingState.CLOSED)
    deal = stuck_deal("خوب", 10)
    step = make_next_step(sara, opportunity=deal)  # so that nothing else is wrong with it
    once = stuck_deal("یک بار", 10)
    make_next_step(sara, opportunity=once)
    make_action(held, sara, opportunity=deal, next_step=step, slips=2)
    make_action(held, sara, opportunity=once, slips=1)
    [item] = [item for item in build(make_meeting(held.ritual, day=today)) if item.kind == ItemKind.DEAL]
    assert (item.opportunity, item.flags) == (deal, ["carried"])
