"""The filters of `l10n.formats` for templates; nothing is written as an em dash."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from l10n import formats, text

register = template.Library()
NOTHING = "—"


def _or_nothing(write: Callable[..., str]) -> Callable[..., str]:
    @wraps(write)  # Django counts the arguments of the function inside
    def filtered(value: Any, *args: Any) -> str:
        return NOTHING if value is None or value == "" else write(value, *args)

    return filtered


for _write in (
    formats.day,
    formats.day_long,
    formats.day_short,
    formats.day_numeric,
    formats.day_time,
    formats.clock,
    formats.weekday,
    formats.month_year,
    formats.relative_day,
    formats.days,
    formats.num,
    formats.percent,
    formats.digits,
    formats.money,
    formats.money_short,
    formats.money_words,
    text.isolate,
):
    register.filter(_write.__name__, _or_nothing(_write))


@register.filter
def phone(value: str | None) -> str:
    return format_html('<bdi dir="ltr">{}</bdi>', formats.phone_text(value)) if value else NOTHING


@register.filter
def iso(value: date | None) -> str:
    """For `<time datetime>` and hidden values."""
    if value is None:
        return ""
    return value.astimezone(UTC).isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


@register.simple_tag
def time_tag(value: date | None, style: str = "", today: date | None = None) -> SafeString | str:
    """`<time datetime=… title=…>`; `style` is the name of a format, by default `day` or `day_time`."""
    if value is None:
        return NOTHING
    write = getattr(formats, style or ("day_time" if isinstance(value, datetime) else "day"))
    shown = write(value, today) if today else write(value)
    # Our own letters and digits only: nothing to escape.
    return SafeString(f'<time datetime="{iso(value)}" title="{formats.day_long(value)}">{shown}</time>')


@register.simple_tag
def money_unit() -> str:
    return formats.money_unit()
