from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm.errors import AlreadyClosed
from crm.intake.conversion import convert
from crm.models import Customer, Interaction, NextStep
from crm.services import interaction as interactions
from crm.services import lead as services
from members.models import User
from tenants import clock
from tests.cast import NOW
from tests.factories.crm import make_contact, make_customer, make_lead, make_next_step, make_stages

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def test_convert_makes_customer_contact_and_deal_and_takes_the_history_along(sara: User) -> None:
    make_stages()
    lead = make_lead("خانم رضایی", company="کاوه", phone="+989121234567", owner=sara)
    interactions.log(by=sara, kind="call", sentence="قیمت خواست", lead=lead)
    make_next_step(sara, lead=lead)
    made = convert(lead, by=sara, today=TODAY, title="خط", amount=Decimal(7))
    assert (made.customer.name, made.customer.phone, made.customer.owner) == ("کاوه", "+989121234567", sara)
    assert made.contact is not None
    assert (made.contact.name, made.contact.phone) == ("خانم رضایی", "+989121234567")
    assert (made.opportunity.title, made.opportunity.amount, made.opportunity.owner) == ("خط", Decimal(7), sara)
    assert made.opportunity.last_interaction_on == TODAY
    assert (lead.status, lead.customer, lead.opportunity) == ("converted", made.customer, made.opportunity)
    assert Interaction.objects.get().opportunity == made.opportunity
    assert NextStep.objects.get().opportunity == made.opportunity


def test_a_person_without_firm_is_the_customer_himself(sara: User) -> None:
    make_stages()
    made = convert(make_lead("آقای توکلی"), by=sara, today=TODAY, title="خط")
    assert (made.customer.name, made.contact) == ("آقای توکلی", None)


def test_an_existing_customer_and_a_known_contact_are_used(sara: User) -> None:
    make_stages()
    customer = make_customer("کاوه")
    contact = make_contact(customer, "خانم رضایی")
    made = convert(make_lead("خانم رضايی", company="کاوه"), by=sara, today=TODAY, title="خط", customer=customer)
    assert (made.customer, made.contact) == (customer, contact)
    assert Customer.objects.count() == 1


def test_a_closed_lead_is_not_converted_or_dropped_again(sara: User) -> None:
    make_stages()
    lead = make_lead()
    services.drop(lead, because="بودجه ندارد")
    assert (lead.status, lead.dropped_because) == ("dropped", "بودجه ندارد")
    with pytest.raises(AlreadyClosed):
        convert(lead, by=sara, today=TODAY, title="خط")
    with pytest.raises(AlreadyClosed):
        services.drop(lead, because="")
    assert not Customer.objects.exists()


def test_the_first_interaction_answers_a_new_lead(sara: User) -> None:
    lead = make_lead(captured_at=NOW - timedelta(hours=2))
    interactions.log(by=sara, kind="call", sentence="سلام", lead=lead)
    assert (lead.status, lead.first_response_at) == ("contacted", NOW)
    with clock.stopped_at(NOW + timedelta(days=1)):
        interactions.log(by=sara, kind="call", sentence="باز هم سلام", lead=lead)
    lead.refresh_from_db()
    assert lead.first_response_at == NOW
