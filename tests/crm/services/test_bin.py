from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.errors import IdTaken
from crm.kinds import kind_of
from crm.models import (
    Batch,
    BatchKind,
    Case,
    Contact,
    Customer,
    Edit,
    Lead,
    LeadStatus,
    NextStep,
    Opportunity,
    RecordKind,
    Via,
)
from crm.services import bin as services
from crm.services import history
from crm.services import opportunity as opportunities
from members.models import User
from tenants import clock
from tests.cast import NOW
from tests.factories.crm import make_case, make_contact, make_customer, make_lead, make_next_step, make_opportunity

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def thrown(record: Customer | Opportunity | Lead | Contact | Case, by: User) -> services.Ids:
    kind = kind_of(record)
    return services.throw_away(kind, [record.pk], by=by, today=TODAY)


def test_a_customer_takes_along_what_is_its_own_and_brings_it_back(sara: User, nader: User) -> None:
    kaveh, other = make_customer("کاوه", owner=sara), make_customer("دیگر")
    deal, contact, case = make_opportunity(customer=kaveh), make_contact(kaveh), make_case(kaveh)
    lead = make_lead(status=LeadStatus.CONVERTED, customer=kaveh)
    make_opportunity("می‌ماند", customer=other)
    gone = thrown(kaveh, sara)
    assert gone == {
        RecordKind.CUSTOMER: [kaveh.pk],
        RecordKind.OPPORTUNITY: [deal.pk],
        RecordKind.CONTACT: [contact.pk],
        RecordKind.CASE: [case.pk],
        RecordKind.LEAD: [lead.pk],
    }
    assert [str(one) for one in Opportunity.objects.all()] == ["می‌ماند"]
    assert (Customer.objects.get(), Contact.objects.count(), Case.objects.count()) == (other, 0, 0)
    kaveh = Customer.with_binned.get(pk=kaveh.pk)
    assert (kaveh.deleted_at, kaveh.deleted_by) == (NOW, sara)
    assert services.bring_back(kaveh, by=nader) == gone
    assert (Customer.objects.count(), Opportunity.objects.count(), Contact.objects.count()) == (2, 2, 1)
    assert (kaveh.deleted_at, kaveh.deleted_by_id, kaveh.version) == (None, None, 3)


def test_what_was_thrown_away_before_stays_in_the_bin(sara: User) -> None:
    kaveh = make_customer("کاوه")
    before, along = make_opportunity("پیش", customer=kaveh), make_opportunity("همراه", customer=kaveh)
    thrown(before, sara)
    with clock.stopped_at(NOW + timedelta(hours=1)):
        thrown(kaveh, sara)
        services.bring_back(Customer.with_binned.get(), by=sara)
    assert list(Opportunity.objects.all()) == [along]


def test_a_deal_brings_its_customer_back(sara: User) -> None:
    kaveh = make_customer("کاوه")
    deal = make_opportunity(customer=kaveh)
    thrown(deal, sara)
    with clock.stopped_at(NOW + timedelta(hours=1)):
        thrown(kaveh, sara)
    back = services.bring_back(Opportunity.with_binned.get(), by=sara)
    assert back == {RecordKind.CUSTOMER: [kaveh.pk], RecordKind.OPPORTUNITY: [deal.pk]}
    assert (Customer.objects.count(), Opportunity.objects.count()) == (1, 1)


def test_open_steps_go_and_come_back_with_the_deal(sara: User) -> None:
    deal = make_opportunity()
    step = make_next_step(sara, opportunity=deal)
    done = make_next_step(sara, opportunity=deal, done_at=NOW, done_by=sara)
    thrown(deal, sara)
    step.refresh_from_db()
    assert step.dropped_at == NOW
    services.bring_back(Opportunity.with_binned.get(), by=sara)
    assert [one.pk for one in NextStep.objects.filter(dropped_at=None, done_at=None)] == [step.pk]
    done.refresh_from_db()
    assert done.done_at == NOW


def test_each_way_leaves_an_edit(sara: User, nader: User) -> None:
    lead = make_lead()
    thrown(lead, sara)
    services.bring_back(Lead.with_binned.get(), by=nader)
    edits = Edit.objects.order_by("pk").values_list("entity", "record_id", "values", "by", "via")
    assert list(edits) == [
        ("lead", lead.pk, {"deleted_at": [None, NOW.isoformat()]}, sara.pk, "form"),
        ("lead", lead.pk, {"deleted_at": [NOW.isoformat(), None]}, nader.pk, "restore"),
    ]


def test_throwing_away_twice_and_bringing_back_twice_change_nothing(sara: User) -> None:
    lead = make_lead()
    thrown(lead, sara)
    assert thrown(lead, sara) == {}
    services.bring_back(lead, by=sara)
    assert services.bring_back(lead, by=sara) == {}
    assert Edit.objects.count() == 2


def test_an_id_that_was_given_again_meanwhile_keeps_the_record_in_the_bin(sara: User) -> None:
    old = make_lead(external_id="A-7")
    thrown(old, sara)
    make_lead(external_id="A-7")
    with pytest.raises(IdTaken):
        services.bring_back(Lead.with_binned.get(pk=old.pk), by=sara)
    assert Lead.with_binned.get(pk=old.pk).deleted_at == NOW
    assert Edit.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_statements_for_three_as_for_one(rows: int, sara: User) -> None:
    customers = [make_customer() for _row in range(rows)]
    for customer in customers:
        make_next_step(sara, opportunity=make_opportunity(customer=customer))
    with CaptureQueriesContext(connection) as queries:
        services.throw_away(RecordKind.CUSTOMER, [one.pk for one in customers], by=sara, today=TODAY)
    assert len(queries) == 14


def test_a_deal_in_the_bin_keeps_its_changes(sara: User) -> None:
    make_opportunity()
    deal = opportunities.create(title="خط", by=sara, today=TODAY, customer=None)
    thrown(deal, sara)
    assert deal.changes.count() == 1


def test_a_bulk_binning_is_undone_as_one(sara: User, nader: User) -> None:
    kaveh, other = make_customer("کاوه"), make_customer("دیگر")
    make_opportunity(customer=kaveh)
    batch = Batch.objects.create(kind=BatchKind.BULK, by=nader)
    services.throw_away(RecordKind.CUSTOMER, [kaveh.pk, other.pk], by=nader, today=TODAY, via=Via.BULK, batch=batch)
    services.bring_back(Customer.with_binned.get(pk=other.pk), by=nader)
    assert history.undo(batch, by=sara, today=TODAY).kept == []
    assert (Customer.objects.count(), Opportunity.objects.count()) == (2, 1)
    newest = Edit.objects.filter(entity="opportunity").first()
    assert newest
    assert (newest.via, newest.by) == ("undo", sara)
