from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.errors import AlreadyUndone
from crm.models import Change, Edit, Handover, HandoverNote, LeadStatus, NextStep, Opportunity, RecordKind
from crm.services import customer as customers
from crm.services import handover as services
from crm.services import owning
from crm.services.handover import Part
from members.models import User
from members.services import people
from tenants import clock
from tests.cast import NOW
from tests.factories.crm import a_stage, make_case, make_customer, make_lead, make_next_step, make_opportunity

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def a_book(giver: User) -> dict[Part, int]:
    """One open thing of each kind, and closed ones."""
    customer = make_customer("کاوه", owner=giver, service_owner=giver)
    lead, deal = make_lead(owner=giver), make_opportunity("خط", owner=giver, customer=customer, amount=Decimal(5))
    case, step = make_case(customer, owner=giver), make_next_step(giver, opportunity=deal)
    make_lead(owner=giver, status=LeadStatus.DROPPED)
    make_opportunity(owner=giver, customer=customer, stage=a_stage("won"))
    return {
        Part.CUSTOMERS: customer.pk,
        Part.SERVICE: customer.pk,
        Part.LEADS: lead.pk,
        Part.DEALS: deal.pk,
        Part.CASES: case.pk,
        Part.STEPS: step.pk,
    }


def test_the_whole_open_book_moves_and_what_is_closed_stays(sara: User, reza: User, nader: User) -> None:
    a_book(sara)
    assert services.counts(sara) == dict.fromkeys(Part, 1)
    made = services.hand_over(giver=sara, taker=reza, by=nader, note="اول کاوه")
    assert services.counts(sara) == dict.fromkeys(Part, 0)
    assert services.counts(reza) == dict.fromkeys(Part, 1)
    assert (made.batch.records, len(made.steps), made.note) == (5, 1, "اول کاوه")
    assert Opportunity.objects.get(is_open=False).owner == sara


def test_history_says_who_gave_what_to_whom(sara: User, reza: User, nader: User) -> None:
    ids = a_book(sara)
    made = services.hand_over(giver=sara, taker=reza, by=nader, parts=[Part.DEALS, Part.SERVICE])
    edits = Edit.objects.order_by("entity").values_list("entity", "record_id", "values", "via", "by", "batch")
    assert list(edits) == [
        ("customer", ids[Part.SERVICE], {"service_owner": [sara.pk, reza.pk]}, "handover", nader.pk, made.batch_id),
        ("opportunity", ids[Part.DEALS], {"owner": [sara.pk, reza.pk]}, "handover", nader.pk, made.batch_id),
    ]
    change = Change.objects.get()
    assert (change.old, change.new) == (str(sara.pk), str(reza.pk))
    assert (change.old_label, change.new_label) == ("سارا کریمی", "رضا مرادی")
    deal = Opportunity.objects.get(pk=ids[Part.DEALS])
    assert (deal.owner, deal.version, deal.updated_at) == (reza, 2, NOW)


def test_to_the_queue_steps_wait_and_follow_who_takes_the_record(sara: User, reza: User, nader: User) -> None:
    ids = a_book(sara)
    services.hand_over(giver=sara, taker=None, by=nader)
    step = NextStep.objects.get()
    assert (Opportunity.objects.get(is_open=True).owner, step.owner) == (None, sara)
    User.objects.filter(pk=sara.pk).update(is_active=False)
    assert owning.assign(RecordKind.OPPORTUNITY, [ids[Part.DEALS]], to=reza, by=nader) == [ids[Part.DEALS]]
    step.refresh_from_db()
    assert (Opportunity.objects.get(is_open=True).owner, step.owner) == (reza, reza)


def test_who_is_second_in_taking_gets_nothing(sara: User, reza: User) -> None:
    lead = make_lead()
    assert owning.assign(RecordKind.LEAD, [lead.pk], to=sara, by=sara) == [lead.pk]
    assert owning.assign(RecordKind.LEAD, [lead.pk], to=reza, by=reza) == []
    lead.refresh_from_db()
    assert (lead.owner, Edit.objects.count()) == (sara, 1)


def test_notes_stand_on_customers_that_moved_only(sara: User, reza: User, nader: User) -> None:
    mine, other = make_customer("کاوه", owner=sara), make_customer("دیگر", owner=reza)
    empty = make_customer("بی‌یادداشت", owner=sara)
    notes = {mine.pk: " مدیرش عوض شده ", other.pk: "نه", empty.pk: " "}
    services.hand_over(giver=sara, taker=reza, by=nader, notes=notes)
    assert list(HandoverNote.objects.values_list("customer", "text")) == [(mine.pk, "مدیرش عوض شده")]


def test_taking_back_leaves_what_has_moved_on(sara: User, reza: User, nader: User, admin: User) -> None:
    ids = a_book(sara)
    kept = make_customer("مانده", owner=sara)
    made = services.hand_over(giver=sara, taker=reza, by=nader)
    customers.change(kept, by=reza, values={"owner": nader})
    with clock.stopped_at(NOW + timedelta(hours=1)):
        assert services.undo(made, by=admin) == (5, 1)
    kept.refresh_from_db()
    assert (kept.owner, services.counts(sara)) == (nader, dict.fromkeys(Part, 1))
    assert Opportunity.objects.get(pk=ids[Part.DEALS]).owner == sara
    assert Edit.objects.filter(via="undo", by=admin).count() == 5
    with pytest.raises(AlreadyUndone):
        services.undo(made, by=admin)


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_statements_for_three_as_for_one(rows: int, sara: User, reza: User, nader: User) -> None:
    for _row in range(rows):
        a_book(sara)
    with CaptureQueriesContext(connection) as queries:
        services.hand_over(giver=sara, taker=reza, by=nader)
    assert len(queries) == 24


def test_who_leaves_hands_over(sara: User, reza: User, admin: User) -> None:
    a_book(sara)
    people.deactivate(person=sara, by=admin, taker=reza)
    assert services.counts(reza) == dict.fromkeys(Part, 1)


def test_without_a_taker_the_queue_gets_it(sara: User, admin: User) -> None:
    a_book(sara)
    people.deactivate(person=sara, by=admin)
    assert services.counts(sara) == {**dict.fromkeys(Part, 0), Part.STEPS: 1}
    assert Opportunity.objects.get(is_open=True).owner is None


def test_an_empty_book_leaves_no_trace(sara: User, admin: User) -> None:
    people.deactivate(person=sara, by=admin)
    assert not Handover.objects.exists()
