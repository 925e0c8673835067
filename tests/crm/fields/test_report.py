"""Fill rates, filler and readings, and what is proposed to go."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charter.models import KeyDecision
from crm.fields import fillers, marks, reading, report
from crm.models import Entity, FieldReading, FieldRule, Lead
from members.models import User
from tenants import clock
from tests.factories.crm import make_contact, make_customer, make_lead, make_opportunity, make_own_field, make_stages

FILLER = [
    "-", "—", "...", "؟؟", "تست", "Test", " test ", "aaa", "ااا", "09120000000", "+989120000000", "۰۹۱۲۰۰۰۰۰۰۰۰",
    "11111111", "1234567", "+981234567890", "نامشخص", "unknown", "N/A",
]  # fmt: skip
MEANT = ["", " ", "+989121234568", "تستر مواد", "aa", "اداره", "۵۵", "1000000", "بازار", "Testa", "a-b", "و"]


@pytest.mark.parametrize("value", FILLER)
def test_filler_is_known(value: str) -> None:
    assert fillers.is_filler(value)


@pytest.mark.parametrize("value", MEANT)
def test_what_is_meant_is_not_filler(value: str) -> None:
    assert not fillers.is_filler(value)


@pytest.mark.django_db
def test_the_database_knows_the_same_filler() -> None:
    for value in [*FILLER, *MEANT]:
        make_lead(source=value)
    found = Lead.objects.filter(source__iregex=fillers.pattern()).values_list("source", flat=True)
    assert set(found) == set(FILLER)


@pytest.mark.django_db
def test_fill_rates_count_live_records(sara: User) -> None:
    field = make_own_field("Size", entity=Entity.LEAD)
    make_lead(source="وب", phone="+989120000000", custom={field.key: "تست"})
    make_lead(source="-", custom={field.key: "بزرگ"}, owner=sara)
    make_lead(source="وب", deleted_at=clock.now())
    rates = report.fill_rates(Entity.LEAD)
    assert {name: rates[name] for name in ("source", "phone", "email", "owner", "custom.size")} == {
        "source": (2, 2, 1), "phone": (2, 1, 1), "email": (2, 0, 0), "owner": (2, 1, 0), "custom.size": (2, 2, 1),
    }  # fmt: skip


@pytest.mark.django_db
def test_who_decides_is_filled_by_a_contact() -> None:
    customer = make_customer()
    make_contact(customer, decides=True)
    make_opportunity(customer=customer)
    make_opportunity(customer=None)
    assert report.fill_rates(Entity.OPPORTUNITY)["decider"] == (2, 1, 0)


@pytest.mark.django_db
def test_two_reasons_make_a_proposal(sara: User, reza: User, today: date) -> None:
    make_stages()
    serves = KeyDecision.objects.get(slot=1)
    for slot, name in enumerate(("source", "phone"), 1):
        FieldRule.objects.create(entity="lead", field=name, slot=slot, serves=serves)
    for _number in range(10):
        make_lead(phone="+982188001122")
    reading.note(Entity.LEAD, ["phone", "source"], reader="agenda", at=clock.now() - timedelta(days=91))
    reading.note(Entity.LEAD, ["phone"], reader="decision", at=clock.now())
    for user in (sara, reza):
        marks.toggle(entity=Entity.LEAD, field="source", kind="useless", by=user)
    rows = {row.info.name: row for row in report.usage(today)[Entity.LEAD]}
    assert (rows["source"].filled_percent, rows["phone"].filled_percent, rows["phone"].filler_percent) == (0, 100, 0)
    assert rows["source"].proposal == (
        "It is hardly ever filled. No agenda or decision has read it for three months. Users find it a burden."
    )
    assert rows["source"].marks == [("of no use", 2)]
    # Read lately, filled: it earns its place. And what is not asked costs nobody anything.
    assert (rows["phone"].proposal, rows["email"].proposal) == ("", "")


@pytest.mark.django_db
def test_a_reading_is_kept_once_with_its_latest_day() -> None:
    first, second = clock.now() - timedelta(days=3), clock.now()
    with CaptureQueriesContext(connection) as captured:
        reading.note(Entity.OPPORTUNITY, ["amount", "owner", "amount"], reader="agenda", at=first)
    assert len([query for query in captured if "INSERT" in query["sql"]]) == 1
    reading.note(Entity.OPPORTUNITY, ["amount"], reader="decision", at=second)
    assert sorted(FieldReading.objects.values_list("field", "reader", "read_at")) == [
        ("amount", "decision", second), ("owner", "agenda", first),
    ]  # fmt: skip
