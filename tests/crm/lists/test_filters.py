"""Each kind of filter finds exactly its rows, says so in words, and survives what is typed wrongly."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict

from charter.models import KeyDecision
from crm.lists.asking import ask
from crm.lists.specs import SPECS
from crm.models import CustomField, Entity, LeadCategory, ListKind, Opportunity
from members.models import User
from tests.factories.charter import make_key_decision
from tests.factories.crm import TODAY, a_stage, make_customer, make_lead, make_opportunity, make_stages

pytestmark = pytest.mark.django_db


def found(user: User, kind: str, query: str) -> list[str]:
    asked = ask(SPECS[ListKind(kind)], user, QueryDict(query), TODAY)
    return sorted(str(row) for row in asked.rows)


def words(user: User, kind: str, query: str) -> list[tuple[str, str]]:
    asked = ask(SPECS[ListKind(kind)], user, QueryDict(query), TODAY)
    return [(condition.text, condition.error) for condition in asked.conditions]


def own_field(admin: User, entity: str, key: str, kind: str, **more: Any) -> CustomField:
    make_stages()
    decision = KeyDecision.objects.first() or make_key_decision(admin)
    slot = CustomField.objects.filter(entity=entity).count() + 1
    return CustomField.objects.create(entity=entity, key=key, label=key, kind=kind, serves=decision, slot=slot, **more)


@pytest.fixture
def deals(sara: User, reza: User) -> None:
    first, second, *_rest = make_stages()
    make_opportunity("الف", owner=sara, stage=first, amount=Decimal(50), expected_close=TODAY - timedelta(1))
    make_opportunity("ب", owner=reza, stage=second, amount=Decimal(100), expected_close=TODAY)
    make_opportunity("پ", stage=second, amount=None, expected_close=None, customer=make_customer("پتروشیمی کاوه"))
    make_opportunity("ت", owner=sara, stage=a_stage("won"), amount=Decimal(150), expected_close=TODAY + timedelta(40))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["الف", "ب", "پ"]),
        ("state=all", ["الف", "ب", "پ", "ت"]),
        ("stage={second}", ["ب", "پ"]),
        ("stage={first}&stage={won}", ["الف", "ت"]),
        ("stage={won}&state=open", []),
        ("owner={sara}", ["الف"]),
        ("owner={sara}&owner=none", ["الف", "پ"]),
        ("owner.is=empty", ["پ"]),
        ("amount.from=۵ تومان&amount.to=۱۰ تومان", ["الف", "ب"]),
        ("amount.from=15&state=all", ["ت"]),
        ("amount.is=empty", ["پ"]),
        ("amount.is=filled", ["الف", "ب"]),
        ("expected_close.in=overdue", ["الف"]),
        ("expected_close.in=today", ["ب"]),
        ("expected_close.in=this_week", ["ب"]),
        ("expected_close.in=last_week", ["الف"]),
        ("expected_close.in=this_month", ["الف", "ب"]),
        ("expected_close.in=next_month&state=all", []),
        ("expected_close.in=this_quarter&state=all", ["الف", "ب"]),
        ("expected_close.in=next_quarter&state=all", ["ت"]),
        ("expected_close.from=۳۰ آبان ۱۴۰۵&expected_close.to=1405/09/30", ["ب"]),
        ("expected_close.from=2026-11-20", ["الف", "ب"]),
        ("expected_close.is=empty", ["پ"]),
        ("customer=كاوه", ["پ"]),
        ("title=ب", ["ب"]),
        ("title=!!!", []),
    ],
)
def test_filters_of_deals(query: str, names: list[str], deals: None, sara: User, nader: User) -> None:
    first, second, *_rest = make_stages()
    won = a_stage("won")
    query = query.format(first=first.pk, second=second.pk, won=won.pk, sara=sara.pk)
    assert found(nader, "deals", query) == sorted(names)


def test_filters_of_customers_and_leads(sara: User, nader: User) -> None:
    make_customer("کاوه", city="تهران", phone="+989121234567", note="نمایندهٔ شمال")
    make_customer("البرز", city="کرج", service_owner=sara)
    assert found(nader, "customers", "city=تهران") == ["کاوه"]
    assert found(nader, "customers", "phone=۰۹۱۲ ۱۲۳") == ["کاوه"]
    assert found(nader, "customers", "phone.is=empty") == ["البرز"]
    assert found(nader, "customers", f"service_owner={sara.pk}") == ["البرز"]
    assert found(nader, "customers", "note=شمال&city=كرج") == []
    hot = LeadCategory.objects.create(name="فوری", position=90)
    tehran = ZoneInfo("Asia/Tehran")
    make_lead("نیمه‌شب", captured_at=datetime(2026, 11, 21, 0, 0, tzinfo=tehran), category=hot, source="سایت")
    make_lead("دیروز", captured_at=datetime(2026, 11, 20, 23, 59, tzinfo=tehran))
    assert found(nader, "leads", "captured_at.in=today") == ["نیمه‌شب"]
    assert found(nader, "leads", "captured_at.to=2026-11-20") == ["دیروز"]
    assert found(nader, "leads", f"category={hot.pk}") == ["نیمه‌شب"]
    assert found(nader, "leads", "category=none") == ["دیروز"]
    assert found(nader, "leads", "source=سایت&category.is=filled") == ["نیمه‌شب"]


def test_own_fields_of_every_kind(admin: User) -> None:
    for key, kind, more in [
        ("model", "text", {}),
        ("seats", "number", {}),
        ("budget", "money", {}),
        ("renewal", "date", {}),
        ("size", "choice", {"choices": ["کوچک", "بزرگ"]}),
    ]:
        own_field(admin, Entity.CUSTOMER, key, kind, **more)
    make_customer(
        "یک", custom={"model": "زرین ۲", "seats": "9.5", "budget": "900", "renewal": "2026-11-21", "size": "کوچک"}
    )
    make_customer("دو", custom={"seats": "100", "budget": "10000", "renewal": "2026-12-30", "size": "بزرگ"})
    make_customer("سه", custom={"seats": "نامشخص"})
    for query, names in {
        "custom.model=زرين": ["یک"],
        "custom.model.is=empty": ["دو", "سه"],
        "custom.seats.from=9&custom.seats.to=10": ["یک"],
        "custom.seats.from=10": ["دو"],
        "custom.budget.to=۹۰ تومان": ["یک"],
        "custom.renewal.in=this_month": ["یک"],
        "custom.renewal.from=1405/09/01": ["دو"],
        "custom.size=کوچک": ["یک"],
        "custom.size=کوچک&custom.size=بزرگ": ["دو", "یک"],
        "custom.size.is=empty": ["سه"],
    }.items():
        assert found(admin, "customers", query) == sorted(names), query


def test_yes_or_no_and_nothing_are_three(admin: User) -> None:
    own_field(admin, Entity.LEAD, "vip", "yes_no")
    for name, custom in {"بله": {"vip": True}, "نه": {"vip": False}, "هیچ": {}}.items():
        make_lead(name, custom=custom)
    queries = ("custom.vip=yes", "custom.vip=no", "custom.vip.is=empty")
    assert [found(admin, "leads", query) for query in queries] == [["بله"], ["نه"], ["هیچ"]]


def test_a_retired_field_is_no_filter_any_more(admin: User) -> None:
    field = own_field(admin, Entity.LEAD, "vip", "yes_no")
    make_lead("نه", custom={"vip": False})
    CustomField.objects.filter(pk=field.pk).update(slot=None)
    assert found(admin, "leads", "custom.vip=yes") == ["نه"]


def test_what_is_typed_wrongly_is_said_beside_it_and_the_others_hold(deals: None, nader: User) -> None:
    query = "amount.from=many&expected_close.in=someday&stage=999&owner.is=perhaps&amount.to=&title=ب"
    assert found(nader, "deals", query) == ["ب"]
    said = dict(words(nader, "deals", query))
    assert [bool(error) for error in said.values()] == [False, True, True, True, True]
    backwards = words(nader, "deals", "expected_close.from=2026-12-01&expected_close.to=2026-11-01")
    assert backwards[0][1] == "The beginning comes after the end."
    assert Opportunity.objects.count() == 4


def test_conditions_in_words(deals: None, nader: User) -> None:
    second = make_stages()[1]
    said = words(
        nader, "deals", f"stage={second.pk}&amount.from=۲ میلیارد تومان&expected_close.in=this_month&owner=none"
    )
    assert said == [
        (f"Stage: {second.name}", ""),
        ("Amount: from ۲ میلیارد تومان", ""),
        ("Expected close: this month", ""),
    ]
