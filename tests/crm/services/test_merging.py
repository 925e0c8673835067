from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Customer
from crm.picking import NewRecord
from crm.services import customer as customers
from crm.services import opportunity as opportunities
from crm.services.merging import merge
from members.models import User
from tests.cast import NOW
from tests.factories.crm import make_customer, make_opportunity

pytestmark = pytest.mark.django_db


def test_nothing_happened_meanwhile(sara: User) -> None:
    customer = make_customer("کاوه")
    with CaptureQueriesContext(connection) as queries:
        merged = merge(customer, {"city": "کرج"}, seen=1)
    assert (merged.values, merged.conflicts, merged.theirs, len(queries)) == ({"city": "کرج"}, {}, {}, 0)


def test_what_only_they_changed_stays_and_what_only_i_changed_is_written(nader: User) -> None:
    customer = make_customer("کاوه", city="تهران", sector="فولاد")
    customers.change(customer, by=nader, values={"city": "کرج"})
    merged = merge(customer, {"name": "کاوه", "city": "تهران", "sector": "مس"}, seen=1)
    assert (merged.values, merged.conflicts) == ({"name": "کاوه", "sector": "مس"}, {})
    assert {name: (touch.by, touch.at) for name, touch in merged.theirs.items()} == {"city": ("نادر احمدی", NOW)}


def test_what_both_changed_is_a_conflict_until_it_is_settled(nader: User) -> None:
    customer = make_customer(city="تهران")
    customers.change(customer, by=nader, values={"city": "کرج"})
    mine = {"city": "قم"}
    assert set(merge(customer, mine, seen=1).conflicts) == {"city"}
    assert merge(customer, mine, seen=1, settled={"city"}, settled_at=2).values == mine
    customers.change(customer, by=nader, values={"city": "یزد"})
    assert set(merge(customer, mine, seen=1, settled={"city"}, settled_at=2).conflicts) == {"city"}


def test_both_wrote_the_same(nader: User) -> None:
    customer = make_customer(city="تهران")
    customers.change(customer, by=nader, values={"city": "کرج"})
    assert merge(customer, {"city": "کرج"}, seen=1).conflicts == {}


def test_there_and_back_again_is_no_conflict_for_who_left_it(nader: User) -> None:
    customer = make_customer(city="تهران")
    customers.change(customer, by=nader, values={"city": "کرج"})
    customers.change(customer, by=nader, values={"city": "تهران"})
    merged = merge(customer, {"city": "تهران"}, seen=1)
    assert (merged.conflicts, merged.theirs) == ({}, {})


def test_a_customer_yet_to_be_made_conflicts_with_another_choice(nader: User) -> None:
    deal = make_opportunity(customer=None)
    opportunities.change(deal, by=nader, values={"customer": make_customer("کاوه"), "amount": Decimal("10.00")})
    merged = merge(deal, {"customer": NewRecord("customer", "تازه"), "amount": Decimal(10)}, seen=1)
    assert (set(merged.conflicts), set(merged.values)) == ({"customer"}, {"amount"})


def test_a_change_that_left_no_edit_asks_about_all_that_differs() -> None:
    customer = make_customer("کاوه", city="تهران", sector="فولاد")
    Customer.objects.filter(pk=customer.pk).update(city="کرج", version=2)
    customer.refresh_from_db()
    merged = merge(customer, {"city": "تهران", "sector": "فولاد"}, seen=1)
    assert (set(merged.conflicts), merged.conflicts["city"].by, merged.values) == ({"city"}, "", {"sector": "فولاد"})
