"""Names of months, weekdays, units and currencies in both languages, and the spellings people type."""

from l10n.current import Calendar, Language


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


MONTHS: dict[tuple[Language, Calendar], tuple[str, ...]] = {
    ("fa", "jalali"): words("فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"),
    ("fa", "gregorian"): words("ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر"),
    ("en", "jalali"): words("Farvardin Ordibehesht Khordad Tir Mordad Shahrivar Mehr Aban Azar Dey Bahman Esfand"),
    ("en", "gregorian"): words("January February March April May June July August September October November December"),
}
# Gregorian months are cut to three letters in English; Jalali names are not cut in either language.
SHORT_MONTHS = {**MONTHS, ("en", "gregorian"): tuple(name[:3] for name in MONTHS["en", "gregorian"])}

# From Monday, as Python counts.
WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "fa": ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
NARROW_WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "fa": ("د", "س", "چ", "پ", "ج", "ش", "ی"),
    "en": ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
}

# (size, name) from the largest down. «تریلیون» is not said for money in Iran; «هزار میلیارد» is.
SCALES: dict[Language, tuple[tuple[int, str], ...]] = {
    "fa": ((10**12, " هزار میلیارد"), (10**9, " میلیارد"), (10**6, " میلیون"), (10**3, " هزار")),
    "en": ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "K")),
}
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
CURRENCY_NAMES: dict[Language, dict[str, str]] = {
    "fa": {
        "rial": "ریال",
        "toman": "تومان",
        "newrial": "ریال جدید",
        "USD": "دلار",
        "EUR": "یورو",
        "GBP": "پوند",
        "AED": "درهم",
        "TRY": "لیر",
    },
    "en": {"rial": "rial", "toman": "toman", "newrial": "new rial"},
}
