"""What a form shows of an amount, read back, is the amount: for every unit, up to a thousand milliard tomans."""

import random
from decimal import Decimal
from typing import Literal

import pytest

from l10n import formats
from l10n.current import DEFAULT, Formats, using
from l10n.forms import MoneyField
from l10n.numbers import parse_money

TRILLION_TOMANS = Decimal(10) ** 13
UNITS: list[Literal["rial", "toman", "newrial"]] = ["rial", "toman", "newrial"]
SOME = random.Random(1405)
AMOUNTS = [
    Decimal(0), Decimal(1), Decimal("0.01"), Decimal(9_999), Decimal(10_000), TRILLION_TOMANS, TRILLION_TOMANS - 1,
    Decimal("9999999999999999.99"),
    *(Decimal(SOME.randrange(10**SOME.randrange(1, 18))) / 100 for _ in range(300)),
]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_saved_form_changes_nothing(language, unit):
    with using(Formats(language=language, currency="IRR", money_unit=unit)):
        field = MoneyField()
        read = [field.clean(field.prepare_value(amount)) for amount in AMOUNTS]
    assert read == AMOUNTS


def test_dollars_too():
    with using(DEFAULT):
        field = MoneyField()
        assert [field.clean(field.prepare_value(amount)) for amount in AMOUNTS] == AMOUNTS


@pytest.mark.parametrize("unit", UNITS)
def test_a_whole_amount_as_written_anywhere_is_read_back(unit):
    """Copied from a page, with its unit, into a firm that shows another one."""
    whole = [amount * 10_000 for amount in AMOUNTS if amount == int(amount) and amount < 10**12]
    for shown_in in UNITS:
        with using(Formats(language="fa", currency="IRR", money_unit=shown_in)):
            written = [formats.money(amount) for amount in whole]
        reader = Formats(language="fa", currency="IRR", money_unit=unit)
        assert [parse_money(text, reader) for text in written] == whole


@pytest.mark.parametrize(
    ("unit", "full", "short"),
    [
        ("rial", "۱۰٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰ ریال", "۱۰ هزار میلیارد ریال"),
        ("toman", "۱٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰ تومان", "۱ هزار میلیارد تومان"),
        ("newrial", "۱٬۰۰۰٬۰۰۰٬۰۰۰ ریال جدید", "۱ میلیارد ریال جدید"),
    ],
)
def test_a_trillion_tomans_in_each_unit(unit, full, short):
    with using(Formats(language="fa", currency="IRR", money_unit=unit)):
        assert formats.money(TRILLION_TOMANS) == full
        assert formats.money_short(TRILLION_TOMANS) == short


def test_a_part_of_a_unit_is_not_rounded_away_in_words():
    with using(Formats(language="fa", currency="IRR", money_unit="newrial")):
        assert formats.money_words(125_000) == "۱۲٫۵۰ ریال جدید"
