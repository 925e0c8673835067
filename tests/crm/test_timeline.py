from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm import timeline
from crm.services import customer as customers
from crm.services import next_step as steps
from crm.services import opportunity as services
from crm.timeline import KINDS
from members.models import User
from tenants import clock
from tests.cast import NOW
from tests.factories.crm import (
    make_attachment,
    make_case,
    make_customer,
    make_interaction,
    make_next_step,
    make_opportunity,
    make_stages,
)

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
    events = timeline.of_deal(sara, deal).events
    assert [(event.icon, event.title, event.old, event.new, event.by) for event in events] == [
        ("deals", "Stage", "شناسایی", "نیازسنجی", "سارا کریمی"),
        ("x", "دیدار", "", "", "سارا کریمی"),
        ("check", "زنگ", "", "", "سارا کریمی"),
        ("edit", "Expected close", "—", "۳۰ آبان ۱۴۰۵", "نادر احمدی"),
        ("edit", "Amount", "—", "۱٬۰۰۰٬۰۰۰ تومان", "نادر احمدی"),
        ("phone", "قیمت خواستند", "", "", "سارا کریمی"),
        ("plus", "Deal opened", "", "", "سارا کریمی"),
    ]


def test_each_event_comes_once_in_parts_of_any_size(sara: User) -> None:
    make_stages()
    customer = make_customer(owner=sara)
    deal = services.create(title="خط", by=sara, today=TODAY, customer=customer)
    for hours in (5, 5, 3, 3):  # moments that coincide
        with clock.stopped_at(NOW - timedelta(hours=hours)):
            make_interaction(sara, customer=customer, opportunity=deal)
            make_next_step(sara, opportunity=deal)
            make_case(customer, created_by=sara)
            customers.change(customer, by=sara, values={"city": f"شهر {hours}", "note": str(customer.version)})
    whole = timeline.of_customer(sara, customer, size=100)
    assert (len(whole.events), whole.older) == (17, "")
    for size in (1, 4, 17):
        walked, before = [], ""
        while True:
            part = timeline.of_customer(sara, customer, before=before, size=size)
            walked += part.events
            before = part.older
            if not before:
                break
        assert walked == whole.events, size


def test_one_kind_alone(sara: User) -> None:
    make_stages()
    customer = make_customer("کاوه", owner=sara)
    services.create(title="خط", by=sara, today=TODAY, customer=customer)
    make_interaction(sara, customer=customer, sentence="تماس")
    make_case(customer, "خراب شد")
    make_attachment(sara, customer, "offer.pdf")
    make_next_step(sara, customer=customer, what="زنگ")
    titles = {kind: [one.title for one in timeline.of_customer(sara, customer, kind=kind).events] for kind in KINDS}
    assert titles == {
        "contact": ["تماس"],
        "change": ["Deal opened"],
        "step": ["زنگ"],
        "case": ["خراب شد"],
        "file": ["offer.pdf"],
    }
    assert len(timeline.of_customer(sara, customer, kind="nonsense", before="nonsense").events) == 5


def test_edits_say_what_changed_without_what_the_change_log_tells(sara: User, reza: User) -> None:
    make_stages()
    deal = make_opportunity("خط", owner=sara)
    services.change(deal, by=reza, values={"amount": Decimal(50), "title": "خط ۲"})
    services.change(deal, by=reza, values={"amount": Decimal(60)})
    events = timeline.of_deal(sara, deal, kind="change").events
    assert [(one.title, one.old, one.new) for one in events] == [
        ("Title", "خط", "خط ۲"),
        ("Amount", "۵ تومان", "۶ تومان"),
        ("Amount", "—", "۵ تومان"),
    ]


def test_a_customers_timeline_names_the_deals(sara: User) -> None:
    make_stages()
    customer = make_customer()
    deal = services.create(title="خط", by=sara, today=TODAY, customer=customer)
    make_interaction(sara, customer=customer, opportunity=deal, sentence="تماس")
    services.change(deal, by=sara, values={"amount": Decimal(5)})
    events = timeline.of_customer(sara, customer).events
    assert {(event.title, event.note, event.url) for event in events} == {
        ("تماس", "Call · خط", deal.get_absolute_url()),
        ("Deal opened", "شناسایی · خط", deal.get_absolute_url()),
    }
