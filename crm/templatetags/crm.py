"""How this room's templates write what is due, and how long somebody waits."""

from datetime import date, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from l10n import formats
from tenants import clock

register = template.Library()


@register.simple_tag
def due(day: date | None, today: date, *, is_open: bool = True) -> SafeString:
    """A day to keep: late, today, this week by its weekday, else the date. Nothing for None."""
    if day is None:
        return SafeString("")
    distance = (day - today).days
    tone, text = "", formats.day_short(day, today)
    if is_open and distance < 0:
        tone, text = "bad", _("%(days)s late") % {"days": formats.days(-distance)}
    elif distance in (0, 1):
        tone, text = "wait" if distance == 0 and is_open else "", formats.relative_day(day, today)
    elif 1 < distance < 7:
        text = formats.weekday(day)
    return format_html(
        '<time class="tag {}" datetime="{}" title="{}">{}</time>', tone, day.isoformat(), formats.day_long(day), text
    )


@register.filter
def waiting(since: datetime) -> str:
    """«۱۸ دقیقه», "3 hours", "2 days" from a moment to now."""
    minutes = max(0, int((clock.now() - since).total_seconds() // 60))
    if minutes < 60:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": formats.num(minutes)}
    if minutes < 60 * 24:
        hours = minutes // 60
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": formats.num(hours)}
    return formats.days(minutes // (60 * 24))


@register.filter
def file_size(size: int) -> str:
    """«۱۲ کیلوبایت», "3.4 MB"; never 0 for a file that has something in it."""
    if size < 1024**2:
        return _("%(count)s KB") % {"count": formats.num(max(1, round(size / 1024)))}
    return _("%(count)s MB") % {"count": formats.num(size / 1024**2, 1)}
