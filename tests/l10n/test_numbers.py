from decimal import Decimal

import pytest

from l10n.current import DEFAULT, PERSIAN, Formats
from l10n.numbers import NumberNotUnderstood, OtherCurrency, parse_money, parse_number


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("۱۲٬۳۴۵٫۵", "12345.5"),
        ("12,345.5", "12345.5"),
        ("12.345,50", "12345.50"),
        ("1 234 567", "1234567"),
        ("۱۲،۳۴۵", "12345"),
        ("1'000", "1000"),
        ("٣٤", "34"),
        ("1,5", "1.5"),
        ("۱۲/۵", "12.5"),
        (".5", "0.5"),
        ("-3", "-3"),
        ("\u200e\u2212۱٬۲۳۴", "-1234"),
        ("(5)", "-5"),
        ("1.500", "1.5"),
        ("1.500.000", "1500000"),
        ("12k", "12000"),
        ("1.2M", "1200000"),
        ("۱۲ میلیون", "12000000"),
        ("۱۲/۵ میلیون", "12500000"),
        ("۱۲ میلیون و ۵۰۰ هزار", "12500000"),
        ("۲ هزار میلیارد", "2000000000000"),
    ],
)
def test_numbers_as_people_type_them(typed, expected):
    assert parse_number(typed) == Decimal(expected)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        "abc",
        "12,34,567",
        "1..2",
        "1/2/3",
        "1.2.3",
        "12 5",
        "1e5",
        "5%",
        "۵ و ۶",
        "۵۰۰ هزار و ۱۲ میلیون",
        "NaN",
    ],
)
def test_what_is_no_number(typed):
    with pytest.raises(NumberNotUnderstood):
        parse_number(typed)


@pytest.mark.parametrize(
    ("typed", "rials"),
    [
        ("۱۲٬۳۴۵", 123450),
        ("۱۲ میلیون", 120_000_000),
        ("۱۲ میلیون تومان", 120_000_000),
        ("۱۲ میلیون ریال", 12_000_000),
        ("۵۰۰ت", 5000),
        ("1.500", 15000),
        ("1.500.000", 15_000_000),
        ("1.5 میلیون", 15_000_000),
        ("۱۲٫۵", 125),
    ],
)
def test_money_of_a_firm_that_counts_in_tomans(typed, rials):
    assert parse_money(typed, PERSIAN) == rials


def test_money_of_a_firm_that_counts_in_rials():
    rial = Formats(currency="IRR", money_unit="rial")
    assert parse_money("۱۲٬۳۴۵", rial) == 12345
    assert parse_money("۱۲ تومان", rial) == 120


@pytest.mark.parametrize(
    ("typed", "dollars"),
    [("$1.2m", "1200000"), ("1,200.50", "1200.50"), ("USD 500", "500"), ("12 k$", "12000"), ("-$5", "-5")],
)
def test_dollars(typed, dollars):
    assert parse_money(typed, DEFAULT) == Decimal(dollars)


def test_another_currency_is_named():
    with pytest.raises(OtherCurrency) as caught:
        parse_money("$5", PERSIAN)
    assert caught.value.currency == "USD"
