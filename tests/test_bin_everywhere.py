"""What lies in the bin is in no list, sum, score or proposal of any room; pages that name it still open."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm import picking
from crm.kinds import MODELS, Record, kind_of
from crm.models import LeadStatus, RecordKind
from crm.screens.today import step_count
from crm.services import bin as bins
from crm.services import opportunity as deals
from dataquality import queries as quality
from dataquality.models import Issue
from dataquality.services.scoring import score_tenant
from members.models import User
from pipeline.queries import flagged_open_deals, needing_decision, open_deals, what_changed
from tests.cast import NOW, ClientOf
from tests.factories import rituals
from tests.factories.crm import make_contact, make_customer, make_lead, make_next_step, make_opportunity, make_stages

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def thrown(record: Record, by: User) -> None:
    bins.throw_away(kind_of(record), [record.pk], by=by, today=TODAY)


def test_the_pipeline(sara: User, nader: User, client_of: ClientOf) -> None:
    make_stages()
    kept, gone = (
        deals.create(title=name, by=sara, today=TODAY, owner=sara, amount=Decimal(5)) for name in ("الف", "ب")
    )
    thrown(gone, sara)
    assert list(open_deals()) == [kept]
    assert [one.pk for one in flagged_open_deals(TODAY)] == [kept.pk]
    assert [one.pk for one in needing_decision(TODAY)] == [kept.pk]
    changed = what_changed(NOW - timedelta(days=1), NOW)
    assert (changed.new.ids, changed.new.amount) == ((kept.pk,), Decimal(5))
    page = client_of(nader).get("/pipeline/").content.decode()
    assert (kept.get_absolute_url() in page, gone.get_absolute_url() in page) == (True, False)


def test_quality(sara: User) -> None:
    kaveh = make_customer("کاوه", owner=sara)
    gone = make_opportunity("ب", owner=sara, customer=kaveh, amount=None)
    kept = make_opportunity("الف", owner=sara, customer=kaveh, amount=None)
    make_contact(kaveh, decides=True)
    before = score_tenant(today=TODAY)
    thrown(gone, sara)
    assert not Issue.objects.filter(opportunity=gone, resolved_on=None).exists()
    after = score_tenant(today=TODAY)
    assert before.records - after.records == 1
    assert after.open_issues == Issue.objects.filter(resolved_on=None).count() < before.open_issues
    assert Issue.objects.filter(opportunity=kept, resolved_on=None).exists()
    assert quality.record_issues(gone, TODAY) == []


def test_a_contact_in_the_bin_decides_nothing(sara: User) -> None:
    kaveh = make_customer("کاوه")
    decider = make_contact(kaveh, decides=True)
    thrown(decider, sara)
    assert list(kaveh.contacts.all()) == []


def test_today_pickers_search_and_conversion(sara: User, client_of: ClientOf) -> None:
    lead, customer = make_lead("مریم", owner=sara, phone="+989121234567"), make_customer("مریم", owner=sara)
    make_next_step(sara, lead=lead)
    other = make_lead("مریم", owner=sara, status=LeadStatus.NEW)
    thrown(lead, sara)
    thrown(customer, sara)
    client = client_of(sara)
    assert step_count(sara, TODAY) == 0
    assert [one.value for one in picking.options(sara, "مریم") if not one.value.startswith("new:")] == [
        f"lead:{other.pk}"
    ]
    for url in ("/leads/", "/customers/", "/search/?q=مریم", f"/leads/{other.pk}/convert/"):
        page = client.get(url).content.decode()
        assert (lead.get_absolute_url() in page, customer.get_absolute_url() in page) == (False, False), url


def test_a_meeting_about_a_deal_in_the_bin_still_opens(nader: User, client_of: ClientOf) -> None:
    deal = make_opportunity("خط", owner=nader)
    item = rituals.make_item(opportunity=deal)
    decision = rituals.make_decision(nader, opportunity=deal)
    thrown(deal, nader)
    client = client_of(nader)
    for url in (f"/meetings/{item.meeting_id}/", f"/decisions/{decision.pk}/", "/decisions/"):
        assert client.get(url).status_code == 200, url
    assert MODELS[RecordKind.OPPORTUNITY].with_binned.filter(pk=deal.pk).exists()
