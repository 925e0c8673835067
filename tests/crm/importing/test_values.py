from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from crm.importing.values import (
    DateOrder,
    Wrong,
    guess_order,
    moment_of,
    read_amount,
    read_day,
    read_email,
    read_phone,
)
from l10n import current
from l10n.current import PERSIAN
from tests.cast import NOW

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def persian() -> None:
    current.activate(PERSIAN)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("3/1/2017", "mdy", date(2017, 3, 1)),
        ("3/1/2017", "dmy", date(2017, 1, 3)),
        ("۱۳۹۵/۱۲/۱۱", "mdy", date(2017, 3, 1)),
        ("11-12-1395", "dmy", date(2017, 3, 1)),
        ("2017-03-01", "dmy", date(2017, 3, 1)),
        ("2017-03-01 14:30:00", "mdy", date(2017, 3, 1)),
        ("2017-03-01T14:30:00", "mdy", date(2017, 3, 1)),
        ("95/12/11", "dmy", date(2017, 3, 1)),
        ("١٣٩٥/١٢/١١", "dmy", date(2017, 3, 1)),
        ("۱۱ اسفند ۱۳۹۵", "dmy", date(2017, 3, 1)),
        ("1 Mar 2017", "mdy", date(2017, 3, 1)),
    ],
)
def test_days_of_any_file(text: str, order: DateOrder, day: date) -> None:
    assert read_day(text, order, TODAY) == day


@pytest.mark.parametrize("text", ["99/99/2017", "13/13/2017", "1395/13/01", "soon-ish", "0/1/2017", "3/1/0001"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(Wrong):
        read_day(text, "mdy", TODAY)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["3/1/2017", "3/13/2017"], "mdy"),
        (["3/1/2017", "13/3/2017"], "dmy"),
        (["3/1/2017"], "dmy"),
        (["2017-03-13"], "dmy"),
        ([], "dmy"),
    ],
)
def test_the_days_tell_their_order(texts: list[str], order: str) -> None:
    assert guess_order(texts) == order


def test_amounts_are_in_the_unit_that_is_shown_unless_they_say_otherwise() -> None:
    assert read_amount("۱٬۵۰۰", PERSIAN) == Decimal(15000)
    assert read_amount("1500 ریال", PERSIAN) == Decimal(1500)


@pytest.mark.parametrize("text", ["12 apples", "-5", "1" * 25, "100 USD"])
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(Wrong):
        read_amount(text, PERSIAN)


def test_addresses_and_numbers() -> None:
    assert read_email("Sara@Acme.Example") == "sara@acme.example"
    assert read_phone("۰۹۱۲ ۳۴۵ ۶۷۸۹", "IR") == "+989123456789"
    for reader, text in ((read_email, "sara at acme"), (partial(read_phone, region="IR"), "12")):
        with pytest.raises(Wrong):
            reader(text)


def test_a_moment_is_never_in_the_future() -> None:
    assert moment_of(date(2030, 1, 1)) == NOW
    assert moment_of(None) == NOW
