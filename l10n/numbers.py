"""Reads numbers and amounts the way people type them: «۱۲٬۳۴۵٫۵», "12,345.5", «۱۲ میلیون و ۵۰۰ هزار», "1.2m"."""

import re
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from l10n.current import Formats
from l10n.formats import display_factor
from l10n.text import fold

_SCALES = {
    **dict.fromkeys(("هزار", "k", "thousand"), 10**3),
    **dict.fromkeys(("میلیون", "ملیون", "m", "mn", "mio", "million"), 10**6),
    **dict.fromkeys(("میلیارد", "b", "bn", "billion", "هزار میلیون"), 10**9),
    **dict.fromkeys(("تریلیون", "هزار میلیارد", "همت", "t", "tn", "trillion"), 10**12),
}
_SCALE_WORDS = "|".join(sorted(_SCALES, key=len, reverse=True))
_PART = re.compile(rf"(\d[\d.,/' ]*|[.]\d+)\s*({_SCALE_WORDS})?")
_UNITS = {
    **dict.fromkeys(("تومان", "تومن", "ت", "toman", "tomans"), ("IRR", 10)),
    **dict.fromkeys(("ریال جدید", "ریال نو", "new rial", "new rials"), ("IRR", 10_000)),
    **dict.fromkeys(("ریال", "rial", "rials", "irr"), ("IRR", 1)),
    **dict.fromkeys(("دلار", "usd", "$", "us$", "dollar", "dollars"), ("USD", 1)),
    **dict.fromkeys(("یورو", "eur", "€", "euro", "euros"), ("EUR", 1)),
    **dict.fromkeys(("پوند", "gbp", "£", "pound", "pounds"), ("GBP", 1)),
    **dict.fromkeys(("درهم", "aed"), ("AED", 1)),
    **dict.fromkeys(("لیر", "try"), ("TRY", 1)),
}
_UNIT_WORDS = "|".join(re.escape(word) for word in sorted(_UNITS, key=len, reverse=True))
_UNIT_BEFORE = re.compile(rf"({_UNIT_WORDS})\s*(?=[\d.+\-])")
_UNIT_AFTER = re.compile(rf"\s*(?:(?<![a-z])|(?=[$€£]))({_UNIT_WORDS})$")
_SIGNS = str.maketrans("٬،٫\u2212–’", ",,.--'")
_GROUPED = re.compile(r"\d{1,3}(?:([.,' ])\d{3})(?:\1\d{3})*")


class NumberNotUnderstood(ValueError):
    pass


class OtherCurrency(NumberNotUnderstood):
    """A currency was typed that is not the tenant's; `currency` is its code."""

    def __init__(self, currency: str) -> None:
        super().__init__(currency)
        self.currency = currency


def parse_number(text: str, *, grouping_dot: bool = False) -> Decimal:
    """The number meant by `text`. `grouping_dot`: "1.500" is fifteen hundred, as amounts in rials are typed.

    Raises NumberNotUnderstood.
    """
    typed = _symbols(text)
    sign = -1 if typed.startswith("-") else 1
    parts = [part for part in re.split(r"\s+(?:و|and)\s+", typed.lstrip("+-").strip()) if part]
    values = [_part(part, grouping_dot) for part in parts]
    if not values or not _goes_down([scale for _, scale in values]):
        raise NumberNotUnderstood(text)
    return sign * sum((number * scale for number, scale in values), Decimal(0))


def parse_money(text: str, formats: Formats) -> Decimal:
    """The amount in the base unit (rial, dollar); a typed unit wins over the one that is shown.

    Raises NumberNotUnderstood, or OtherCurrency for an amount in a currency that is not the tenant's.
    """
    typed, factor = _symbols(text), display_factor(formats)
    for pattern in (_UNIT_BEFORE, _UNIT_AFTER):
        if match := pattern.search(typed):
            currency, factor = _UNITS[match[1]]
            if currency != formats.currency:
                raise OtherCurrency(currency)
            typed = typed[: match.start()] + " " + typed[match.end() :]
            break
    return parse_number(typed, grouping_dot=formats.currency == "IRR") * factor


def _symbols(text: str) -> str:
    """One spelling for each sign: «٬» and «،» group, «٫» is the decimal point."""
    typed = fold(text).translate(_SIGNS)
    return re.sub(r"^\((.+)\)$", r"-\1", typed).replace("- ", "-")


def _goes_down(scales: list[int]) -> bool:
    """«۱۲ میلیون و ۵۰۰ هزار» does; «۵ و ۶» and «۵۰۰ هزار و ۱۲ میلیون» are not numbers."""
    return all(size > smaller for size, smaller in pairwise(scales))


def _part(part: str, grouping_dot: bool) -> tuple[Decimal, int]:
    match = _PART.fullmatch(part.strip())
    if not match:
        raise NumberNotUnderstood(part)
    scale = _SCALES[match[2]] if match[2] else 1
    return _plain(match[1].strip(), grouping_dot and scale == 1), scale


def _plain(digits: str, grouping_dot: bool) -> Decimal:
    whole, point, places = digits, "", ""
    if "." in digits and "," in digits:
        point = max(".", ",", key=digits.rfind)
        whole, _, places = digits.rpartition(point)
    elif grouped := _GROUPED.fullmatch(digits):
        # A single dot before three digits is a decimal point, unless amounts have no decimals.
        if grouped[1] == "." and digits.count(".") == 1 and not grouping_dot:
            whole, point, places = digits.partition(".")
    elif point := next((sign for sign in ".,/" if digits.count(sign) == 1), ""):
        whole, _, places = digits.partition(point)
    if not whole.isdecimal() and not _GROUPED.fullmatch(whole) and whole:
        raise NumberNotUnderstood(digits)
    try:
        return Decimal(re.sub(r"[^0-9]", "", whole) + (f".{places}" if places else ""))
    except InvalidOperation as error:
        raise NumberNotUnderstood(digits) from error
