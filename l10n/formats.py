"""The one place that writes days, times, numbers and money, in the current tenant's and user's way.

Called thousands of times on a list page: every result that can repeat is cached by its value and the way of writing.
"""

from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

import phonenumbers
from persiantools import digits as words

from l10n.calendars import parts
from l10n.current import Calendar, Formats, Language, current
from l10n.current import today as current_day
from l10n.names import CURRENCY_NAMES, MONTHS, SCALES, SHORT_MONTHS, SYMBOLS, WEEKDAYS
from l10n.text import LRM, digits_to_persian, isolate_ltr

Number = int | float | Decimal
MINUS = "\u2212"
_PERSIAN_NUMBER = str.maketrans({**dict(zip("0123456789", "۰۱۲۳۴۵۶۷۸۹", strict=True)), ",": "٬", ".": "٫"})
# The units of IRR that are written like words beside a whole number.
_RIALS = ("rial", "toman", "newrial")
_FACTORS = {"toman": 10, "newrial": 10_000}
_REGIONS = {"IRR": "IR", "USD": "US", "GBP": "GB", "EUR": "DE", "AED": "AE", "TRY": "TR"}


# --- Days and times -----------------------------------------------------------------------------------------------
def local(moment: date) -> date:
    """The tenant's day of a moment; a plain day stays."""
    if isinstance(moment, datetime):
        return (moment.astimezone(current().timezone) if moment.tzinfo else moment).date()
    return moment


def day(d: date) -> str:
    """«۳۰ آبان ۱۴۰۵», "21 Nov 2026"."""
    formats = current()
    return _day(local(d), formats.language, formats.calendar)


def day_long(d: date) -> str:
    """«شنبه ۳۰ آبان ۱۴۰۵», "Saturday 21 November 2026"."""
    formats = current()
    return _day_long(local(d), formats.language, formats.calendar)


def day_short(d: date, today: date | None = None) -> str:
    """«۳۰ آبان», "21 Nov"; with the year when it is not the year of `today`."""
    formats = current()
    return _day_short(local(d), today or formats.today or current_day(), formats.language, formats.calendar)


def day_numeric(d: date) -> str:
    """«۱۴۰۵/۰۸/۳۰», "2026-11-21"; what a date field shows and reads back."""
    formats = current()
    return _day_numeric(local(d), formats.language, formats.calendar)


def month_year(d: date) -> str:
    """«آبان ۱۴۰۵», "November 2026"."""
    formats = current()
    year, month, _ = parts(local(d), formats.calendar)
    return f"{MONTHS[formats.language, formats.calendar][month - 1]} {digits(year)}"


def weekday(d: date) -> str:
    """«شنبه», "Saturday"."""
    return WEEKDAYS[current().language][local(d).weekday()]


def clock(moment: datetime | time) -> str:
    """«۱۴:۳۰», "14:30" in the tenant's time zone."""
    if isinstance(moment, datetime) and moment.tzinfo:
        moment = moment.astimezone(current().timezone)
    return digits(f"{moment:%H:%M}")


def day_time(moment: datetime) -> str:
    """«۳۰ آبان ۱۴۰۵، ۱۴:۳۰», "21 Nov 2026, 14:30"."""
    comma = "،" if current().language == "fa" else ","
    return f"{day(moment)}{comma} {clock(moment)}"


def relative_day(d: date, today: date) -> str:
    """«امروز», «فردا», «۳ روز پیش», "in 2 days"; from two months on in months, from two years on in years."""
    return _relative_day((local(d) - local(today)).days, current().language)


def days(count: int) -> str:
    """«۳۴ روز», "34 days"."""
    return _days(count, current().language)


@lru_cache(maxsize=8192)
def _day(d: date, language: Language, calendar: Calendar) -> str:
    year, month, number = parts(d, calendar)
    return _digits(f"{number} {SHORT_MONTHS[language, calendar][month - 1]} {year}", language)


