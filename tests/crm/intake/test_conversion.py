"""What moves along when a lead becomes a deal, and what an undo gives back."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django_tenants.utils import tenant_context

from crm.errors import AlreadyClosed, AlreadyUndone
from crm.intake.conversion import Since, TooOld, WorkedOnSince, convert, standing, undo
from crm.intake.matching import matches
from crm.models import Attachment, Contact, Conversion, Customer, CustomField, Interaction, Lead, NextStep, Opportunity
from crm.services import interaction as interactions
from crm.services import next_step as next_steps
from crm.services import opportunity as opportunities
from members.models import User
from tenants import clock, schema
from tenants.models import Tenant
from tests.cast import NOW
from tests.factories.charter import make_key_decision
from tests.factories.crm import (
    an_admin,
    make_contact,
    make_customer,
    make_lead,
    make_next_step,
    make_opportunity,
    make_stages,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def lead(sara: User) -> Lead:
    make_stages()
    made = make_lead(
        "خانم رضایی", company="کاوه", phone="+989121234567", owner=sara, captured_at=NOW - timedelta(hours=2)
    )
    interactions.log(by=sara, kind="call", sentence="قیمت خواست", lead=made)
    make_next_step(sara, lead=made)
    Attachment.objects.create(file="a", name="نقشه.pdf", size=1, content_type="x", lead=made, by=sara)
    return made


def test_history_steps_and_files_move_along(lead: Lead, sara: User) -> None:
    made = convert(lead, by=sara, today=TODAY, title="خط")
    found = [model.objects.get() for model in (Interaction, NextStep, Attachment)]
    assert [(row.lead, row.customer, row.opportunity) for row in found] == [(lead, made.customer, made.opportunity)] * 3
    assert Interaction.objects.get().contact == made.contact
    assert (made.conversion.made_customer, made.conversion.made_contact, made.conversion.old_status) == (
        True, True, "contacted",
    )  # fmt: skip


def test_own_fields_of_the_same_key_and_kind_move_along(lead: Lead, sara: User, nader: User) -> None:
    serves = make_key_decision(nader, slot=3)
    for slot, (entity, key, kind) in enumerate(
        [("lead", "size", "number"), ("opportunity", "size", "number"), ("customer", "size", "text"),
         ("lead", "plan", "text"), ("customer", "plan", "text")]
    ):  # fmt: skip
        CustomField.objects.create(entity=entity, slot=slot % 5 + 1, key=key, label=key, kind=kind, serves=serves)
    Lead.objects.filter(pk=lead.pk).update(custom={"size": "12", "plan": "طلایی", "gone": "x"})
    made = convert(lead, by=sara, today=TODAY, title="خط")
    made.opportunity.refresh_from_db()
    assert (made.opportunity.custom, made.customer.custom) == ({"size": "12"}, {"plan": "طلایی"})


def test_a_lead_with_nothing_but_a_name_becomes_a_person_who_buys(sara: User) -> None:
    make_stages()
    bare = make_lead("آقای توکلی")
    made = convert(bare, by=sara, today=TODAY, title="خط")
    assert (made.customer.name, made.contact, made.opportunity.amount) == ("آقای توکلی", None, None)
    # Becoming a deal is an answer too.
    assert (bare.first_response_at, bare.status) == (NOW, "converted")


def test_an_undo_gives_everything_back(lead: Lead, sara: User) -> None:
    before = Lead.objects.values("status", "first_response_at", "answered_in", "respond_by", "owner").get()
    made = convert(lead, by=sara, today=TODAY, title="خط")
    with clock.stopped_at(LATER):
        undo(made.conversion, by=sara, today=TODAY)
    assert Lead.objects.values("status", "first_response_at", "answered_in", "respond_by", "owner").get() == before
    assert [model.objects.count() for model in (Opportunity, Customer, Contact)] == [0, 0, 0]
    rows = [model.objects.get() for model in (Interaction, NextStep, Attachment)]
    assert [(row.lead, row.customer_id, row.opportunity_id) for row in rows] == [(lead, None, None)] * 3
    assert NextStep.objects.get().is_open
    assert (Conversion.objects.get().undone_by, standing(lead=lead)) == (sara, None)
    again = convert(Lead.objects.get(), by=sara, today=TODAY, title="خط ۲")
    assert standing(opportunity=again.opportunity) == again.conversion


def test_a_new_lead_is_new_again_with_its_clock(sara: User) -> None:
    make_stages()
    new = make_lead(respond_by=LATER)
    undo(convert(new, by=sara, today=TODAY, title="خط").conversion, by=sara, today=TODAY)
    new.refresh_from_db()
    assert (new.status, new.first_response_at, new.answered_in, new.respond_by) == ("new", None, None, LATER)


def test_a_known_customer_stays_when_the_deal_goes(lead: Lead, sara: User) -> None:
    known = make_customer("کاوه")
    made = convert(lead, by=sara, today=TODAY, title="خط", customer=known)
    undo(made.conversion, by=sara, today=TODAY)
    assert list(Customer.objects.all()) == [known]
    assert not Contact.objects.exists()


def test_a_new_customer_that_others_rest_on_by_now_stays(lead: Lead, sara: User) -> None:
    made = convert(lead, by=sara, today=TODAY, title="خط")
    make_opportunity("دومی", customer=made.customer)
    undo(made.conversion, by=sara, today=TODAY)
    assert list(Customer.objects.all()) == [made.customer]
    assert [deal.title for deal in Opportunity.objects.all()] == ["دومی"]


def test_an_undo_is_refused_with_what_was_done_since(lead: Lead, sara: User) -> None:
    made = convert(lead, by=sara, today=TODAY, title="خط")
    with clock.stopped_at(LATER):
        opportunities.change(made.opportunity, by=sara, values={"title": "خط دوم"})
        interactions.log(by=sara, kind="call", sentence="سلام", opportunity=made.opportunity)
        next_steps.complete(NextStep.objects.get(), by=sara)
        with pytest.raises(WorkedOnSince) as refused:
            undo(made.conversion, by=sara, today=TODAY)
    assert refused.value.reasons == (Since.CHANGED, Since.TALKED, Since.PLANNED)
    assert Opportunity.objects.count() == 1
    assert Conversion.objects.get().undone_at is None


def test_an_undo_is_for_a_day_and_for_once(lead: Lead, sara: User) -> None:
    made = convert(lead, by=sara, today=TODAY, title="خط")
    with clock.stopped_at(NOW + timedelta(days=1)), pytest.raises(TooOld):
        undo(made.conversion, by=sara, today=TODAY)
    undo(made.conversion, by=sara, today=TODAY)
    with pytest.raises(AlreadyUndone):
        undo(made.conversion, by=sara, today=TODAY)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_convert_at_the_same_time_one_does(acme: Tenant) -> None:
    person = an_admin()
    make_stages()
    lead = make_lead()
    start, answers = threading.Barrier(2), []

    def go() -> None:
        schema.enter(acme)
        start.wait()
        try:
            answers.append(convert(Lead.objects.get(pk=lead.pk), by=person, today=TODAY, title="خط").opportunity.title)
        except AlreadyClosed:
            answers.append("too late")
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["too late", "خط"]
    assert (Opportunity.objects.count(), Conversion.objects.count()) == (1, 1)


def test_known_customers_are_found_with_why(sara: User) -> None:
    lead = make_lead("خانم رضايي", company="صنايع كاوه", phone="+989121234567", email="r@kaveh.example")
    both = make_customer("صنایع کاوه", phone="+989121234567")
    through = make_customer("بازرگانی راد")
    make_contact(through, "بهار", email="r@kaveh.example")
    make_customer("دیگری", phone="+989120000000")
    found = [(match.customer, match.why) for match in matches(lead, sara)]
    assert found == [(both, "same phone, same name"), (through, "e-mail of بهار there")]


def test_nothing_is_found_by_an_empty_phone_or_mail_or_in_another_firm(sara: User, globex: Tenant) -> None:
    make_customer("کاوه")
    assert matches(make_lead("دیگری"), sara) == []
    with tenant_context(globex):
        make_customer("دیگری")
    assert matches(make_lead("دیگری"), sara) == []
