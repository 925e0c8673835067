"""Template tags for the parts of docs/design.md. They draw what they are given and know no model."""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, ClearableFileInput, RadioSelect
from django.forms.widgets import CheckboxSelectMultiple
from django.template.base import FilterExpression, Parser, Token
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from l10n import formats

register = template.Library()

# These point along the line of reading, so they turn round in a right-to-left page.
DIRECTIONAL = {
    "arrow-next", "arrow-previous", "chevron-next", "chevron-previous", "external-link", "list", "log-in", "log-out",
    "refresh", "send", "undo", "delegate", "trend-up", "trend-down", "forecast",
}  # fmt: skip
GOOD, FAIR = 80, 50
AVATAR_HUES = 6


@lru_cache(maxsize=1)
def icon_names() -> frozenset[str]:
    sprite = Path(settings.BASE_DIR) / "static" / "icons.svg"
    return frozenset(re.findall(r'<symbol id="([^"]+)"', sprite.read_text("utf-8")))


@lru_cache(maxsize=512)
def _drawn_icon(name: str, extra: str, label: str) -> SafeString:
    if name not in icon_names():
        raise template.TemplateSyntaxError(f"No icon {name!r} in static/icons.svg; add it to scripts/build_icons.py")
    classes = " ".join(filter(None, ["icon", "icon-flip" if name in DIRECTIONAL else "", extra]))
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="{}" {}><use href="{}#{}"/></svg>', classes, spoken, static("icons.svg"), name)


class IconNode(template.Node):
    """One icon of the sprite. With the name written out it is drawn once and is plain text from then on."""

    def __init__(self, name: FilterExpression, extra: FilterExpression | None, label: FilterExpression | None) -> None:
        self.name, self.extra, self.label = name, extra, label
        self.drawn = SafeString("")
        self.is_fixed = label is None and not any(one and (one.is_var or one.filters) for one in (name, extra))

    def render(self, context: template.Context) -> SafeString:
        if self.drawn:
            return self.drawn
        extra = self.extra.resolve(context) if self.extra else ""
        drawn = icon(self.name.resolve(context), extra, label=self.label.resolve(context) if self.label else "")
        if self.is_fixed:
            self.drawn = drawn
        return drawn


@register.tag("icon")
def icon_tag(parser: Parser, token: Token) -> IconNode:
    """`{% icon "phone" %}`, `{% icon "alert" "big" %}`, `{% icon "phone" label=_("Call") %}`."""
    words = token.split_contents()[1:]
    labels = [word.removeprefix("label=") for word in words if word.startswith("label=")]
    plain = [word for word in words if not word.startswith("label=")]
    if len(plain) not in (1, 2) or len(labels) > 1:
        raise template.TemplateSyntaxError("icon takes a name, more classes, and label=")
    name, *extra = map(parser.compile_filter, plain)
    return IconNode(name, extra[0] if extra else None, parser.compile_filter(labels[0]) if labels else None)


def icon(name: str, extra: str = "", *, label: str = "") -> SafeString:
    """`extra` is more classes; with `label` it speaks, without it is decoration."""
    # A sum of two is plain text again: a label trusted here must not come out of the cache for one that is not.
    return _drawn_icon(name, extra, str(label) + "")


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField, *, label: str = "", hint: str = "", extra: str = "", variant: str = "") -> dict[str, Any]:
    """A form field with label, hint, errors and required mark.

    `variant` is for radio fields: "decide" (saffron) or "plain"; `hint` stands in for a missing `help_text`.
    """
    if hint and not bound.help_text:
        bound.help_text = hint
    widget = bound.field.widget
    kind = "input"
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        kind = "choice"
    elif isinstance(widget, CheckboxInput):
        kind = "check"
    elif isinstance(widget, ClearableFileInput):
        kind = "file"
    return {"field": bound, "label": label or bound.label, "extra": extra, "variant": variant, "kind": kind}