@lru_cache(maxsize=4096)
def _day_long(d: date, language: Language, calendar: Calendar) -> str:
    year, month, number = parts(d, calendar)
    name = MONTHS[language, calendar][month - 1]
    return _digits(f"{WEEKDAYS[language][d.weekday()]} {number} {name} {year}", language)


@lru_cache(maxsize=8192)
def _day_short(d: date, today: date, language: Language, calendar: Calendar) -> str:
    year, month, number = parts(d, calendar)
    if year != parts(today, calendar).year:
        return _day(d, language, calendar)
    return _digits(f"{number} {SHORT_MONTHS[language, calendar][month - 1]}", language)


@lru_cache(maxsize=4096)
def _day_numeric(d: date, language: Language, calendar: Calendar) -> str:
    year, month, number = parts(d, calendar)
    separator = "/" if calendar == "jalali" else "-"
    return _digits(f"{year:04}{separator}{month:02}{separator}{number:02}", language)


_NEAR: dict[Language, dict[int, str]] = {
    "fa": {-2: "پریروز", -1: "دیروز", 0: "امروز", 1: "فردا", 2: "پس‌فردا"},
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
}


@lru_cache(maxsize=4096)
def _relative_day(distance: int, language: Language) -> str:
    if near := _NEAR[language].get(distance):
        return near
    span = _span(abs(distance), language)
    if language == "fa":
        return f"{span} {'دیگر' if distance > 0 else 'پیش'}"
    return f"in {span}" if distance > 0 else f"{span} ago"


def _span(count: int, language: Language) -> str:
    if count < 60:
        return _days(count, language)
    unit, size = ("month", 30.44) if count < 730 else ("year", 365.25)
    number = round(count / size)
    if language == "fa":
        return f"{digits_to_persian(str(number))} {'ماه' if unit == 'month' else 'سال'}"
    return f"{number} {unit}s"


@lru_cache(maxsize=4096)
def _days(count: int, language: Language) -> str:
    if language == "fa":
        return f"{_num(count, 0, language)} روز"
    return f"{_num(count, 0, language)} {'day' if abs(count) == 1 else 'days'}"


# --- Numbers ------------------------------------------------------------------------------------------------------
def digits(value: object) -> str:
    """The text with its digits as the user writes them; no grouping, for codes, years and clock times."""
    return _digits(str(value), current().language)


def num(n: Number, decimals: int = 2) -> str:
    """«۱۲٬۳۴۵٫۵», "12,345.5": at most `decimals` places, half up, no closing zeros."""
    return _num(n, decimals, current().language)


def percent(n: Number, decimals: int = 0) -> str:
    """«٪۸۲», "82%" of a number from 0 to 100."""
    return _percent(n, decimals, current().language)


def _digits(text: str, language: Language) -> str:
    return digits_to_persian(text) if language == "fa" else text


def _rounded(n: Number, decimals: int) -> Decimal:
    exact = n if isinstance(n, Decimal) else Decimal(str(n))
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@lru_cache(maxsize=8192)
def _unsigned(n: Number, decimals: int, language: Language) -> str:
    text = f"{abs(_rounded(n, decimals)):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(_PERSIAN_NUMBER) if language == "fa" else text


def _signed(n: Number, unsigned: str, language: Language) -> str:
    """The minus before everything; LRM keeps it there when the paragraph runs right to left."""
    if n >= 0 or not any(c in "123456789۱۲۳۴۵۶۷۸۹" for c in unsigned):
        return unsigned
    return f"{LRM if language == 'fa' else ''}{MINUS}{unsigned}"


@lru_cache(maxsize=8192)
def _num(n: Number, decimals: int, language: Language) -> str:
    return _signed(n, _unsigned(n, decimals, language), language)


@lru_cache(maxsize=2048)
def _percent(n: Number, decimals: int, language: Language) -> str:
    unsigned = _unsigned(n, decimals, language)
    return _signed(n, f"٪{unsigned}" if language == "fa" else f"{unsigned}%", language)


