from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Model, QuerySet

from crm.listing import Cursor, KeysetPage, Order, count_up_to, keyset_page
from crm.models import Customer, Lead, Opportunity
from tests.cast import NOW
from tests.factories.crm import TODAY, make_customer, make_lead, make_opportunity

pytestmark = pytest.mark.django_db


def walk(
    rows: QuerySet[Any], order: Order, size: int = 3, known: list[Cursor] | None = None
) -> Iterator[KeysetPage[Any]]:
    page = keyset_page(rows, rows, order, size=size, known=known)
    yield page
    while page.next:
        page = keyset_page(rows, rows, order, after=page.next, size=size, known=known)
        yield page


def ids(pages: list[KeysetPage[Any]]) -> list[list[Any]]:
    return [[row.pk for row in page.object_list] for page in pages]


def deals() -> None:
    """Ties and empty values in both columns."""
    for amount, days in [(5, 3), (None, 3), (5, None), (9, 3), (None, None), (5, 1), (0, 1), (None, 7)]:
        close = None if days is None else TODAY + timedelta(days)
        make_opportunity(amount=None if amount is None else Decimal(amount), expected_close=close)


ORDERS = [
    (Opportunity, Order("amount", descending=True, nullable=True)),
    (Opportunity, Order("amount", nullable=True)),
    (Opportunity, Order("expected_close", nullable=True)),
    (Opportunity, Order("expected_close", descending=True, nullable=True)),
    (Opportunity, Order("updated_at", descending=True)),
    (Opportunity, Order("sort_key")),
]


@pytest.mark.parametrize(("model", "order"), ORDERS)
@pytest.mark.parametrize("size", [1, 3, 4, 8])
def test_a_walk_meets_each_row_once_and_comes_back_the_same_way(model: type[Model], order: Order, size: int) -> None:
    deals()
    rows = model._default_manager.all()
    pages = list(walk(rows, order, size))
    seen = [row for page in pages for row in page.object_list]
    plain = (
        sorted(rows, key=lambda row: (getattr(row, order.field) or 0, row.pk), reverse=order.descending)
        if (order.field == "amount")
        else None
    )
    assert len(seen) == len({row.pk for row in seen}) == 8
    values = [getattr(row, order.field) for row in seen]
    filled = [value for value in values if value is not None]
    assert values == filled + [None] * (8 - len(filled))
    assert filled == sorted(filled, reverse=order.descending)
    assert plain is None or {row.pk for row in plain} == {row.pk for row in seen}

    back = [pages[-1]]
    while back[-1].previous:
        back.append(keyset_page(rows, rows, order, before=back[-1].previous, size=size))
    assert back[-1].object_list == pages[0].object_list
    assert {row.pk for page in back for row in page.object_list} == {row.pk for row in seen}


@pytest.mark.parametrize(("model", "order"), ORDERS)
@pytest.mark.parametrize("size", [1, 3, 8])
def test_few_rows_are_ordered_without_the_database_as_with_it(model: type[Model], order: Order, size: int) -> None:
    deals()
    rows = model._default_manager.all()
    known = [Cursor(value, pk) for value, pk in rows.order_by("?").values_list(order.field, "pk")]
    asked, at_hand = list(walk(rows, order, size)), list(walk(rows, order, size, known))
    assert at_hand == asked
    for page in asked:
        if page.previous:
            back = keyset_page(rows, rows, order, before=page.previous, size=size)
            assert keyset_page(rows, rows, order, before=page.previous, size=size, known=known) == back


def test_ties_go_on_by_id() -> None:
    made = [make_lead(f"ن{number}", captured_at=NOW) for number in range(5)]
    rows = Lead.objects.all()
    found = ids(list(walk(rows, Order("captured_at", descending=True), 2)))
    newest = [lead.pk for lead in reversed(made)]
    assert found == [newest[:2], newest[2:4], newest[4:]]


def test_names_go_by_the_persian_alphabet() -> None:
    for name in ["ژاله", "گلستان", "آرمان", "پارس", "چکاد", "البرز"]:
        make_customer(name)
    rows = Customer.objects.all()
    pages = list(walk(rows, Order("sort_key"), 4))
    assert [[row.name for row in page.object_list] for page in pages] == [
        ["آرمان", "البرز", "پارس", "چکاد"],
        ["ژاله", "گلستان"],
    ]


def test_going_back_to_a_short_beginning_gives_a_whole_first_page() -> None:
    made = [make_customer(f"ک{number}") for number in range(5)]
    rows, order = Customer.objects.all(), Order("sort_key")
    page = keyset_page(rows, rows, order, before=str(Cursor(made[2].sort_key, made[2].pk)), size=3)
    assert ([row.pk for row in page.object_list], page.previous) == ([row.pk for row in made[:3]], "")
    assert page.next


def test_a_row_that_is_gone_does_not_break_the_walk() -> None:
    made = [make_customer(f"ک{number}") for number in range(4)]
    rows, order = Customer.objects.all(), Order("sort_key")
    page = keyset_page(rows, rows, order, size=2)
    made[1].delete()
    assert [row.pk for row in keyset_page(rows, rows, order, after=page.next, size=2).object_list] == [
        made[2].pk,
        made[3].pk,
    ]
    Customer.objects.filter(pk__in=[made[2].pk, made[3].pk]).delete()
    assert [row.pk for row in keyset_page(rows, rows, order, after=page.next, size=2).object_list] == [made[0].pk]


@pytest.mark.parametrize("text", ["x", "🙂", "W10", "WyJhIl0", "bnVsbA", str(Cursor(None, 3)), str(Cursor("x", 3))])
def test_a_cursor_that_is_none_begins_at_the_beginning(text: str) -> None:
    made = make_opportunity(amount=Decimal(1))
    rows = Opportunity.objects.all()
    page = keyset_page(rows, rows, Order("stage_since"), after=text)
    assert [row.pk for row in page.object_list] == [made.pk]


def test_cursors_keep_their_types() -> None:
    for order, value in [
        (Order("amount", nullable=True), Decimal("12.50")),
        (Order("expected_close", nullable=True), date(2026, 11, 21)),
        (Order("updated_at"), NOW),
        (Order("amount", nullable=True), None),
    ]:
        assert Cursor.read(str(Cursor(value, 7)), Opportunity, order) == Cursor(value, 7)


def test_counting_stops() -> None:
    for _number in range(4):
        make_customer()
    assert [count_up_to(Customer.objects.all(), most) for most in (2, 3, 4, 9)] == [3, 4, 4, 4]
