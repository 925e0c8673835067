"""First answers and what happens without one."""

from datetime import timedelta

import pytest

from crm.intake import clocks
from crm.models import Assignment, Breach, Lead
from crm.services import interaction as interactions
from crm.services import lead as leads
from members.models import User
from tenants import clock
from tests.cast import NOW
from tests.factories.crm import make_category, make_lead

pytestmark = pytest.mark.django_db


def log(lead: Lead, by: User, kind: str = "call", **fields: object) -> None:
    interactions.log(by=by, kind=kind, sentence="سلام", lead=lead, **fields)  # type: ignore[arg-type]


def test_the_first_answer_stops_the_clock_and_keeps_its_working_minutes(sara: User) -> None:
    make_category(is_default=True)
    lead = leads.create(name="x", by=sara, owner=sara)
    with clock.stopped_at(NOW + timedelta(days=1)):  # Sunday 10:30: one working day of eight hours later
        log(lead, sara)
    lead.refresh_from_db()
    assert (lead.status, lead.first_response_at, lead.answered_in) == ("contacted", NOW + timedelta(days=1), 480)
    with clock.stopped_at(NOW + timedelta(days=2)):
        log(lead, sara)
        assert not clocks.answered(lead, at=clock.now())
    lead.refresh_from_db()
    assert lead.answered_in == 480


def test_a_note_to_oneself_is_no_answer(sara: User) -> None:
    lead = make_lead(owner=sara)
    log(lead, sara, "note")
    lead.refresh_from_db()
    assert (lead.status, lead.first_response_at) == ("new", None)


def test_an_answer_cannot_lie_before_the_lead(sara: User) -> None:
    lead = make_lead(owner=sara)
    log(lead, sara, happened_at=NOW - timedelta(days=1))
    assert (lead.first_response_at, lead.answered_in) == (NOW, 0)


def test_two_tabs_of_which_one_is_old_answer_once(sara: User) -> None:
    lead = make_lead(captured_at=NOW - timedelta(minutes=10))
    old = Lead.objects.get(pk=lead.pk)
    assert clocks.answered(lead, at=NOW)
    assert not clocks.answered(old, at=NOW + timedelta(hours=1))
    assert Lead.objects.get().first_response_at == NOW


def test_a_late_lead_is_marked_once_and_goes_to_the_next_person(sara: User, reza: User) -> None:
    make_category(is_default=True, respond_within=30, on_breach=Breach.NEXT, people=[sara, reza])
    lead = leads.create(name="x", by=sara, owner=sara)
    assert clocks.escalate(now=NOW + timedelta(minutes=30)) == 0
    passed = NOW + timedelta(minutes=31)
    assert clocks.escalate(now=passed) == 1
    lead.refresh_from_db()
    assert (lead.escalated_at, lead.owner, lead.version) == (passed, reza, 2)
    assert clocks.escalate(now=passed + timedelta(hours=5)) == 0
    lead.refresh_from_db()
    assert (lead.escalated_at, lead.owner) == (passed, reza)


def test_a_lead_stays_where_there_is_nobody_else_or_only_the_manager_is_told(sara: User) -> None:
    alone = make_category(sources=["a"], respond_within=5, on_breach=Breach.NEXT, people=[sara])
    told = make_category(sources=["b"], respond_within=5, on_breach=Breach.TELL)
    rows = [leads.create(name="x", by=sara, owner=sara, source=source) for source in "ab"]
    assert clocks.escalate(now=NOW + timedelta(hours=1)) == 2
    found = Lead.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk")
    assert [(row.category, row.owner, row.version) for row in found] == [(alone, sara, 1), (told, sara, 1)]


def test_an_answered_dropped_or_binned_lead_is_never_late(sara: User) -> None:
    make_category(is_default=True, respond_within=5)
    answered, dropped, binned, open_one = (leads.create(name=name, by=sara) for name in "abcd")
    log(answered, sara)
    leads.drop(dropped, because="")
    Lead.objects.filter(pk=binned.pk).update(deleted_at=NOW)
    later = NOW + timedelta(hours=1)
    assert list(clocks.late(Lead.objects.all(), later)) == [open_one]
    assert clocks.escalate(now=later) == 1


def test_more_than_one_batch_is_marked(sara: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "AT_ONCE", 2)
    make_category(is_default=True, respond_within=5, on_breach=Breach.NEXT, assignment=Assignment.LOAD)
    for _n in range(5):
        leads.create(name="x", by=sara, owner=sara)
    assert clocks.escalate(now=NOW + timedelta(hours=1)) == 5


def test_the_least_time_left_comes_first_and_leads_without_a_clock_last() -> None:
    old = make_lead(captured_at=NOW - timedelta(days=9))
    later = make_lead(respond_by=NOW + timedelta(hours=1))
    late = make_lead(respond_by=NOW - timedelta(hours=1))
    make_lead(status="contacted")
    assert list(clocks.waiting(Lead.objects.all())) == [late, later, old]
