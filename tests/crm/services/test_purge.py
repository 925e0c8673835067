from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from crm.kinds import Record, kind_of
from crm.models import (
    Attachment,
    Change,
    Contact,
    Customer,
    Edit,
    Interaction,
    Lead,
    LeadStatus,
    NextStep,
    Opportunity,
    RecordKind,
)
from crm.services import bin as bins
from crm.services import opportunity as opportunities
from crm.services.purge import purge
from members.models import User
from tenants import clock
from tests.cast import NOW
from tests.factories import rituals
from tests.factories.crm import (
    make_case,
    make_contact,
    make_customer,
    make_interaction,
    make_lead,
    make_next_step,
    make_opportunity,
    make_stages,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
LATER = NOW + timedelta(days=30, seconds=1)


def thrown(record: Record, by: User) -> None:
    bins.throw_away(kind_of(record), [record.pk], by=by, today=TODAY)


def test_after_thirty_days_nothing_is_left(sara: User) -> None:
    make_stages()
    kaveh = make_customer("کاوه")
    deal = opportunities.create(title="خط", by=sara, today=TODAY, customer=kaveh)
    make_contact(kaveh)
    make_case(kaveh)
    make_lead(status=LeadStatus.CONVERTED, customer=kaveh, opportunity=deal)
    make_interaction(sara, customer=kaveh, opportunity=deal)
    make_next_step(sara, opportunity=deal)
    thrown(kaveh, sara)
    assert sum(purge(now=NOW + timedelta(days=30)).values()) == 0
    assert purge(now=LATER) == {
        RecordKind.LEAD: 1,
        RecordKind.CASE: 1,
        RecordKind.CONTACT: 1,
        RecordKind.OPPORTUNITY: 1,
        RecordKind.CUSTOMER: 1,
    }
    for manager in (Customer.with_binned, Opportunity.with_binned, Lead.with_binned, Contact.with_binned):
        assert not manager.exists()
    for model in (Edit, Change, Interaction, NextStep):
        assert not model._default_manager.exists()


def test_history_stays_with_the_living(sara: User) -> None:
    kaveh = make_customer("کاوه")
    deal, lead = make_opportunity(customer=kaveh), make_lead(status=LeadStatus.CONVERTED, customer=kaveh)
    talk = make_interaction(sara, customer=kaveh, opportunity=deal, lead=lead)
    step = make_next_step(sara, opportunity=deal, lead=lead, customer=kaveh)
    thrown(deal, sara)
    thrown(lead, sara)
    purge(now=LATER)
    talk.refresh_from_db()
    step.refresh_from_db()
    assert (talk.customer, talk.opportunity, talk.lead) == (kaveh, None, None)
    assert (step.customer, step.opportunity, step.lead) == (kaveh, None, None)


def test_what_hangs_only_on_the_deal_goes_with_it(sara: User) -> None:
    deal = make_opportunity(customer=None)
    make_interaction(sara, opportunity=deal)
    lead = make_lead(opportunity=deal)
    thrown(deal, sara)
    purge(now=LATER)
    lead.refresh_from_db()
    assert (Interaction.objects.count(), lead.opportunity) == (0, None)


def test_a_deal_that_was_decided_on_is_kept_with_its_customer(sara: User) -> None:
    kaveh = make_customer("کاوه")
    decided, other = make_opportunity(customer=kaveh), make_opportunity(customer=kaveh)
    decision = rituals.make_decision(sara, opportunity=decided)
    thrown(kaveh, sara)
    assert purge(now=LATER)[RecordKind.OPPORTUNITY] == 1
    assert list(Opportunity.with_binned.all()) == [decided]
    assert (Customer.with_binned.count(), Customer.objects.count()) == (1, 0)
    decision.refresh_from_db()
    assert decision.opportunity == decided
    assert not Opportunity.with_binned.filter(pk=other.pk).exists()


def test_files_go_from_the_disk(sara: User, django_capture_on_commit_callbacks) -> None:
    kaveh = make_customer("کاوه")
    deal = make_opportunity(customer=kaveh)
    for of in ({"opportunity": deal}, {"opportunity": deal, "customer": kaveh}):
        Attachment.objects.create(
            file=ContentFile(b"x", name="offer.pdf"), name="offer.pdf", size=1, content_type="application/pdf",
            by=sara, **of,
        )  # fmt: skip
    kept = Attachment.objects.get(customer=kaveh)
    lost = Attachment.objects.get(customer=None)
    thrown(deal, sara)
    with django_capture_on_commit_callbacks(execute=True):
        purge(now=LATER)
    assert list(Attachment.objects.all()) == [kept]
    assert (default_storage.exists(str(lost.file)), default_storage.exists(str(kept.file))) == (False, True)
    default_storage.delete(str(kept.file))


def test_the_next_night_finds_nothing_more(sara: User) -> None:
    thrown(make_lead(), sara)
    assert purge(now=LATER)[RecordKind.LEAD] == 1
    with clock.stopped_at(LATER):
        assert sum(purge(now=clock.now()).values()) == 0
