"""What a record lacks, why that is asked and who sees it: the panel of a record's page."""

from typing import Any

from django import template

from crm.fields import asked

register = template.Library()


@register.inclusion_tag("crm/parts/asked.html")
def asked_panel(record: Any) -> dict[str, Any]:
    """One query for the rules of the firm; nothing is drawn when nothing is missing."""
    missing = asked.missing(record)
    return {"missing": missing, "who_sees": asked.who_sees() if missing else ""}
