"""Reads one cell: a day in the order of the file, an amount, an e-mail address, a phone number."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Literal, cast

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from l10n import calendars
from l10n.current import Calendar, Formats, current
from l10n.dates import DateNotUnderstood, parse_day
from l10n.forms import PhoneField
from l10n.numbers import NumberNotUnderstood, OtherCurrency, parse_money, parse_number
from l10n.text import digits_to_ascii, fold
from tenants import clock

DateOrder = Literal["dmy", "mdy"]
DATE_ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy")
_NUMERIC = re.compile(r"(\d{1,4})[/\-.](\d{1,2})[/\-.](\d{1,4})(?:[ T]+[\d:.]+(?:\s?[ap]m|Z)?)?", re.IGNORECASE)
_FIRST_JALALI_YEARS = 1700
# Nearly every number of a Persian table; the phone library takes thirty times as long.
_IRANIAN_MOBILE = re.compile(r"(?:\+98|0098|0)?(9\d{9})")
_PHONE = PhoneField()
MAX_AMOUNT = Decimal(10) ** 17


class Wrong(ValueError):
    """The cell cannot be read; the text says why, to the user."""


@lru_cache(maxsize=32768)
def read_day(text: str, order: DateOrder, today: date) -> date:
    """A day of either calendar. `order` decides for 3/1/2017 only; a year in front, or below 1700, speaks for itself.

    Raises Wrong.
    """
    try:
        if match := _NUMERIC.fullmatch(digits_to_ascii(text)):
            found = _numeric(match[1], match[2], match[3], order)
        else:
            found = parse_day(text, today=today, calendar=current().calendar, prefer="past")
    except (DateNotUnderstood, ValueError, OverflowError):
        raise Wrong(_("This is not a date we can read.")) from None
    if not calendars.FIRST_DAY <= found <= calendars.LAST_DAY:
        raise Wrong(_("This is not a date we can read."))
    return found


def _numeric(first: str, middle: str, last: str, order: DateOrder) -> date:
    if len(first) > 2 or int(first) > 31:
        year, month, day = first, middle, last
    elif order == "mdy" and int(middle) <= 31:
        year, month, day = last, first, middle
    else:
        year, month, day = last, middle, first
    full = int(year) if len(year) > 2 else _century(int(year))
    calendar: Calendar = "jalali" if full < _FIRST_JALALI_YEARS else "gregorian"
    return calendars.from_parts(full, int(month), int(day), calendar)


def _century(year: int) -> int:
    if current().calendar == "jalali":
        return (1300 if year >= 60 else 1400) + year
    return (1900 if year >= 70 else 2000) + year


def guess_order(texts: Iterable[str]) -> DateOrder:
    """What the days themselves say (13/1/2017, 1/13/2017); if nothing, what is usual in the tenant's language."""
    day_first = month_first = 0
    for text in texts:
        match = _NUMERIC.fullmatch(digits_to_ascii(text))
        if match and len(match[1]) <= 2 and len(match[3]) == 4:
            day_first += int(match[1]) > 12
            month_first += int(match[2]) > 12
    if day_first == month_first:
        return "mdy" if current().currency == "USD" else "dmy"
    return "dmy" if day_first > month_first else "mdy"


@lru_cache(maxsize=32768)
def read_amount(text: str, formats: Formats) -> Decimal:
    """In the base unit; `formats` say what a bare number means. Raises Wrong."""
    try:
        amount = parse_money(text, formats)
    except OtherCurrency as error:
        raise Wrong(_("This amount is in %(currency)s.") % {"currency": error.currency}) from None
    except NumberNotUnderstood:
        raise Wrong(_("This is not an amount we can read.")) from None
    if amount < 0:
        raise Wrong(_("An amount cannot be below zero."))
    if amount >= MAX_AMOUNT:
        raise Wrong(_("This amount is too large."))
    return amount.quantize(Decimal("0.01"))


def read_number(text: str) -> Decimal:
    """Raises Wrong."""
    try:
        number = parse_number(text)
    except NumberNotUnderstood:
        raise Wrong(_("This is not a number we can read.")) from None
    if abs(number) >= MAX_AMOUNT:
        raise Wrong(_("This number is too large."))
    return number


YES = frozenset(("yes", "y", "true", "1", "x", "بله", "بلی", "آری", "دارد", "هست"))
NO = frozenset(("no", "n", "false", "0", "خیر", "نه", "ندارد", "نیست"))


def read_yes_no(text: str) -> bool:
    """Raises Wrong."""
    word = digits_to_ascii(text).casefold()
    if word not in YES | NO:
        raise Wrong(_("This is neither yes nor no."))
    return word in YES


def read_email(text: str) -> str:
    """In lower case. Raises Wrong."""
    email = digits_to_ascii(text).lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Wrong(_("This is not an e-mail address.")) from None
    return email


def read_choice(text: str, choices: Sequence[str]) -> str:
    """The choice of this name, however spelt. Raises Wrong."""
    wanted = folded(text)
    found = next((choice for choice in choices if folded(choice) == wanted), None)
    if found is None:
        raise Wrong(_("This is none of the choices of the field."))
    return found


@lru_cache(maxsize=32768)
def read_phone(text: str, region: str) -> str:
    """E.164, read with `region` as the country of numbers without a code. Raises Wrong."""
    if region == "IR" and (mobile := _IRANIAN_MOBILE.fullmatch(digits_to_ascii(text))):
        return f"+98{mobile[1]}"
    try:
        return cast(str, _PHONE.clean(text))
    except ValidationError:
        raise Wrong(_("This does not look like a phone number.")) from None


def moment_of(day: date | None) -> datetime:
    """A day of a file as a moment: noon in the tenant's zone, never in the future; without a day, now."""
    now = clock.now()
    if day is None:
        return now
    return min(datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone()), now)


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    return fold(text)
