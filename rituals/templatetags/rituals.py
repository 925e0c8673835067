from decimal import Decimal

from django import template

from l10n import formats

register = template.Library()


@register.filter
def as_money(amount: str) -> str:
    """An amount as facts keep it (text in the base unit); nothing for none."""
    return formats.money_short(Decimal(amount)) if amount else ""
