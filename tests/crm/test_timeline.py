from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm import timeline
from crm.services import next_step as steps
from crm.services import opportunity as services
from members.models import User
from tenants import clock
from tests.cast import NOW
from tests.factories.crm import make_customer, make_interaction, make_next_step, make_stages

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def test_all_sources_newest_first(sara: User, nader: User) -> None:
    stages = make_stages()
    with clock.stopped_at(NOW - timedelta(days=5)):
        deal = services.create(title="خط", by=sara, today=TODAY)
    with clock.stopped_at(NOW - timedelta(days=4)):
        make_interaction(sara, opportunity=deal, sentence="قیمت خواستند")
    with clock.stopped_at(NOW - timedelta(days=3)):
        services.change(deal, by=nader, values={"amount": Decimal(10_000_000), "expected_close": TODAY})
    with clock.stopped_at(NOW - timedelta(days=2)):
        steps.complete(make_next_step(sara, opportunity=deal, what="زنگ"), by=sara)
    with clock.stopped_at(NOW - timedelta(days=1)):
        steps.drop(make_next_step(sara, opportunity=deal, what="دیدار"), because="نشد")
    services.move(deal, to=stages[1], by=sara, today=TODAY)
    events = timeline.of_deal(deal).events
    assert [(event.icon, event.title, event.old, event.new, event.by) for event in events] == [
        ("deals", "Stage", "شناسایی", "نیازسنجی", "سارا کریمی"),
        ("x", "دیدار", "", "", "سارا کریمی"),
        ("check", "زنگ", "", "", "سارا کریمی"),
        ("edit", "Expected close", "—", "۳۰ آبان ۱۴۰۵", "نادر احمدی"),
        ("edit", "Amount", "—", "۱٬۰۰۰٬۰۰۰ تومان", "نادر احمدی"),
        ("phone", "قیمت خواستند", "", "", "سارا کریمی"),
        ("plus", "Deal opened", "", "", "سارا کریمی"),
    ]


def test_more_is_said_only_when_there_is_more(sara: User) -> None:
    make_stages()
    deal = services.create(title="خط", by=sara, today=TODAY)
    for _one in range(2):
        make_interaction(sara, opportunity=deal)
    assert (len(timeline.of_deal(deal, 2).events), timeline.of_deal(deal, 2).next_shown) == (2, 17)
    assert (len(timeline.of_deal(deal, 3).events), timeline.of_deal(deal, 3).next_shown) == (3, 0)


def test_a_customers_timeline_names_the_deals(sara: User) -> None:
    make_stages()
    customer = make_customer()
    deal = services.create(title="خط", by=sara, today=TODAY, customer=customer)
    make_interaction(sara, customer=customer, opportunity=deal, sentence="تماس")
    services.change(deal, by=sara, values={"amount": Decimal(5)})
    events = timeline.of_customer(customer).events
    assert {(event.title, event.note, event.url) for event in events} == {
        ("تماس", "Call · خط", deal.get_absolute_url()),
        ("Deal opened", "شناسایی · خط", deal.get_absolute_url()),
    }
