"""Codes and ISO days of frozen minutes in the reader's language."""

from datetime import date

from django import template

from l10n import formats
from rituals.models import ActionAnswer, Cause, Outcome

register = template.Library()


@register.filter
def outcome_label(code: str) -> str:
    return str(Outcome(code).label) if code else ""


@register.filter
def answer_label(code: str) -> str:
    return str(ActionAnswer(code).label) if code else "—"


@register.filter
def cause_label(code: str) -> str:
    return str(Cause(code).label) if code else ""


@register.filter
def iso_day(text: str) -> str:
    return formats.day(date.fromisoformat(text)) if text else "—"
