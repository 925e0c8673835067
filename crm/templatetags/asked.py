"""What a record lacks, why that is asked and who sees it: the panel of a record's page."""

from django import template

from crm.fields import asked

register = template.Library()
register.inclusion_tag("crm/parts/asked.html", name="asked_panel")(asked.panel)