# --- Money --------------------------------------------------------------------------------------------------------
def money(amount: Number) -> str:
    """«۱۲٬۳۴۵٬۰۰۰ تومان», "$12,345", "$12,345.50" of an amount in the base unit (rial, dollar)."""
    return _money(amount, *_money_way(current()))


def money_short(amount: Number) -> str:
    """«۱٫۲ میلیارد تومان», "$1.2M": at most three digits and one decimal place."""
    return _money_short(amount, *_money_way(current()))


def money_words(amount: Number) -> str:
    """«دوازده میلیون تومان», to check a typed amount by; in English the digits say it best."""
    formats = current()
    if formats.language != "fa":
        return money(amount)
    exact = in_display_unit(amount, formats)
    shown = int(_rounded(exact, 0))
    if exact != shown:
        return money(amount)
    sign = "منفی " if shown < 0 else ""
    return f"{sign}{words.to_word(abs(shown))} {money_unit()}"


def money_unit() -> str:
    """What stands beside an amount or its field: «تومان», "$", "AED"."""
    formats = current()
    return _unit(formats.language, _unit_code(formats))


def display_factor(formats: Formats) -> int:
    """Base units in one shown unit: ten rials are one toman, ten thousand one new rial."""
    return _FACTORS.get(formats.money_unit, 1) if formats.currency == "IRR" else 1


def in_display_unit(amount: Number, formats: Formats) -> Decimal:
    return Decimal(str(amount)) / display_factor(formats)


def _unit_code(formats: Formats) -> str:
    if formats.currency == "IRR":
        return formats.money_unit or "rial"
    return formats.currency


def _unit(language: Language, code: str) -> str:
    names = CURRENCY_NAMES[language]
    return names.get(code) or SYMBOLS.get(code, code)


def _money_way(formats: Formats) -> tuple[str, int, Language]:
    return _unit_code(formats), display_factor(formats), formats.language


@lru_cache(maxsize=8192)
def _money(amount: Number, code: str, factor: int, language: Language) -> str:
    shown = Decimal(str(amount)) / factor
    unsigned = _unsigned(shown, 2, language)
    if code not in ("rial", "toman") and shown != shown.to_integral_value():
        unsigned = f"{abs(_rounded(shown, 2)):,.2f}"
        unsigned = unsigned.translate(_PERSIAN_NUMBER) if language == "fa" else unsigned
    return _signed(shown, _with_unit(unsigned, code, language), language)


@lru_cache(maxsize=8192)
def _money_short(amount: Number, code: str, factor: int, language: Language) -> str:
    shown = abs(Decimal(str(amount)) / factor)
    for size, name in SCALES[language]:
        # 999,950 is already "1M", for in thousands it would round to 1000.
        if _rounded(shown / size, 3) >= 1:
            scaled = shown / size
            text = _unsigned(scaled, 0 if scaled >= 100 else 1, language) + name
            return _signed(amount, _with_unit(text, code, language), language)
    return _money(amount, code, factor, language)


def _with_unit(text: str, code: str, language: Language) -> str:
    if language == "en" and code in SYMBOLS:
        return SYMBOLS[code] + text
    return f"{text} {_unit(language, code)}" if language == "fa" or code in _RIALS else f"{code} {text}"


# --- Phones -------------------------------------------------------------------------------------------------------
def home_region(formats: Formats) -> str:
    """The country whose phone numbers are typed and shown without a country code."""
    return _REGIONS.get(formats.currency, "IR" if formats.calendar == "jalali" else "US")


def phone(number: str) -> str:
    """«۰۹۱۲ ۱۲۳ ۴۵۶۷», "(212) 555-0123" from E.164, left to right; foreign numbers with the country code."""
    return isolate_ltr(phone_text(number))


def phone_text(number: str) -> str:
    """As `phone`, without the direction marks: for an element that has `dir="ltr"`."""
    formats = current()
    return _digits(_phone(number, home_region(formats)), formats.language)


@lru_cache(maxsize=8192)
def _phone(number: str, region: str) -> str:
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    home = phonenumbers.region_code_for_number(parsed) == region
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)