def _share(value: float | None, of: float = 100) -> float:
    """0 to 100, for drawing only."""
    if not value or not of:
        return 0.0
    return round(max(0.0, min(100.0, float(value) * 100 / float(of))), 1)


def _tone(percent: float) -> str:
    return "ok" if percent >= GOOD else "fair" if percent >= FAIR else "bad"


@register.simple_tag
def meter(
    value: float | None, maximum: float = 100, label: str = "", *, tone: str = "act", mark: float | None = None
) -> SafeString:
    """A bar from the start of the line. `tone`: act, ok, fair, bad, decide. `mark`: a tick ("expected today")."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    tick = format_html('<rect class="mark" x="{}" width="1" height="6"/>', _share(mark, maximum)) if mark else ""
    return format_html(
        '<svg class="meter {}" viewBox="0 0 100 6" preserveAspectRatio="none" {}>'
        '<rect class="rail" width="100" height="6"/><rect class="fill" width="{}" height="6"/>{}</svg>',
        tone,
        spoken,
        _share(value, maximum),
        tick,
    )


@register.simple_tag
def trust(percent: float | None, label: str = "") -> SafeString:
    """The share of records behind a number that have no open issue: stands beside every number."""
    if percent is None:
        return SafeString("")
    text = label or _("Data trust")
    return format_html(
        '<span class="trust">{}<span>{} <span class="num">{}</span></span></span>',
        meter(percent, tone=_tone(percent)),
        text,
        formats.percent(percent),
    )


@register.simple_tag
def ring(percent: float | None, label: str = "", extra: str = "") -> SafeString:
    """The score ring: a number of 100 in a circle. `extra`: small or big."""
    value = _share(percent)
    shown = "—" if percent is None else formats.num(round(percent))
    spoken = format_html("{} {}", label or _("Score"), shown)
    arc = format_html(
        '<circle class="fill" cx="18" cy="18" r="15.9" pathLength="100" stroke-dasharray="{} 100"/>', value
    )
    return format_html(
        '<span class="ring {} {}" role="img" aria-label="{}"><svg viewBox="0 0 36 36" aria-hidden="true">'
        '<circle class="rail" cx="18" cy="18" r="15.9"/>'
        "{}</svg>"
        '<span class="num" aria-hidden="true">{}</span></span>',
        _tone(value),
        extra,
        spoken,
        arc if value else "",
        shown,
    )


@register.simple_tag
def sparkline(values: Sequence[float | None], label: str = "") -> SafeString:
    """A small line of the values, oldest first. Missing values are left out. Needs two values."""
    points = [(place, float(value)) for place, value in enumerate(values) if value is not None]
    if len(points) < 2:
        return SafeString("")
    low, high = min(value for _place, value in points), max(value for _place, value in points)
    across, span = 100 / (len(values) - 1), (high - low) or 1
    line = " ".join(f"{place * across:.1f},{22 - (value - low) * 20 / span:.1f}" for place, value in points)
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="sparkline" viewBox="0 0 100 24" preserveAspectRatio="none" {}><polyline points="{}"/></svg>',
        spoken,
        line,
    )


@register.simple_tag
def avatar(name: str, extra: str = "") -> SafeString:
    """The initials of a person or firm in a coloured circle. Decoration: the name stands beside it."""
    words = [word for word in str(name).split() if word]
    # Persian letters join, so two initials need a non-joiner between them.
    initials = "\u200c".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words))
    hue = sum(map(ord, str(name))) % AVATAR_HUES
    return format_html('<span class="avatar hue-{} {}" aria-hidden="true">{}</span>', hue, extra, initials.upper())


@register.inclusion_tag("parts/pagination.html", takes_context=True)
def pagination(context: template.Context, page: "Page[Any]") -> dict[str, Any]:
    """Links to the pages of a list; keeps the other words of the address."""
    paginator = page.paginator
    return {
        "request": context["request"],
        "page": page,
        "pages": list(paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
        "ellipsis": paginator.ELLIPSIS,
    }
