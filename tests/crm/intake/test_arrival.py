"""Category, promise and owner of a lead that comes in."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from crm.intake.arrival import arrive
from crm.models import Assignment, Lead
from crm.services import lead as leads
from members.models import Role, User
from tenants import clock, schema
from tenants.models import Tenant
from tests.cast import NOW, join
from tests.factories.crm import make_category, make_lead

pytestmark = pytest.mark.django_db


def new(name: str = "آقای توکلی", **fields: object) -> Lead:
    return Lead(name=name, **{"captured_at": clock.now(), **fields})


def test_the_source_decides_the_category_however_it_is_spelt(sara: User) -> None:
    site = make_category(sources=["وب‌سایت", "Website"])
    rest = make_category(is_default=True)
    found = [leads.create(name="x", by=sara, source=source).category for source in ("وب سايت", "WEBSITE", "تلفن", "")]
    assert found == [site, site, rest, rest]


def test_without_categories_nothing_is_promised(sara: User) -> None:
    lead = leads.create(name="x", by=sara, source="تلفن")
    assert (lead.category, lead.respond_by, lead.owner) == (None, None, None)


def test_the_promise_is_kept_in_working_time(sara: User) -> None:
    make_category(is_default=True, respond_within=120)
    lead = leads.create(name="x", by=sara)
    assert lead.respond_by == NOW + timedelta(hours=2)
    with clock.stopped_at(datetime(2026, 11, 25, 13, 0, tzinfo=UTC)):  # Wednesday, 16:30 in Tehran
        late = leads.create(name="y", by=sara)
    assert late.respond_by == datetime(2026, 11, 28, 7, 0, tzinfo=UTC)  # Saturday, 10:30


def test_history_gets_a_category_and_neither_clock_nor_turn(sara: User) -> None:
    category = make_category(is_default=True, respond_within=60, assignment=Assignment.ROTATION, people=[sara])
    old = leads.create(name="x", by=sara, captured_at=NOW - timedelta(days=30))
    assert (old.category, old.respond_by, old.owner) == (category, None, None)
    this_morning = leads.create(name="y", by=sara, captured_at=NOW - timedelta(minutes=30))
    assert (this_morning.respond_by, this_morning.owner) == (NOW + timedelta(minutes=30), sara)


def test_a_table_of_unknown_age_starts_no_clock(sara: User) -> None:
    category = make_category(is_default=True, assignment=Assignment.ROTATION, people=[sara])
    lead = new()
    arrive([lead], start_clocks=False)
    assert (lead.category, lead.respond_by, lead.owner) == (category, None, None)


def test_in_turn_the_next_one_follows_the_last_and_those_who_left_are_passed_over(sara: User, reza: User) -> None:
    gone = User.objects.create_user("gone@acme.example", "x", name="رفته", role=Role.REP, is_active=False)
    category = make_category(is_default=True, assignment=Assignment.ROTATION, people=[sara, reza, gone])
    assert [leads.create(name="x", by=None).owner for _n in range(3)] == [sara, reza, sara]
    assert leads.create(name="mine", by=reza, owner=reza).owner == reza
    category.people.set([gone])
    assert leads.create(name="x", by=None).owner is None


def test_without_names_the_active_reps_take_turns(sara: User, reza: User, nader: User, leila: User) -> None:
    make_category(is_default=True, assignment=Assignment.ROTATION)
    assert [leads.create(name="x", by=nader).owner for _n in range(3)] == [sara, reza, sara]


def test_by_load_who_has_the_fewest_live_leads_gets_the_next(sara: User, reza: User) -> None:
    make_category(is_default=True, assignment=Assignment.LOAD, people=[sara, reza])
    for _n in range(2):
        make_lead(owner=sara)
    make_lead(owner=reza, status="dropped")
    lot = [new() for _n in range(5)]
    arrive(lot)
    assert [lead.owner for lead in lot] == [reza, reza, sara, reza, sara]


def test_a_thousand_cost_no_more_statements_than_one(sara: User, reza: User) -> None:
    make_category(is_default=True, assignment=Assignment.LOAD, people=[sara, reza])
    make_category(sources=["تلفن"], assignment=Assignment.ROTATION, people=[sara])
    counts = []
    for size in (1, 500):
        lot = [new(source=source) for source in ("", "تلفن") for _n in range(size)]
        with CaptureQueriesContext(connection) as asked:
            arrive(lot)
        assert {lead.owner for lead in lot[size:]} == {sara}
        counts.append(len(asked))
    assert counts[0] == counts[1] == 8


def test_categories_and_hours_are_the_firms_own(sara: User, globex: Tenant) -> None:
    make_category(is_default=True, respond_within=60, assignment=Assignment.ROTATION, people=[sara])
    gabe = join(globex, "gabe@globex.example", "Gabe Rowan", Role.REP)
    with tenant_context(globex):
        make_category("Theirs", is_default=True, respond_within=60, assignment=Assignment.ROTATION)
        theirs = leads.create(name="Ann", by=gabe)
    assert str(theirs.category) == "Theirs"
    assert theirs.owner == gabe
    # Saturday in New York is weekend: the clock runs from Monday 9:00.
    assert theirs.respond_by == datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_leads_that_come_at_the_same_moment_take_turns(acme: Tenant) -> None:
    first, second = (join(acme, f"{name}@acme.example", name, Role.REP) for name in ("one", "two"))
    make_category(is_default=True, assignment=Assignment.ROTATION, people=[first, second])
    start = threading.Barrier(4)

    def come() -> None:
        schema.enter(acme)
        start.wait()
        try:
            leads.create(name="x", by=None)
        finally:
            connection.close()

    threads = [threading.Thread(target=come) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Lead.objects.values_list("owner__name", flat=True)) == ["one", "one", "two", "two"]
